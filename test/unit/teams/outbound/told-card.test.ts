// What somebody had the bot tell somebody else, and the post in a place that the bot came to.

import fc from 'fast-check';
import type { ToldContent } from '../../../../src/domain/notification.ts';
import { CARD_UNITS, unitsOf } from '../../../../src/teams/cards/card-activity.ts';
import { buildMessage, type MessageOptions } from '../../../../src/teams/cards/message.ts';
import { cardOf, complaintsOf, isInert, partsOf, pressesOf, textsOf } from '../../../support/card-library.ts';

const LOCALES = ['en-US', 'de-DE', 'es-ES', 'fr-FR', 'ja-JP', 'ar-SA'] as const;
const MENU = { notification: 'ntf_01KB3T5XGQ0000000000000000', hasKey: false };
const TOLD: ToldContent = {
  ...{ kind: 'told', text: 'The build is broken.\nCan you *look*?', by: 'Ana Ribeiro', source: 'tell' },
  place: 'Engineering / Releases',
};
const build = (content: ToldContent, options: Partial<MessageOptions> = {}) =>
  buildMessage(content, { isReduced: false, locale: 'en-US', timeZone: 'UTC', menu: MENU, ...options });
const linesOf = (content: ToldContent, options: Partial<MessageOptions> = {}) =>
  textsOf(cardOf(build(content, options)));

test('who said it, what, where and when, and that nobody hears an answer', () => {
  expect(build(TOLD).summary).toBe('Ana Ribeiro: The build is broken. Can you *look*?');
  expect(linesOf(TOLD, { acceptedAtMs: Date.UTC(2026, 10, 28, 12), locale: 'en-GB' })).toEqual([
    'Message from Ana Ribeiro',
    'The build is broken.\n\nCan you \\*look\\*?',
    'I only carry it: answers that you write here do not reach anybody.',
    'Said in Engineering / Releases · Sat, 28 Nov 2026, 12:00 UTC',
    '\u00a0•••\u00a0',
  ]);
});

test('it has a menu that mutes what people have told, but in its short form', () => {
  expect(pressesOf(cardOf(build(TOLD))).map(([title]) => title)).toEqual([
    ...['Why did I get this?', 'Mute tell for 1 hour', 'Mute everything from tell', 'Settings'],
  ]);
  expect(pressesOf(cardOf(build(TOLD, { isReduced: true })))).toEqual([]);
});

test('where it was said is left out where nobody knows', () => {
  const { place: _place, ...elsewhere } = TOLD;
  expect(linesOf(elsewhere).join()).not.toMatch(/Said in|undefined/);
});

test.each(LOCALES)('it is a good card in %s, which runs as its text does', (locale) => {
  for (const text of ['Hello', 'مرحبا']) {
    const card = cardOf(build({ ...TOLD, text }, { locale, acceptedAtMs: 0 }));
    expect(complaintsOf(card)).toEqual([]);
    expect(JSON.stringify(card)).not.toMatch(/undefined|\[object/);
    const isArabic = text !== 'Hello';
    expect(card['rtl']).toBe(isArabic || locale === 'ar-SA' ? isArabic : undefined);
  }
  expect(linesOf(TOLD, { locale })[0]).toContain('Ana Ribeiro');
});

test('whatever is told, it is read as it was written, within its limit, and mentions nobody', () => {
  const dense = (maxLength: number) =>
    fc.oneof(
      fc.string({
        unit: fc.constantFrom('[x](https://x.example)', '<at>Ben</at>', '*', '\\', '"', '\n', '😀', 'م', 'a'),
      }),
      fc.constantFrom(...['*', '\\', '😀', '\n', ' ', 'a'].map((letter) => letter.repeat(maxLength))),
    );
  fc.assert(
    fc.property(dense(20_000), dense(10_000), fc.boolean(), (text, name, isReduced) => {
      const message = build({ ...TOLD, text, by: name, place: name, source: name }, { isReduced, acceptedAtMs: 0 });
      expect(unitsOf(message)).toBeLessThanOrEqual(isReduced ? CARD_UNITS.reduced : CARD_UNITS.full);
      expect(JSON.stringify(message).isWellFormed()).toBe(true);
      const card = cardOf(message);
      expect(card['msteams']).toEqual({ width: 'Full' });
      expect(textsOf(card).filter((line) => !isInert(line))).toEqual([]);
    }),
    { numRuns: 300 },
  );
}, 60_000);

test('a text that is too long ends in an ellipsis', () => {
  const shown = linesOf({ ...TOLD, text: 'x'.repeat(20_000) })[1] ?? '';
  expect(shown).toMatch(/^x{9000,}…$/);
});

test.each(LOCALES)('the post in a place says in %s what the bot does there and how it is asked', (locale) => {
  const message = buildMessage({ kind: 'placeWelcome' }, { isReduced: false, locale });
  const card = cardOf(message);
  expect(complaintsOf(card)).toEqual([]);
  expect(message.summary).not.toBe('');
  const commands = textsOf(card).map((text) => text.replaceAll(/[\\\u2068\u2069]/g, ''));
  expect(commands.filter((text) => text.includes('**@Bellhop tell @Ben The build is broken**'))).toHaveLength(1);
  expect(commands.filter((text) => text.includes('**@Bellhop help**'))).toHaveLength(1);
  expect(partsOf(card, 'Action.Execute')).toEqual([]);
});
