// One card in several languages: what differs, what does not, and which way it runs.

import fc from 'fast-check';
import { LIFECYCLE_STATES, type LifecycleEntry, type LifecycleView } from '../../../../src/domain/lifecycle.ts';
import { type EventContent, type NotificationContent, SEVERITIES } from '../../../../src/domain/notification.ts';
import { CARD_UNITS } from '../../../../src/teams/cards/card-activity.ts';
import { composeMessage, createMessageBuilder, type MessageOptions } from '../../../../src/teams/cards/message.ts';
import { createTimeWriters } from '../../../../src/teams/cards/time-text.ts';

const DISK: EventContent = {
  kind: 'event',
  title: 'Disk full (db1)',
  text: 'No space left.',
  severity: 'critical',
  facts: [],
  links: [{ title: 'x', url: 'http://plain.example/' }],
  source: 'monitoring',
};
const ARABIC_DISK: EventContent = { ...DISK, title: 'القرص ممتلئ', text: 'لا مساحة متبقية.' };
const NOON_MS = Date.UTC(2026, 10, 28, 12);
const LOCALES = ['en-US', 'de-DE', 'es-MX', 'fr-CA', 'ja-JP', 'ar-SA', 'he-IL', 'zh-Hans'];

const timeWriters = createTimeWriters();
const compose = (content: NotificationContent, options: Partial<MessageOptions>) =>
  composeMessage(content, { isReduced: false, acceptedAtMs: NOON_MS, timeZone: 'UTC', ...options }, timeWriters);

interface Card {
  readonly rtl?: boolean;
  readonly fallbackText: string;
  readonly body: readonly { readonly text?: string; readonly items?: readonly { readonly text?: string }[] }[];
  readonly actions?: readonly { readonly title: string }[];
}

function shown(content: NotificationContent, options: Partial<MessageOptions>) {
  const { activity } = compose(content, options);
  const card = activity.attachments[0]?.content as Card;
  const lines = card.body.flatMap((element) => [element, ...(element.items ?? [])]).flatMap(({ text }) => text ?? []);
  return { summary: activity.summary, card, lines };
}

const life = (...history: readonly LifecycleEntry[]): LifecycleView => ({
  ...{ state: 'acknowledged', openedAtMs: NOON_MS, history, forgotten: 0, isReplaced: false },
});
const LIFE = life(
  { atMs: NOON_MS, state: 'open', severity: 'warning', title: 'Disk 90 %', count: 3 },
  { atMs: NOON_MS, state: 'acknowledged', severity: 'critical', title: DISK.title, count: 1 },
);

test('an event is told in German from its toast to its last line', () => {
  const { summary, card, lines } = shown(DISK, { locale: 'de-DE', lifecycle: LIFE });
  expect(summary).toBe('🚨 Kritisch · Bestätigt: Disk full (db1)');
  expect(card.fallbackText).toBe('Kritisch · Bestätigt: Disk full \\(db1\\)');
  expect(lines).toEqual([
    '🚨 Kritisch · Bestätigt',
    'Disk full \\(db1\\)',
    'No space left.',
    'Ein Link wurde weggelassen: keine einfache https-Adresse',
    '3 Meldungen seit 28\\. Nov., 12:00',
    '🚨 28\\. Nov., 12:00 · Bestätigt · Kritisch',
    '⚠️ 28\\. Nov., 12:00 · Offen · Warnung ×\u00a03: Disk 90 %',
    'Von monitoring · Sa., 28. Nov. 2026, 12:00 UTC',
  ]);
});

test('the welcome, the help, a replaced message and an old button are in the language of their reader', () => {
  const locale = 'ja-JP';
  const welcome = shown({ kind: 'welcome' }, { locale });
  expect([welcome.summary, welcome.card.actions?.[0]?.title]).toEqual([
    'こんにちは。これからよろしくお願いします。',
    'ヘルプ',
  ]);
  expect(shown({ kind: 'help' }, { locale }).summary).toBe('できること');
  expect(shown({ kind: 'retiredButton' }, { locale }).lines).toEqual(['このボタンは現在使用されていません。']);
  expect(shown(DISK, { locale, lifecycle: { ...LIFE, isReplaced: true } }).lines[1]).toMatch('置き換えられました');
});

describe('for an Arabic reader', () => {
  const locale = 'ar-SA';

  test.each<NotificationContent>([
    { kind: 'welcome' },
    { kind: 'help', isConfused: true },
    { kind: 'retiredButton' },
    ARABIC_DISK,
    { ...DISK, title: '503', text: '42 %' },
  ])('what is Arabic, or has no letters, runs from right to left: %j', (content) => {
    const { card, lines } = shown(content, { locale });
    expect(card.rtl).toBe(true);
    expect(lines.join()).not.toMatch(/[\u2066\u2067]/);
  });

  test('what is English runs from left to right, and says so; its Arabic lines keep the order of their words', () => {
    const { card, lines } = shown(DISK, { locale, lifecycle: LIFE });
    expect(card.rtl).toBe(false);
    const own = lines.filter((line) => /\p{Script=Arabic}/u.test(line));
    expect(own).toHaveLength(6);
    for (const line of own) {
      expect(line).toMatch(/^\u2067.*\u2069$/u);
    }
    expect(lines.slice(1, 3)).toEqual(['Disk full \\(db1\\)', 'No space left.']);
    const replaced = shown(DISK, { locale, lifecycle: { ...LIFE, isReplaced: true } });
    expect([replaced.card.rtl, replaced.lines[1]?.[0]]).toEqual([false, '\u2067']);
    expect(shown({ kind: 'reply', text: 'Done.' }, { locale }).card.rtl).toBe(false);
  });

  test('names and times inside an Arabic line are kept apart', () => {
    const { summary, card, lines } = shown(ARABIC_DISK, { locale: 'ar-AE' });
    expect(lines.at(-1)).toMatch(/^المصدر: \u2068monitoring\u2069 · \u2068[^\u2068]+\u2069$/u);
    expect(shown(DISK, { locale }).summary).toBe('🚨 حرج: \u2068Disk full (db1)\u2069');
    expect([summary, card.fallbackText]).toEqual(['🚨 حرج: \u2068القرص ممتلئ\u2069', 'حرج: \u2068القرص ممتلئ\u2069']);
  });
});

test('for an English reader a card in Arabic keeps the order of the words of its English lines', () => {
  const { card, lines } = shown(ARABIC_DISK, { locale: 'en-US' });
  expect([card.rtl, lines[0]]).toEqual([true, '\u2066🚨 Critical\u2069']);
  expect(shown(DISK, { locale: 'en-US' }).card).not.toHaveProperty('rtl');
});

test('a message that is kept for one language is never given to a reader of another', () => {
  const build = createMessageBuilder();
  const summaries = LOCALES.map((locale) => build(DISK, { isReduced: false, locale }).summary);
  expect(new Set(summaries.slice(0, 6)).size).toBe(6);
  expect(LOCALES.map((locale) => build(DISK, { isReduced: false, locale }).summary)).toEqual(summaries);
});

test('every language shows the same part of a content, and its message is within its limit', () => {
  const entry: fc.Arbitrary<LifecycleEntry> = fc.record({
    atMs: fc.constant(NOON_MS),
    state: fc.constantFrom(...LIFECYCLE_STATES),
    severity: fc.constantFrom(...SEVERITIES),
    title: fc.constantFrom('x', '\\'.repeat(256), 'قرص'),
    count: fc.constantFrom(1, 2, 11_111_111),
  });
  const anyLife = fc.record({
    state: fc.constantFrom(...LIFECYCLE_STATES),
    openedAtMs: fc.constant(NOON_MS),
    history: fc.array(entry, { minLength: 1, maxLength: 8 }),
    forgotten: fc.constantFrom(0, 123_456_789),
    isReplaced: fc.constant(false),
  });
  // More of everything than fits, so that everything has to be counted on the card.
  const dense = fc.record({
    title: fc.constantFrom('x', '\\'.repeat(256), 'قرص', '503'),
    text: fc.constantFrom('', 'x'.repeat(16_384), '\\'.repeat(16_384)),
    severity: fc.constantFrom(...SEVERITIES),
    facts: fc.constantFrom(
      [],
      Array.from({ length: 30 }, () => ({ name: 'n'.repeat(128), value: '*'.repeat(1_024) })),
    ),
    links: fc.constantFrom(
      [],
      [...Array(7)].map((_, at) => ({ title: 'l', url: `http${at > 1 ? 's' : ''}://ci.example/${'y'.repeat(2_000)}` })),
    ),
    images: fc.constantFrom(
      [],
      Array.from({ length: 4 }, () => ({ alt: 'a', url: `https://ci.example/${'z'.repeat(2_000)}` })),
    ),
    source: fc.constantFrom('ci', '\\'.repeat(64), 'مراقبة'),
  });
  const zones = fc.constantFrom('UTC', 'America/St_Johns', 'Asia/Riyadh');
  fc.assert(
    fc.property(
      dense,
      fc.option(anyLife, { nil: undefined }),
      fc.boolean(),
      zones,
      (parts, lifecycle, isReduced, timeZone) => {
        const content: EventContent = { kind: 'event', ...parts };
        // What the answer to the producer tells: nothing is known of reader or time.
        const foretold = composeMessage(content, { lifecycle, isReduced });
        const told = LOCALES.map((locale) => compose(content, { locale, timeZone, lifecycle, isReduced }));
        for (const { activity, leftOut } of [foretold, ...told]) {
          expect(leftOut).toEqual(foretold.leftOut);
          expect(JSON.stringify(activity).length).toBeLessThanOrEqual(isReduced ? CARD_UNITS.reduced : CARD_UNITS.full);
        }
      },
    ),
    { numRuns: 100 },
  );
});
