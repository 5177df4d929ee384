// From the names in `mentions` to the people who are mentioned.

import { parseRecipient, type Recipient, type UnresolvedReason } from '../domain/recipient.ts';
import type { Statements } from '../store/store.ts';
import { type AddressingRights, mayAddress } from './resolve-recipients.ts';

/** Somebody who is not mentioned, as the producer wrote it, and why. */
export interface LeftOutMention {
  /** Null once the data of the person it named was erased. */
  readonly recipient: string | null;
  readonly reason: Extract<UnresolvedReason, 'unknown' | 'ambiguous' | 'not_allowed'>;
}

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
  if (recipient.kind === 'everyone') {
    return 'unknown';
  }
  if (!mayAddress(recipient, rights)) {
    return 'not_allowed';
  }
  const [person, another] = await statements.people.findReachable(recipient, rights.tenantId);
  return person && another && person.personId !== another.personId ? 'ambiguous' : (person?.personId ?? 'unknown');
}
