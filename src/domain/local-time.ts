// Times as people write them: an instant, or a local time, which is another instant in each time zone.

import { Temporal } from 'temporal-polyfill';

/** A time that somebody asks for. */
export type AskedTime =
  | { readonly kind: 'instant'; readonly atMs: number }
  /** `localAt`: `2026-12-01T09:00:00`, a date and a time of day as they stand on a wall. */
  | { readonly kind: 'local'; readonly localAt: string };

const HOUR_MS = 3_600_000;
/** The first zone on earth to have a local time is UTC+14, the last one UTC-12. */
const FIRST_OFFSET_MS = 14 * HOUR_MS;
const LAST_OFFSET_MS = -12 * HOUR_MS;

/** RFC 3339, where the seconds, and for a local time the offset, may be left out. */
const ASKED_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::[0-5]\d(?:\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?$/i;
/** A name, and not an offset such as `+01:00`, which has no rules for summer time. */
const ZONE_NAME = /^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/;

/** @returns the instant when the text has an offset or Z, else the local time; undefined for anything but a date and time that exist. Pure. */
export function parseAskedTime(text: string): AskedTime | undefined {
  const match = ASKED_TIME.exec(text);
  if (!match) {
    return undefined;
  }
  return orUndefined(() =>
    match[1] === undefined
      ? { kind: 'local', localAt: Temporal.PlainDateTime.from(text).toString() }
      : { kind: 'instant', atMs: Temporal.Instant.from(text).epochMilliseconds },
  );
}

/** Names that were looked at: there are some 600 zones, and to look at one takes as long as a statement on SQLite. */
const looked = new Map<string, boolean>();
const MAX_LOOKED = 2_000;

/** Whether it is the name of a zone in the time zone database (IANA), in any case. */
export function isTimeZone(name: string): boolean {
  if (!ZONE_NAME.test(name)) {
    return false;
  }
  const known = looked.get(name);
  if (known !== undefined) {
    return known;
  }
  if (looked.size >= MAX_LOOKED) {
    looked.clear();
  }
  const isZone = orUndefined(() => Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name)) !== undefined;
  looked.set(name, isZone);
  return isZone;
}

/**
 * When it is this time there, epoch milliseconds. A local time that a change of the clocks leaves out comes as much
 * later as was left out; of one that comes twice it is the first.
 *
 * @param localAt as `parseAskedTime` gives it
 * @param timeZone one that exists
 */
export function instantOf(localAt: string, timeZone: string): number {
  return Temporal.PlainDateTime.from(localAt).toZonedDateTime(timeZone, { disambiguation: 'compatible' })
    .epochMilliseconds;
}

/** The same where a person is, or in `fallback` when nobody knows where that is. */
export function instantFor(localAt: string, timeZone: string | null, fallback: string): number {
  return instantOf(localAt, existingZone(timeZone, fallback));
}

/** The zone itself, or `fallback` when it is not known, or there is none of that name. */
export function existingZone(timeZone: string | null | undefined, fallback: string): string {
  return timeZone !== null && timeZone !== undefined && isTimeZone(timeZone) ? timeZone : fallback;
}

/**
 * When the next day begins there, epoch milliseconds.
 *
 * @param timeZone one that exists
 */
export function startOfNextDay(atMs: number, timeZone: string): number {
  const today = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone);
  return today.add({ days: 1 }).startOfDay().epochMilliseconds;
}

/** From when on, and until when, it can be this time anywhere on earth, epoch milliseconds. */
export function instantsOnEarth(localAt: string): { readonly firstMs: number; readonly lastMs: number } {
  const utcMs = instantOf(localAt, 'UTC');
  return { firstMs: utcMs - FIRST_OFFSET_MS, lastMs: utcMs - LAST_OFFSET_MS };
}

/** What does not exist is told by a RangeError; it is the caller's to say so. */
function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof RangeError) {
      return undefined;
    }
    throw error;
  }
}
