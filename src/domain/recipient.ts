// The grammar of `to`: how a producer names whom it addresses.

import { isDeepStrictEqual } from 'node:util';
import { isConnectorId } from './conversation.ts';
import { addressKey, isGuid } from './person.ts';

/** The name of one person. */
export type PersonRecipient =
  | { readonly kind: 'address'; readonly address: string }
  | { readonly kind: 'aadObjectId'; readonly aadObjectId: string }
  | { readonly kind: 'teamsUserId'; readonly teamsUserId: string };

/** The name of one conversation of several people: the General channel of a team, another channel, or a group chat. */
export type PlaceRecipient = {
  readonly kind: 'team' | 'channel' | 'chat';
  /** `19:...`; of a team also the GUID of its Microsoft 365 group, lower case. */
  readonly id: string;
};

/** The name of many people, each of whom gets a message of their own. */
export type AudienceRecipient =
  | { readonly kind: 'everyone' }
  /** As that of a team. */
  | { readonly kind: 'teamMembers'; readonly id: string }
  /** Lower case. */
  | { readonly kind: 'topic'; readonly name: string };

export type Recipient = PersonRecipient | PlaceRecipient | AudienceRecipient;

/** Names everybody who has the bot. */
export const EVERYONE = 'everyone';

/** The forms in which one person is named, for error messages and documents. */
export const PERSON_FORMS = 'an e-mail address or UPN, "aad:<Entra object id>" or a "29:..." Teams user id';

/** The forms `to` takes, for error messages and documents. */
export const RECIPIENT_FORMS =
  'an e-mail address or UPN, "aad:<Entra object id>", a "29:..." Teams user id, "team:<id>", "channel:<id>", "chat:<id>", "team-members:<id>", "topic:<name>", or "everyone"';

const MAX_ADDRESS_LENGTH = 320;

/** @returns the recipient, or undefined when the text has none of the known forms. Pure. */
export function parseRecipient(text: string): Recipient | undefined {
  if (text === EVERYONE) {
    return { kind: 'everyone' };
  }
  if (text.startsWith('aad:')) {
    const id = text.slice('aad:'.length);
    return isGuid(id) ? { kind: 'aadObjectId', aadObjectId: id.toLowerCase() } : undefined;
  }
  const prefixed = PREFIX.exec(text);
  if (prefixed) {
    const [, prefix = '', name = ''] = prefixed;
    return parsePrefixed(prefix, name);
  }
  if (text.startsWith('29:')) {
    return text.length > '29:'.length && isConnectorId(text) ? { kind: 'teamsUserId', teamsUserId: text } : undefined;
  }
  return text.length <= MAX_ADDRESS_LENGTH && /^[^\s@\p{Cc}\p{Cs}]+@[^\s@\p{Cc}\p{Cs}]+$/u.test(text.trim())
    ? { kind: 'address', address: addressKey(text) }
    : undefined;
}

/** In whatever case, so that none of them is taken for an address. */
const PREFIX = /^(team|channel|chat|team-members|topic):(.*)$/is;

function parsePrefixed(prefix: string, name: string): Recipient | undefined {
  switch (prefix) {
    case 'team':
    case 'team-members': {
      const id = parseTeamId(name);
      return id === undefined ? undefined : { kind: prefix === 'team' ? prefix : 'teamMembers', id };
    }
    case 'channel':
    case 'chat':
      return isPlaceId(name) ? { kind: prefix, id: name } : undefined;
    case 'topic': {
      const topic = parseTopicName(name);
      return topic === undefined ? undefined : { kind: 'topic', name: topic };
    }
    default:
      return undefined;
  }
}

function parseTeamId(text: string): string | undefined {
  if (isGuid(text)) {
    return text.toLowerCase();
  }
  return isPlaceId(text) ? text : undefined;
}

/** The id of a conversation of several people, without a thread. */
function isPlaceId(text: string): boolean {
  return /^19:[^;]+$/.test(text) && isConnectorId(text);
}

/** What the name of a topic may be, for error messages and documents. */
export const TOPIC_NAME_FORM =
  '1 to 64 letters a to z, digits, dots, dashes or underscores, and no dot at its beginning';

/** @returns the name in the form in which topics are stored, or undefined when no topic can have it. Pure. */
export function parseTopicName(text: string): string | undefined {
  // As parts of our paths are, in which it stands.
  return /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}$/.test(text) ? text.toLowerCase() : undefined;
}

/** Whether a recipient is one person. */
export function isPerson(recipient: Recipient): recipient is PersonRecipient {
  return recipient.kind === 'address' || recipient.kind === 'aadObjectId' || recipient.kind === 'teamsUserId';
}

/** Whether a recipient is many people, each of whom gets a message of their own. */
export function isAudience(recipient: Recipient): recipient is AudienceRecipient {
  return recipient.kind === 'everyone' || recipient.kind === 'teamMembers' || recipient.kind === 'topic';
}

/** One text for all spellings of the same name. */
export function nameKey(recipient: PersonRecipient): string {
  switch (recipient.kind) {
    case 'address':
      return recipient.address;
    case 'aadObjectId':
      return `aad:${recipient.aadObjectId}`;
    case 'teamsUserId':
      return recipient.teamsUserId;
  }
}

/**
 * The scope that a key needs to address somebody. Who subscribes to a topic has asked for it, and whoever is in a team
 * reads its channels; the others are many people who have not asked.
 */
export function scopeFor(recipient: Recipient): 'send' | 'broadcast' {
  return recipient.kind === 'everyone' || recipient.kind === 'teamMembers' ? 'broadcast' : 'send';
}

/**
 * Whether a recipient is one of those whom an entry of an API key lets it address. `*@domain` stands for the addresses
 * of the domain, and for nobody who is named in another way.
 */
export function isCovered(recipient: Recipient, allowed: string): boolean {
  return allowed.startsWith('*@')
    ? recipient.kind === 'address' && recipient.address.endsWith(addressKey(allowed.slice(1)))
    : isDeepStrictEqual(recipient, parseRecipient(allowed));
}

/** Why a recipient gets no delivery. */
export const UNRESOLVED_REASONS = [
  'unknown',
  'not_installed',
  'unreachable',
  'ambiguous',
  'not_allowed',
  'overloaded',
  'opted_out',
] as const;
export type UnresolvedReason = (typeof UNRESOLVED_REASONS)[number];

/** A recipient, as the producer wrote it, that gets no delivery. */
export interface UnresolvedRecipient {
  /** Null once the data of the person it named was erased. */
  readonly recipient: string | null;
  readonly reason: UnresolvedReason;
  readonly detail: string;
}

/** What a producer is told of a person, in words that say what to do. */
export const UNRESOLVED_DETAIL: Readonly<Record<UnresolvedReason, string>> = {
  unknown: 'Nobody with this identity has been seen. The person has to install the bot in Teams once.',
  not_installed: 'The person is known but has removed the bot, or never installed it in the personal scope.',
  unreachable:
    'Teams refused earlier messages to this person. Sending resumes when the person writes to the bot or installs it again, or when one of those messages is sent again and arrives.',
  ambiguous: 'More than one person has this address. Use "aad:<Entra object id>" instead.',
  not_allowed: 'This API key may not send to this recipient.',
  overloaded: 'Too many messages wait for this person already. Try again later.',
  opted_out: 'The person wants no messages. Sending resumes when they write "start" to the bot.',
};

/** The same of a team, a channel or a group chat. */
const PLACE_DETAIL: Readonly<Record<UnresolvedReason, string>> = {
  ...UNRESOLVED_DETAIL,
  unknown: 'The bot knows no place with this id. Somebody has to add it to the team or the chat in Teams.',
  not_installed: 'The bot was removed from this team or chat. Somebody has to add it again in Teams.',
  unreachable:
    'This place is archived or deleted, or Teams refused earlier messages there. Sending resumes when it is restored.',
  ambiguous: 'More than one place has this id. Use a producer that is limited to one tenant.',
  overloaded: 'Too many messages wait for this place already. Try again later.',
};

const TOPIC_UNKNOWN = 'There is no topic of this name. An operator has to create it: `bellhop topic create`.';

/** @param recipient whom the producer meant, if that can be told */
export function explainUnresolved(reason: UnresolvedReason, recipient: Recipient | undefined): string {
  switch (recipient?.kind) {
    case 'team':
    case 'channel':
    case 'chat':
    case 'teamMembers':
      return PLACE_DETAIL[reason];
    case 'topic':
      return reason === 'unknown' ? TOPIC_UNKNOWN : UNRESOLVED_DETAIL[reason];
    default:
      return UNRESOLVED_DETAIL[reason];
  }
}
