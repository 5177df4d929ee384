// One card for many messages: what a digest tells of each of them. Pure.

import { assertNever } from '../domain/errors.ts';
import { clip } from '../domain/literal.ts';
import {
  type BotContent,
  type DigestContent,
  type DigestItem,
  NOTIFICATION_LIMITS,
  type ProducerContent,
  SEVERITIES,
  type StoredContent,
  type ToldContent,
} from '../domain/notification.ts';
import { type DeferReason, PREFERENCE_LIMITS } from '../domain/preferences.ts';

/** A digest that is posted in the place of one message. */
export interface Digest {
  readonly content: DigestContent;
  /** How many messages it tells of besides. */
  readonly others: number;
}

/** What people may mute or put off: what others had them told, and not what the bot says of its own. */
export type AddressedContent = ProducerContent | ToldContent | Extract<BotContent, { readonly kind: 'reminder' }>;

/** One of the messages. */
export interface DigestPart {
  readonly content: AddressedContent;
  readonly acceptedAtMs: number;
  /** Why it waited, if that was for what its person has said. */
  readonly deferredFor?: DeferReason | undefined;
}

const ADDRESSED: readonly StoredContent['kind'][] = [
  'event',
  'card',
  'told',
  'reminder',
] satisfies readonly AddressedContent['kind'][];

/** Whether it is for what somebody said, and not an answer of the bot or a greeting. */
export function isAddressed(content: StoredContent): content is AddressedContent {
  return ADDRESSED.some((kind) => kind === content.kind);
}

/** Of more than it can name, it names the gravest, and of equally grave ones the latest. */
export function composeDigest(first: DigestPart, others: readonly DigestPart[]): Digest {
  const parts = [first, ...others];
  const items = parts
    .map(itemOf)
    .toSorted((left, right) => gravity(right) - gravity(left) || right.atMs - left.atMs)
    .slice(0, PREFERENCE_LIMITS.maxDigestItems)
    .toSorted((left, right) => left.atMs - right.atMs);
  const because = parts.find(({ deferredFor }) => deferredFor !== undefined)?.deferredFor ?? 'too_many';
  const more = parts.length - items.length;
  return { content: { kind: 'digest', because, items, more }, others: others.length };
}

function gravity({ severity }: DigestItem): number {
  return SEVERITIES.indexOf(severity);
}

function itemOf({ content, acceptedAtMs: atMs }: DigestPart): DigestItem {
  switch (content.kind) {
    case 'event': {
      const { title, source, severity, occurredAtMs, links } = content;
      const [link] = links;
      return { title, source, severity, atMs: occurredAtMs ?? atMs, ...(link && { link }) };
    }
    case 'card':
      return { title: content.title, source: content.source, severity: content.severity, atMs };
    case 'reminder':
      return { title: content.title, source: content.source, severity: 'info', atMs };
    case 'told': {
      const title = clip(`${content.by}: ${content.text}`, NOTIFICATION_LIMITS.maxTitleLength);
      return { title, source: content.source, severity: 'info', atMs };
    }
    default:
      return assertNever(content);
  }
}
