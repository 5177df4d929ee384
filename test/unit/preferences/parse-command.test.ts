// Commands, however people write them.

import fc from 'fast-check';
import { COMMAND_LIMITS, type Command } from '../../../src/preferences/command.ts';
import { parseCommand } from '../../../src/preferences/parse-command.ts';

const HOUR_MS = 3_600_000;

const understood = (command: Command) => ({ kind: 'command', command });
const answered = (answer: object) => ({ kind: 'answer', answer });
const suggested = (suggestion: string) => answered({ kind: 'notUnderstood', suggestion });
const confused = { kind: 'confused' };

describe('help', () => {
  test.each(['hi', 'Hi', 'HELLO', 'hello!', '  help  ', 'Help.', 'hey', '?', '/help', 'HI!!!'])(
    'is meant by %p',
    (text) => {
      expect(parseCommand(text)).toEqual(understood({ kind: 'help' }));
    },
  );

  test.each([
    ...['Hilfe', 'hilfe!', '„Hilfe“', 'HALLO', 'ayuda', '¡Ayuda!', '«ayuda»', 'Hola.', 'Aide', '«\u00a0aide\u00a0»'],
    ...['aide\u00a0!', 'Bonjour', 'ヘルプ', 'ﾍﾙﾌﾟ', '「ヘルプ」', 'ヘルプ。', 'こんにちは！', 'ｈｅｌｐ', '？', 'help?'],
    ...['مساعدة', '«مساعدة»', 'مساعدة؟', 'مُساعَدة', 'مساعــدة', 'مرحبًا', '؟'],
  ])('is meant by %p, in every language and however it is written', (text) => {
    expect(parseCommand(text)).toEqual(understood({ kind: 'help' }));
  });
});

describe('a command of one word', () => {
  test.each(['topics', 'status', 'stop', 'start', 'why', 'inbox'] as const)('%s is understood in any case', (kind) => {
    for (const text of [kind, kind.toUpperCase(), ` /${kind} `, `“${kind}”`, `${kind}!`, `\u202e${kind}\u0007`]) {
      expect(parseCommand(text)).toEqual(understood({ kind }));
    }
  });

  test.each([
    ...[['Themen', 'topics'] as const, ['temas', 'topics'] as const, ['トピック', 'topics'] as const],
    ...[['Thèmes', 'topics'] as const, ['المواضيع', 'topics'] as const, ['paramètres', 'status'] as const],
    ...[['Einstellungen', 'status'] as const, ['estado', 'status'] as const, ['設定', 'status'] as const],
    ...[
      ['ARRÊTER', 'stop'] as const,
      ['arreter', 'stop'] as const,
      ['停止', 'stop'] as const,
      ['إيقاف', 'stop'] as const,
    ],
    ...[['Démarrer !', 'start'] as const, ['開始', 'start'] as const, ['ابدأ', 'start'] as const],
  ])('%s is understood as %s', (text, kind) => {
    expect(parseCommand(text)).toEqual(understood({ kind }));
  });

  test('with more words after it is suggested, and not carried out: it may mean something else', () => {
    expect(parseCommand('stop the build')).toEqual(suggested('stop'));
    expect(parseCommand('Themen von heute')).toEqual(suggested('topics'));
  });
});

describe('names', () => {
  test.each([
    ['subscribe deploys', 'deploys'],
    ['SUBSCRIBE  Deploys.', 'Deploys'],
    ['/subscribe "release notes"', 'release notes'],
    ['subscribe “release notes”!', 'release notes'],
    ['subscribe „a“', 'a'],
    ['subscribe c++/c#', 'c++/c#'],
    ['subscribe "what?"', 'what?'],
    ['subscribe a "quoted" word', 'a "quoted" word'],
    ['subscribe "a" b', '"a" b'],
    ['subscribe \u202egpj.exe', 'gpj.exe'],
    ['subscribe $(rm -rf /) <at>Ana</at>', '$(rm -rf /) <at>Ana</at>'],
    ['subscribe __proto__', '__proto__'],
    ['subscribe ?', '?'],
  ])('%p names %p', (text, topic) => {
    expect(parseCommand(text)).toEqual(understood({ kind: 'subscribe', topic }));
  });

  test.each(['subscribe', 'unsubscribe', 'mute', 'unmute'])('%s needs one', (word) => {
    const wanted = answered({ kind: 'needsName', command: word });
    expect([word, `${word.toUpperCase()}!`, `${word} ""`, `${word} " "`].map(parseCommand)).toEqual(
      Array(4).fill(wanted),
    );
  });

  test('that are too long are refused', () => {
    const long = 'x'.repeat(COMMAND_LIMITS.maxNameLength + 1);
    const tooLong = answered({ kind: 'tooLong', maxLength: COMMAND_LIMITS.maxNameLength });
    expect(['subscribe', 'mute', 'unmute'].map((word) => parseCommand(`${word} ${long}`))).toEqual(
      Array(3).fill(tooLong),
    );
  });
});

describe('mute', () => {
  const always = { kind: 'always' } as const;
  const hours = (count: number) => ({ kind: 'for', ms: count * HOUR_MS }) as const;

  test.each([
    ['mute ci', 'ci', always],
    ['mute ci always', 'ci', always],
    ['mute ci today!', 'ci', { kind: 'today' } as const],
    ['mute ci 1h', 'ci', hours(1)],
    ['Mute CI for 30 minutes', 'CI', hours(0.5)],
    ['mute ci 2d', 'ci', hours(48)],
    ['mute ci ٢ days', 'ci', hours(48)],
    ['mute disk full/db1 1h', 'disk full/db1', hours(1)],
    ['mute "disk full/db1" 1h', 'disk full/db1', hours(1)],
    ['mute "disk full" for 1 hour.', 'disk full', hours(1)],
    ['mute "today" today', 'today', { kind: 'today' } as const],
    ['mute "1h"', '1h', always],
    ['mute "a"b" 1h', 'a"b', hours(1)],
    ['mute build 2', 'build 2', always],
    ['mute wait for 1h', 'wait', hours(1)],
    ['mute for 1h', 'for', hours(1)],
  ])('%p mutes %p', (text, name, time) => {
    expect(parseCommand(text)).toEqual(understood({ kind: 'mute', name, time }));
  });

  test.each(['mute ci 0h', 'mute ci 400 days', 'mute ci 999999999 m', 'mute "ci" tomorrow', 'mute "ci" 1 fortnight'])(
    '%p is no time to mute for',
    (text) => {
      expect(parseCommand(text)).toEqual(answered({ kind: 'badTime', command: 'mute' }));
    },
  );

  test.each(['mute 1h', 'mute today', 'mute always', 'mute 2 hours'])('%p lacks a name', (text) => {
    expect(parseCommand(text)).toEqual(answered({ kind: 'needsName', command: 'mute' }));
  });
});

describe('quiet hours', () => {
  const night = { fromMinute: 18 * 60, toMinute: 8 * 60, withWeekends: false };

  test.each([
    ...[
      'quiet 18:00-08:00',
      'Quiet 18-8',
      'quiet 6pm-8am',
      'quiet 6 p.m. – 8 a.m.',
      'quiet 18:00–08:00',
      'quiet 18 — 8',
    ],
    ...[
      'quiet from 18 to 8',
      'quiet 18h-8h',
      'quiet 18.00-8.00 Uhr',
      'quiet １８：００〜８：００',
      'quiet ١٨-٨',
      'quiet 18~8.',
    ],
  ])('%p is the night', (text) => {
    expect(parseCommand(text)).toEqual(understood({ kind: 'quiet', quietHours: night }));
  });

  test.each([
    'quiet 18-8 weekends',
    'quiet 18:00-08:00 and weekends',
    'quiet 18-8 + weekend',
    'QUIET 6PM-8AM, WEEKENDS',
  ])('%p is the night and the weekend', (text) => {
    expect(parseCommand(text)).toEqual(understood({ kind: 'quiet', quietHours: { ...night, withWeekends: true } }));
  });

  test('midnight and noon have their names in both ways of counting hours', () => {
    const window = (text: string) => parseCommand(`quiet ${text}`);
    const midnight = understood({ kind: 'quiet', quietHours: { fromMinute: 0, toMinute: 720, withWeekends: false } });
    expect([window('12am-12pm'), window('0-12'), window('24:00-12:00')]).toEqual([midnight, midnight, midnight]);
  });

  test('are switched off', () => {
    expect(['quiet off', 'Quiet OFF!'].map(parseCommand)).toEqual(
      Array(2).fill(understood({ kind: 'quiet', quietHours: null })),
    );
  });

  test.each([
    ...['quiet', 'quiet weekends', 'quiet please', 'quiet 8-8', 'quiet 18:00-18:00 weekends', 'quiet 12am-24:00'],
    ...[
      'quiet 25-8',
      'quiet 18:60-8',
      'quiet 24:01-8',
      'quiet 13pm-8am',
      'quiet 0am-8am',
      'quiet 6-8pm',
      'quiet 18',
      'quiet 18-8-9',
    ],
    ...['quiet 18-8 Mondays', 'quiet -1-8', 'quiet 18:00-08:00:00', 'quiet 1e1-8'],
  ])('%p is no window of the day', (text) => {
    expect(parseCommand(text)).toEqual(answered({ kind: 'badTime', command: 'quiet' }));
  });
});

describe('the digest', () => {
  test.each([
    'digest daily 09:00',
    'digest 9',
    'Digest 9am',
    'digest daily at 9',
    'digest at 9:00.',
    'digest 9h00',
    'digest ９',
  ])('%p comes at nine', (text) => {
    expect(parseCommand(text)).toEqual(understood({ kind: 'digest', minute: 540 }));
  });

  test('is switched off', () => {
    expect(parseCommand('digest off')).toEqual(understood({ kind: 'digest', minute: null }));
  });

  test.each(['digest', 'digest daily', 'digest weekly 9', 'digest 9-10', 'digest 25', 'digest noon'])(
    '%p is no time of day',
    (text) => {
      expect(parseCommand(text)).toEqual(answered({ kind: 'badTime', command: 'digest' }));
    },
  );
});

describe('forget me', () => {
  test('asks before it is meant', () => {
    expect(parseCommand('Forget me!')).toEqual(understood({ kind: 'forget', isConfirmed: false }));
    expect(parseCommand('forget  ME yes.')).toEqual(understood({ kind: 'forget', isConfirmed: true }));
  });

  test.each(['forget', 'forget it', 'forget me not', 'forget me yes please', 'forgetme', 'forget me yess'])(
    '%p is not enough to be forgotten',
    (text) => {
      expect(parseCommand(text)).toEqual(suggested('forget me'));
    },
  );
});

describe('what is no command', () => {
  test.each([
    ...[
      ['subscirbe deploys', 'subscribe deploys'] as const,
      ['subscrib', 'subscribe'] as const,
      ['unsubcribe x', 'unsubscribe x'] as const,
    ],
    ...[
      ['mtue ci 1h', 'mute ci 1h'] as const,
      ['quite 18-8', 'quiet 18-8'] as const,
      ['dijest', 'digest'] as const,
      ['quite please', 'quiet'] as const,
    ],
    ...[['stats', 'status'] as const, ['sotp', 'stop'] as const, ['wyh', 'why'] as const, ['topic', 'topics'] as const],
    ...[['frget me', 'forget me'] as const, ['INBOKS', 'inbox'] as const],
  ])('%p is answered with a suggestion: %p', (text, suggestion) => {
    expect(parseCommand(text)).toEqual(suggested(suggestion));
  });

  test.each([
    ...['', ' ', 'qwertz', 'helpless', 'hi there', '🙂', 'HELP ME\nPLEASE', '__proto__', '.', '!', '«»', 'hilfe ayuda'],
    ...['my', 'ok', 'so', 'constructor', 'x'.repeat(COMMAND_LIMITS.maxLength), '\ud800', '\u0000', '\u200b'],
  ])('%p is like none of them', (text) => {
    expect(parseCommand(text)).toEqual(confused);
  });

  test.each([10_000, 20_000, COMMAND_LIMITS.maxLength + 1])('a text of %p characters is not looked at', (length) => {
    const tooLong = answered({ kind: 'tooLong', maxLength: COMMAND_LIMITS.maxLength });
    expect(parseCommand('x'.repeat(length))).toEqual(tooLong);
    expect(parseCommand(`${'!'.repeat(length)}a`)).toEqual(tooLong);
    expect(parseCommand(`mute ${' '.repeat(length)}x`)).toEqual(tooLong);
  });
});

describe('any text', () => {
  const RUNS = { numRuns: 10_000 };
  const word = fc.constantFrom(
    'subscribe',
    'mute',
    'unmute',
    'quiet',
    'digest',
    'forget',
    'stop',
    'help',
    'MUTE',
    'qiet',
  );
  const anyText = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.tuple(word, fc.string({ unit: 'grapheme', maxLength: 40 })).map((parts) => parts.join(' ')),
    fc.tuple(word, fc.stringMatching(/^[-0-9:. apm"“”–a-z\u0660-\u0669]{0,24}$/)).map((parts) => parts.join(' ')),
  );

  test('has a reading', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(['command', 'answer', 'confused']).toContain(parseCommand(text).kind);
      }),
      RUNS,
    );
  });

  test('reads the same with controls, bidi controls and blanks around it', () => {
    const noise = fc.string({
      unit: fc.constantFrom('\u0000', '\u0008', '\u202e', '\u2066', '\u2069', ' ', '\t', '\n'),
      maxLength: 6,
    });
    fc.assert(
      fc.property(
        noise,
        noise,
        fc.constantFrom('stop', 'mute a b 1h', 'quiet 18-8', 'forget me yes'),
        (left, right, text) => {
          expect(parseCommand(`${left}${text}${right}`)).toEqual(parseCommand(text));
        },
      ),
      RUNS,
    );
  });

  test('as a name in quotes is that name, with any time after it', () => {
    const name = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
      .filter((text) => /^\S+( \S+)*$/.test(text));
    const visible = name.filter((text) => !/[\p{Cc}\u2028-\u202e\u2066-\u2069]/u.test(text));
    fc.assert(
      fc.property(visible, fc.integer({ min: 1, max: 365 }), (text, days) => {
        expect(parseCommand(`mute "${text}" ${days}d`)).toEqual(
          understood({ kind: 'mute', name: text, time: { kind: 'for', ms: days * 24 * HOUR_MS } }),
        );
        expect(parseCommand(`subscribe "${text}"`)).toEqual(understood({ kind: 'subscribe', topic: text }));
      }),
      RUNS,
    );
  });

  test('of two times of day that differ is a window, in both ways of counting hours', () => {
    const minute = fc.integer({ min: 0, max: 1_439 });
    const full = (at: number) => `${Math.floor(at / 60)}:${String(at % 60).padStart(2, '0')}`;
    const half = (at: number) => {
      const hours = Math.floor(at / 60);
      return `${hours % 12 === 0 ? 12 : hours % 12}:${String(at % 60).padStart(2, '0')}${hours < 12 ? 'am' : 'pm'}`;
    };
    fc.assert(
      fc.property(minute, minute, fc.boolean(), (fromMinute, toMinute, withWeekends) => {
        const end = withWeekends ? ' weekends' : '';
        const expected =
          fromMinute === toMinute
            ? answered({ kind: 'badTime', command: 'quiet' })
            : understood({ kind: 'quiet', quietHours: { fromMinute, toMinute, withWeekends } });
        expect(parseCommand(`quiet ${full(fromMinute)}-${full(toMinute)}${end}`)).toEqual(expected);
        expect(parseCommand(`quiet ${half(fromMinute)}-${half(toMinute)}${end}`)).toEqual(expected);
        expect(parseCommand(`digest ${full(toMinute)}`)).toEqual(understood({ kind: 'digest', minute: toMinute }));
      }),
      RUNS,
    );
  });
});
