// What becomes of a content, told before it is sent.

import { jest } from '@jest/globals';
import fc from 'fast-check';
import { type CardContent, type EventContent, SEVERITIES } from '../../../../src/domain/notification.ts';
import { CARD_UNITS } from '../../../../src/teams/cards/card-activity.ts';
import { createCardComposer } from '../../../../src/teams/cards/composer.ts';
import { buildMessage } from '../../../../src/teams/cards/message.ts';

const EVENT: EventContent = { kind: 'event', title: 'Hello', severity: 'info', facts: [], links: [], source: 'ci' };
const NOTHING = { characters: 0, facts: 0, links: 0, images: 0 };
const composer = createCardComposer();

test('the message is the one that is sent, counted as Teams counts', () => {
  const message = buildMessage(EVENT, { isReduced: false });
  expect(composer.compose(EVENT)).toEqual({
    summary: message.summary,
    card: message.attachments[0]?.content,
    units: JSON.stringify(message).length,
    maxUnits: CARD_UNITS.full,
    leftOut: NOTHING,
  });
});

test('what is asked can be pressed where a notification is known, and is always composed: its buttons displace links', () => {
  const ask = { canAcknowledge: true, actions: [{ id: 'a', title: 'Approve' }] };
  const { card } = composer.compose({ ...EVENT, ask }, { notification: 'ntf_1' });
  expect(JSON.stringify(card)).toMatch(/Acknowledge.*Approve/);
  expect(JSON.stringify(composer.compose({ ...EVENT, ask }).card)).not.toContain('Approve');
  expect([composer.isSurelyWhole(EVENT), composer.isSurelyWhole({ ...EVENT, ask })]).toEqual([true, false]);
});

test('what writes the time is made once, for it takes longer than the rest', () => {
  const own = createCardComposer();
  own.compose(EVENT, { acceptedAtMs: 0 });
  const made = jest.spyOn(Intl, 'DateTimeFormat');
  try {
    own.compose(EVENT, { acceptedAtMs: 60_000 });
    expect(made).not.toHaveBeenCalled();
  } finally {
    made.mockRestore();
  }
});

test('what a card leaves out is told, and less of it where more is allowed', () => {
  const long = { ...EVENT, text: 'x'.repeat(16_000), facts: [{ name: 'a', value: 'b'.repeat(1_000) }] };
  const { characters } = composer.compose(long).leftOut;
  expect(characters).toBeGreaterThan(2_000);
  expect(createCardComposer(40_960).compose(long).leftOut).toEqual(NOTHING);
});

test("a card of the producer's own making is never cut", () => {
  const card = { type: 'AdaptiveCard', version: '1.5', body: [{ type: 'TextBlock', text: 'x'.repeat(20_000) }] };
  const content: CardContent = { kind: 'card', title: 't', severity: 'info', summary: 's', card, source: 'ci' };
  expect(composer.compose(content)).toMatchObject({ card, leftOut: NOTHING });
  expect(composer.compose(content).units).toBeGreaterThan(20_000);
});

test('a content that is said to be surely whole is whole', () => {
  // Characters that grow most when they are escaped, in text and in addresses.
  const dense = (maxLength: number) =>
    fc.oneof(
      fc.string({ unit: fc.constantFrom('\\', '*', '\n', '😀', 'a', '-', '|', '1.'), maxLength }),
      fc.nat({ max: maxLength }).map((length) => '*'.repeat(length)),
      fc.nat({ max: maxLength / 2 }).map((length) => '-\n'.repeat(length)),
    );
  const path = fc.string({ unit: fc.constantFrom('a', '|', '^', 'é', '漢', '`'), maxLength: 400 });
  const anyEvent: fc.Arbitrary<EventContent> = fc.record({
    kind: fc.constant('event'),
    title: dense(256),
    text: dense(3_500),
    severity: fc.constantFrom(...SEVERITIES),
    facts: fc.array(fc.record({ name: dense(128), value: dense(1_024) }), { maxLength: 4 }),
    links: fc.array(fc.record({ title: dense(64), url: path.map((text) => `https://ci.example/${text}`) }), {
      maxLength: 3,
    }),
    images: fc.oneof(
      fc.constant([]),
      fc.array(fc.record({ alt: dense(128), url: path.map((text) => `https://ci.example/${text}`) }), { maxLength: 4 }),
    ),
    source: dense(64),
  });
  let sure = 0;
  fc.assert(
    fc.property(anyEvent, (content) => {
      if (composer.isSurelyWhole(content)) {
        sure += 1;
        expect(composer.compose(content).leftOut).toEqual(NOTHING);
      }
    }),
    { numRuns: 5_000 },
  );
  expect(sure).toBeGreaterThan(400);
});
