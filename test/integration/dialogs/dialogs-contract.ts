// What dialogs do in the chat and in the store, whatever database is behind them.

import { randomBytes } from 'node:crypto';
import { createInbound } from '../../../src/app/inbound.ts';
import { DialogTimes } from '../../../src/dialogs/dialog-times.ts';
import { storeDialog } from '../../../src/dialogs/store-dialog.ts';
import { exportPerson } from '../../../src/directory/export-person.ts';
import { eraseOnOwnWish } from '../../../src/directory/person-requests.ts';
import type { DialogDefinition, DialogQuestion, QuestionView } from '../../../src/domain/dialog.ts';
import type { NotificationContent } from '../../../src/domain/notification.ts';
import { INPUT_ID } from '../../../src/domain/press.ts';
import type { Store } from '../../../src/store/store.ts';
import { silentLogger } from '../../../src/telemetry/logger.ts';
import { INBOUND_CONFIG } from '../../support/inbound-config.ts';
import { succeed } from '../../support/scripted-sender.ts';
import { type InstalledPerson, TENANT } from '../../support/store-fixtures.ts';
import { createTalk, type Talk } from '../../support/talk.ts';
import type { AnyDeliveryFixture } from '../lifecycle/lifecycle-fixture.ts';

const HOUR_MS = 3_600_000;
const [ANA, BEN] = [1, 2];
const HUNGRY: DialogQuestion = { id: 'hungry', kind: 'choice', text: 'Hungry?', choices: ['Yes', 'No', 'Start'] };
const DISH: DialogQuestion = { id: 'dish', kind: 'text', text: 'What?', isOptional: true };
const COUNT: DialogQuestion = { id: 'count', kind: 'number', text: 'For how many?', min: 1, max: 9 };
const LUNCH: DialogDefinition = {
  title: 'Lunch',
  questions: [{ ...HUNGRY, next: { No: 'end' } }, DISH, COUNT],
  thanks: 'Enjoy!',
  timeoutMs: HOUR_MS,
};
const OTHER: DialogDefinition = { title: 'Retro', questions: [COUNT], timeoutMs: HOUR_MS };
const OVER = { kind: 'sentence', answer: { kind: 'dialogOver' } };
const ALREADY_DONE = { kind: 'sentence', answer: { kind: 'alreadyDone' } };
const NOT_YOURS = { kind: 'sentence', answer: { kind: 'notYours' } };

/** @param queue gives the database of the test, and what goes out of it */
export function describeDialogsContract(current: () => AnyDeliveryFixture): void {
  let queue: AnyDeliveryFixture;
  let talk: Talk;
  let ana: InstalledPerson;
  const workers: DialogTimes[] = [];

  beforeEach(async () => {
    queue = current();
    talk = await createTalk(queue);
    ana = await talk.install(ANA);
    await talk.install(BEN);
  });
  afterEach(() => Promise.all(workers.splice(0).map((worker) => worker.stop())));

  const voice = () => ({ producerId: talk.botProducerId, randomBytes, defaultTimeZone: 'UTC' });
  const begin = (definition = LUNCH, { personId, conversationId } = ana) =>
    queue.store.write((tx) =>
      storeDialog(tx, {
        ...{ definition, personId, conversationId, producerId: queue.producerId },
        ...{ voice: voice(), nowMs: queue.clock.nowMs() },
      }),
    );
  const find = (id: number) => queue.store.read.dialogs.find(id);
  const serve = () => queue.createDispatcher().start();
  const isInChat = async (id: number) =>
    (await queue.store.read.dialogs.listOutgoing(0, 100)).every(({ dialogId }) => dialogId !== id);
  const write = (text: string, who = ANA) => talk.tell({ ...talk.contextOf(who, {}), kind: 'message', text });
  const press = (dialog: string, question: string, fields: object = {}, who = ANA) =>
    talk.press(who, { bellhop: 'answer', dialog, question, ...fields });
  const asks = (question: string, more: Partial<QuestionView> = {}) =>
    expect.objectContaining({ kind: 'question', view: expect.objectContaining({ question: idIs(question), ...more }) });
  const ends = (state: string, more: object = {}) => ({ kind: 'dialogEnd', title: 'Lunch', state, ...more });
  const answered = (question: string, answer?: unknown) => ({
    kind: 'answered',
    view: { title: 'Lunch', question: idIs(question), ...(answer !== undefined && { answer }) },
  });
  const idIs = (id: string) => expect.objectContaining({ id });
  const lastSaid = async () => (await talk.said()).at(-1);
  const startTimes = (store: Store = queue.store) => {
    const deps = { store, clock: queue.clock, logger: silentLogger, voice: voice() };
    const worker = new DialogTimes({ ...deps, runner: { prepare: async () => undefined } });
    workers.push(worker);
    worker.start();
  };
  const passUntil = async (isThere: () => Promise<boolean>, stepMs = 5_000) => {
    for (let steps = 0; !(await isThere()); steps++) {
      expect(steps).toBeLessThan(1_000);
      await queue.pass(stepMs, stepMs);
    }
  };

  describe('a dialog', () => {
    test('asks at once, takes what is written, and ends with its answers', async () => {
      const { id, publicId, state } = await begin();
      expect([publicId, state]).toEqual([expect.stringMatching(/^dlg_[0-9A-Z]{26}$/), 'active']);
      expect(await lastSaid()).toEqual({
        kind: 'question',
        view: { dialog: publicId, title: 'Lunch', question: LUNCH.questions[0], number: 1, canGoBack: false },
      });
      expect(await write('yes')).toEqual([asks('dish', { number: 2, canGoBack: true })]);
      expect(await write('Tomato soup')).toEqual([asks('count', { number: 3 })]);
      expect(await write('many')).toEqual([asks('count', { number: 3, problem: 'not_a_number' })]);
      expect(await find(id)).toMatchObject({ state: 'active', questionId: 'count', answers: { dish: 'Tomato soup' } });
      expect(await write('3')).toEqual([ends('completed', { thanks: 'Enjoy!' })]);
      expect(await find(id)).toMatchObject({
        state: 'completed',
        reason: null,
        questionId: null,
        answers: { hungry: 'Yes', dish: 'Tomato soup', count: 3 },
        endedAtMs: queue.clock.nowMs(),
      });
      expect(await write('3')).toEqual([expect.objectContaining({ kind: 'help' })]);
    });

    test('comes with a toast, goes on without one, and its questions live as long as it does', async () => {
      await begin();
      await write('yes');
      const sql = `SELECT d.priority, d.is_quiet, d.expires_at_ms FROM delivery d JOIN notification n ON n.id = d.notification_id
        WHERE n.content LIKE '%"question"%' ORDER BY d.id`;
      const [first, second] = await queue.rows(sql);
      const until = queue.clock.nowMs() + HOUR_MS;
      expect([first?.['is_quiet'], second?.['is_quiet']].map(Number)).toEqual([0, 1]);
      expect([first?.['expires_at_ms'], second?.['expires_at_ms']].map(Number)).toEqual([until, until]);
    });

    test('is answered by its buttons, each once, and only by its person', async () => {
      const { id, publicId } = await begin();
      expect(await press(publicId, 'hungry', { choice: 0 }, BEN)).toEqual(NOT_YOURS);
      expect(await press(publicId, 'hungry', { choice: 0 })).toEqual(answered('hungry', 'Yes'));
      expect(await lastSaid()).toEqual(asks('dish'));
      expect(await press(publicId, 'hungry', { choice: 1 })).toEqual(ALREADY_DONE);
      expect(await press(publicId, 'dish', { [INPUT_ID]: 'Soup' })).toEqual(answered('dish', 'Soup'));
      expect(await press(publicId, 'count', { [INPUT_ID]: '20' })).toEqual(asks('count', { problem: 'out_of_range' }));
      expect(await press(publicId, 'count', { [INPUT_ID]: 4 })).toEqual(answered('count', 4));
      expect(await press(publicId, 'count', { [INPUT_ID]: 5 })).toEqual(OVER);
      expect(await find(id)).toMatchObject({ state: 'completed', answers: { hungry: 'Yes', dish: 'Soup', count: 4 } });
    });

    test('is answered by buttons of clients that only know Action.Submit, with one message each', async () => {
      const { publicId } = await begin();
      const submit = (value: object) => talk.tell({ ...talk.contextOf(ANA, {}), kind: 'message', text: '', value });
      const answer = { bellhop: 'answer', dialog: publicId };
      expect(await submit({ ...answer, question: 'hungry', choice: 0 })).toEqual([asks('dish')]);
      expect(await submit({ ...answer, question: 'hungry', choice: 0 })).toEqual([
        { kind: 'answer', answer: { kind: 'alreadyDone' } },
      ]);
      expect(await submit({ ...answer, question: 'dish', choice: 'skip' })).toEqual([asks('count')]);
      expect(await submit({ ...answer, question: 'count', [INPUT_ID]: 'x' })).toEqual([
        asks('count', { problem: 'not_a_number' }),
      ]);
    });

    test.each([
      ['nothing else', {}],
      ['an unknown dialog', { dialog: 'dlg_00000000000000000000000000', question: 'hungry', choice: 0 }],
      ['what is no id', { dialog: "' OR 1=1 --", question: 'hungry' }],
      ['a choice of another kind', { dialog: 'dlg_00000000000000000000000000', question: 'hungry', choice: 'all' }],
    ])('is not moved by a forged press that carries %s', async (_, fields) => {
      const { id } = await begin();
      const answer = await talk.press(ANA, { bellhop: 'answer', ...fields });
      expect([{ kind: 'retiredButton' }, NOT_YOURS]).toContainEqual(answer);
      expect(await find(id)).toMatchObject({ questionId: 'hungry', progress: '{}', answers: {} });
    });

    test('is not moved by an index that is no choice, nor by an answer of 10 000 characters', async () => {
      const { id, publicId } = await begin();
      expect(await press(publicId, 'hungry', { choice: 9 })).toEqual(asks('hungry', { problem: 'not_a_choice' }));
      await press(publicId, 'hungry', { choice: 0 });
      const long = 'x'.repeat(10_000);
      expect(await write(long)).toEqual([asks('dish', { problem: 'too_long' })]);
      expect(await press(publicId, 'dish', { [INPUT_ID]: long })).toEqual(asks('dish', { problem: 'too_long' }));
      expect(await find(id)).toMatchObject({ questionId: 'dish', answers: { hungry: 'Yes' } });
    });

    test('goes back, leaves out and is cancelled, in words and by buttons', async () => {
      const { id, publicId } = await begin();
      await write('yes');
      expect(await write('zurück')).toEqual([asks('hungry', { canGoBack: false })]);
      expect(await find(id)).toMatchObject({ questionId: 'hungry', answers: {} });
      await write('yes');
      expect(await write('/skip')).toEqual([asks('count')]);
      expect(await press(publicId, 'count', { choice: 'back' })).toEqual(answered('count'));
      // Pressed twice: the second one is on a question that is not open any more.
      expect(await press(publicId, 'count', { choice: 'back' })).toEqual(ALREADY_DONE);
      expect(await find(id)).toMatchObject({ questionId: 'dish', answers: { hungry: 'Yes' } });
      // From a card further up in the chat.
      expect(await press(publicId, 'hungry', { choice: 'cancel' })).toEqual(answered('hungry', 'Yes'));
      expect(await lastSaid()).toEqual(ends('cancelled'));
      expect(await find(id)).toMatchObject({ state: 'cancelled', answers: { hungry: 'Yes' } });
    });

    test('leaves commands to the bot, but for those that are one of its choices or part of a sentence', async () => {
      const { id } = await begin();
      expect(await write('help')).toEqual([{ kind: 'help' }]);
      expect(await write('mute deploys')).toEqual([expect.objectContaining({ kind: 'answer' })]);
      expect(await find(id)).toMatchObject({ questionId: 'hungry' });
      expect(await write('start')).toEqual([asks('dish')]);
      expect(await write('status')).toEqual([expect.objectContaining({ kind: 'answer' })]);
      expect(await write('mute the radio, please')).toEqual([asks('count')]);
      expect(await find(id)).toMatchObject({ answers: { hungry: 'Start', dish: 'mute the radio, please' } });
    });

    test('hears only the 1:1 chat of its person', async () => {
      const { id } = await begin();
      await talk.tell({ ...talk.contextOf(ANA, { place: 'team' }), kind: 'message', text: 'yes' });
      await write('yes', BEN);
      expect(await talk.press(ANA, {}, { place: 'team' })).toEqual({ kind: 'retiredButton' });
      const { publicId = '' } = (await find(id)) ?? {};
      const data = { bellhop: 'answer', dialog: publicId, question: 'hungry', choice: 0 };
      expect(await talk.press(ANA, data, { place: 'team' })).toEqual(NOT_YOURS);
      expect(await find(id)).toMatchObject({ questionId: 'hungry', answers: {} });
    });

    test('does not begin for somebody who wants no messages', async () => {
      await write('stop');
      const { id, state } = await begin();
      expect(state).toBe('failed');
      expect(await find(id)).toMatchObject({ state: 'failed', reason: 'opted_out', begunAtMs: null });
      expect(await lastSaid()).toMatchObject({ kind: 'answer' });
    });
  });

  describe('for somebody who has said when they want messages', () => {
    const NIGHT = 'quiet 22:00-08:00';
    const questions = async () => (await talk.said()).filter(({ kind }) => kind === 'question');
    const today = (hour: number) => Math.floor(queue.clock.nowMs() / (24 * HOUR_MS)) * 24 * HOUR_MS + hour * HOUR_MS;
    const untilActive = (id: number) => passUntil(async () => (await find(id))?.state === 'active', 60_000);

    test('it begins when their quiet hours are over, and has its whole time then', async () => {
      await write(NIGHT);
      const { id, state } = await begin();
      expect([state, await questions()]).toEqual(['waiting', []]);
      expect(await find(id)).toMatchObject({ beginsAtMs: today(8), reason: 'quiet_hours', begunAtMs: null });
      startTimes();
      startTimes(await queue.openBeside());
      await queue.pass(today(8) - queue.clock.nowMs() - 60_000, 60_000);
      expect(await questions()).toEqual([]);
      await untilActive(id);
      expect(await questions()).toEqual([asks('hungry')]);
      const { begunAtMs, expiresAtMs, beginsAtMs, reason } = (await find(id)) ?? {};
      expect(begunAtMs).toBeGreaterThanOrEqual(today(8));
      expect([expiresAtMs, beginsAtMs, reason]).toEqual([Number(begunAtMs) + HOUR_MS, null, null]);
    });

    test('it begins as soon as they say that these are over', async () => {
      await write(NIGHT);
      const { id } = await begin();
      startTimes();
      await write('quiet off');
      await untilActive(id);
      expect(queue.clock.nowMs()).toBeLessThan(today(1));
    });

    test('it begins with the digest of the day, and is not put off once more', async () => {
      await write('digest daily 09:00');
      const { id, state } = await begin();
      expect(state).toBe('waiting');
      startTimes();
      await untilActive(id);
      expect((await find(id))?.begunAtMs).toBeGreaterThanOrEqual(today(9));
      expect(queue.clock.nowMs()).toBeLessThan(today(10));
    });

    test('it begins with the digest at the time that they said last', async () => {
      await write('digest daily 09:00');
      const { id } = await begin();
      startTimes();
      await write('digest daily 11:00');
      await untilActive(id);
      expect((await find(id))?.begunAtMs).toBeGreaterThanOrEqual(today(11));
    });

    test('it waits for the digest too, when they ask for one while it waits for the morning', async () => {
      await write(NIGHT);
      const { id } = await begin();
      startTimes();
      await write('digest daily 09:00');
      await untilActive(id);
      expect((await find(id))?.begunAtMs).toBeGreaterThanOrEqual(today(9));
    });

    test('what has begun is finished at night, and the next one waits for the morning', async () => {
      const first = await begin();
      const second = await begin(OTHER);
      await write(NIGHT);
      expect(await write('no')).toEqual([ends('completed', { thanks: 'Enjoy!' })]);
      expect(await find(first.id)).toMatchObject({ state: 'completed' });
      expect(await find(second.id)).toMatchObject({ state: 'waiting', beginsAtMs: today(8) });
    });

    test('it is none of those that they have muted', async () => {
      await write('mute surveys always');
      const { id, state } = await begin();
      expect([state, (await find(id))?.reason]).toEqual(['failed', 'muted']);
    });
  });

  describe('of two dialogs', () => {
    test('the second waits for its turn, whatever ends the first, and has its whole time then', async () => {
      const first = await begin();
      const second = await begin(OTHER);
      const third = await begin(OTHER);
      expect([first.state, second.state, third.state]).toEqual(['active', 'waiting', 'waiting']);
      queue.clock.advance(HOUR_MS / 2);
      const [end, question, ...more] = await write('no');
      expect([end, question, more]).toEqual([
        ends('completed', { thanks: 'Enjoy!' }),
        asks('count', { title: 'Retro', number: 1 }),
        [],
      ]);
      expect(await find(second.id)).toMatchObject({ state: 'active', expiresAtMs: queue.clock.nowMs() + HOUR_MS });
      expect(await press(third.publicId, 'count', { [INPUT_ID]: 1 })).toEqual(OVER);
      await write('cancel');
      expect(await find(third.id)).toMatchObject({ state: 'active', questionId: 'count' });
    });

    test('those of two people do not wait for one another', async () => {
      await begin();
      const ben = await queue.store.read.conversations.findByPerson((await talk.install(BEN)).personId);
      const { id: conversationId = 0, personId } = ben ?? {};
      const { state } = await begin(OTHER, { ...ana, personId: personId ?? 0, conversationId });
      expect(state).toBe('active');
    });
  });

  describe('the time of a dialog', () => {
    test('ends it once, whichever of two processes sees it, and says so', async () => {
      const first = await begin();
      const second = await begin(OTHER);
      await write('yes');
      startTimes();
      startTimes(await queue.openBeside());
      await queue.pass(HOUR_MS - 60_000, 60_000);
      expect(await find(first.id)).toMatchObject({ state: 'active' });
      await passUntil(async () => (await find(second.id))?.state === 'active');
      expect(await find(first.id)).toMatchObject({ state: 'timed_out', answers: { hungry: 'Yes' } });
      const isOfEnd = ({ kind }: NotificationContent) => kind === 'dialogEnd';
      expect((await talk.said()).filter(isOfEnd)).toEqual([ends('timed_out')]);
      expect((await talk.said()).at(-1)).toEqual(asks('count', { title: 'Retro' }));
    });

    test('is over also before anybody has seen it: what comes late is not counted', async () => {
      const { id, publicId } = await begin();
      queue.clock.advance(HOUR_MS);
      expect(await write('yes')).toEqual([ends('timed_out')]);
      expect(await press(publicId, 'hungry', { choice: 0 })).toEqual(OVER);
      expect(await find(id)).toMatchObject({ state: 'timed_out', answers: {} });
    });
  });

  describe('the message of a question', () => {
    const edits = () => queue.sender.requests.filter(({ operation }) => operation === 'update');
    const postsOf = (kind: string) => queue.sender.posts.filter(({ content }) => content?.kind === kind);
    const untilEdits = (count: number) => passUntil(async () => edits().length >= count, 100);
    const untilPosts = (count: number) => passUntil(async () => postsOf('question').length >= count, 100);

    test('shows its answer once it has one, behind the next question, and none in the end can be pressed', async () => {
      await begin();
      serve();
      queue.store.signalWork();
      await untilPosts(1);
      await write('yes');
      await untilEdits(1);
      await write('Soup');
      await untilEdits(2);
      await write('3');
      await untilEdits(3);
      expect(edits().map(({ content }) => content)).toEqual([
        answered('hungry', 'Yes'),
        answered('dish', 'Soup'),
        answered('count', 3),
      ]);
      const order = queue.sender.requests.map(({ operation, content }) => [operation, content?.kind]);
      const turn = [
        ['post', 'question'],
        ['update', 'answered'],
      ];
      const end = [
        ['post', 'dialogEnd'],
        ['update', 'answered'],
      ];
      expect(order.filter(([, kind]) => kind !== 'welcome')).toEqual([turn[0], ...turn, ...turn, ...end]);
    });

    test('is not sent any more when its dialog has ended', async () => {
      const first = await begin();
      await write('cancel');
      const second = await begin(OTHER);
      serve();
      queue.store.signalWork();
      await untilPosts(1);
      expect(postsOf('question').map(({ content }) => content)).toEqual([asks('count', { dialog: second.publicId })]);
      expect(await find(first.id)).toMatchObject({ state: 'cancelled' });
      expect(await queue.rows("SELECT reason FROM delivery WHERE state = 'superseded'")).toEqual([
        { reason: 'answered' },
      ]);
    });

    test('loses its buttons also when the time is over', async () => {
      await begin();
      serve();
      queue.store.signalWork();
      await untilPosts(1);
      queue.clock.advance(HOUR_MS);
      await write('yes');
      await untilEdits(1);
      expect(edits()[0]?.content).toEqual(answered('hungry'));
    });
  });

  describe('a question that does not arrive', () => {
    const refuse = () => ({ kind: 'rejected', reason: 'rejected' }) as const;

    test('ends its dialog, says nothing of it, and the next one begins', async () => {
      queue.sender.script = refuse;
      const first = await begin();
      const second = await begin(OTHER);
      serve();
      queue.store.signalWork();
      await passUntil(async () => (await queue.store.read.dialogs.listOutgoing(0, 1))[0]?.state === 'failed');
      queue.sender.script = succeed;
      startTimes();
      startTimes(await queue.openBeside());
      await passUntil(async () => (await find(second.id))?.state === 'active');
      expect(await find(first.id)).toMatchObject({ state: 'failed', reason: 'rejected', answers: {} });
      expect((await talk.said()).filter(({ kind }) => kind === 'dialogEnd')).toEqual([]);
      await passUntil(() => isInChat(second.id));
      expect(await find(second.id)).toMatchObject({ state: 'active', questionId: 'count' });
    });

    test('ends what has begun with a sentence, its answers kept', async () => {
      const { id } = await begin();
      serve();
      startTimes();
      await passUntil(() => isInChat(id));
      queue.sender.script = refuse;
      await write('yes');
      await passUntil(async () => (await find(id))?.state !== 'active');
      expect(await find(id)).toMatchObject({ state: 'failed', reason: 'rejected', answers: { hungry: 'Yes' } });
      expect(await lastSaid()).toEqual(ends('failed'));
    });

    test('ends nothing when it has been answered meanwhile', async () => {
      queue.sender.script = refuse;
      const { id } = await begin();
      serve();
      queue.store.signalWork();
      await passUntil(async () => (await queue.store.read.dialogs.listOutgoing(0, 1))[0]?.state === 'failed');
      queue.sender.script = succeed;
      await write('yes');
      startTimes();
      await passUntil(() => isInChat(id));
      expect(await find(id)).toMatchObject({ state: 'active', questionId: 'dish' });
    });
  });

  describe('two processes', () => {
    /** What one process hears, on connections of its own. */
    const beside = async () => {
      const { clock, metrics } = queue;
      const deps = { store: await queue.openBeside(), clock, metrics, logger: silentLogger, config: INBOUND_CONFIG };
      return createInbound(deps, voice());
    };

    test('take one of two presses of the same button, and one of two answers', async () => {
      const { id, publicId } = await begin();
      const other = await beside();
      const data = { bellhop: 'answer', dialog: publicId, question: 'hungry', choice: 0 };
      const action = () => ({ ...talk.contextOf(ANA, {}), kind: 'action', verb: 'bellhop', data }) as const;
      const answers = await Promise.all([talk.inbound.answerAction(action()), other.answerAction(action())]);
      expect(answers).toHaveLength(2);
      expect(answers).toEqual(expect.arrayContaining([answered('hungry', 'Yes'), ALREADY_DONE]));
      const asked = (await talk.said()).filter(({ kind }) => kind === 'question');
      expect(asked).toEqual([asks('hungry'), asks('dish')]);
      expect(await find(id)).toMatchObject({ answers: { hungry: 'Yes' } });
    });

    test('go on where another one has stopped', async () => {
      const { id } = await begin();
      for (const text of ['yes', 'Soup', '3']) {
        const process = await beside();
        await process.record({ ...talk.contextOf(ANA, {}), kind: 'message', text });
      }
      expect(await find(id)).toMatchObject({ state: 'completed', answers: { hungry: 'Yes', dish: 'Soup', count: 3 } });
    });

    test('count what Teams sends again once', async () => {
      const { id } = await begin(OTHER);
      const again = await beside();
      const event = { ...talk.contextOf(ANA, {}), kind: 'message', text: '12' } as const;
      await talk.inbound.record(event);
      await again.record(event);
      const asked = (await talk.said()).filter(({ kind }) => kind === 'question');
      expect(asked).toHaveLength(2);
      expect(await find(id)).toMatchObject({ state: 'active' });
    });
  });

  test('a dialog that an older release left in a form that cannot be read ends with a sentence, its answers kept', async () => {
    const { id } = await begin();
    await write('yes');
    const answers = { hungry: 'Yes' };
    const odd = { questionId: 'dish', progress: '{"form":0,"stack":[]}', answers };
    await queue.store.write((tx) => tx.dialogs.move(id, odd));
    expect(await write('Soup')).toEqual([ends('failed')]);
    expect(await find(id)).toMatchObject({ state: 'failed', reason: 'progress_lost', answers });
  });

  test('a definition that was changed meanwhile changes nothing for those who are in it', async () => {
    const { id } = await begin();
    await begin({ ...LUNCH, questions: [COUNT] });
    await write('yes');
    await write('Soup');
    await write('3');
    expect(await find(id)).toMatchObject({ state: 'completed', answers: { hungry: 'Yes', dish: 'Soup', count: 3 } });
    expect(await lastSaid()).toEqual(asks('count', { number: 1 }));
  });

  describe('somebody who leaves', () => {
    const answered = async () => {
      const done = await begin(OTHER);
      await write('5');
      const open = await begin();
      await write('yes');
      const waiting = await begin(OTHER);
      return [done.id, open.id, waiting.id] as const;
    };
    const states = async (ids: readonly number[]) => {
      const dialogs = await Promise.all(ids.map(find));
      return dialogs.map((dialog) => [dialog?.state, dialog?.reason, dialog?.personId, dialog?.answers]);
    };

    test('ends their dialogs by removing the app; what was answered stays, without a name', async () => {
      const ids = await answered();
      queue.clock.advance(1);
      await talk.inbound.record({ ...talk.contextOf(ANA, {}), kind: 'removed', isAuthoritative: true });
      expect(await states(ids)).toEqual([
        ['completed', null, null, { count: 5 }],
        ['failed', 'uninstalled', null, { hungry: 'Yes' }],
        ['failed', 'uninstalled', null, {}],
      ]);
    });

    test('is given what they answered, and takes it along when they are erased', async () => {
      const ids = await answered();
      const query = { recipient: { kind: 'address', address: ana.email }, tenantId: TENANT } as const;
      const deps = { store: queue.store, nowMs: queue.clock.nowMs(), onEnd: () => undefined };
      let json = '';
      for await (const part of await exportPerson(deps, query)) {
        json += part;
      }
      const { dialogs } = JSON.parse(json);
      expect(dialogs).toMatchObject([
        { title: 'Retro', answers: { count: 5 }, state: 'completed' },
        { title: 'Lunch', answers: { hungry: 'Yes' }, state: 'active', endedAt: null },
        { title: 'Retro', answers: {}, state: 'waiting', begunAt: null },
      ]);
      const profile = talk.contextOf(ANA, {}).from;
      expect(profile).toBeDefined();
      await eraseOnOwnWish({ ...queue, logger: silentLogger }, { tenantId: TENANT, ...profile });
      expect(await states(ids)).toEqual([
        ['completed', null, null, {}],
        ['failed', 'person_erased', null, {}],
        ['failed', 'person_erased', null, {}],
      ]);
    });
  });
}
