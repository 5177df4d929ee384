// How polls are asked in chats, and what their cards show, whatever database is behind it.

import { POLL_LIMITS } from '../../../src/domain/poll.ts';
import type { Preferences } from '../../../src/domain/preferences.ts';
import { createGate, succeed } from '../../support/scripted-sender.ts';
import { TENANT } from '../../support/store-fixtures.ts';
import { ANA, type AnyDeliveryFixture, BEN, CLARA, GROUP_CHAT, member, THREAD } from '../tells/tells-fixture.ts';
import { PollsFixture } from './polls-fixture.ts';

const LUNCH = 'poll Lunch? | Pizza | Sushi';
const POLL = { question: 'Lunch?', choices: ['Pizza', 'Sushi'], isSeveral: false, isAnonymous: false };
const ANAS = 'a:ana';
const DORA = member('Dora', 4);

/** @param open the queue of the test that runs. */
export function describePollCardsContract(open: () => AnyDeliveryFixture): void {
  let fixture: PollsFixture;

  beforeEach(async () => {
    fixture = new PollsFixture(open());
    await fixture.install(ANA, BEN, CLARA);
    await fixture.start();
  });

  afterEach(() => fixture.stop());

  const result = (counts: readonly number[], voters: number, isClosed = false) => ({ counts, voters, isClosed });
  const untilShown = (place: string, counts: readonly number[], isClosed = false) =>
    fixture.passUntil(() => {
      const view = fixture.shown(place).at(-1);
      return view?.result?.counts.join() === counts.join() && view.result.isClosed === isClosed;
    });
  const ask = async (text = LUNCH, scope: 'team' | 'groupChat' = 'team') => {
    await fixture.say(text, { scope });
    const place = scope === 'team' ? THREAD : GROUP_CHAT;
    await fixture.passUntil(() => fixture.shown(place).length === 1 && fixture.shown(ANAS).length === 1);
  };

  describe('a poll that somebody asks in a channel', () => {
    test('is posted in the thread, and whoever asked gets the results in their own chat', async () => {
      await ask();
      const id = await fixture.latest();
      expect(fixture.shown(THREAD)).toEqual([{ id, poll: POLL, result: result([0, 0], 0) }]);
      expect(fixture.shown(ANAS)).toEqual([{ id, poll: POLL, result: result([0, 0], 0), isResult: true }]);
      expect(fixture.answers()).toEqual([]);
    });

    test('shows in the thread and to whoever asked how it stands, and to those who voted what they chose', async () => {
      await ask();
      const answer = await fixture.vote(BEN, 1);
      expect(answer).toMatchObject({ kind: 'poll', view: { own: [1], result: result([0, 1], 1) } });
      await fixture.vote(CLARA, 1);
      await untilShown(THREAD, [0, 2]);
      await untilShown(ANAS, [0, 2]);
      expect(fixture.refreshed(THREAD)).toEqual(['29:ben', '29:clara']);
      expect(fixture.refreshed(ANAS)).toEqual([]);
      const refreshed = await fixture.press({ bellhop: 'refreshPoll', poll: await fixture.latest() }, { by: CLARA });
      expect(refreshed).toMatchObject({ kind: 'poll', view: { own: [1], result: result([0, 2], 2) } });
    });

    test('is closed by whoever asked, and everybody sees how it ended', async () => {
      await ask();
      await fixture.vote(BEN, 0);
      await fixture.vote(CLARA, 1);
      await fixture.vote(CLARA, 0);
      const closed = await fixture.close(ANA);
      expect(closed).toMatchObject({ kind: 'poll', view: { result: result([2, 0], 2, true), isResult: true } });
      await untilShown(THREAD, [2, 0], true);
      await fixture.passUntil(() => fixture.shown(ANAS).length === 2);
      await fixture.passUntil(() => fixture.shown(ANAS).every((view) => view.result?.isClosed));
      const end = { isResult: true, result: result([2, 0], 2, true) };
      expect(fixture.shown(ANAS)).toMatchObject([end, end]);
      expect(fixture.refreshed(THREAD)).toEqual([]);
      expect(await fixture.vote(BEN, 1)).toEqual({ kind: 'sentence', answer: { kind: 'pollClosed' } });
    });

    test('says once that it ended, with a notification', async () => {
      await ask();
      await fixture.close(ANA);
      await fixture.close(ANA);
      await fixture.passUntil(() => fixture.shown(ANAS).length === 2);
      await open().pass(10_000, 500);
      expect(fixture.shown(ANAS)).toHaveLength(2);
      const from = 'FROM delivery d JOIN notification n ON n.id = d.notification_id';
      const rows = await fixture.rows(`SELECT d.is_quiet ${from} WHERE n.content LIKE '%isResult%' ORDER BY d.id`);
      expect(rows.map((row) => row['is_quiet'])).toEqual([1, 0]);
    });

    test('is closed by nobody else', async () => {
      await ask();
      expect(await fixture.close(BEN)).toEqual({ kind: 'sentence', answer: { kind: 'notYours' } });
      expect(await fixture.rows('SELECT id FROM poll WHERE closed_at_ms IS NOT NULL')).toEqual([]);
    });

    test('closes by itself after the time that was said', async () => {
      await ask(`${LUNCH} for 1 minute`);
      await fixture.vote(BEN, 1);
      await fixture.passUntil(() => fixture.shown(ANAS).length === 2);
      expect(fixture.shown(ANAS).at(-1)).toMatchObject({ result: result([0, 1], 1, true) });
      await untilShown(THREAD, [0, 1], true);
    });

    test('closes when it is that time of day where whoever asked is', async () => {
      await fixture.say('poll Lunch? | Pizza | Sushi until 17:00');
      const [row] = await fixture.rows('SELECT poll, closes_at_ms FROM poll');
      expect(new Date(Number(row?.['closes_at_ms'])).toISOString()).toBe('2026-01-01T17:00:00.000Z');
      expect(JSON.parse(String(row?.['poll']))).toMatchObject({ closesAtMs: Number(row?.['closes_at_ms']) });
    });

    test('tells of an anonymous vote only how many have voted, until there are three', async () => {
      await ask('poll anonymous Lunch? | Pizza | Sushi');
      await fixture.vote(BEN, 0);
      await fixture.vote(CLARA, 0);
      await fixture.passUntil(() => fixture.shown(THREAD).at(-1)?.result?.voters === 2);
      await fixture.passUntil(() => fixture.shown(ANAS).at(-1)?.result?.voters === 2);
      expect(fixture.shown(THREAD).at(-1)?.result).toEqual(result([], 2));
      expect(fixture.shown(ANAS).at(-1)?.result).toEqual(result([], 2));
      await fixture.vote(DORA, 1);
      await untilShown(THREAD, [2, 1]);
      await untilShown(ANAS, [2, 1]);
    });

    test('opens the chat with whoever asked, where there is none yet', async () => {
      await fixture.say(LUNCH, { by: DORA });
      await fixture.passUntil(() => fixture.shown('a:dora').length === 1);
      expect(fixture.shown('a:dora')).toMatchObject([{ isResult: true }]);
    });
  });

  test('a poll in a group chat goes on there', async () => {
    await ask(LUNCH, 'groupChat');
    await fixture.vote(BEN, 0, { scope: 'groupChat' });
    await untilShown(GROUP_CHAT, [1, 0]);
    await fixture.close(ANA);
    await untilShown(GROUP_CHAT, [1, 0], true);
  });

  describe('what is no poll', () => {
    const LONG = 'x'.repeat(10_000);
    const answerTo = async (text: string, scope: 'personal' | 'team' = 'team') => {
      await fixture.say(text, { scope });
      await fixture.passUntil(() => fixture.answers().length > 0);
      return fixture.answers().map(([, answer]) => answer);
    };

    test.each(['poll', 'poll Lunch?', 'Umfrage Lunch? | Pizza'])('"%s" is told how it is done', async (text) => {
      expect(await answerTo(text)).toEqual([{ kind: 'pollUsage' }]);
      expect(await fixture.rows('SELECT id FROM poll')).toEqual([]);
    });

    test('in a 1:1 chat there is nobody else to ask', async () => {
      expect(await answerTo(LUNCH, 'personal')).toEqual([{ kind: 'pollUsage' }]);
    });

    test('ten thousand characters are too many', async () => {
      expect(await answerTo(`poll ${LONG} | Pizza | Sushi`)).toMatchObject([{ kind: 'tooLong' }]);
    });
  });

  test('an anonymous poll that no key could keep is refused, and is recorded all the same', async () => {
    const keyless = new PollsFixture(open(), []);
    await keyless.say('poll anonymous Lunch? | Pizza | Sushi', { activityId: 'kept' });
    await fixture.passUntil(() => fixture.answers().length > 0);
    expect(fixture.answers()).toEqual([[THREAD, { kind: 'pollNotAnonymous' }]]);
    expect(await fixture.rows('SELECT id FROM poll')).toEqual([]);
  });

  test('one person asks ten polls an hour at the most', async () => {
    for (let count = 0; count < 11; count++) {
      await fixture.say(LUNCH);
    }
    await fixture.say(LUNCH, { by: BEN });
    await fixture.passUntil(() => fixture.answers().length > 0);
    expect(fixture.answers()).toEqual([[THREAD, { kind: 'pollLimit', perHour: 10 }]]);
    expect(await fixture.rows('SELECT id FROM poll')).toHaveLength(11);
    open().clock.advance(3_600_000);
    await fixture.say(LUNCH);
    expect(await fixture.rows('SELECT id FROM poll')).toHaveLength(12);
  });

  test('the same message twice asks once', async () => {
    await fixture.say(LUNCH, { activityId: 'same' });
    await fixture.say(LUNCH, { activityId: 'same' });
    expect(await fixture.rows('SELECT id FROM poll')).toHaveLength(1);
  });

  describe('a poll to people in their own chats', () => {
    test('shows each what they chose, and how it ended once it is closed', async () => {
      await fixture.send({ ...POLL, closesAtMs: open().clock.nowMs() + 60_000 }, [BEN, CLARA]);
      await fixture.passUntil(() => fixture.shown('a:ben').length === 1 && fixture.shown('a:clara').length === 1);
      expect(fixture.shown('a:ben')).toEqual([{ id: await fixture.latest(), poll: expect.anything() }]);
      await fixture.vote(BEN, 1, { scope: 'personal' });
      await fixture.passUntil(() => fixture.shown('a:ben').at(-1)?.own?.join() === '1');
      expect(fixture.shown('a:ben').at(-1)).not.toHaveProperty('result');
      expect(fixture.times('a:clara')).toHaveLength(1);
      await fixture.vote(BEN, 0, { scope: 'personal' });
      await fixture.passUntil(() => fixture.shown('a:ben').at(-1)?.own?.join() === '0');
      await untilShown('a:ben', [1, 0], true);
      await untilShown('a:clara', [1, 0], true);
      expect(fixture.shown('a:ben')).toMatchObject([{ own: [0] }]);
      expect(fixture.shown('a:clara').at(-1)).not.toHaveProperty('own');
    });

    test('shows each their own vote also when nobody else can find it, until it is closed', async () => {
      await fixture.send({ ...POLL, isAnonymous: true, closesAtMs: open().clock.nowMs() + 60_000 }, [BEN]);
      await fixture.passUntil(() => fixture.shown('a:ben').length === 1);
      await fixture.vote(BEN, 1, { scope: 'personal' });
      await fixture.passUntil(() => fixture.shown('a:ben').at(-1)?.own?.join() === '1');
      await untilShown('a:ben', [0, 1], true);
      expect(fixture.shown('a:ben').at(-1)).not.toHaveProperty('own');
    });
  });

  describe('what somebody has said of themselves', () => {
    const say = async (preferences: Preferences) => {
      const personId = (await open().store.read.people.findId({ tenantId: TENANT, ...BEN })) ?? 0;
      await open().store.write((tx) => tx.preferences.save(personId, preferences, 1));
      return (await open().store.read.rosters.listChats([personId])).map((chat) => ({ ...chat, personId }));
    };

    test('nobody is asked who wants no messages', async () => {
      await say({ optedOutAtMs: 1 });
      await fixture.send(POLL, [BEN, CLARA]);
      await fixture.passUntil(() => fixture.shown('a:clara').length === 1);
      const from = 'FROM delivery d JOIN notification n ON n.id = d.notification_id';
      const sql = `SELECT reason ${from} WHERE d.state = 'suppressed' AND n.content LIKE '%Lunch%'`;
      await fixture.passUntil(async () => (await fixture.rows(sql)).length === 1);
      expect(await fixture.rows(sql)).toEqual([{ reason: 'opted_out' }]);
    });

    test('a poll that waited for the end of quiet hours comes by itself, beside the digest', async () => {
      const quietHours = { fromMinute: 0, toMinute: 1, withWeekends: false };
      const chats = (await say({ quietHours })).map((chat) => ({ ...chat, email: '', aadObjectId: '' }));
      for (let count = 0; count < 5; count++) {
        await open().queue(chats);
      }
      await fixture.send(POLL, [BEN]);
      await open().pass(30_000, 500);
      expect(fixture.shown('a:ben')).toEqual([]);
      await fixture.passUntil(() => fixture.shown('a:ben').length === 1);
      const digests = open().sender.posts.flatMap(({ content }) => (content?.kind === 'digest' ? [content] : []));
      expect(digests.map(({ items }) => items.length)).toEqual([5]);
    });
  });

  describe('a storm of votes', () => {
    const gaps = (place: string) => {
      const times = fixture.times(place);
      return times.slice(1).map((atMs, index) => atMs - (times[index] ?? 0));
    };

    test('edits each card at most once in three seconds, and shows every vote in the end', async () => {
      await ask();
      for (let round = 0; round < 40; round++) {
        for (const voter of [ANA, BEN, CLARA, DORA]) {
          await fixture.vote(voter, round % 2);
        }
        await open().pass(200);
      }
      await fixture.vote(DORA, 0);
      await untilShown(THREAD, [1, 3]);
      await untilShown(ANAS, [1, 3]);
      for (const place of [THREAD, ANAS]) {
        expect(Math.min(...gaps(place))).toBeGreaterThanOrEqual(POLL_LIMITS.editIntervalMs);
        expect(fixture.times(place).length).toBeGreaterThan(2);
      }
    });

    test('edits them no more often when two processes do', async () => {
      fixture.startResults();
      await ask();
      for (let round = 0; round < 20; round++) {
        await fixture.vote(BEN, round % 2);
        await open().pass(200);
      }
      await fixture.vote(BEN, 0);
      await untilShown(THREAD, [1, 0]);
      await fixture.close(ANA);
      await fixture.passUntil(() => fixture.shown(ANAS).length === 2);
      await untilShown(THREAD, [1, 0], true);
      await open().pass(10_000, 500);
      expect(Math.min(...gaps(THREAD))).toBeGreaterThanOrEqual(POLL_LIMITS.editIntervalMs);
      expect(fixture.shown(ANAS)).toHaveLength(2);
    });

    test('a vote that comes while a card is on its way is shown afterwards', async () => {
      const gate = createGate();
      await ask();
      await open().pass(3_000, 500);
      open().sender.script = (request) => (request.place === THREAD ? gate.script(request) : succeed(request));
      await fixture.vote(BEN, 0);
      await fixture.passUntil(() => fixture.times(THREAD).length === 2);
      await fixture.vote(CLARA, 0);
      await open().pass(4_000, 500);
      expect(fixture.times(THREAD)).toHaveLength(2);
      gate.open();
      await untilShown(THREAD, [2, 0]);
    });
  });
}
