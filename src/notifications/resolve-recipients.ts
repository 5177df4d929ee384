// From the names in `to` to the conversations that will be written to.

import { z } from 'zod';
import {
  isCovered,
  parseRecipient,
  type Recipient,
  UNRESOLVED_DETAIL,
  UNRESOLVED_REASONS,
  type UnresolvedReason,
  type UnresolvedRecipient,
} from '../domain/recipient.ts';
import type { ReachablePerson } from '../store/statements/people.ts';
import type { Statements } from '../store/store.ts';
import { MAX_WAITING_PER_PERSON } from './backlog.ts';

/** Somebody who gets nothing, in an answer. */
export const unresolvedRecipient = z
  .object({
    recipient: z.string().nullable().describe('As the producer wrote it; null once the data of the person was erased.'),
    reason: z.enum(UNRESOLVED_REASONS),
    detail: z.string().describe('What to do, in a sentence.'),
  })
  .meta({ id: 'UnresolvedRecipient', description: 'Somebody who is named and gets no delivery.' });

/** What a key lets its producer address. */
export interface AddressingRights {
  readonly tenantId?: string;
  /** To single people. */
  readonly canSend: boolean;
  /** To everyone. */
  readonly canBroadcast: boolean;
  /** Exact forms of `to`, or `*@domain`; empty for everybody. */
  readonly recipients: readonly string[];
}

export interface ResolvedRecipient {
  readonly recipient: string;
  readonly conversationId: number;
  readonly laneId: number;
  /** As Teams told it; null when it did not. */
  readonly timeZone: string | null;
  /** The earlier entry of `to` that names the same person. */
  readonly sameAs?: string;
}

export interface Resolution {
  readonly resolved: readonly ResolvedRecipient[];
  readonly unresolved: readonly UnresolvedRecipient[];
  /** The entry that asks for everyone, when there is one and it is allowed. */
  readonly everyone?: string;
}

/** Finds each recipient's chat; whoever cannot be reached is listed with the reason, never dropped. */
export async function resolveRecipients(
  statements: Statements,
  to: readonly string[],
  rights: AddressingRights,
): Promise<Resolution> {
  const resolved: ResolvedRecipient[] = [];
  const unresolved: UnresolvedRecipient[] = [];
  let everyone: string | undefined;
  for (const text of new Set(to)) {
    const recipient = parseRecipient(text);
    const answer = recipient ? await resolveOne(statements, recipient, rights) : 'unknown';
    if (answer === 'everyone') {
      everyone = text;
    } else if (typeof answer === 'string') {
      unresolved.push({ recipient: text, reason: answer, detail: UNRESOLVED_DETAIL[answer] });
    } else {
      const same = resolved.find((earlier) => earlier.conversationId === answer.conversationId);
      resolved.push({ recipient: text, ...answer, ...(same && { sameAs: same.recipient }) });
    }
  }
  return { resolved, unresolved, ...(everyone !== undefined && { everyone }) };
}

type Answer = 'everyone' | UnresolvedReason | Pick<ResolvedRecipient, 'conversationId' | 'laneId' | 'timeZone'>;

async function resolveOne(statements: Statements, recipient: Recipient, rights: AddressingRights): Promise<Answer> {
  if (!mayAddress(recipient, rights)) {
    return 'not_allowed';
  }
  if (recipient.kind === 'everyone') {
    return 'everyone';
  }
  const answer = judge(await statements.people.findReachable(recipient, rights.tenantId));
  const isFull =
    typeof answer === 'object' &&
    (await statements.deliveries.hasWaiting(answer.conversationId, MAX_WAITING_PER_PERSON));
  return isFull ? 'overloaded' : answer;
}

function judge(people: readonly ReachablePerson[]): Answer {
  const [person, another] = people;
  if (!person) {
    return 'unknown';
  }
  if (another) {
    return 'ambiguous';
  }
  if (person.installation === 'unreachable') {
    return 'unreachable';
  }
  return person.installation === 'active' && person.conversationRowId !== null && person.laneId !== null
    ? { conversationId: person.conversationRowId, laneId: person.laneId, timeZone: person.timeZone }
    : 'not_installed';
}

/** Whether a key lets its producer write to a recipient. */
export function mayAddress(recipient: Recipient, rights: AddressingRights): boolean {
  const isInScope = recipient.kind === 'everyone' ? rights.canBroadcast : rights.canSend;
  const { recipients } = rights;
  return isInScope && (recipients.length === 0 || recipients.some((allowed) => isCovered(recipient, allowed)));
}
