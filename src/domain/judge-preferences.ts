// Whether a message goes to a person now, later or never, by what they have said. Pure.

import { Temporal } from 'temporal-polyfill';
import type { JudgedMessage, Judgement, Mute, Preferences, QuietHours } from './preferences.ts';

/** When and where it is asked. */
export interface JudgedMoment {
  readonly nowMs: number;
  /** IANA, one that exists. */
  readonly timeZone: string;
}

/**
 * Opt-out before mutes before quiet hours before the digest. What was put off for the digest is not put off for it
 * again; so with every claim in time a message is put off twice at the most: for the night, then for the digest.
 */
export function judge(preferences: Preferences, message: JudgedMessage, moment: JudgedMoment): Judgement {
  if (preferences.optedOutAtMs !== undefined) {
    return { kind: 'suppress', reason: 'opted_out' };
  }
  if (isMuted(preferences.mutes ?? [], message, moment.nowMs)) {
    return { kind: 'suppress', reason: 'muted' };
  }
  const { quietHours, digestMinute } = preferences;
  const { passesQuiet, deferredFor } = message;
  const quietUntilMs = quietHours && quietEndMs(quietHours, moment);
  if (quietUntilMs !== undefined) {
    const reason = deferredFor ?? 'quiet_hours';
    return passesQuiet ? { kind: 'through' } : { kind: 'defer', reason, untilMs: quietUntilMs };
  }
  if (digestMinute === undefined || passesQuiet || deferredFor === 'daily_digest') {
    return { kind: 'send' };
  }
  const digestAtMs = nextTimeOfDayMs(digestMinute, moment);
  const afterQuietMs = quietHours && quietEndMs(quietHours, { ...moment, nowMs: digestAtMs });
  return { kind: 'defer', reason: 'daily_digest', untilMs: afterQuietMs ?? digestAtMs };
}

/** Names are compared whatever the case of their letters. Pure. */
export function isMuted(
  mutes: readonly Mute[],
  { source, key }: Pick<JudgedMessage, 'source' | 'key'>,
  nowMs: number,
): boolean {
  const names = { source: source.toLowerCase(), key: key?.toLowerCase() };
  return mutes.some(
    ({ kind, name, untilMs }) => names[kind] === name.toLowerCase() && (untilMs === null || nowMs < untilMs),
  );
}

/** From an instant on, and before another. */
interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * When the quiet hours of this moment end; undefined when there are none. What joins them is part of them: a weekend
 * and the nights around it are one.
 */
export function quietEndMs(quietHours: QuietHours, { nowMs, timeZone }: JudgedMoment): number | undefined {
  let endMs = nowMs;
  for (;;) {
    const later = spansAround(quietHours, { nowMs: endMs, timeZone })
      .filter(({ fromMs, toMs }) => fromMs <= endMs && endMs < toMs)
      .reduce((latest, { toMs }) => Math.max(latest, toMs), endMs);
    if (later === endMs) {
      return endMs > nowMs ? endMs : undefined;
    }
    endMs = later;
  }
}

/** From tomorrow, where midnight may come twice, back to when a weekend may have begun, a date left out on the way. */
const DAYS_AROUND = 4;
const SATURDAY = 6;

/** Nights and weekends near a moment, as instants: what the clocks leave out comes later, what they repeat counts once. */
function spansAround({ fromMinute, toMinute, withWeekends }: QuietHours, { nowMs, timeZone }: JudgedMoment): Span[] {
  const tomorrow = localDate(nowMs, timeZone).add({ days: 1 });
  const at = (date: Temporal.PlainDate, minute: number) => instantAt(date, minute, timeZone);
  return Array.from({ length: DAYS_AROUND }, (_, days) => tomorrow.subtract({ days })).flatMap((date) => {
    const end = fromMinute <= toMinute ? date : date.add({ days: 1 });
    const night = { fromMs: at(date, fromMinute), toMs: at(end, toMinute) };
    const isWeekend = withWeekends && date.dayOfWeek === SATURDAY;
    return isWeekend ? [night, { fromMs: at(date, 0), toMs: at(date.add({ days: 2 }), 0) }] : [night];
  });
}

/** The next time after this moment at which it is that time of day, minutes after midnight. Pure. */
export function nextTimeOfDayMs(minute: number, { nowMs, timeZone }: JudgedMoment): number {
  let date = localDate(nowMs, timeZone).subtract({ days: 1 });
  for (;;) {
    const atMs = instantAt(date, minute, timeZone);
    if (atMs > nowMs) {
      return atMs;
    }
    date = date.add({ days: 1 });
  }
}

function localDate(nowMs: number, timeZone: string): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(timeZone).toPlainDate();
}

function instantAt(date: Temporal.PlainDate, minute: number, timeZone: string): number {
  const plainTime = Temporal.PlainTime.from({ hour: Math.floor(minute / 60), minute: minute % 60 });
  return date.toZonedDateTime({ timeZone, plainTime }).epochMilliseconds;
}
