// The grammar of `to`: how a producer names whom it addresses.

import { isDeepStrictEqual } from 'node:util';
import { isConnectorId } from './conversation.ts';
import { addressKey, isGuid } from './person.ts';

export type Recipient =
  | { readonly kind: 'address'; readonly address: string }
  | { readonly kind: 'aadObjectId'; readonly aadObjectId: string }
  | { readonly kind: 'teamsUserId'; readonly teamsUserId: string }
  | { readonly kind: 'everyone' };

/** Names everybody who has the bot. */
export const EVERYONE = 'everyone';

/** The forms in which one person is named, for error messages and documents. */
export const PERSON_FORMS = 'an e-mail address or UPN, "aad:<Entra object id>" or a "29:..." Teams user id';

/** The forms `to` takes, for error messages and documents. */
export const RECIPIENT_FORMS =
  'an e-mail address or UPN, "aad:<Entra object id>", a "29:..." Teams user id, or "everyone"';

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
  if (text.startsWith('29:')) {
    return text.length > '29:'.length && isConnectorId(text) ? { kind: 'teamsUserId', teamsUserId: text } : undefined;
  }
  return text.length <= MAX_ADDRESS_LENGTH && /^[^\s@\p{Cc}\p{Cs}]+@[^\s@\p{Cc}\p{Cs}]+$/u.test(text.trim())
    ? { kind: 'address', address: addressKey(text) }
    : undefined;
}

/** One text for all spellings of the same name. */
export function nameKey(recipient: Exclude<Recipient, { kind: 'everyone' }>): string {
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
] as const;
export type UnresolvedReason = (typeof UNRESOLVED_REASONS)[number];

/** A recipient, as the producer wrote it, that gets no delivery. */
export interface UnresolvedRecipient {
  /** Null once the data of the person it named was erased. */
  readonly recipient: string | null;
  readonly reason: UnresolvedReason;
  readonly detail: string;
}

/** What a producer is told, in words that say what to do. */
export const UNRESOLVED_DETAIL: Readonly<Record<UnresolvedReason, string>> = {
  unknown: 'Nobody with this identity has been seen. The person has to install the bot in Teams once.',
  not_installed: 'The person is known but has removed the bot, or never installed it in the personal scope.',
  unreachable:
    'Teams refused earlier messages to this person. Sending resumes when the person writes to the bot or installs it again, or when one of those messages is sent again and arrives.',
  ambiguous: 'More than one person has this address. Use "aad:<Entra object id>" instead.',
  not_allowed: 'This API key may not send to this recipient.',
  overloaded: 'Too many messages wait for this person already. Try again later.',
};
