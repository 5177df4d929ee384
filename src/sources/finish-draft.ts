// From what a payload said to a notification request within its bounds. What does not fit is cut where one can see it. Pure.

import { createHash } from 'node:crypto';
import { parseInstantMs } from '../domain/instant.ts';
import {
  type DescribedImage,
  NOTIFICATION_LIMITS as LIMITS,
  type NameValue,
  type TitledLink,
} from '../domain/notification.ts';
import { isSafeLink } from '../domain/request-fields.ts';
import type { Draft, DraftFact, DraftLink } from '../domain/source.ts';
import { count } from './payload.ts';

type DraftImage = NonNullable<Draft['images']>[number];

/** The JSON of a notification request, but for its recipients. */
export type DraftedNotification = Readonly<Record<string, unknown>> & { readonly title: string };

/** @param fallbackTitle says whose event it is when its payload did not say what it is */
export function finishDraft(draft: Draft, fallbackTitle: string): DraftedNotification {
  const { severity, priority, card, textFormat } = draft;
  const title = toTitle(draft.title, LIMITS.maxTitleLength) ?? fallbackTitle;
  const summary = toTitle(draft.summary, LIMITS.maxSummaryLength);
  const occurredAt = toInstant(draft.occurredAt);
  const common = {
    title,
    ...(severity !== undefined && { severity }),
    ...(priority !== undefined && { priority }),
    ...toLifecycle(draft),
    ...(occurredAt !== undefined && { occurredAt }),
  };
  if (card !== undefined) {
    return { ...common, summary: summary ?? clip(title, LIMITS.maxSummaryLength), card };
  }
  const text = toText(draft.text);
  return {
    ...common,
    ...(text !== undefined && { text, ...(textFormat === 'markdown' && { textFormat }) }),
    ...toLists(draft),
    ...(summary !== undefined && { summary }),
  };
}

/** A text cut between two characters, with an ellipsis that says so. */
export function clip(text: string, max: number): string {
  if (text.length <= max) {
    return text;
  }
  // Half of a character at the end would be no text any more.
  return `${text.slice(0, max - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

function toText(text: string | undefined): string | undefined {
  const wellFormed = text?.toWellFormed().trimEnd();
  return wellFormed ? clip(wellFormed, LIMITS.maxTextLength) : undefined;
}

/** One line; undefined when nothing of it can be seen. */
function toTitle(text: string | undefined, max: number): string | undefined {
  const line = text?.toWellFormed().replace(INVISIBLE, ' ').replace(/\s+/g, ' ').trim();
  return line && VISIBLE.test(line) ? clip(line, max) : undefined;
}

/** Joiners and marks are kept beside what they belong to; alone they show nothing. */
const VISIBLE = /[^\s\p{Default_Ignorable_Code_Point}]/u;
const INVISIBLE = /[\p{Cc}\p{Zl}\p{Zp}\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069]/gu;

function toLists({ facts = [], links = [], images = [] }: Draft) {
  const buttons = links.flatMap(toLink);
  const pictures = images.flatMap(toImage);
  const unshown = [
    ...links.filter((link) => isAbsolute(link.url) && toLink(link).length === 0),
    ...buttons.slice(LIMITS.maxLinks),
    ...[
      ...images.filter((image) => isAbsolute(image.url) && toImage(image).length === 0),
      ...pictures.slice(LIMITS.maxImages),
    ].map(asLink),
  ].map(({ title, url }) => ({ name: title, value: url }));
  const lines = [...facts, ...unshown].flatMap(toFact);
  return {
    ...(lines.length > 0 && { facts: withinCount(lines) }),
    ...(buttons.length > 0 && { links: buttons.slice(0, LIMITS.maxLinks) }),
    ...(pictures.length > 0 && { images: pictures.slice(0, LIMITS.maxImages) }),
  };
}

function withinCount(facts: readonly NameValue[]): readonly NameValue[] {
  const kept = facts.length > LIMITS.maxFacts ? facts.slice(0, LIMITS.maxFacts - 1) : facts;
  const leftOut = facts.length - kept.length;
  return leftOut > 0 ? [...kept, { name: '…', value: `${count(leftOut, 'line')} more` }] : kept;
}

function toFact({ name, value }: DraftFact): readonly NameValue[] {
  const text = toValue(value);
  return text === undefined
    ? []
    : [{ name: toTitle(name, LIMITS.maxFactNameLength) ?? '…', value: clip(text, LIMITS.maxFactValueLength) }];
}

function toValue(value: unknown): string | undefined {
  const text = typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? '');
  return text.toWellFormed().trim() || undefined;
}

/** Part of an address leads nowhere, and says nothing. */
function isAbsolute(url: unknown): boolean {
  return typeof url === 'string' && /^[a-z][a-z0-9+.-]*:/i.test(url.trim());
}

function toLink({ title, url }: DraftLink): readonly TitledLink[] {
  return isShowable(url) ? [{ title: toTitle(title, LIMITS.maxLinkTitleLength) ?? 'Open', url }] : [];
}

function toImage({ alt, url }: DraftImage): readonly DescribedImage[] {
  return isShowable(url) ? [{ url, alt: toTitle(alt, LIMITS.maxImageAltLength) ?? 'Image' }] : [];
}

function asLink({ alt, url }: DraftImage): DraftLink {
  return { title: toTitle(alt, LIMITS.maxImageAltLength) ?? 'Image', url };
}

function isShowable(url: unknown): url is string {
  return typeof url === 'string' && url.length <= LIMITS.maxUrlLength && isSafeLink(url);
}

function toLifecycle({ key, state }: Draft) {
  const name = key
    ?.toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '')
    .trim();
  return name ? { key: withinKey(name), ...(state !== undefined && { state }) } : {};
}

/** Two long keys that begin alike stay two. */
function withinKey(name: string): string {
  if (name.length <= LIMITS.maxKeyLength) {
    return name;
  }
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 32);
  return `${clip(name, LIMITS.maxKeyLength - digest.length - 1)} ${digest}`;
}

/** Beyond this a number cannot be seconds any more. */
const MAX_SECONDS = 100_000_000_000;

function toInstant(value: unknown): string | undefined {
  const number = typeof value === 'string' && /^\d{9,13}(\.\d+)?$/.test(value) ? Number(value) : value;
  const text = typeof number === 'number' ? writeInstant(number < MAX_SECONDS ? number * 1_000 : number) : number;
  // As several systems write RFC 3339: with a blank, `UTC`, or an offset without a colon.
  const instant =
    typeof text === 'string' &&
    text
      .trim()
      .replace(/ ?UTC$/, 'Z')
      .replace(/ ?([+-]\d\d)(\d\d)$/, '$1:$2')
      .replace(/^(\S+) (\S+)$/, '$1T$2');
  // The zeros of other systems (year 1, 1970) are nobody's instants.
  return instant && parseInstantMs(instant) !== undefined ? instant : undefined;
}

function writeInstant(ms: number): string | undefined {
  return Math.abs(ms) < MAX_MS ? new Date(ms).toISOString() : undefined;
}

/** What a Date can hold is more; no later instant is read. */
const MAX_MS = Date.UTC(9999, 0);
