// From the names in `to` to the conversations that will be written to.

import { z } from 'zod';
import {
  explainUnresolved,
  isAudience,
  isCovered,
  parseRecipient,
  type Recipient,
  scopeFor,
  UNRESOLVED_REASONS,
  type UnresolvedReason,
  type UnresolvedRecipient,
} from '../domain/recipient.ts';
import type { FanoutAudience } from '../store/statements/fanouts.ts';
import type { ReachablePerson } from '../store/statements/people.ts';
import type { ReachablePlace } from '../store/statements/places.ts';
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
  /** To single people, to places and to topics. */
  readonly canSend: boolean;
  /** To everyone, and to the members of a team. */
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
  /** Whether several people read it there. */
  readonly isPlace: boolean;
  /** The earlier entry of `to` that names the same person or place. */
  readonly sameAs?: string;
}

/** An entry of `to` that means many people. */
export interface Broadcast extends FanoutAudience {
  readonly recipient: string;
  /** The earlier entry that means the same. */
  readonly sameAs?: string;
}

/** What `to` comes to. */
export interface Resolution {
  readonly resolved: readonly ResolvedRecipient[];
  readonly unresolved: readonly UnresolvedRecipient[];
  readonly broadcasts: readonly Broadcast[];
}

/** Finds each recipient's chat; whoever cannot be reached is listed with the reason, never dropped. */
export async function resolveRecipients(
  statements: Statements,
  to: readonly string[],
  rights: AddressingRights,
): Promise<Resolution> {
  const resolved: ResolvedRecipient[] = [];
  const unresolved: UnresolvedRecipient[] = [];
  const broadcasts: Broadcast[] = [];
  for (const text of new Set(to)) {
    const recipient = parseRecipient(text);
    const answer = recipient ? await resolveOne(statements, recipient, rights) : 'unknown';
    if (typeof answer === 'string') {
      unresolved.push({ recipient: text, reason: answer, detail: explain(answer, recipient, rights) });
    } else if ('audience' in answer) {
      const same = broadcasts.find((earlier) => isSameAudience(earlier, answer));
      broadcasts.push({ recipient: text, ...answer, ...(same && { sameAs: same.recipient }) });
    } else {
      const same = resolved.find((earlier) => earlier.conversationId === answer.conversationId);
      resolved.push({ recipient: text, ...answer, ...(same && { sameAs: same.recipient }) });
    }
  }
  return { resolved, unresolved, broadcasts };
}

/** The audiences among the recipients, as far as they can be reached. */
export async function findAudiences(
  statements: Statements,
  to: readonly string[],
  rights: AddressingRights,
): Promise<readonly FanoutAudience[]> {
  const isMany = (text: string) => {
    const recipient = parseRecipient(text);
    return recipient !== undefined && isAudience(recipient);
  };
  return (await resolveRecipients(statements, to.filter(isMany), rights)).broadcasts;
}

function isSameAudience(left: FanoutAudience, right: FanoutAudience): boolean {
  return left.audience === right.audience && left.audienceId === right.audienceId;
}

type Reached = Omit<ResolvedRecipient, 'recipient' | 'sameAs'>;
type Answer = UnresolvedReason | FanoutAudience | Reached;

async function resolveOne(statements: Statements, recipient: Recipient, rights: AddressingRights): Promise<Answer> {
  if (!mayAddress(recipient, rights)) {
    return 'not_allowed';
  }
  switch (recipient.kind) {
    case 'everyone':
      return { audience: 'everyone', audienceId: 0 };
    case 'topic': {
      const topic = await statements.topics.find(recipient.name);
      return topic ? { audience: 'topic', audienceId: topic.id } : 'unknown';
    }
    case 'teamMembers': {
      const team = judgePlace(await statements.places.find({ kind: 'team', id: recipient.id }, rights.tenantId));
      return typeof team === 'string' ? team : { audience: 'roster', audienceId: team.rosterId };
    }
    case 'team':
    case 'channel':
    case 'chat': {
      const place = judgePlace(await statements.places.find(recipient, rights.tenantId));
      return typeof place === 'string' ? place : withRoom(statements, toReached(place));
    }
    default: {
      const person = judge(await statements.people.findReachable(recipient, rights.tenantId));
      return typeof person === 'string' ? person : withRoom(statements, person);
    }
  }
}

async function withRoom({ deliveries }: Statements, reached: Reached): Promise<Reached | 'overloaded'> {
  const isFull = await deliveries.hasWaiting(reached.conversationId, MAX_WAITING_PER_PERSON);
  return isFull ? 'overloaded' : reached;
}

/** Why Teams refuses messages to somebody who does not have the bot. */
const WITHOUT_BOT: ReadonlySet<string | null> = new Set(['not_installed', 'not_in_roster', 'uninstalled']);

function judge(people: readonly ReachablePerson[]): UnresolvedReason | Reached {
  const [person, another] = people;
  if (!person) {
    return 'unknown';
  }
  if (another) {
    return 'ambiguous';
  }
  if (person.hasOptedOut) {
    return 'opted_out';
  }
  const { installation, conversationRowId, laneId, timeZone } = person;
  if (installation === 'unreachable') {
    return WITHOUT_BOT.has(person.reason) ? 'not_installed' : 'unreachable';
  }
  const hasBot = installation === 'active' || (installation === null && person.isInRoster);
  return hasBot && conversationRowId !== null && laneId !== null
    ? { conversationId: conversationRowId, laneId, timeZone, isPlace: false }
    : 'not_installed';
}

function judgePlace(places: readonly ReachablePlace[]): UnresolvedReason | ReachablePlace {
  const [place, another] = places;
  if (!place) {
    return 'unknown';
  }
  if (another) {
    return 'ambiguous';
  }
  if (place.installation === 'removed') {
    return 'not_installed';
  }
  return place.state === 'active' && place.installation !== 'unreachable' ? place : 'unreachable';
}

function toReached({ conversationRowId, laneId }: ReachablePlace): Reached {
  return { conversationId: conversationRowId, laneId, timeZone: null, isPlace: true };
}

/** Whether a key lets its producer write to a recipient. */
export function mayAddress(recipient: Recipient, rights: AddressingRights): boolean {
  const { recipients } = rights;
  return (
    hasScopeFor(recipient, rights) &&
    (recipients.length === 0 || recipients.some((allowed) => isCovered(recipient, allowed)))
  );
}

function hasScopeFor(recipient: Recipient, { canSend, canBroadcast }: AddressingRights): boolean {
  return scopeFor(recipient) === 'broadcast' ? canBroadcast : canSend;
}

function explain(reason: UnresolvedReason, recipient: Recipient | undefined, rights: AddressingRights): string {
  return reason === 'not_allowed' && recipient !== undefined && !hasScopeFor(recipient, rights)
    ? `This API key may not send to this recipient: it lacks the scope ${scopeFor(recipient)}.`
    : explainUnresolved(reason, recipient);
}
