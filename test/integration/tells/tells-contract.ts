// What telling somebody something must do, whatever database is behind it.

import { erasePerson } from '../../../src/directory/erase-person.ts';
import { exportPerson } from '../../../src/directory/export-person.ts';
import { ERASED_CONTENT } from '../../../src/domain/notification.ts';
import { succeed } from '../../support/scripted-sender.ts';
import { SERVICE_URL, TENANT } from '../../support/store-fixtures.ts';
import {
  ANA,
  type AnyDeliveryFixture,
  at,
  BEN,
  BOT,
  CLARA,
  GROUP_CHAT,
  type Member,
  member,
  TellsFixture,
  THREAD,
} from './tells-fixture.ts';

/** @param open the fixture of the test that runs */
export function describeTellsContract(open: () => AnyDeliveryFixture): void {
  let fixture: TellsFixture;

  beforeEach(async () => {
    fixture = new TellsFixture(open());
    await fixture.install(ANA);
  });

  afterEach(() => fixture.stop());

  const result = (reached: readonly string[], notReached: readonly (readonly [string, string])[] = []) => ({
    kind: 'tellResult',
    reached,
    notReached: notReached.map(([name, obstacle]) => ({ name, obstacle })),
  });

  const optOut = async (person: Member) => {
    const personId = (await fixture.personId(person)) ?? 0;
    await open().store.write((tx) => tx.preferences.save(personId, { optedOutAtMs: 1 }, 1));
  };

  describe('what somebody has told in a channel', () => {
    test('arrives in the 1:1 chat, with who said it and where, and the answer stands in the thread', async () => {
      await fixture.install(BEN);
      await fixture.start();
      await fixture.tell([BEN]);
      await fixture.passToAnswers(1);
      const content = { kind: 'told', text: 'the build is broken', by: 'Ana', source: 'mentions' };
      expect(fixture.told()).toEqual([['a:ben', content]]);
      expect(fixture.answers()).toEqual([[THREAD, result(['Ben'])]]);
    });

    test('opens the chat with somebody who was never heard of, and makes them known', async () => {
      await fixture.start();
      await fixture.tell([BEN]);
      await fixture.passToAnswers(1);
      expect(open().sender.requests).toContainEqual(
        expect.objectContaining({ operation: 'create_conversation', place: '29:ben', serviceUrl: SERVICE_URL }),
      );
      expect(fixture.told()).toMatchObject([['a:ben', { by: 'Ana' }]]);
      expect(fixture.answers()).toEqual([[THREAD, result(['Ben'])]]);
      const sql = "SELECT name, teams_user_id, tenant_id FROM person WHERE name = 'Ben'";
      expect(await fixture.rows(sql)).toEqual([{ name: 'Ben', teams_user_id: '29:ben', tenant_id: TENANT }]);
    });

    test('opens the chat once, however often they are told something', async () => {
      await fixture.start();
      await fixture.tell([BEN], 'one');
      await fixture.passToAnswers(1);
      await fixture.tell([BEN], 'two');
      await fixture.passToAnswers(2);
      expect(open().sender.requests.filter(({ operation }) => operation === 'create_conversation')).toHaveLength(1);
      expect(fixture.told()).toMatchObject([
        ['a:ben', { text: 'one' }],
        ['a:ben', { text: 'two' }],
      ]);
    });

    test('is a notification to them, and the answer disturbs nobody', async () => {
      await fixture.install(BEN);
      await fixture.tell([BEN]);
      const told = 'WHERE n.content LIKE \'%"told"%\'';
      const from = 'FROM delivery d JOIN notification n ON n.id = d.notification_id';
      const [row] = await fixture.rows(`SELECT d.*, n.priority AS rank ${from} ${told}`);
      expect(row).toMatchObject({ is_quiet: 0, priority: 1, rank: 1, recipient: null });
      expect(Number(row?.['expires_at_ms']) - open().clock.nowMs()).toBe(24 * 3_600_000);
      await fixture.start();
      await fixture.passToAnswers(1);
      const [answer] = await fixture.rows(`SELECT d.* ${from} WHERE n.content LIKE '%tellResult%'`);
      expect(answer).toMatchObject({ is_quiet: 1, priority: 0 });
    });

    test('reaches several people at once, and says of each whether it arrived', async () => {
      const dora = member('Dora', 4);
      await fixture.install(BEN, CLARA);
      await optOut(CLARA);
      open().sender.script = (request) => {
        const isDora = request.operation === 'create_conversation';
        return isDora ? { kind: 'gone', reason: 'not_installed', isUninstalled: false } : succeed(request);
      };
      await fixture.start();
      await fixture.tell([BEN, CLARA, dora]);
      await fixture.passToAnswers(1);
      expect(fixture.told().map(([place]) => place)).toEqual(['a:ben']);
      const notReached = [
        ['Clara', 'opted_out'],
        ['Dora', 'not_installed'],
      ] as const;
      expect(fixture.answers()).toEqual([[THREAD, result(['Ben'], notReached)]]);
    });

    test('names the place as it is known', async () => {
      await fixture.install(BEN);
      await fixture.namePlace();
      await fixture.start();
      await fixture.tell([BEN]);
      await fixture.passToAnswers(1);
      expect(fixture.told()).toMatchObject([['a:ben', { place: 'Platform / Deploys' }]]);
    });

    test('does not carry a mention further', async () => {
      await fixture.install(BEN);
      await fixture.start();
      await fixture.say('tell <at>Ben</at> that <at>Clara</at> is away', { mentions: [at(BEN), at(CLARA)] });
      await fixture.passToAnswers(1);
      expect(fixture.told()).toMatchObject([['a:ben', { text: 'that Clara is away' }]]);
      expect(await fixture.personId(CLARA)).toBeUndefined();
    });

    test('is told once when Teams sends the activity again', async () => {
      await fixture.install(BEN);
      await fixture.start();
      await fixture.tell([BEN], 'once', { activityId: 'same' });
      await fixture.tell([BEN], 'once', { activityId: 'same' });
      await fixture.passToAnswers(1);
      await open().pass(5_000);
      expect(fixture.told()).toHaveLength(1);
      expect(fixture.answers()).toHaveLength(1);
    });
  });

  test('in a group chat the answer stands in that chat', async () => {
    await fixture.install(BEN);
    await fixture.start();
    await fixture.tell([BEN], 'lunch', { scope: 'groupChat' });
    await fixture.passToAnswers(1);
    expect(fixture.answers()).toEqual([[GROUP_CHAT, result(['Ben'])]]);
  });

  test('people can tell themselves, and the bot is not among those who are told', async () => {
    await fixture.start();
    const bot = { text: '<at>Bellhop</at>', id: BOT, name: 'Bellhop' };
    await fixture.say(`tell ${bot.text} ${at(ANA).text} buy milk`, { mentions: [bot, at(ANA)] });
    await fixture.passToAnswers(1);
    expect(fixture.told()).toMatchObject([['a:ana', { text: 'buy milk', by: 'Ana' }]]);
    expect(fixture.answers()).toEqual([[THREAD, result(['Ana'])]]);
  });

  test('in the 1:1 chat with the bot it is a message like any other', async () => {
    await fixture.start();
    await fixture.tell([BEN], 'x', { scope: 'personal' });
    await open().pass(2_000);
    expect(fixture.told()).toEqual([]);
    expect(await fixture.rows('SELECT * FROM tell')).toEqual([]);
  });

  describe('at once it is answered', () => {
    beforeEach(() => fixture.start());

    const answerTo = async (text: string, mentions: readonly ReturnType<typeof at>[] = []) => {
      await fixture.say(text, { mentions });
      await fixture.passToAnswers(1);
      expect(await fixture.rows('SELECT * FROM tell')).toEqual([]);
      return fixture.answers();
    };

    test('how to tell, when nobody is mentioned or nothing said', async () => {
      expect(await answerTo('tell everybody x')).toEqual([[THREAD, { kind: 'tellUsage' }]]);
    });

    test('that it is too long', async () => {
      const text = `tell <at>Ben</at> ${'x'.repeat(2_001)}`;
      expect(await answerTo(text, [at(BEN)])).toEqual([[THREAD, { kind: 'tooLong', maxLength: 2_000 }]]);
      expect(await fixture.personId(BEN)).toBeUndefined();
    });

    test('that nobody could be told, when all want nothing', async () => {
      await fixture.install(BEN);
      await optOut(BEN);
      const answers = await answerTo('tell <at>Ben</at> x', [at(BEN)]);
      expect(answers).toEqual([[THREAD, result([], [['Ben', 'opted_out']])]]);
    });

    test('that somebody who has removed the bot has it no more, and Teams is not asked', async () => {
      await fixture.install(BEN);
      await fixture.remove(BEN);
      const mention = { ...at(BEN), id: BEN.aadObjectId };
      const answers = await answerTo('tell <at>Ben</at> x', [mention]);
      expect(answers).toEqual([[THREAD, result([], [['Ben', 'not_installed']])]]);
      expect(await fixture.personId(BEN)).toBeUndefined();
    });

    test('the same of somebody who was erased on request, by either of their ids', async () => {
      await fixture.install(BEN);
      await erase(BEN);
      await fixture.say('tell <at>Ben</at> x', { mentions: [at(BEN)] });
      await fixture.say('tell <at>Ben</at> x', { mentions: [{ ...at(BEN), id: BEN.aadObjectId }] });
      await fixture.passToAnswers(2);
      const answer = [THREAD, result([], [['Ben', 'not_installed']])];
      expect(fixture.answers()).toEqual([answer, answer]);
      expect(await fixture.personId(BEN)).toBeUndefined();
    });

    test('the same of what is no person', async () => {
      const answers = await answerTo('tell <at>Tag</at> x', [{ text: '<at>Tag</at>', id: '19:tag', name: 'Tag' }]);
      expect(answers).toEqual([[THREAD, result([], [['Tag', 'not_installed']])]]);
    });

    test('that nobody knows who asks', async () => {
      const stranger = member('Stranger', 9);
      await fixture.say('tell <at>Ben</at> x', { mentions: [at(BEN)], by: { ...stranger, name: '' } });
      await fixture.passToAnswers(1);
      expect(fixture.answers()).toEqual([[THREAD, { kind: 'unknownPerson' }]]);
    });
  });

  describe('one person can have ten messages told an hour', () => {
    const crowd = (count: number) => Array.from({ length: count }, (_, index) => member(`P${index}`, 100 + index));

    beforeEach(() => fixture.start());

    test('and each of those who are told counts', async () => {
      await fixture.tell(crowd(9));
      await fixture.passToAnswers(1);
      await fixture.tell(crowd(2), 'too many');
      await fixture.passToAnswers(2);
      expect(fixture.answers()[1]).toEqual([THREAD, { kind: 'tellLimit', perHour: 10 }]);
      await fixture.tell(crowd(1), 'the tenth');
      await fixture.passToAnswers(3);
      expect(fixture.answers()[2]).toEqual([THREAD, result(['P0'])]);
      expect(fixture.told()).toHaveLength(10);
    });

    test('so more than ten at once are nobody', async () => {
      await fixture.tell(crowd(11));
      await fixture.passToAnswers(1);
      expect(fixture.answers()).toEqual([[THREAD, { kind: 'tellLimit', perHour: 10 }]]);
      expect(fixture.told()).toEqual([]);
    });

    test('and the next ten when the hour is over; others have their own ten', async () => {
      await fixture.install(BEN);
      await fixture.tell(crowd(10));
      await fixture.passToAnswers(1);
      await fixture.tell(crowd(1), 'by Ben', { by: BEN });
      await fixture.passToAnswers(2);
      open().clock.advance(3_600_000);
      await fixture.tell(crowd(1), 'later');
      await fixture.passToAnswers(3);
      expect(fixture.answers().map(([, answer]) => answer.kind)).toEqual(['tellResult', 'tellResult', 'tellResult']);
    });

    test('also when they are asked for at the same time', async () => {
      await Promise.all(crowd(12).map((person) => fixture.tell([person])));
      await fixture.passToAnswers(12);
      expect(fixture.told()).toHaveLength(10);
      expect(fixture.answers().filter(([, { kind }]) => kind === 'tellLimit')).toHaveLength(2);
    });
  });

  describe('the answer', () => {
    test.each([
      ['suppressed', 'muted', 'muted'],
      ['suppressed', 'opted_out', 'opted_out'],
      ['queued', 'quiet_hours', 'later'],
      ['queued', 'daily_digest', 'later'],
      ['failed', 'blocked_by_user', 'failed'],
      ['expired', 'expired', 'failed'],
    ])('of a delivery that is %s because of %s says %s', async (state, reason, obstacle) => {
      await fixture.install(BEN);
      await fixture.tell([BEN]);
      await fixture.setTold(state, reason);
      fixture.startAnswers();
      await fixture.untilAnswered(1);
      expect(await fixture.queuedAnswers()).toEqual([result([], [['Ben', obstacle]])]);
    });

    test('waits for a minute, and says then that it is pending', async () => {
      await fixture.install(BEN);
      await fixture.tell([BEN]);
      fixture.startAnswers();
      await open().pass(59_000);
      expect(await fixture.queuedAnswers()).toEqual([]);
      await open().pass(1_500);
      await fixture.untilAnswered(1);
      expect(await fixture.queuedAnswers()).toEqual([result([], [['Ben', 'pending']])]);
    });

    test('names also somebody whom Teams does not know in the roster any more', async () => {
      await fixture.install(BEN);
      open().sender.script = (request) =>
        request.place === 'a:ben' && request.content?.kind === 'told'
          ? { kind: 'gone', reason: 'not_in_roster', isUninstalled: true }
          : succeed(request);
      await fixture.start();
      await fixture.tell([BEN]);
      await fixture.passToAnswers(1);
      expect(fixture.answers()).toEqual([[THREAD, result([], [['Ben', 'not_installed']])]]);
      expect(await fixture.personId(BEN)).toBeUndefined();
    });

    test('is given once by several processes', async () => {
      await fixture.install(BEN);
      await fixture.tell([BEN]);
      await fixture.setTold('failed', 'rejected');
      const stores = await Promise.all([1, 2, 3].map(async () => open().openBeside()));
      for (const store of stores) {
        fixture.startAnswers(store);
      }
      await fixture.untilAnswered(1);
      await open().pass(2_000);
      expect(await fixture.queuedAnswers()).toHaveLength(1);
      await fixture.stop();
    });

    test('comes also to what was told before the service began', async () => {
      await fixture.install(BEN);
      await fixture.tell([BEN]);
      await fixture.start();
      await fixture.passToAnswers(1);
      expect(fixture.answers()).toEqual([[THREAD, result(['Ben'])]]);
    });

    test('and the names in it are forgotten a quarter of an hour later', async () => {
      await fixture.install(BEN);
      await fixture.start();
      await fixture.tell([BEN]);
      await fixture.passToAnswers(1);
      open().clock.advance(16 * 60_000);
      await open().pass(6_000);
      await fixture.untilForgotten();
      expect(await fixture.queuedAnswers()).toEqual([]);
      expect(await fixture.rows('SELECT people, answer_notification_id FROM tell')).toEqual([
        { people: '[]', answer_notification_id: null },
      ]);
      expect(await fixture.rows("SELECT id FROM notification WHERE content LIKE '%the build is broken%'")).toHaveLength(
        1,
      );
    });
  });

  const erase = ({ aadObjectId }: Member) =>
    erasePerson({ store: open().store, clock: open().clock }, { recipient: { kind: 'aadObjectId', aadObjectId } });

  /** Everything in the tables that can hold a name or a text. */
  const everything = async () =>
    JSON.stringify([
      await fixture.rows('SELECT * FROM notification'),
      await fixture.rows('SELECT * FROM tell'),
      await fixture.rows('SELECT * FROM person'),
      await fixture.rows('SELECT * FROM conversation'),
    ]);

  describe('an erased person', () => {
    test('leaves nothing of what they had told, and what of it waits is not sent', async () => {
      await fixture.install(BEN);
      await fixture.tell([BEN], 'secret words');
      expect(await erase(ANA)).toMatchObject({ people: 1, contents: 2, deliveriesEnded: 2 });
      expect(await everything()).not.toMatch(/secret words|Ana|29:ana/);
      await fixture.start();
      await open().pass(65_000);
      expect(fixture.told()).toEqual([]);
      expect(fixture.answers()).toEqual([]);
    });

    test('leaves nothing of having been told', async () => {
      await fixture.install(BEN, CLARA);
      await fixture.start();
      await fixture.tell([BEN, CLARA]);
      await fixture.passToAnswers(1);
      await erase(BEN);
      expect(await everything()).not.toMatch(/Ben|29:ben/);
    });

    test('is not named by the answer that is still to be given', async () => {
      await fixture.install(BEN, CLARA);
      await fixture.tell([BEN, CLARA]);
      await erase(BEN);
      await fixture.start();
      await fixture.passToAnswers(1);
      expect(fixture.answers()).toEqual([[THREAD, result(['Clara'])]]);
    });

    test('is said nothing about when they were the only one', async () => {
      await fixture.install(BEN);
      await fixture.tell([BEN]);
      await erase(BEN);
      await fixture.start();
      await open().pass(65_000);
      expect(fixture.answers()).toEqual([]);
      expect(await fixture.rows('SELECT id FROM tell WHERE answered_at_ms IS NULL')).toEqual([]);
    });
  });

  test('somebody who removes the bot leaves nothing of what they had told', async () => {
    await fixture.install(BEN);
    await fixture.start();
    await fixture.tell([BEN], 'secret words');
    await fixture.passToAnswers(1);
    await fixture.remove(ANA);
    expect(await everything()).not.toMatch(/secret words|Ana|29:ana/);
    expect(JSON.stringify(await fixture.rows('SELECT content FROM notification'))).toContain(ERASED_CONTENT.kind);
  });

  test('an export lists what the person had told, however much it is', async () => {
    await fixture.install(BEN);
    for (let count = 0; count < 60; count++) {
      await fixture.tell([BEN], `text ${count}`);
      open().clock.advance(400_000);
    }
    const deps = { store: open().store, nowMs: open().clock.nowMs(), onEnd: () => undefined };
    let json = '';
    for await (const part of await exportPerson(deps, {
      recipient: { kind: 'aadObjectId', aadObjectId: ANA.aadObjectId },
    })) {
      json += part;
    }
    const { told } = JSON.parse(json);
    expect(told.map(({ content }: { content: { text: string } }) => content.text)).toEqual(
      Array.from({ length: 60 }, (_, count) => `text ${count}`),
    );
    expect(told[0]).toMatchObject({ notification: expect.stringMatching(/^ntf_/), toldAt: '2026-01-01T00:00:00.000Z' });
  });

  test('what was told goes with its notification when that is old', async () => {
    await fixture.install(BEN);
    await fixture.tell([BEN]);
    const [{ notification_id: id = 0 } = {}] = await fixture.rows('SELECT notification_id FROM tell');
    await open().store.write(async (tx) => {
      await tx.retention.eraseContent(Number(id), 0);
      await tx.retention.deleteDeliveries([Number(id)], 10);
      await tx.retention.deleteNotifications([Number(id)]);
    });
    expect(await fixture.rows('SELECT * FROM tell')).toEqual([]);
  });
}
