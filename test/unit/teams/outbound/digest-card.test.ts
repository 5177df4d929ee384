// One card for many messages that waited.

import fc from 'fast-check';
import { type DigestContent, type DigestItem, SEVERITIES } from '../../../../src/domain/notification.ts';
import { CARD_UNITS, unitsOf } from '../../../../src/teams/cards/card-activity.ts';
import { buildMessage, type MessageOptions } from '../../../../src/teams/cards/message.ts';
import { cardOf, complaintsOf, isInert, pressesOf, textsOf } from '../../../support/card-library.ts';

const LOCALES = ['en-US', 'de-DE', 'es-ES', 'fr-FR', 'ja-JP', 'ar-SA'] as const;
const BECAUSE = ['quiet_hours', 'daily_digest', 'too_many'] as const;
const NOON_MS = Date.UTC(2026, 10, 28, 12);
const DISK: DigestItem = {
  ...{ title: 'Disk full', source: 'monitoring', severity: 'critical', atMs: NOON_MS },
  link: { title: 'Runbook', url: 'https://ops.example/disk' },
};
const DIGEST: DigestContent = {
  ...{ kind: 'digest', because: 'quiet_hours', more: 3 },
  items: [DISK, { title: 'Deploy finished', source: 'ci', severity: 'success', atMs: NOON_MS + 60_000 }],
};
const build = (content: DigestContent, options: Partial<MessageOptions> = {}) =>
  buildMessage(content, { isReduced: false, locale: 'en-GB', timeZone: 'UTC', ...options });

test('why they come together, and each with its severity, title, source, time and first link', () => {
  const card = cardOf(build(DIGEST));
  expect(build(DIGEST).summary).toBe('While it was quiet: 5 messages');
  expect(textsOf(card)).toEqual([
    'While it was quiet: 5 messages',
    'These came in your quiet hours.',
    '🚨 Disk full',
    'Critical · From monitoring · 28 Nov, 12:00 · [Runbook \\(ops.example\\)](https://ops.example/disk)',
    '✅ Deploy finished',
    'Success · From ci · 28 Nov, 12:01',
    '… 3 more',
  ]);
  expect(pressesOf(card)).toEqual([['Settings', { bellhop: 'command', text: 'status' }]]);
});

test.each(LOCALES)('each reason has its own words in %s, on a good card', (locale) => {
  const heads = BECAUSE.map((because) => {
    const card = cardOf(build({ ...DIGEST, because }, { locale }));
    expect(complaintsOf(card)).toEqual([]);
    expect(JSON.stringify(card)).not.toMatch(/undefined|\[object|_hours|daily_digest|too_many/);
    expect(card['rtl']).toBe(locale === 'ar-SA' ? true : undefined);
    return textsOf(card).slice(0, 2);
  });
  expect(new Set(heads.flat()).size).toBe(6);
});

test.each([
  ['not https', 'http://ops.example/'],
  ['a script', 'javascript:alert(1)'],
  ['with a user name', 'https://a@ops.example/'],
  ['very long', `https://ops.example/${'x'.repeat(600)}`],
])('an address that is %s is no link', (_why, url) => {
  const card = cardOf(build({ ...DIGEST, items: [{ ...DISK, link: { title: 'x', url } }] }));
  expect(textsOf(card)).toContain('Critical · From monitoring · 28 Nov, 12:00');
});

test('whatever waited, the card is within its limit, counts what it does not show, and only its links lead anywhere', () => {
  const dense = (maxLength: number) =>
    fc.oneof(
      fc.string({
        unit: fc.constantFrom('[x](https://x.example)', '<at>', '*', '\\', '"', '\n', '😀', 'م', 'a', '- '),
      }),
      fc.constantFrom('*'.repeat(maxLength), '😀'.repeat(maxLength / 2), 'a'.repeat(maxLength)),
    );
  const anyItem: fc.Arbitrary<DigestItem> = fc.record(
    {
      title: dense(10_000),
      source: dense(10_000),
      severity: fc.constantFrom(...SEVERITIES),
      atMs: fc.integer({ min: 0, max: NOON_MS }),
      link: fc.record({ title: dense(64), url: fc.webUrl({ validSchemes: ['https', 'http'] }) }),
    },
    { requiredKeys: ['title', 'source', 'severity', 'atMs'] },
  );
  const anyDigest = fc.record({
    kind: fc.constant('digest' as const),
    because: fc.constantFrom(...BECAUSE),
    items: fc.array(anyItem, { minLength: 1, maxLength: 40 }),
    more: fc.nat({ max: 5_000 }),
  });
  fc.assert(
    fc.property(anyDigest, fc.boolean(), fc.constantFrom(...LOCALES), (content, isReduced, locale) => {
      const message = build(content, { isReduced, locale });
      expect(unitsOf(message)).toBeLessThanOrEqual(isReduced ? CARD_UNITS.reduced : CARD_UNITS.full);
      expect(JSON.stringify(message).isWellFormed()).toBe(true);
      const texts = textsOf(cardOf(message));
      // Two lines for each, and what is above and below.
      const rows = Math.floor((texts.length - 2) / 2);
      const unshown = content.items.length - rows + content.more;
      expect(texts.length % 2).toBe(unshown > 0 ? 1 : 0);
      if (unshown > 0) {
        expect(texts.at(-1)).toContain(new Intl.NumberFormat(locale).format(unshown));
      }
      const withoutLinks = texts.map((text) =>
        text.replace(/ · \u2068?\[(?:\\.|[^\]\\])*\]\(https:[^\s()]*\)\u2069?$/u, ''),
      );
      expect(withoutLinks.filter((text) => !isInert(text))).toEqual([]);
    }),
    { numRuns: 300 },
  );
}, 60_000);
