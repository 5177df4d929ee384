// Instants as producers write them.

const INSTANT =
  /^(\d{4})-(\d\d)-(\d\d)T(?:[01]\d|2[0-3]):\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/** Instants before and from these on are mistakes: seconds that were taken for milliseconds, or the other way round. */
const MIN_AT_MS = Date.UTC(2000, 0, 1);
const END_AT_MS = Date.UTC(2101, 0, 1);

/**
 * An RFC 3339 instant, with or without seconds, of the years 2000 to 2100 in epoch milliseconds; undefined for anything else, also for a day that
 * is not in the calendar, and for a time that does not say its offset from UTC.
 */
export function parseInstantMs(value: string): number | undefined {
  const match = INSTANT.exec(value);
  if (!match) {
    return undefined;
  }
  const [year = 0, month = 0, day = 0] = match.slice(1).map(Number);
  const isInCalendar = new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day;
  const atMs = isInCalendar ? Date.parse(value) : Number.NaN;
  return atMs >= MIN_AT_MS && atMs < END_AT_MS ? atMs : undefined;
}
