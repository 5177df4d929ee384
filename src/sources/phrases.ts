// Wordings that several senders need: a part of a longer text, a list that goes on, a duration. Pure.

import { clip } from './finish-draft.ts';
import { textAt } from './payload.ts';

/** Enough to know what a text is about; the rest is behind a button. */
const MAX_EXCERPT = 800;
const MAX_LISTED = 10;

/** The beginning of a text that somebody wrote, without the hints that its template held. */
export function excerpt(text: string | undefined, max = MAX_EXCERPT): string | undefined {
  // Cut twice: first so that no text takes long to search, then so that it is short.
  const said = text
    ?.slice(0, 4 * max)
    .replace(/<!--[\s\S]*?(-->|$)/g, '')
    .replace(/\r\n?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
  return said ? clip(said, max) : undefined;
}

/** `a, b, c`, and how many more there are. */
export function listed(names: readonly string[], between = ', '): string | undefined {
  const shown = names.slice(0, MAX_LISTED);
  const more = names.length - shown.length;
  return names.length === 0 ? undefined : [...shown, ...(more > 0 ? [`… ${more} more`] : [])].join(between);
}

/** `1 h 4 min`, `2 min 5 s`, `17 s`. */
export function inWords(seconds: number): string | undefined {
  if (!Number.isFinite(seconds) || seconds < 0 || seconds > MAX_SECONDS) {
    return undefined;
  }
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3_600), Math.floor((whole % 3_600) / 60)];
  const [large, small] = hours > 0 ? [`${hours} h`, `${minutes} min`] : [`${minutes} min`, `${whole % 60} s`];
  return hours === 0 && minutes === 0 ? small : `${large} ${small}`.replace(/ 0 \w+$/, '');
}

/** A year: no run takes longer. */
const MAX_SECONDS = 366 * 86_400;

/** How long something took, from the instants of its beginning and its end. */
export function took(start: unknown, end: unknown): string | undefined {
  return inWords((Date.parse(textAt(end) ?? '') - Date.parse(textAt(start) ?? '')) / 1_000);
}

/** The latest of some instants, as it was written. */
export function latestOf(instants: readonly (string | undefined)[]): string | undefined {
  const known = instants.filter((instant) => instant !== undefined && !Number.isNaN(Date.parse(instant)));
  return known.reduce<string | undefined>(
    (latest, instant) => (latest === undefined || Date.parse(instant ?? '') > Date.parse(latest) ? instant : latest),
    undefined,
  );
}
