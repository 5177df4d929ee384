// Instants as the reader's own clock shows them.

import { knownLocale } from './known-locale.ts';

/** Whose clock and language it is, as Teams reports them: either may be absent, unknown or wrong. */
export interface Reader {
  /** BCP 47. */
  readonly locale?: string | undefined;
  /** IANA name. */
  readonly timeZone?: string | undefined;
}

/** `full` has year and zone; `short` is for lists beside it. */
export type TimeStyle = 'full' | 'short';

/** @param atMs epoch milliseconds */
export type WriteTime = (atMs: number, style: TimeStyle) => string;

/** Gives the writer of instants for one reader. */
export type TimeWriters = (reader: Reader) => WriteTime;

const OPTIONS: Readonly<Record<TimeStyle, Intl.DateTimeFormatOptions>> = {
  full: {
    ...{ weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' },
    ...{ hour: 'numeric', minute: '2-digit', timeZoneName: 'short' },
  },
  short: { day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit' },
};

/** One formatter takes half a millisecond to make, and much memory. */
const MAX_FORMATTERS = 128;

/** Writers that share their formatters. What is unknown becomes English, and UTC, which the full style then says. */
export function createTimeWriters(): TimeWriters {
  const formatters = new Map<string, Intl.DateTimeFormat>();
  const formatterOf = ({ locale, timeZone }: Reader, style: TimeStyle): Intl.DateTimeFormat => {
    const key = JSON.stringify([locale, timeZone, style]);
    const known = formatters.get(key);
    if (known) {
      return known;
    }
    if (formatters.size >= MAX_FORMATTERS) {
      formatters.clear();
    }
    // English last: without it an unknown language would become that of the machine.
    const formatter = new Intl.DateTimeFormat([knownLocale(locale) ?? 'en', 'en'], {
      ...OPTIONS[style],
      timeZone: knownTimeZone(timeZone),
    });
    formatters.set(key, formatter);
    return formatter;
  };
  return (reader) => (atMs, style) => formatterOf(reader, style).format(atMs);
}

/**
 * A time of day as the reader's region writes it.
 *
 * @param minute after midnight
 */
export function writeTimeOfDay(minute: number, locale: string | undefined): string {
  return new Intl.DateTimeFormat([knownLocale(locale) ?? 'en', 'en'], {
    hour: 'numeric',
    minute: '2-digit',
    timeZone: 'UTC',
  }).format(minute * 60_000);
}

function knownTimeZone(timeZone: string | undefined): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: timeZone ?? 'UTC' }).resolvedOptions().timeZone;
  } catch {
    return 'UTC';
  }
}
