// People whom a card mentions.

import fc from 'fast-check';
import type { EventContent, MentionedPerson } from '../../../../src/domain/notification.ts';
import { readableText } from '../../../../src/sandbox/card-text.ts';
import { CARD_UNITS } from '../../../../src/teams/cards/card-activity.ts';
import { mentionParts } from '../../../../src/teams/cards/mentions.ts';
import { buildMessage } from '../../../../src/teams/cards/message.ts';

const EVENT: EventContent = {
  kind: 'event',
  title: 'Ticket 4711',
  text: 'assigned to <at>Ana Torres</at>',
  severity: 'info',
  facts: [],
  links: [],
  source: 'tickets',
};
const ANA: MentionedPerson = { id: '29:ana', name: 'Ana Torres' };
const BEN: MentionedPerson = { id: '29:ben', name: 'Ben Albrecht' };

function cardOf(mentions: readonly MentionedPerson[], isReduced = false) {
  const message = buildMessage(EVENT, { isReduced, mentions });
  return { message, card: JSON.parse(JSON.stringify(message.attachments[0]?.content)) };
}

test('stand in one line, each with the entity that makes Teams know them', () => {
  const { card, message } = cardOf([ANA, BEN]);
  expect(card.body[1]).toMatchObject({ type: 'TextBlock', text: '<at>Ana Torres</at>, <at>Ben Albrecht</at>' });
  expect(card.msteams).toEqual({
    width: 'Full',
    entities: [
      { type: 'mention', text: '<at>Ana Torres</at>', mentioned: ANA },
      { type: 'mention', text: '<at>Ben Albrecht</at>', mentioned: BEN },
    ],
  });
  expect(readableText({ ...message })).toContain('Ana Torres, Ben Albrecht');
});

test('are named nowhere else: what a text says of itself stays text', () => {
  const { card } = cardOf([ANA]);
  expect(JSON.stringify(card.body).match(/<at>/g)).toHaveLength(1);
  expect(JSON.stringify(cardOf([]).card)).not.toContain('<at>');
  expect(cardOf([]).card.msteams).toEqual({ width: 'Full' });
});

test('are not in the short form', () => {
  expect(JSON.stringify(cardOf([ANA], true).card)).not.toContain('<at>');
});

test('of one name are told apart, and who has none that can be written is left out', () => {
  const { entities } = mentionParts([ANA, { ...ANA, id: '29:other' }, { id: '29:x', name: '<>' }]);
  expect(entities.map(({ text }) => text)).toEqual(['<at>Ana Torres</at>', '<at>Ana Torres 2</at>']);
});

test('whatever their names, the text of each entity stands on the line once, and nothing in it is markup', () => {
  const name = fc.oneof(
    fc.string({ unit: fc.constantFrom(...'<>&*_[]()`#~|{}@\\:/"-. \n\u202eaé'), maxLength: 100 }),
    fc.string({ unit: 'grapheme', maxLength: 100 }),
  );
  const people = fc.array(fc.record({ id: fc.constant('29:x'), name }), { maxLength: 5 });
  fc.assert(
    fc.property(people, (mentions) => {
      const { line, entities } = mentionParts(mentions);
      const text = String(line[0]?.['text'] ?? '');
      expect(text).toBe(entities.map((entity) => entity.text).join(', '));
      expect(new Set(entities.map((entity) => entity.text)).size).toBe(entities.length);
      for (const { mentioned } of entities) {
        expect(mentioned.name).toMatch(/^[\p{L}\p{M}\p{N} .,'’…-]+$/u);
      }
      expect(JSON.stringify(cardOf(mentions).message).length).toBeLessThan(CARD_UNITS.full);
    }),
    { numRuns: 1_000 },
  );
});
