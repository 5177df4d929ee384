// How votes count, whatever database is behind them.

import { randomBytes } from 'node:crypto';
import { erasePerson } from '../../../src/directory/erase-person.ts';
import { INPUT_ID } from '../../../src/domain/press.ts';
import type { PressAnswer } from '../../../src/domain/press-answer.ts';
import { createSealer } from '../../../src/domain/seal.ts';
import { PollClosing } from '../../../src/polls/close-due.ts';
import { createSharedResult } from '../../../src/polls/shared-result.ts';
import { vote } from '../../../src/polls/vote.ts';
import type { Store } from '../../../src/store/store.ts';
import { silentLogger } from '../../../src/telemetry/logger.ts';
import type { Row } from '../../support/delivery-fixture.ts';
import { INBOUND_CONFIG } from '../../support/inbound-config.ts';
import { createPollFixture, LUNCH, type PollFixture, SEALER } from '../../support/poll-fixture.ts';
import { type InstalledPerson, TENANT } from '../../support/store-fixtures.ts';
import { eventually } from '../../support/waiting.ts';
import { type AnyDeliveryFixture, createLifecycleFixture } from '../lifecycle/lifecycle-fixture.ts';

const [ANA, BEN, CLARA] = [1, 2, 3];
const VOTERS = 10_000;
const UNDER_WAY = 16;
const MINUTE_MS = 60_000;
/** A loaded machine is slower than the minute in which they are to be counted, which the benchmark measures. */
const BOUND_MS = 3 * MINUTE_MS;

/** What these tests need of a database. */
export interface VotesEngine {
  readonly queue: () => AnyDeliveryFixture;
  /** As another process would have it. */
  readonly openBeside: () => Promise<Store>;
  /** Writes many rows at once. */
  readonly change: (sql: string) => Promise<void>;
}

const readResult = createSharedResult();

const said = (kind: string): PressAnswer => ({ kind: 'sentence', answer: { kind } }) as PressAnswer;
const NOT_YOURS = said('notYours');
const CLOSED = said('pollClosed');

export function describeVotesContract({ queue: current, openBeside, change }: VotesEngine): void {
  let queue: AnyDeliveryFixture;
  let polls: PollFixture;
  let ana: InstalledPerson;
  let ben: InstalledPerson;

  beforeEach(async () => {
    queue = current();
    polls = await createPollFixture(queue);
    ana = await polls.install(ANA);
    ben = await polls.install(BEN);
    await polls.install(CLARA);
  });

  const rows = async (sql: string): Promise<readonly Row[]> => queue.rows(sql);

  /** Row ids. */
  const voters = async () => {
    const all = await rows('SELECT DISTINCT person_id FROM poll_voter ORDER BY person_id');
    return all.map((row) => Number(row['person_id']));
  };

  describe('a vote', () => {
    test('is shown to whoever gave it, and no result while the poll is open', async () => {
      const id = await polls.poll({ to: [ana, ben] });
      await polls.vote(BEN, id, 0);
      expect(await polls.vote(ANA, id, 1)).toEqual({ kind: 'poll', view: { id, poll: LUNCH, own: [1] } });
      expect(await polls.press(ANA, { bellhop: 'refreshPoll', poll: id })).toEqual({
        kind: 'poll',
        view: { id, poll: LUNCH, own: [1] },
      });
    });

    test('counts once, whatever is repeated, and may be changed', async () => {
      const id = await polls.poll({ to: [ana, ben] });
      for (const choice of [0, 0, 1, 0, 1]) {
        await polls.vote(ANA, id, choice);
      }
      expect(await polls.vote(ANA, id, 0, { activityId: 'twice' })).toMatchObject({ kind: 'poll' });
      await polls.vote(ANA, id, 1);
      expect(await polls.vote(ANA, id, 0, { activityId: 'twice' })).toEqual(said('alreadyDone'));
      await polls.vote(BEN, id, 0);
      expect(await polls.counted(id)).toEqual([[1, 1], 2]);
    });

    test('may be for several choices where the poll allows it', async () => {
      const id = await polls.poll({ to: [ana, ben], choices: ['a', 'b', 'c'], isSeveral: true });
      await polls.press(ANA, { bellhop: 'vote', poll: id, [INPUT_ID]: '2,0' });
      await polls.press(BEN, { bellhop: 'vote', poll: id, [INPUT_ID]: '2' });
      expect(await polls.press(BEN, { bellhop: 'vote', poll: id, [INPUT_ID]: '' })).toEqual({
        kind: 'sentence',
        answer: { kind: 'badVote', isSeveral: true },
      });
      expect(await polls.counted(id)).toEqual([[1, 0, 2], 2]);
    });

    test('for nothing, for too much or for what is not there changes nothing', async () => {
      const id = await polls.poll({ to: [ana] });
      await polls.vote(ANA, id, 1);
      for (const data of [{}, { choice: 2 }, { choice: '0' }, { choice: null }, { [INPUT_ID]: 'x'.repeat(10_000) }]) {
        expect(await polls.press(ANA, { bellhop: 'vote', poll: id, ...data })).toEqual({
          kind: 'sentence',
          answer: { kind: 'badVote', isSeveral: false },
        });
      }
      expect(await polls.counted(id)).toEqual([[0, 1], 1]);
    });

    test('of somebody who did not get the poll, or in a poll that is not there, does not count', async () => {
      const id = await polls.poll({ to: [ana] });
      expect(await polls.vote(CLARA, id, 0)).toEqual(NOT_YOURS);
      expect(await polls.press(CLARA, { bellhop: 'refreshPoll', poll: id })).toEqual(NOT_YOURS);
      expect(await polls.vote(ANA, id, 0, { place: 'groupChat' })).toEqual(NOT_YOURS);
      for (const poll of ['pol_00000000000000000000000000', 'pol_x', `${id}'`, '', 7, null, [id], {}, undefined]) {
        expect(await polls.press(ANA, { bellhop: 'vote', poll, choice: 0 })).toEqual(NOT_YOURS);
      }
      expect(await polls.counted(id)).toEqual([[0, 0], 0]);
    });

    test('counts for whoever has signed in, whatever the card says of persons', async () => {
      const id = await polls.poll({ to: [ana, ben] });
      const forged = { personId: ben.personId, from: { aadObjectId: ben.aadObjectId }, person: ben.email };
      await polls.press(ANA, { bellhop: 'vote', poll: id, choice: 0, ...forged });
      expect(await voters()).toEqual([ana.personId]);
    });

    test('of somebody whom Teams does not name does not count', async () => {
      const id = await polls.poll({ to: [ana] });
      const { from: _, ...nobody } = polls.contextOf(ANA, { place: 'groupChat' });
      const data = { bellhop: 'vote', poll: id, choice: 0 };
      const pressed = polls.inbound.answerAction({ ...nobody, kind: 'action', verb: 'bellhop', data });
      expect(await pressed).toEqual(said('unknownPerson'));
    });

    test('of somebody of another tenant does not count', async () => {
      const id = await polls.poll({ to: [ana] });
      const context = polls.contextOf(ANA, {});
      const tenantId = '99999999-1111-4111-8111-111111111111';
      const stranger = {
        ...context,
        conversation: { ...context.conversation, tenantId },
        from: { ...context.from, tenantId },
      };
      const data = { bellhop: 'vote', poll: id, choice: 0 };
      const pressed = polls.inbound.answerAction({ ...stranger, kind: 'action', verb: 'bellhop', data });
      expect(await pressed).toEqual(NOT_YOURS);
      expect(await polls.counted(id)).toEqual([[0, 0], 0]);
    });

    test.each(['groupChat', 'team'] as const)('counts for anybody where the poll was posted in a %s', async (place) => {
      await polls.write(ANA, 'help', { place });
      const [chat] = await rows(`SELECT id, lane_id FROM conversation WHERE kind <> 'personal' ORDER BY id LIMIT 1`);
      const to = [{ conversationId: Number(chat?.['id']), laneId: Number(chat?.['lane_id']), email: '' }];
      const id = await polls.poll({ to });
      expect(await polls.vote(CLARA, id, 1, { place })).toMatchObject({ kind: 'poll', view: { own: [1] } });
      expect(await polls.vote(BEN, id, 1)).toEqual(NOT_YOURS);
      expect(await polls.counted(id)).toEqual([[0, 1], 1]);
    });

    test('stays on the card in the chat of whoever gave it, and changes no other', async () => {
      const events = createLifecycleFixture(queue);
      const id = await polls.poll({ to: [ana, ben] });
      await events.start();
      await events.passUntil(async () => (await rows(`SELECT 1 FROM delivery WHERE state <> 'sent'`)).length === 0);
      await polls.vote(ANA, id, 1);
      queue.store.signalWork();
      await events.passUntil(() => queue.sender.requests.some(({ operation }) => operation === 'update'));
      const edits = queue.sender.requests.filter(({ operation }) => operation === 'update');
      expect(edits.map(({ place }) => place)).toEqual([`a:1111${ANA}`]);
    });

    test('has the cards of the poll edited, at most once in three seconds', async () => {
      const id = await polls.poll({ to: [ana, ben] });
      await polls.vote(ANA, id, 1);
      const due = queue.clock.nowMs();
      await polls.vote(BEN, id, 1);
      expect(await polls.row(id)).toMatchObject({ editDueAtMs: due });
    });
  });

  describe('an anonymous poll', () => {
    test('counts each person once, who may change their vote and sees it', async () => {
      const id = await polls.poll({ to: [ana, ben], isAnonymous: true });
      await polls.vote(ANA, id, 0);
      await polls.vote(ANA, id, 1);
      await polls.vote(BEN, id, 1);
      expect(await polls.counted(id)).toEqual([[0, 2], 2]);
      expect(await polls.press(ANA, { bellhop: 'refreshPoll', poll: id })).toMatchObject({ view: { own: [1] } });
    });

    test('tells nowhere in the database who chose what, and has no ballots once it is closed', async () => {
      const id = await polls.poll({ to: [ana, ben], isAnonymous: true });
      await polls.vote(ANA, id, 0);
      await polls.vote(BEN, id, 1);
      const { secret } = await polls.row(id);
      expect(secret).toMatch(/^v1\./);
      expect(await rows('SELECT DISTINCT ballot_key FROM poll_voter')).toEqual([{ ballot_key: null }]);
      const [ballot] = await rows('SELECT * FROM ballot');
      expect(Object.keys(ballot ?? {})).toEqual(['poll_id', 'ballot_key', 'choices']);
      await polls.close(id);
      expect(await rows('SELECT * FROM ballot')).toEqual([]);
      expect(await polls.row(id)).toMatchObject({
        secret: null,
        result: { counts: [1, 1], voters: 2, isClosed: true },
      });
      expect(await polls.press(ANA, { bellhop: 'refreshPoll', poll: id })).toEqual({
        kind: 'poll',
        view: {
          id,
          poll: { ...LUNCH, isAnonymous: true },
          result: { counts: [1, 1], voters: 2, isClosed: true },
        },
      });
    });

    test('counts whoever was erased and came back once', async () => {
      const id = await polls.poll({ to: [ana, ben], isAnonymous: true });
      await polls.vote(ANA, id, 0);
      await erasePerson(queue, { recipient: { kind: 'address', address: ana.email }, tenantId: undefined });
      expect(await rows('SELECT 1 FROM poll_voter')).toEqual([]);
      expect(await polls.counted(id)).toEqual([[1, 0], 1]);
      queue.clock.advance(1_000);
      const back = await polls.install(ANA);
      await queue.store.write(async (tx) => {
        const { notificationId } = await polls.row(id);
        const nowMs = queue.clock.nowMs();
        const place = { notificationId, laneId: back.laneId, conversationId: back.conversationId, recipient: null };
        await tx.deliveries.insert({ ...place, priority: 'normal', nowMs, expiresAtMs: nowMs + 1 });
      });
      expect(await polls.vote(ANA, id, 1)).toMatchObject({ view: { own: [1] } });
      expect(await polls.counted(id)).toEqual([[0, 1], 1]);
    });

    test('goes on after the key that keeps its secret was exchanged', async () => {
      const id = await polls.poll({ to: [ana], isAnonymous: true });
      await polls.vote(ANA, id, 0);
      const next = { id: '5ea1ed01', bytes: new Uint8Array(32).fill(9) };
      const during = createSealer({ randomBytes }, [next, ...INBOUND_CONFIG.sealingKeys]);
      const worker = new PollClosing({ ...queue, logger: silentLogger, sealer: during });
      worker.start();
      await eventually(async () => (await polls.row(id)).secret?.startsWith('v1.5ea1ed01.') ?? false, 'it is sealed');
      await worker.stop();
      const after = { sealer: createSealer({ randomBytes }, [next]), readResult };
      const pressed = {
        ...ana,
        placeId: ana.conversationId,
        nowMs: 0,
        event: polls.contextOf(ANA, {}),
        data: { bellhop: 'vote', poll: id, choice: 1 },
      };
      await queue.store.write((tx) => vote(after, { ...pressed, tx }));
      expect(await polls.counted(id)).toEqual([[0, 1], 1]);
    });

    test('whose secret cannot be opened counts nothing, and says so to whoever runs the service', async () => {
      const id = await polls.poll({ to: [ana], isAnonymous: true });
      const data = { bellhop: 'vote', poll: id, choice: 0 };
      const { event, ...turn } = {
        event: polls.contextOf(ANA, {}),
        nowMs: 0,
        ...ana,
        placeId: ana.conversationId,
        data,
      };
      const lost = { sealer: { unseal: () => undefined }, readResult };
      const voting = queue.store.write((tx) => vote(lost, { ...turn, event, tx }));
      await expect(voting).rejects.toMatchObject({ code: 'encryption_key_missing' });
      expect(await polls.counted(id)).toEqual([[0, 0], 0]);
    });
  });

  describe('the end of a poll', () => {
    test('comes once, keeps what was counted, and takes no vote from then on', async () => {
      const id = await polls.poll({ to: [ana, ben] });
      await polls.vote(ANA, id, 1);
      expect(await polls.close(id)).toMatchObject({ isChanged: true });
      const closed = await polls.row(id);
      queue.clock.advance(1_000);
      expect(await polls.close(id)).toMatchObject({ isChanged: false });
      expect(await polls.vote(BEN, id, 0)).toEqual(CLOSED);
      expect(await polls.vote(ANA, id, 0)).toEqual(CLOSED);
      expect(await polls.row(id)).toEqual(closed);
      expect(closed.result).toEqual({ counts: [0, 1], voters: 1, isClosed: true });
      expect(await polls.press(ANA, { bellhop: 'refreshPoll', poll: id })).toMatchObject({
        view: { own: [1], result: closed.result },
      });
    });

    test('is reached at its time, to the millisecond, also before anybody has closed it', async () => {
      const id = await polls.poll({ to: [ana, ben], closesAtMs: queue.clock.nowMs() + 1_000 });
      queue.clock.advance(999);
      expect(await polls.vote(ANA, id, 1)).toMatchObject({ kind: 'poll' });
      queue.clock.advance(1);
      expect(await polls.vote(BEN, id, 1)).toEqual(CLOSED);
      const worker = new PollClosing({ ...queue, logger: silentLogger, sealer: SEALER });
      worker.start();
      await eventually(async () => (await polls.row(id)).closedAtMs !== null, 'the poll is closed');
      await worker.stop();
      expect(await polls.counted(id)).toEqual([[0, 1], 1]);
    });

    test('comes while the clock goes on', async () => {
      const id = await polls.poll({ to: [ana], closesAtMs: queue.clock.nowMs() + 9_000 });
      const worker = new PollClosing({ ...queue, logger: silentLogger, sealer: SEALER });
      worker.start();
      await queue.pass(8_000, 1_000);
      expect((await polls.row(id)).closedAtMs).toBeNull();
      for (let seconds = 0; (await polls.row(id)).closedAtMs === null; seconds++) {
        expect(seconds).toBeLessThan(60);
        await queue.pass(1_000, 1_000);
      }
      await worker.stop();
    });

    test('by a button is only for whoever asked it', async () => {
      const id = await polls.poll({ to: [ana, ben], askerPersonId: ben.personId });
      expect(await polls.press(ANA, { bellhop: 'closePoll', poll: id })).toEqual(NOT_YOURS);
      expect((await polls.row(id)).closedAtMs).toBeNull();
      for (const _ of [1, 2]) {
        expect(await polls.press(BEN, { bellhop: 'closePoll', poll: id })).toMatchObject({
          kind: 'poll',
          view: { result: { isClosed: true } },
        });
      }
    });

    test('is told once to whoever has a webhook, however many processes close it', async () => {
      const endpoint = { publicId: 'whe_1', producerId: queue.producerId, url: 'https://example.com', secret: '' };
      await queue.store.write((tx) =>
        tx.webhookEndpoints.insert({ ...endpoint, events: null, description: null, createdAtMs: 0 }),
      );
      const id = await polls.poll({ to: [ana] });
      const beside = await openBeside();
      await Promise.all([queue.store, beside, queue.store, beside].map((store) => polls.close(id, store)));
      expect(await rows(`SELECT type FROM status_event WHERE type = 'poll.closed'`)).toHaveLength(1);
    });
  });

  describe('at the same time', () => {
    test('two presses of one person at two processes give one ballot', async () => {
      for (const isAnonymous of [false, true]) {
        const id = await polls.poll({ to: [ana, ben], isAnonymous });
        const beside = await openBeside();
        const presses = Array.from({ length: 10 }, (_, at) => ({ bellhop: 'vote', poll: id, choice: at % 2 }));
        await Promise.all(presses.map((data, at) => polls.voteAt(at % 2 === 0 ? queue.store : beside, ANA, data)));
        const [counts, voters] = await polls.counted(id);
        expect([counts.reduce((sum, count) => sum + count, 0), voters]).toEqual([1, 1]);
        await polls.voteAt(beside, ANA, { bellhop: 'vote', poll: id, choice: 1 });
        expect(await polls.counted(id)).toEqual([[0, 1], 1]);
      }
    });

    test('a vote that comes during the close is counted, or told that it is too late', async () => {
      const people = [];
      for (let index = 10; index < 30; index++) {
        people.push(await polls.install(index));
      }
      const id = await polls.poll({ to: people, isAnonymous: true });
      const beside = await openBeside();
      const data = { bellhop: 'vote', poll: id, choice: 0 };
      const votes = people.map((_, at) => polls.voteAt(at % 2 === 0 ? queue.store : beside, at + 10, data));
      const closing = polls.close(id, beside);
      const answers = await Promise.all(votes);
      await closing;
      const counted = answers.filter(({ kind }) => kind === 'poll').length;
      expect(answers.filter(({ kind }) => kind !== 'poll')).toEqual(Array(people.length - counted).fill(CLOSED));
      expect(await polls.counted(id)).toEqual([[counted, 0], counted]);
    });

    test('what breaks off in the middle of a vote leaves nothing, and the press that comes again counts', async () => {
      const id = await polls.poll({ to: [ana], isAnonymous: true });
      const data = { bellhop: 'vote', poll: id, choice: 0 };
      const placeId = ana.conversationId;
      const pressed = { ...ana, placeId, nowMs: queue.clock.nowMs(), event: polls.contextOf(ANA, {}), data };
      const broken = queue.store.write(async (tx) => {
        await vote({ sealer: SEALER, readResult }, { ...pressed, tx });
        throw new Error('killed');
      });
      await expect(broken).rejects.toThrow('killed');
      expect(await rows('SELECT 1 FROM ballot UNION ALL SELECT 1 FROM poll_voter')).toEqual([]);
      await polls.vote(ANA, id, 0);
      expect(await polls.counted(id)).toEqual([[1, 0], 1]);
    });

    test(
      `${VOTERS} votes are counted exactly, in bounded time`,
      async () => {
        const id = await polls.poll({
          to: [],
          choices: Array.from({ length: 10 }, (_, at) => `${at}`),
          isAnonymous: true,
        });
        const chats = await addVoters(id);
        const parts = { sealer: SEALER, readResult };
        const event = polls.contextOf(ANA, {});
        const nowMs = queue.clock.nowMs();
        const startedAt = performance.now();
        const waiting = chats.entries();
        const work = async () => {
          for (const [at, chat] of waiting) {
            const data = { bellhop: 'vote', poll: id, choice: at % 7 };
            const placeId = chat.conversationId;
            const { kind } = await queue.store.write((tx) => vote(parts, { ...chat, placeId, tx, event, nowMs, data }));
            expect(kind).toBe('poll');
          }
        };
        await Promise.all(Array.from({ length: UNDER_WAY }, work));
        const tookMs = performance.now() - startedAt;
        const expected = Array.from(
          { length: 10 },
          (_, choice) => chats.filter((_chat, at) => at % 7 === choice).length,
        );
        expect(await polls.counted(id)).toEqual([expected, VOTERS]);
        await polls.close(id);
        expect(await polls.counted(id)).toEqual([expected, VOTERS]);
        expect(tookMs).toBeLessThan(BOUND_MS);
      },
      6 * MINUTE_MS,
    );
  });

  describe('personal data', () => {
    test('whoever is erased takes an open vote along, and of a closed poll only their name goes', async () => {
      const open = await polls.poll({ to: [ana, ben] });
      const closed = await polls.poll({ to: [ana, ben] });
      for (const id of [open, closed]) {
        await polls.vote(ANA, id, 0);
        await polls.vote(BEN, id, 0);
      }
      await polls.close(closed);
      await erasePerson(queue, { recipient: { kind: 'address', address: ana.email }, tenantId: undefined });
      expect(await polls.counted(open)).toEqual([[1, 0], 1]);
      expect(await polls.counted(closed)).toEqual([[2, 0], 2]);
      expect(await voters()).toEqual([ben.personId]);
      expect(await rows('SELECT 1 FROM ballot')).toHaveLength(2);
    });

    test('whoever asks is told how they voted, and of an anonymous poll that they did', async () => {
      const open = await polls.poll({ to: [ana] });
      const secret = await polls.poll({ to: [ana], isAnonymous: true });
      await polls.vote(ANA, open, 1);
      await polls.vote(ANA, secret, 1);
      expect(await queue.store.read.polls.listVotesOf(ana.personId)).toEqual([
        { poll: open, question: 'Lunch?', choices: ['Salad'] },
        { poll: secret, question: 'Lunch?', choices: null },
      ]);
    });

    test('a poll goes with the notification that asked it', async () => {
      const id = await polls.poll({ to: [ana] });
      const { notificationId } = await polls.row(id);
      await polls.vote(ANA, id, 1);
      await queue.store.write((tx) => tx.polls.deleteOfNotifications([notificationId]));
      expect(
        await rows('SELECT 1 FROM poll UNION ALL SELECT 1 FROM ballot UNION ALL SELECT 1 FROM poll_voter'),
      ).toEqual([]);
    });
  });

  /** People with a chat of their own who all got the poll. */
  async function addVoters(publicId: string) {
    const { notificationId } = await polls.row(publicId);
    const nowMs = queue.clock.nowMs();
    const numbers = `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${VOTERS})`;
    await change(`${numbers} INSERT INTO person (tenant_id, teams_user_id, updated_at_ms)
      SELECT '${TENANT}', '29:voter-' || i, ${nowMs} FROM n`);
    await change(`INSERT INTO conversation (lane_id, tenant_id, kind, person_id, teams_conversation_id, updated_at_ms)
      SELECT ${ana.laneId}, tenant_id, 'personal', id, 'a:' || teams_user_id, ${nowMs} FROM person
       WHERE teams_user_id LIKE '29:voter-%'`);
    await change(`INSERT INTO delivery (notification_id, lane_id, conversation_id, state, priority, is_quiet, operation,
                                        due_at_ms, expires_at_ms, updated_at_ms)
      SELECT ${notificationId}, lane_id, id, 'queued', 1, 0, 'post', ${nowMs}, ${nowMs + 1}, ${nowMs} FROM conversation
       WHERE teams_conversation_id LIKE 'a:29:voter-%'`);
    const chats = await rows(`SELECT id, person_id FROM conversation WHERE teams_conversation_id LIKE 'a:29:voter-%'`);
    return chats.map((chat) => ({ conversationId: Number(chat['id']), personId: Number(chat['person_id']) }));
  }
}
