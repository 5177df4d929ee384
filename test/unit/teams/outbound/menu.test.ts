// The small menu of a notification, and what it takes of the room.

import fc from 'fast-check';
import { type CardContent, type EventContent, SEVERITIES } from '../../../../src/domain/notification.ts';
import { CARD_UNITS, unitsOf } from '../../../../src/teams/cards/card-activity.ts';
import { ESCALATED_UNITS, MENU_ID, MENU_UNITS, THROUGH_QUIET_UNITS } from '../../../../src/teams/cards/menu.ts';
import { composeMessage, type MessageOptions } from '../../../../src/teams/cards/message.ts';
import { cardOf, complaintsOf, partsOf, pressesOf, textsOf } from '../../../support/card-library.ts';

const LOCALES = ['en-US', 'de-DE', 'es-ES', 'fr-FR', 'ja-JP', 'ar-SA'] as const;
const MENU = { notification: 'ntf_01KB3T5XGQ0000000000000000', hasKey: true };
const DISK: EventContent = {
  ...{ kind: 'event', title: 'Disk full', text: 'No space left.', severity: 'critical', source: 'monitoring' },
  ...{ facts: [], links: [{ title: 'Open', url: 'https://ops.example/' }] },
};
const OWN: CardContent = {
  ...{ kind: 'card', title: 'Order 12', severity: 'info', summary: 'Order 12 waits', source: 'shop' },
  card: { type: 'AdaptiveCard', version: '1.5', body: [{ type: 'TextBlock', text: 'Order 12' }] },
};

/** The last take most room once they are JSON. */
const SOURCES = ['ci', ...['م', '{', '"', '\\'].map((letter) => letter.repeat(64))];

const compose = (content: EventContent | CardContent, options: Partial<MessageOptions> = {}) =>
  composeMessage(content, { isReduced: false, locale: 'en-US', acceptedAtMs: 0, ...options });
const cardWith = (content: EventContent | CardContent, options: Partial<MessageOptions> = {}) =>
  cardOf(compose(content, options).activity);

describe.each([
  ['an event', DISK],
  ['a card of its own making', OWN],
] as const)('under %s', (_name, content) => {
  test('dots beside the source unfold what can be done', () => {
    const card = cardWith(content, { menu: MENU });
    const [menu] = partsOf(card, 'Container').filter(({ id }) => id === MENU_ID);
    expect(menu).toMatchObject({ isVisible: false });
    expect(partsOf(card, 'Action.ToggleVisibility')).toEqual([
      { type: 'Action.ToggleVisibility', title: 'More about this message', targetElements: [MENU_ID] },
    ]);
    const { notification } = MENU;
    expect(pressesOf(card)).toEqual([
      ['Why did I get this?', { bellhop: 'why', notification }],
      ['Mute this', { bellhop: 'mute', notification, what: 'key', for: 'always' }],
      [`Mute ${content.source} for 1 hour`, { bellhop: 'mute', notification, what: 'source', for: '1h' }],
      [`Mute everything from ${content.source}`, { bellhop: 'mute', notification, what: 'source', for: 'always' }],
      ['Settings', { bellhop: 'command', text: 'status', notification }],
    ]);
  });

  test('what has no key cannot be muted alone', () => {
    const presses = pressesOf(cardWith(content, { menu: { ...MENU, hasKey: false } }));
    expect(presses.map(([title]) => title)).not.toContain('Mute this');
    expect(presses).toHaveLength(4);
  });

  test('there is no menu where none is known', () => {
    expect(JSON.stringify(cardWith(content))).not.toMatch(/bellhop|ToggleVisibility/);
  });

  test.each(LOCALES)('it is valid and complete in %s', (locale) => {
    for (const source of SOURCES) {
      const card = cardWith({ ...content, source }, { locale, menu: MENU });
      expect(complaintsOf(card)).toEqual([]);
      expect(pressesOf(card)).toHaveLength(5);
      expect(JSON.stringify(card)).not.toMatch(/undefined|\[object|\{\{/);
    }
  });

  test.each(LOCALES)('that it came in quiet hours is said in %s, and else is not', (locale) => {
    const linesOf = (isThroughQuiet: boolean) => textsOf(cardWith(content, { locale, isThroughQuiet }));
    const said = linesOf(true).filter((line) => !linesOf(false).includes(line));
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(/^.{15,}$/u);
    if (locale === 'en-US') {
      expect(said).toEqual(['Sent in your quiet hours, because it is urgent.']);
    }
  });
});

test.each(LOCALES)(
  'that nobody else had answered is said in %s, in the room that an event that asks has for it',
  (locale) => {
    const asking = { ...DISK, ask: { canAcknowledge: true, actions: [] } };
    const linesOf = (isEscalated: boolean) => textsOf(cardWith(asking, { locale, isEscalated }));
    const said = linesOf(true).filter((line) => !linesOf(false).includes(line));
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(/^.{15,}$/u);
    const unitsWith = (isEscalated: boolean) => unitsOf(compose(asking, { locale, isEscalated }).activity);
    expect(unitsWith(true) - unitsWith(false)).toBeLessThanOrEqual(ESCALATED_UNITS);
  },
);

test.each(LOCALES)('in %s an event has room for its menu and the line about quiet hours', (locale) => {
  for (const source of SOURCES) {
    const unitsWith = (options: Partial<MessageOptions>) =>
      unitsOf(compose({ ...DISK, source }, { locale, ...options }).activity);
    expect(unitsWith({ menu: MENU }) - unitsWith({})).toBeLessThanOrEqual(MENU_UNITS);
    expect(unitsWith({ isThroughQuiet: true }) - unitsWith({})).toBeLessThanOrEqual(THROUGH_QUIET_UNITS);
  }
});

test('what is told to be left out when a notification is accepted stays true once it has a menu', () => {
  const dense = fc.string({ unit: fc.constantFrom('*', 'a', '\n', '😀', '"'), maxLength: 16_384 });
  const anyEvent: fc.Arbitrary<EventContent> = fc.record({
    kind: fc.constant('event'),
    title: fc.string({ maxLength: 256 }),
    text: fc.oneof(
      dense,
      fc.nat({ max: 16_384 }).map((length) => '*'.repeat(length)),
    ),
    severity: fc.constantFrom(...SEVERITIES),
    facts: fc.array(fc.record({ name: fc.constant('a'), value: fc.string({ maxLength: 1_024 }) }), { maxLength: 30 }),
    links: fc.constant(DISK.links),
    source: fc.string({ minLength: 1, maxLength: 64 }),
  });
  const anyReader = fc.record({
    locale: fc.constantFrom(...LOCALES),
    timeZone: fc.constantFrom('UTC', 'America/Argentina/Buenos_Aires'),
    isReduced: fc.boolean(),
  });
  fc.assert(
    fc.property(anyEvent, anyReader, (content, reader) => {
      const accepted = composeMessage(content, { isReduced: reader.isReduced });
      const sent = composeMessage(content, { ...reader, acceptedAtMs: 0, menu: MENU, isThroughQuiet: true });
      expect(sent.leftOut).toEqual(accepted.leftOut);
      expect(unitsOf(sent.activity)).toBeLessThanOrEqual(reader.isReduced ? CARD_UNITS.reduced : CARD_UNITS.full);
    }),
    { numRuns: 300 },
  );
}, 60_000);

test('the short form has no menu', () => {
  expect(pressesOf(cardWith(DISK, { menu: MENU, isReduced: true }))).toEqual([]);
});

describe("a card of the producer's own making", () => {
  test('is as it was accepted, with a line below it; what was accepted is not changed', () => {
    const before = JSON.stringify(OWN);
    const { body } = cardWith(OWN, { menu: MENU });
    expect(body).toEqual([{ type: 'TextBlock', text: 'Order 12' }, expect.objectContaining({ separator: true })]);
    expect(textsOf(cardWith(OWN, { menu: MENU }))).toContain('From shop');
    expect(JSON.stringify(OWN)).toBe(before);
  });

  test.each([
    ['is as long as a message may be', { body: [{ type: 'TextBlock', text: 'x'.repeat(CARD_UNITS.full - 400) }] }],
    ['has no body', { body: undefined, actions: [{ type: 'Action.OpenUrl', title: 'x', url: 'https://x.example/' }] }],
    ['has the id of the menu', { body: [{ type: 'TextBlock', id: MENU_ID, text: 'x' }] }],
  ])('that %s is left alone', (_why, parts) => {
    const card = { ...OWN.card, ...parts };
    expect(compose({ ...OWN, card }, { menu: MENU }).activity.attachments[0]?.content).toBe(card);
  });
});

test('on an English card the menu of an Arabic reader runs from right to left', () => {
  const card = cardWith(DISK, { menu: MENU, locale: 'ar-SA' });
  expect(card['rtl']).toBe(false);
  expect(partsOf(card, 'Container').find(({ id }) => id === MENU_ID)).toMatchObject({ rtl: true });
});
