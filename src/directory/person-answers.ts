// What is answered about a person: how much was erased, and the outline of an export.

import { z } from 'zod';
import { type AnswerOf, quantity, shownInstant } from '../domain/answer.ts';

/** How much was erased. */
export const erasedCounts = z.object({
  people: quantity,
  installations: quantity,
  conversations: quantity,
  names: quantity.describe('How often producers had named the person.'),
  contents: quantity.describe('Of notifications that went to nobody else, and of what the person had others told.'),
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
    memberOf: z.array(row).describe('Teams and group chats with the bot that the person is in.'),
    conversations: z.array(row),
    preferences: row.nullable().describe('What they have said about how they want to be told; null for nothing.'),
    subscriptions: z.array(row).describe('The topics that they have subscribed to.'),
    votes: z
      .array(row)
      .describe('Polls in which the person has voted, with what they chose; null where the poll is anonymous.'),
    apiKeys: z.array(row).describe('API keys that may send to the person by name.'),
    hooks: z.array(row).describe('Hooks that are for the person by name, or whose sender may name them.'),
    mentions: z.array(row).describe('Notifications that name the person and did not reach them.'),
    mentionedIn: z.array(row).describe('Notifications whose cards mention the person.'),
    told: z.array(row).describe('What the person asked the bot to tell others, with its content while that is kept.'),
    dialogs: z.array(row).describe('What the person was asked in dialogs, and what they answered, while that is kept.'),
    responses: z
      .array(row)
      .describe('What the person answered to what notifications asked, with what they entered while that is kept.'),
    reactions: z.array(row).describe('Their reactions to messages of the bot.'),
    deliveries: z.array(row).describe('What was sent, with its attempts, and with its content while that is kept.'),
  })
  .meta({ id: 'ExportedPerson', description: 'Everything that is held about one person.' });
