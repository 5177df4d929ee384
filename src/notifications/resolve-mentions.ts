// From the names in `mentions` to the people who are mentioned.

import { z } from 'zod';
import type { AnswerOf } from '../domain/answer.ts';
import { isPerson, parseRecipient, type Recipient, type UnresolvedReason } from '../domain/recipient.ts';
import type { Statements } from '../store/store.ts';
import { type AddressingRights, mayAddress } from './resolve-recipients.ts';

/** Why somebody is not mentioned. */
const LEFT_OUT_REASONS = ['unknown', 'ambiguous', 'not_allowed'] as const satisfies readonly UnresolvedReason[];

/** Somebody who is not mentioned, in an answer. */
export const leftOutMention = z
  .object({
    recipient: z.string().nullable().describe('As the producer wrote it; null once the data of the person was erased.'),
    reason: z.enum(LEFT_OUT_REASONS),
  })
  .meta({ id: 'LeftOutMention', description: 'Somebody who is to be mentioned and is not.' });
export type LeftOutMention = AnswerOf<typeof leftOutMention>;

/** Who is mentioned, and who is not. */
export interface ResolvedMentions {
  /** Row ids, each once. */
  readonly personIds: readonly number[];
  readonly leftOut: readonly LeftOutMention[];
}

/** Finds those whom the bot knows, whether they have it or not; a key tells no more names than it may write to. */
export async function resolveMentions(
  statements: Statements,
  mentions: readonly string[],
  rights: AddressingRights,
): Promise<ResolvedMentions> {
  const personIds = new Set<number>();
  const leftOut: LeftOutMention[] = [];
  for (const text of new Set(mentions)) {
    const recipient = parseRecipient(text);
    const answer = recipient ? await resolveOne(statements, recipient, rights) : 'unknown';
    typeof answer === 'number' ? personIds.add(answer) : leftOut.push({ recipient: text, reason: answer });
  }
  return { personIds: [...personIds], leftOut };
}

async function resolveOne(
  statements: Statements,
  recipient: Recipient,
  rights: AddressingRights,
): Promise<number | LeftOutMention['reason']> {
  if (!isPerson(recipient)) {
    return 'unknown';
  }
  if (!mayAddress(recipient, rights)) {
    return 'not_allowed';
  }
  const [person, another] = await statements.people.findReachable(recipient, rights.tenantId);
  return person && another && person.personId !== another.personId ? 'ambiguous' : (person?.personId ?? 'unknown');
}
