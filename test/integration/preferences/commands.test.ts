// Commands and presses on a SQLite file, and what is the same whatever database is behind them.

import { DatabaseSync } from 'node:sqlite';
import { useSqliteQueue } from '../../support/engine-queues.ts';
import type { InstalledPerson } from '../../support/store-fixtures.ts';
import { createTalk, type Talk } from '../../support/talk.ts';
import { describeCommandsContract } from './commands-contract.ts';

const [ANA, BEN] = [1, 2];

const queue = useSqliteQueue();

describe('commands and presses', () =>
  describeCommandsContract({
    queue,
    async change(sql) {
      const db = new DatabaseSync(queue().path);
      db.exec(sql);
      db.close();
    },
  }));

describe('whoever', () => {
  let talk: Talk;
  let ana: InstalledPerson;
  let ben: InstalledPerson;

  beforeEach(async () => {
    talk = await createTalk(queue());
    ana = await talk.install(ANA);
    ben = await talk.install(BEN);
  });

  const rows = (sql: string) => queue().rows(sql);
  const preferences = () => queue().store.read.preferences.get(ana.personId);

  describe('presses a button', () => {
    test('of a command gives the card that takes its place, and the older kind of button a message', async () => {
      const data = { bellhop: 'command', text: 'mute grafana' };
      const answer = { kind: 'muted', name: 'grafana', untilMs: null };
      expect(await talk.press(ANA, data)).toEqual({ kind: 'card', answer });
      expect(await talk.said()).toEqual([]);
      expect(await talk.submit(BEN, data)).toEqual(answer);
    });

    test.each([{ bellhop: 'help' }, { bellhop: 'command', text: 'Hilfe' }])(
      'with %j gives help below',
      async (data) => {
        expect(await talk.press(ANA, data)).toEqual({ kind: 'sentence', answer: { kind: 'seeBelow' } });
        expect(await talk.said()).toEqual([{ kind: 'help' }]);
        expect(await talk.submit(ANA, data)).toEqual({ kind: 'help' });
      },
    );

    test.each([
      ...[
        undefined,
        null,
        0,
        '',
        'help',
        [],
        {},
        { bellhop: 'other' },
        { bellhop: null },
        JSON.parse('{"__proto__":1}'),
      ],
      ...[{ bellhop: 'command' }, { bellhop: 'command', text: 1 }, { bellhop: ['command'], text: 'stop' }],
      ...[
        { bellhop: 'command', text: 'x'.repeat(10_000) },
        { bellhop: 'command', text: 'gibberish' },
      ],
      ...[
        { bellhop: 'command', text: 'stop', notification: {} },
        { bellhop: 'why' },
        { bellhop: 'why', notification: 1 },
      ],
      ...[{ bellhop: 'mute', notification: 'n', what: 'everything', for: '1h' }],
      ...[
        { bellhop: 'mute', notification: 'n', what: 'key', for: '2h' },
        { bellhop: 'mute', notification: 'n', what: 'key' },
      ],
    ])('that carries %j is told to be out of use', async (data) => {
      expect(await talk.press(ANA, data)).toEqual({ kind: 'retiredButton' });
      expect(await talk.submit(ANA, data ?? null)).toEqual({ kind: 'retiredButton' });
      expect(await rows('SELECT 1 FROM preference')).toEqual([]);
    });

    test('with a verb that is not the bot’s is out of use', async () => {
      const pressed = await talk.press(ANA, { bellhop: 'command', text: 'stop' }, { verb: 'stop' });
      expect(pressed).toEqual({ kind: 'retiredButton' });
      expect(await preferences()).toEqual({});
    });

    test('does what it does once, however often Teams tells it', async () => {
      const stop = { bellhop: 'command', text: 'stop' };
      await talk.press(ANA, stop, { activityId: 'press' });
      await talk.write(ANA, 'start');
      expect(await talk.press(ANA, stop, { activityId: 'press' })).toEqual({
        kind: 'sentence',
        answer: { kind: 'alreadyDone' },
      });
      expect(await preferences()).toEqual({ mutes: [] });
    });
  });

  describe('writes something', () => {
    test('has its effect and its answer once, however often Teams tells it', async () => {
      await talk.write(ANA, 'stop', { activityId: 'written' });
      await talk.write(ANA, 'start');
      expect(await talk.write(ANA, 'stop', { activityId: 'written' })).toBeUndefined();
      expect(await preferences()).toEqual({ mutes: [] });
    });

    test.each([
      'x'.repeat(10_000),
      `mute ${'x'.repeat(10_000)}`,
      '\u202estop',
      '\u0000\u0007',
      'سكاي\u202e\u2066',
      'stop\u202e it',
    ])('and is long, or has characters that hide something, is answered: %#', async (text) => {
      expect(await talk.write(ANA, text)).toBeDefined();
      expect(Object.keys(await preferences())).toEqual(text === '\u202estop' ? ['optedOutAtMs', 'mutes'] : []);
    });

    test.each(['team', 'groupChat'] as const)(
      'in a %s is about whoever wrote it, and is answered there',
      async (place) => {
        expect(await talk.write(ANA, 'stop', { place })).toEqual({ kind: 'stopped' });
        expect(await preferences()).toMatchObject({ optedOutAtMs: queue().clock.nowMs() });
        expect(await queue().store.read.preferences.get(ben.personId)).toEqual({});
        const [answered] =
          await rows(`SELECT c.teams_conversation_id AS id FROM delivery d JOIN conversation c ON c.id = d.conversation_id
                                      ORDER BY d.id DESC LIMIT 1`);
        expect(answered?.['id']).toBe(place === 'team' ? '19:team@thread.tacv2;messageid=1' : '19:group@thread.v2');
      },
    );

    test('by somebody whom Teams does not name changes nothing, and says so', async () => {
      const { from: _, ...nobody } = talk.contextOf(ANA, { place: 'team' });
      const commands = ['stop', 'topics', 'mute ci', 'why', 'inbox', 'status', 'quiet off', 'forget me'];
      for (const [index, text] of commands.entries()) {
        const context = { ...nobody, activityId: `nobody-${index}` };
        expect(await talk.tell({ ...context, kind: 'message', text })).toEqual([
          { kind: 'answer', answer: { kind: 'unknownPerson' } },
        ]);
      }
      expect(await talk.tell({ ...nobody, kind: 'message', text: 'help' })).toEqual([{ kind: 'help' }]);
      expect(await rows('SELECT 1 FROM preference')).toEqual([]);
    });
  });
});
