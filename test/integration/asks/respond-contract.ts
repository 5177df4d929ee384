// What answering a notification does, whatever database is behind it.

import { randomBytes } from 'node:crypto';
import { ShowAnswers } from '../../../src/asks/show-answers.ts';
import { ACKNOWLEDGE, type Ask, type AskedAction } from '../../../src/domain/ask.ts';
import { INPUT_ID, PRESS_VERB } from '../../../src/domain/press.ts';
import { forgetPerson } from '../../../src/store/forget-person.ts';
import { queueAsBot } from '../../../src/store/queue-as-bot.ts';
import type { Store } from '../../../src/store/store.ts';
import { silentLogger } from '../../../src/telemetry/logger.ts';
import type { Row } from '../../support/delivery-fixture.ts';
import type { SenderRequest } from '../../support/scripted-sender.ts';
import { EVENT, type InstalledPerson } from '../../support/store-fixtures.ts';
import { createTalk, type Saying, type Talk } from '../../support/talk.ts';
import { type AnyDeliveryFixture, createLifecycleFixture } from '../lifecycle/lifecycle-fixture.ts';

const [ANA, BEN, CLARA] = [1, 2, 3];
const APPROVE: AskedAction = { id: 'approve', title: 'Approve', needed: 2 };
const REJECT: AskedAction = { id: 'reject', title: 'Reject', needed: 2 };
const LATER: AskedAction = {
  id: 'later',
  title: 'Later',
  input: { kind: 'text', label: 'When?', isRequired: true },
};
const ASK: Ask = { canAcknowledge: true, actions: [APPROVE, REJECT, LATER] };
const UNKNOWN = 'ntf_00000000000000000000000000';

const sentence = (answer: object) => ({ kind: 'sentence', answer });
const ACKNOWLEDGED = sentence({ kind: 'acknowledged' });
const NOT_YOURS = sentence({ kind: 'notYours' });
const CLOSED = sentence({ kind: 'askClosed' });
const DONE = sentence({ kind: 'alreadyDone' });
const responded = (title: string) => sentence({ kind: 'responded', title });

/** PostgreSQL gives large numbers as text. */
const toNumber = (value: unknown) => (value === null ? null : Number(value));

/** What a test of answers needs of a database. */
export interface AsksEngine {
  readonly queue: () => AnyDeliveryFixture;
  /** Writes rows that nothing in this test writes. */
  readonly change: (sql: string) => Promise<void>;
}

export function describeRespondContract({ queue: current, change }: AsksEngine): void {
  let queue: AnyDeliveryFixture;
  let talk: Talk;
  let events: ReturnType<typeof createLifecycleFixture>;
  let ana: InstalledPerson;
  let ben: InstalledPerson;
  let workers: ShowAnswers[];

  beforeEach(async () => {
    queue = current();
    workers = [];
    talk = await createTalk(queue);
    events = createLifecycleFixture(queue);
    ana = await install(ANA, 'Ana');
    ben = await install(BEN, 'Ben');
  });

  afterEach(async () => {
    await Promise.all(workers.map((worker) => worker.stop()));
    await events.changes.stop();
  });

  const rows = async (sql: string): Promise<readonly Row[]> => queue.rows(sql);

  const install = async (index: number, name: string) => {
    const person = await talk.install(index);
    await change(`UPDATE person SET name = '${name}' WHERE id = ${person.personId}`);
    return person;
  };

  /** The conversation of a place, once somebody has written there. */
  const placeOf = async (teamsId: string): Promise<InstalledPerson> => {
    const [row] = await rows(
      `SELECT id AS "conversationId", lane_id AS "laneId" FROM conversation WHERE teams_conversation_id = '${teamsId}'`,
    );
    return { ...ana, email: teamsId, conversationId: Number(row?.['conversationId']), laneId: Number(row?.['laneId']) };
  };

  /** Sends what asks, and waits until it has arrived. @returns its public id */
  const asked = async (to: readonly InstalledPerson[] = [ana, ben], ask: Ask | undefined = ASK, id?: number) => {
    const content = { ...EVENT, ...(ask && { ask }) };
    const notificationId = id ?? (await queue.queue(to, { content }));
    await change(`INSERT INTO ask (notification_id, state, remind_at_ms, escalate_at_ms)
                  VALUES (${notificationId}, 'open', 9000000000000, 9000000000000)`);
    const [row] = await rows(`SELECT public_id FROM notification WHERE id = ${notificationId}`);
    return String(row?.['public_id']);
  };
  const arrived = () =>
    events.passUntil(
      async () => (await rows(`SELECT 1 FROM delivery WHERE state IN ('queued', 'leased', 'sending')`)).length === 0,
    );

  const startWorker = (store: Store = queue.store) => {
    const { clock } = queue;
    const worker = new ShowAnswers({ store, clock, logger: silentLogger, wakeChanges: () => events.changes.wake() });
    workers.push(worker);
    worker.start();
  };
  /** With all that goes out by itself. */
  const start = async () => {
    await events.start();
    await arrived();
    startWorker();
  };

  const press = (
    index: number,
    notification: string,
    { action = ACKNOWLEDGE, entered, ...saying }: Saying & { action?: string; entered?: unknown } = {},
  ) =>
    talk.press(
      index,
      { bellhop: 'respond', notification, action, ...(entered !== undefined && { [INPUT_ID]: entered }) },
      saying,
    );
  const responses = async () =>
    (await rows('SELECT person_id, action, input FROM response ORDER BY id')).map(({ person_id, action, input }) => [
      toNumber(person_id),
      action,
      input,
    ]);
  const askRow = async (): Promise<Row | undefined> => {
    const [row] = await rows('SELECT * FROM ask');
    return row && { ...row, remind_at_ms: toNumber(row['remind_at_ms']) };
  };

  const edits = (place?: string) =>
    queue.sender.requests.filter(
      (request: SenderRequest) => request.operation === 'update' && (place === undefined || request.place === place),
    );
  const chatOf = (index: number) => `a:1111${index}`;
  const untilEdits = async (place: string, count: number) => {
    await events.passUntil(() => edits(place).length >= count);
    return edits(place).at(-1);
  };

  describe('who acknowledges', () => {
    test('is told so, is written down with the ask, and ends reminders and escalation', async () => {
      const id = await asked();
      expect(await press(ANA, id)).toEqual(ACKNOWLEDGED);
      expect(await responses()).toEqual([[ana.personId, ACKNOWLEDGE, null]]);
      expect(await askRow()).toMatchObject({ state: 'acknowledged', remind_at_ms: null, escalate_at_ms: null });
    });

    test('is counted once, and others after them too', async () => {
      const id = await asked();
      await press(ANA, id);
      expect(await press(ANA, id)).toEqual(DONE);
      expect(await press(BEN, id)).toEqual(ACKNOWLEDGED);
      expect((await responses()).map(([person]) => person)).toEqual([ana.personId, ben.personId]);
    });

    test('with the older kind of button is answered with a message', async () => {
      const data = { bellhop: 'respond', notification: await asked(), action: ACKNOWLEDGE };
      expect(await talk.submit(ANA, data)).toEqual({ kind: 'acknowledged' });
      expect(await talk.submit(ANA, data)).toEqual({ kind: 'alreadyDone' });
    });

    test('stands on the cards of all, by name, and as their own on theirs', async () => {
      const id = await asked();
      await start();
      const atMs = queue.clock.nowMs();
      await press(ANA, id);
      const shown = { responses: [{ name: 'Ana', action: ACKNOWLEDGE, atMs }], more: 0 };
      expect((await untilEdits(chatOf(BEN), 1))?.asked).toEqual(shown);
      expect((await untilEdits(chatOf(ANA), 1))?.asked).toEqual({ ...shown, own: [ACKNOWLEDGE] });
      expect(
        queue.sender.posts.filter(({ content }) => content?.kind === 'event').map(({ asked: view }) => view),
      ).toEqual([
        { responses: [], more: 0 },
        { responses: [], more: 0 },
      ]);
    });

    test('stands on the cards of those who get it later', async () => {
      const id = await asked([ana]);
      await press(ANA, id);
      const notificationId = Number((await askRow())?.['notification_id']);
      const place = { notificationId, laneId: ben.laneId, conversationId: ben.conversationId, recipient: null };
      const nowMs = queue.clock.nowMs();
      await queue.store.write((tx) =>
        tx.deliveries.insert({ ...place, priority: 'normal', nowMs, expiresAtMs: nowMs + 3_600_000 }),
      );
      await events.start();
      await arrived();
      const posted = queue.sender.posts.find(({ place, asked: view }) => place === chatOf(BEN) && view !== undefined);
      expect(posted?.asked?.responses).toMatchObject([{ name: 'Ana' }]);
    });
  });

  describe('nothing is counted, and a sentence says so,', () => {
    test('for who did not get it, whatever the data says', async () => {
      const clara = await install(CLARA, 'Clara');
      const id = await asked();
      expect(await press(CLARA, id)).toEqual(NOT_YOURS);
      const forged = {
        bellhop: 'respond',
        notification: id,
        action: ACKNOWLEDGE,
        personId: ana.personId,
        from: ana.email,
      };
      expect(await talk.press(CLARA, forged)).toEqual(NOT_YOURS);
      expect(await press(CLARA, id, { place: 'team' })).toEqual(NOT_YOURS);
      expect(await press(ANA, id, { place: 'groupChat' })).toEqual(NOT_YOURS);
      expect(await talk.press(CLARA, { bellhop: 'refreshAsk', notification: id })).toEqual(NOT_YOURS);
      expect(clara.personId).toBeGreaterThan(0);
      expect(await responses()).toEqual([]);
    });

    test('for somebody of another tenant in a chat of the same id', async () => {
      const id = await asked();
      const data = { bellhop: 'respond', notification: id, action: ACKNOWLEDGE };
      const tenantId = '33333333-3333-4333-8333-333333333333';
      const { from, ...context } = talk.contextOf(ANA, {});
      const elsewhere = {
        ...context,
        conversation: { ...context.conversation, tenantId },
        ...(from && { from: { ...from, tenantId } }),
      };
      const action = { kind: 'action', verb: PRESS_VERB, data } as const;
      expect(await talk.inbound.answerAction({ ...elsewhere, ...action })).toEqual(NOT_YOURS);
      expect(await responses()).toEqual([]);
    });

    test.each([UNKNOWN, '', 'ntf_1', "' OR 1=1 --", '%'])('for the unknown notification %j', async (id) => {
      await asked();
      expect(await press(ANA, id)).toEqual(NOT_YOURS);
      expect(await talk.press(ANA, { bellhop: 'refreshAsk', notification: id })).toEqual(NOT_YOURS);
      expect(await responses()).toEqual([]);
    });

    test('for an action that is not offered, and for what asks nothing', async () => {
      const id = await asked();
      expect(await press(ANA, id, { action: 'explode' })).toEqual(NOT_YOURS);
      const silent = await asked([ana], { canAcknowledge: false, actions: [] });
      expect(await press(ANA, silent)).toEqual(NOT_YOURS);
      const notificationId = await queue.queue([ana]);
      const [row] = await rows(`SELECT public_id FROM notification WHERE id = ${notificationId}`);
      expect(await press(ANA, String(row?.['public_id']))).toEqual(NOT_YOURS);
      expect(await responses()).toEqual([]);
    });

    test.each([
      { bellhop: 'respond' },
      { bellhop: 'respond', notification: 1, action: 'a' },
      { bellhop: 'respond', notification: UNKNOWN },
      { bellhop: 'respond', notification: UNKNOWN, action: 'x'.repeat(10_000) },
      { bellhop: 'refreshAsk', notification: null },
    ])('for a button that is not whole: %#', async (data) => {
      expect(await talk.press(ANA, data)).toEqual({ kind: 'retiredButton' });
    });

    test('once it was recalled; nothing is edited any more either', async () => {
      const id = await asked();
      await events.start();
      await arrived();
      await press(ANA, id);
      await events.recall(id);
      expect(await press(BEN, id)).toEqual(CLOSED);
      expect(await talk.press(BEN, { bellhop: 'refreshAsk', notification: id })).toEqual(CLOSED);
      startWorker();
      events.changes.wake();
      await arrived();
      await queue.pass(10_000);
      expect(edits()).toEqual([]);
      expect(await askRow()).toMatchObject({ edit_due_at_ms: null });
      expect(events.shown({ index: ANA }).map(({ title }) => title)).not.toContain(EVENT.title);
    });

    test.each([{ state: 'resolved' }, { title: 'Worse' }])('once %j was told of the same thing', async (fields) => {
      await events.start();
      const { id } = await events.tell([ana, ben]);
      const [row] = await rows(`SELECT id, content FROM notification WHERE public_id = '${id}'`);
      const content = JSON.stringify({ ...JSON.parse(String(row?.['content'])), ask: ASK });
      await change(`UPDATE notification SET content = '${content.replaceAll("'", "''")}' WHERE id = ${row?.['id']}`);
      await asked([], ASK, Number(row?.['id']));
      await arrived();
      expect(await press(ANA, id)).toEqual(ACKNOWLEDGED);
      startWorker();
      expect((await untilEdits(chatOf(BEN), 1))?.asked?.responses).toMatchObject([{ name: 'Ana' }]);
      await events.tell([ana, ben], fields);
      expect(await press(BEN, id)).toEqual(CLOSED);
      expect(await responses()).toHaveLength(1);
    });
  });

  describe('a reminder', () => {
    const remind = (to: InstalledPerson, notification: string) =>
      queue.store.write(async (tx) => {
        const askId = (await tx.asks.findIdOf(notification)) ?? 0;
        const notificationId = await queueAsBot(tx, {
          voice: { producerId: talk.botProducerId, randomBytes },
          content: { kind: 'reminder', notification, title: 'T', source: 'ci', ask: ASK },
          conversationIds: [to.conversationId],
          ...{ priority: 'normal', isQuiet: false, ttlMs: 3_600_000, nowMs: queue.clock.nowMs() },
        });
        await tx.askTimes.insertReminder({ notificationId, askId, number: 1 });
      });
    const editsOf = (kind: string) => edits().filter(({ content }) => content?.kind === kind);

    test('counts for whoever it was sent to, and shows who has answered by then', async () => {
      const clara = await install(CLARA, 'Clara');
      const [id, other] = [await asked(), await asked()];
      await press(BEN, id, { action: 'approve' });
      await remind(clara, id);
      await events.start();
      await arrived();
      const posted = queue.sender.posts.find(({ content }) => content?.kind === 'reminder');
      expect(posted?.asked?.responses).toMatchObject([{ name: 'Ben' }]);
      expect(await press(CLARA, id)).toEqual(ACKNOWLEDGED);
      expect(await press(CLARA, other)).toEqual(NOT_YOURS);
      expect((await responses()).map(([person]) => person)).toEqual([ben.personId, clara.personId]);
    });

    test('shows who answers later, as the card does that it reminds of', async () => {
      const id = await asked();
      await remind(ben, id);
      await start();
      const atMs = queue.clock.nowMs();
      await press(ANA, id);
      await events.passUntil(() => editsOf('reminder').length > 0);
      const [edit] = editsOf('reminder');
      const shown = { responses: [{ name: 'Ana', action: ACKNOWLEDGE, atMs }], more: 0 };
      expect([edit?.place, edit?.asked]).toEqual([chatOf(BEN), shown]);
    });

    test('goes with the notification that it reminds of', async () => {
      const id = await asked();
      await remind(ben, id);
      await start();
      await events.recall(id);
      events.changes.wake();
      const deleted = () => queue.sender.requests.filter(({ operation }) => operation === 'delete');
      await events.passUntil(() => deleted().length === 3);
      const places = deleted().map(({ place }) => place);
      expect(places.toSorted()).toEqual([chatOf(ANA), chatOf(BEN), chatOf(BEN)]);
      expect(await press(BEN, id)).toEqual(CLOSED);
    });
  });

  describe('actions', () => {
    test('are decided by as many people as are needed, who may change their minds until then', async () => {
      await install(CLARA, 'Clara');
      const id = await asked([ana, ben, await talk.install(CLARA)]);
      expect(await press(ANA, id, { action: 'approve' })).toEqual(responded('Approve'));
      expect(await press(ANA, id, { action: 'approve' })).toEqual(DONE);
      expect(await press(ANA, id, { action: 'reject' })).toEqual(responded('Reject'));
      expect(await responses()).toEqual([[ana.personId, 'reject', null]]);
      expect(await askRow()).toMatchObject({ state: 'open', decided_action: null, remind_at_ms: 9_000_000_000_000 });
      expect(await press(BEN, id, { action: 'reject' })).toEqual(responded('Reject'));
      expect(await askRow()).toMatchObject({ state: 'decided', decided_action: 'reject', remind_at_ms: null });
      for (const action of ['approve', 'reject', ACKNOWLEDGE]) {
        expect(await press(CLARA, id, { action })).toEqual(CLOSED);
      }
      expect(await press(ANA, id, { action: 'approve' })).toEqual(CLOSED);
      expect(await press(ANA, id, { action: 'reject' })).toEqual(DONE);
      expect(await responses()).toHaveLength(2);
      const view = await talk.press(ANA, { bellhop: 'refreshAsk', notification: id });
      expect(view).toMatchObject({ kind: 'ask', asked: { decided: 'reject', own: ['reject'], more: 0 } });
    });

    test('keep what was entered last, and refuse what was not asked for', async () => {
      const id = await asked();
      const later = (entered?: unknown) => press(ANA, id, { action: 'later', entered });
      for (const entered of [undefined, '  ', 'x'.repeat(10_000), 7, ['a']]) {
        expect(await later(entered)).toEqual(sentence({ kind: 'badInput', label: 'When?' }));
      }
      expect(await responses()).toEqual([]);
      expect(await later('at noon')).toEqual(responded('Later'));
      expect(await later('at noon ')).toEqual(DONE);
      expect(await later('at\u0000 one')).toEqual(responded('Later'));
      expect(await responses()).toEqual([[ana.personId, 'later', '"at\\u0000 one"']]);
      expect(await askRow()).toMatchObject({ state: 'open', remind_at_ms: 9_000_000_000_000 });
    });
  });

  describe('in a group chat or channel', () => {
    test.each([
      ['groupChat', '19:group@thread.v2'],
      ['team', '19:team@thread.tacv2'],
    ] as const)('of a %s anybody who is there may answer, and has a view of their own', async (place, teamsId) => {
      await talk.write(ANA, 'help', { place });
      const id = await asked([await placeOf(teamsId)]);
      await start();
      expect(await press(CLARA, id, { place })).toEqual(ACKNOWLEDGED);
      await change(`UPDATE person SET name = 'Clara' WHERE teams_user_id = '29:1111${CLARA}'`);
      const edit = await untilEdits(teamsId, 1);
      expect(edit?.asked?.responses).toMatchObject([{ name: 'Clara', action: ACKNOWLEDGE }]);
      expect(edit?.asked).not.toHaveProperty('own');
      expect(edit?.refreshFor).toEqual([`29:1111${CLARA}`]);
      const refresh = (index: number) => talk.press(index, { bellhop: 'refreshAsk', notification: id }, { place });
      expect(await refresh(CLARA)).toMatchObject({
        kind: 'ask',
        notification: id,
        content: { kind: 'event', title: EVENT.title, ask: ASK },
        asked: { responses: [{ name: 'Clara' }], own: [ACKNOWLEDGE] },
      });
      expect(await refresh(BEN)).toMatchObject({ kind: 'ask', asked: { responses: [{ name: 'Clara' }] } });
      expect(await refresh(BEN)).not.toHaveProperty('asked.own');
    });

    test('the view of their own tells of the thing, and whom it mentions, as the card of all does', async () => {
      await events.start();
      await events.tell([ana]);
      const { id } = await events.tell([ana], { title: 'Still there' });
      const [row] = await rows(`SELECT id, content FROM notification WHERE public_id = '${id}'`);
      const content = { ...JSON.parse(String(row?.['content'])), ask: ASK, mentionCount: 1 };
      await change(`UPDATE notification SET content = '${JSON.stringify(content)}' WHERE id = ${row?.['id']}`);
      await change(`INSERT INTO notification_mention (notification_id, position, person_id)
                    VALUES (${row?.['id']}, 0, ${ben.personId})`);
      await asked([], ASK, Number(row?.['id']));
      await arrived();
      expect(await talk.press(ANA, { bellhop: 'refreshAsk', notification: id })).toMatchObject({
        ...{ kind: 'ask', mentions: [{ name: 'Ben' }] },
        lifecycle: { state: 'open', isReplaced: false, history: [{}, { title: 'Still there' }] },
      });
    });

    test('names ten, counts the others, and gives sixty a view of their own', async () => {
      await talk.write(ANA, 'help', { place: 'groupChat' });
      const id = await asked([await placeOf('19:group@thread.v2')]);
      await events.start();
      await arrived();
      for (let index = 100; index < 165; index++) {
        await press(index, id, { place: 'groupChat' });
      }
      startWorker();
      const edit = await untilEdits('19:group@thread.v2', 1);
      expect(edit?.asked).toMatchObject({ more: 55 });
      expect(edit?.asked?.responses).toHaveLength(10);
      expect(edit?.refreshFor).toEqual(Array.from({ length: 60 }, (_, index) => `29:1111${index + 100}`));
    });
  });

  describe('cards are edited', () => {
    test('at most once in three seconds, however many people answer', async () => {
      const people = [ana, ben];
      for (let index = 10; index < 30; index++) {
        people.push(await install(index, `P${index}`));
      }
      const id = await asked(people);
      await start();
      for (const index of [ANA, BEN, ...Array.from({ length: 20 }, (_, at) => at + 10)]) {
        await press(index, id);
        await queue.pass(500);
      }
      await events.passUntil(() => edits(chatOf(ANA)).at(-1)?.asked?.more === 12);
      for (const index of [ANA, BEN, 10, 29]) {
        const times = edits(chatOf(index)).map(({ atMs }) => atMs);
        const gaps = times.slice(1).map((atMs, at) => atMs - (times[at] ?? 0));
        expect(gaps.filter((gap) => gap < 2_500)).toEqual([]);
        expect(times.length).toBeLessThanOrEqual(6);
      }
    });

    test('of many people the one that was pressed soon, the others once in a while', async () => {
      const people = [ana, ben];
      for (let index = 10; index < 110; index++) {
        people.push(await queue.install(index));
      }
      const id = await asked(people);
      await start();
      await press(ANA, id);
      await events.passUntil(() => edits().length === 102);
      await press(BEN, id);
      await untilEdits(chatOf(BEN), 2);
      expect(edits()).toHaveLength(103);
      await events.passUntil(() => edits().length === 204 + 1);
      expect(edits(chatOf(ANA)).at(-1)?.asked?.responses).toMatchObject([{ name: 'Ana' }, { name: 'Ben' }]);
    });

    test('once by several processes, and also when they were answered before those began', async () => {
      const id = await asked();
      await events.start();
      await arrived();
      await press(ANA, id);
      startWorker();
      startWorker(await queue.openBeside());
      await untilEdits(chatOf(BEN), 1);
      await queue.pass(10_000);
      expect(edits(chatOf(ANA))).toHaveLength(1);
      expect(edits(chatOf(BEN))).toHaveLength(1);
    });
  });

  describe('what is told of it', () => {
    /** As a webhook is told it. */
    const told = async () => {
      const nowMs = queue.clock.nowMs();
      return queue.store.write(async (tx) => {
        const waiting = await tx.statusEvents.takeWaiting(100);
        await tx.webhookMessages.insert(
          waiting.map(({ id }) => ({ endpointId: 1, eventId: id })),
          nowMs,
        );
        const claim = { endpointId: 1, owner: 'o', nowMs, leaseUntilMs: nowMs + 1, limit: 100 };
        const claimed = await tx.webhookMessages.claim(claim);
        return claimed
          .toSorted((left, right) => left.eventId - right.eventId)
          .map(({ event: { type, person, action, input } }) => ({ type, name: person?.name, action, input }));
      });
    };
    const watched = async (ask?: Ask) => {
      const id = await asked([ana, ben], ask);
      await change('UPDATE notification SET is_watched = 1');
      return id;
    };

    test('is who did what, once each', async () => {
      const id = await watched();
      await press(ANA, id);
      await press(ANA, id);
      await press(ANA, id, { action: 'later', entered: 'at noon' });
      await press(BEN, id, { action: 'approve' });
      await press(ANA, id, { action: 'approve' });
      await press(BEN, id);
      const event = (type: string, name: string, action: string, input: string | null = null) => ({
        ...{ type: `notification.${type}`, name, action, input },
      });
      expect(await told()).toEqual([
        event('acknowledged', 'Ana', ACKNOWLEDGE),
        event('responded', 'Ana', 'later', '"at noon"'),
        event('responded', 'Ben', 'approve'),
        event('responded', 'Ana', 'approve'),
        event('decided', 'Ana', 'approve'),
      ]);
    });

    test('names nobody who was erased, and what they entered is gone; their vote still counts', async () => {
      const id = await watched();
      await press(ANA, id, { action: 'later', entered: 'at noon' });
      await press(ANA, id, { action: 'approve' });
      const { personId, conversationId } = ana;
      await queue.store.write((tx) =>
        forgetPerson(tx, { personId, conversationId, reason: 'uninstalled', nowMs: queue.clock.nowMs() }),
      );
      expect((await responses()).map(([person, action]) => [person, action])).toEqual([
        [null, 'later'],
        [null, 'approve'],
      ]);
      expect(await told()).toMatchObject([
        { name: undefined, action: 'later', input: null },
        { name: undefined, action: 'approve' },
      ]);
      await press(BEN, id, { action: 'approve' });
      expect(await askRow()).toMatchObject({ state: 'decided' });
      const view = await talk.press(BEN, { bellhop: 'refreshAsk', notification: id });
      expect(view).toMatchObject({ asked: { responses: [{ name: null }, { name: null }, { name: 'Ben' }] } });
    });
  });
}
