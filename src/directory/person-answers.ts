// What is answered about a person: how much was erased, and the outline of an export.

import { z } from 'zod';
import { type AnswerOf, quantity, shownInstant } from '../domain/answer.ts';

/** How much was erased. */
export const erasedCounts = z.object({
  people: quantity,
  installations: quantity,
  conversations: quantity,
  names: quantity.describe('How often producers had named the person.'),
  contents: quantity.describe('Of notifications that went to nobody else.'),
  deliveriesEnded: quantity.describe('Those that waited, and are not sent.'),
  apiKeys: quantity.describe('API keys that named the person among those whom they may send to.'),
  hooks: quantity.describe('Hooks that named the person among those for whom they are, or whom their sender may name.'),
});
export type ErasedCounts = AnswerOf<typeof erasedCounts>;

/** The answer to an erasure. */
export const erasedPerson = z
  .object({ erased: erasedCounts })
  .meta({ id: 'ErasedPerson', description: 'What was erased.' });

/** A row as it is stored, with instants in RFC 3339. */
const row = z.record(z.string(), z.unknown());

/** All that is held. */
export const exportedPerson = z
  .object({
    exportedAt: shownInstant,
    person: row.nullable().describe('Ids and profile; null for somebody of whom only names are known.'),
    installations: z.array(row),
    conversations: z.array(row),
    apiKeys: z.array(row).describe('API keys that may send to the person by name.'),
    hooks: z.array(row).describe('Hooks that are for the person by name, or whose sender may name them.'),
    mentions: z.array(row).describe('Notifications that name the person and did not reach them.'),
    mentionedIn: z.array(row).describe('Notifications whose cards mention the person.'),
    deliveries: z.array(row).describe('What was sent, with its attempts, and with its content while that is kept.'),
  })
  .meta({ id: 'ExportedPerson', description: 'Everything that is held about one person.' });
