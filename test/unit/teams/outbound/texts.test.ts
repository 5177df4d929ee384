// What cards and the bot say of themselves, in every language.

import fc from 'fast-check';
import { toMarkdownLine } from '../../../../src/domain/literal.ts';
import { parseCommand } from '../../../../src/preferences/parse-command.ts';
import type { CardTexts } from '../../../../src/teams/cards/texts/card-texts.ts';
import { textsFor } from '../../../../src/teams/cards/texts/texts-for.ts';

const ENGLISH = textsFor('en');
const LOCALES = ['en-US', 'de-DE', 'es-ES', 'fr-FR', 'ja-JP', 'ar-SA'] as const;
const TRANSLATIONS = LOCALES.slice(1);

/** Counts of every form of every language: Arabic has six. */
const COUNTS = [0, 1, 2, 3, 11, 100, 1_234, 1_000_000];

const COUNTED = [
  ...(['times', 'earlier', 'moreCharacters', 'moreFacts', 'moreLinks', 'moreImages', 'unsafeLinks'] as const),
  ...(['more', 'messages', 'openThings', 'others', 'voters', 'questionNumber', 'atLeast', 'atMost'] as const),
];
/** Bounds that are told: they are never one or two. */
const BOUNDS = ['tooManyMutes', 'tooLong', 'tellLimit', 'pollLimit'] as const;

/** All texts in a part of a catalogue by their names, with names filled in. */
function flatten(part: unknown, name: string): readonly (readonly [string, string])[] {
  if (typeof part === 'function') {
    return [[name, String(part('builds', 'noon'))]];
  }
  return typeof part === 'object' && part !== null
    ? Object.entries(part).flatMap(([key, inner]) => flatten(inner, `${name}.${key}`))
    : [[name, String(part)]];
}

/** Every text of a language by its name, with the same filled in. */
function allTexts(texts: CardTexts, count = 4): Readonly<Record<string, string>> {
  const { severities, states, welcome, help, replaced, helpButton, retiredButton } = texts;
  const lists = { severities, states, 'welcome.lines': welcome.lines, 'help.lines': help.lines };
  return {
    ...Object.fromEntries(
      Object.entries(lists).flatMap(([list, entries]) =>
        Object.entries(entries).map(([name, text]) => [`${list}.${name}`, text] as const),
      ),
    ),
    ...Object.fromEntries([...COUNTED, ...BOUNDS].map((name) => [name, texts[name](count)])),
    ...Object.fromEntries(flatten(texts.answers, 'answers')),
    topicsCount: texts.topicsCount(count, 2),
    ...{ ofNeeded: texts.ofNeeded(1, count), share: texts.share(1, count), between: texts.between(1, count) },
    listed: texts.listed(['builds', 'news', 'noon']),
    ...{ replaced, helpButton, retiredButton, greeting: welcome.greeting },
    ...{ notUnderstood: help.notUnderstood, title: help.title },
    ...{ source: texts.source('ci'), labelled: texts.labelled('A', 'b') },
    ...{ reported: texts.reported(count, false, 'noon'), reportedAtLeast: texts.reported(count, true, 'noon') },
  };
}

/** Words that two languages have in common, and signs that are not words. */
const THE_SAME: Readonly<Record<string, readonly string[]>> = {
  'de-DE': ['severities.info', 'times', 'labelled'],
  'es-ES': ['severities.error', 'times', 'labelled'],
  'fr-FR': ['severities.info', 'times', 'messages'],
  'ja-JP': ['times', 'labelled'],
  'ar-SA': ['labelled'],
};

const ENGLISH_WORDS = new Set(
  'the you your yours is are were of and with it this that what who there here any'.split(' '),
);

/** What is typed as it stands, names, and what the test puts in. */
const NOT_TRANSLATED = new Set(
  'Teams Ben builds noon tell poll anonymous stop start today always unmute weekends off help topics mute quiet digest'.split(
    ' ',
  ),
);

describe.each(TRANSLATIONS)('in %s', (locale) => {
  const texts = textsFor(locale);

  test('every text is there, and another than in English but for the words of both', () => {
    const english = allTexts(ENGLISH);
    const own = allTexts(texts);
    expect(Object.keys(own)).toEqual(Object.keys(english));
    const same = Object.keys(own).filter((name) => own[name] === english[name]);
    expect(same.toSorted()).toEqual(THE_SAME[locale]?.toSorted());
  });

  test('no word of English is left in it but the names of commands and products', () => {
    const words = (texts: Readonly<Record<string, string>>) =>
      Object.values(texts)
        .join(' ')
        .match(/[A-Za-z’']+/g);
    const own = words(Object.fromEntries(flatten(texts.answers, 'answers'))) ?? [];
    expect(own.filter((word) => ENGLISH_WORDS.has(word.toLowerCase()))).toEqual([]);
    if (locale === 'ja-JP' || locale === 'ar-SA') {
      expect(own.filter((word) => !NOT_TRANSLATED.has(word))).toEqual([]);
    }
  });

  test('the word that one is told to write is the one on the button, and is understood', () => {
    const word = texts.helpButton.toLowerCase();
    const lines = [texts.welcome.lines.at(-2), texts.help.lines.at(-2)];
    expect(lines.map((line) => line?.toLowerCase().includes(word))).toEqual([true, true]);
    expect(parseCommand(texts.helpButton)).toEqual({ kind: 'command', command: { kind: 'help' } });
  });
});

describe.each(LOCALES)('every text in %s', (locale) => {
  const texts = textsFor(locale);
  const digits = new Intl.NumberFormat(locale);

  test('is plain: what cards would read as markup, and blanks at its ends, are nowhere', () => {
    for (const text of COUNTS.flatMap((count) => Object.values(allTexts(texts, count)))) {
      // A dot that a digit follows begins no list, and round brackets alone make no link.
      const escaped = toMarkdownLine(text)
        .replace(/^(\d+)\\\.(?=\d)/, '$1.')
        .replace(/\\([()])/g, '$1');
      expect(escaped.replaceAll('\u00a0', ' ')).toBe(text.replaceAll(/[\u00a0\u202f]/g, ' '));
      expect(text).toMatch(/^\S.*\S$/u);
    }
  });

  test('shows every number, name and time that is put in', () => {
    for (const count of COUNTS.filter((each) => each > 2)) {
      const counted = COUNTED.map((name) => texts[name](count));
      const reported = [texts.reported(count, false, 'noon'), texts.reported(count, true, 'noon')];
      for (const text of [...counted, ...reported]) {
        expect(text).toContain(digits.format(count));
      }
      expect(reported.every((text) => text.includes('noon'))).toBe(true);
      expect(reported[0]).not.toBe(reported[1]);
    }
    expect(texts.source('builds')).toContain('builds');
    expect(texts.labelled('A', 'builds')).toMatch(/^A.*builds$/);
  });

  test('tells one, two and many apart, by number or by word', () => {
    for (const name of COUNTED) {
      expect(new Set([1, 2, 3].map((count) => texts[name](count))).size).toBe(3);
    }
  });

  test('names in its answers what is put in, and tells both apart', () => {
    for (const [name, text] of flatten(texts.answers, 'answers')) {
      const [, ...path] = name.split('.');
      const inner = path.reduce<unknown>((part, key) => Object(part)[key], texts.answers);
      const isAboutNobody = /why\.to\.(name|everyone)$/.test(name);
      const expected = typeof inner === 'function' && !isAboutNobody ? ['builds', 'noon'].slice(0, inner.length) : [];
      expect(expected.filter((word) => !text.includes(word))).toEqual([]);
    }
  });

  test('is no longer than its place takes', () => {
    const longest = (list: readonly string[]) => Math.max(...list.map(({ length }) => length));
    const { severities, states, welcome, help } = texts;
    expect(texts.helpButton.length).toBeLessThanOrEqual(20);
    expect(longest([...Object.values(severities), ...Object.values(states)])).toBeLessThanOrEqual(16);
    expect(longest([welcome.greeting, help.title])).toBeLessThanOrEqual(40);
    // The toasts of Teams show about two lines.
    expect(longest([texts.replaced, help.notUnderstood, texts.retiredButton])).toBeLessThanOrEqual(110);
    expect(longest([...welcome.lines, ...help.lines])).toBeLessThanOrEqual(150);
    const { answers } = texts;
    const buttons = [
      ...[answers.topics.title, answers.topics.subscribe, answers.topics.unsubscribe, answers.mutes.unmute],
      ...[answers.settings.turnOff, answers.settings.turnOn, answers.settings.stop, answers.settings.start],
      ...[answers.settings.title, answers.inbox.title, answers.forget.button],
    ];
    expect(longest(buttons)).toBeLessThanOrEqual(30);
    const { asks, polls, dialogs } = answers;
    const pressed = [polls.vote, polls.changeVote, polls.close, dialogs.back, dialogs.skip, dialogs.cancel];
    expect(longest([asks.acknowledge, asks.send, ...pressed])).toBeLessThanOrEqual(24);
    const { title, why, muteThis, muteSource, muteSourceForAnHour } = answers.menu;
    expect(longest([title, why, muteThis, muteSource(''), muteSourceForAnHour('')])).toBeLessThanOrEqual(40);
    expect(longest(flatten(answers, '').map(([, text]) => text))).toBeLessThanOrEqual(220);
    const bounds = BOUNDS.map((name) => texts[name](1_000_000));
    expect(longest([...bounds, texts.topicsCount(1_000_000, 1_000_000)])).toBeLessThanOrEqual(120);
    const counted = COUNTED.map((name) => texts[name](1_000_000));
    expect(longest([...counted, texts.reported(1_000_000, true, '')])).toBeLessThanOrEqual(90);
  });
});

test.each([
  ['de', 'de-DE'],
  ['DE-at', 'de-DE'],
  ['deu-CH', 'de-DE'],
  ['es-419', 'es-ES'],
  ['fr_CA', 'fr-FR'],
  ['ar-Latn-EG', 'ar-SA'],
  ['ja-JP-u-ca-japanese', 'ja-JP'],
  ['zh-Hans', 'en-US'],
  ['dekko', 'en-US'],
  ['german!', 'en-US'],
  ['', 'en-US'],
  [undefined, 'en-US'],
])('the language of %j is that of %s, whatever its case, script and region', (locale, language) => {
  expect(textsFor(locale).replaced).toBe(textsFor(language).replaced);
});

test.each([
  ['en-US', '… 12,345 more characters'],
  ['de-DE', '… 12.345 weitere Zeichen'],
  ['es-MX', '… 12,345 caracteres más'],
  ['es-ES', '… 1.000.000 de caracteres más', 1_000_000],
  ['fr-FR', '… 1 000 000 de caractères de plus', 1_000_000],
  ['fr-FR', '… 0 caractère de plus', 0],
  ['ja-JP', '… ほか 12,345 文字'],
  ['ar-SA', '… ١٢٬٣٤٥ حرفًا آخر'],
  ['ar-AE', '… 12,345 حرفًا آخر'],
  ['ar-SA', '… لا أحرف أخرى', 0],
  ['ar-SA', '… حرف واحد آخر', 1],
  ['ar-SA', '… حرفان آخران', 2],
  ['ar-SA', '… ٣ أحرف أخرى', 3],
  ['ar-SA', '… ١٠٠ حرف آخر', 100],
  ['hi-IN', '… 12,345 more characters'],
])('a reader in %s counts as there: %s', (locale, text, count = 12_345) => {
  expect(
    textsFor(locale)
      .moreCharacters(count)
      .replaceAll(/[\u00a0\u202f]/g, ' '),
  ).toBe(text);
});

test('texts are made once for each locale', () => {
  expect(textsFor('de-DE')).toBe(textsFor('de-DE'));
});

test('any string for a locale gives texts, and never throws', () => {
  const language = fc.constantFrom(
    'ar',
    'de',
    'en',
    'es',
    'fr',
    'ja',
    'zh',
    'x',
    'i',
    'root',
    '__proto__',
    'constructor',
  );
  const rest = fc.array(fc.constantFrom('Latn', 'DE', '419', 'u', 'nu', 'arab', 'x', 'bad!', '', 'fonipa'), {
    maxLength: 5,
  });
  const joined = fc
    .tuple(language, rest, fc.constantFrom('-', '_'))
    .map(([first, others, separator]) => [first, ...others].join(separator));
  fc.assert(
    fc.property(fc.oneof(joined, fc.string({ unit: 'binary' })), (locale) => {
      for (const text of Object.values(allTexts(textsFor(locale)))) {
        expect(text).not.toBe('');
      }
    }),
    { numRuns: 2_000 },
  );
});
