// Times as operators type them: 30m, 2h, 7d.

import { InvalidArgumentError } from 'commander';
import { systemClock } from '../domain/clock.ts';
import { NOTIFICATION_LIMITS as LIMITS } from '../domain/notification.ts';

const UNITS_MS = new Map([
  ['s', 1_000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
]);

/** @returns milliseconds; undefined when it is not a whole number and a unit */
function parseTimeMs(text: string): number | undefined {
  const match = /^(\d{1,7})([smhd])$/.exec(text);
  return match ? Number(match[1]) * (UNITS_MS.get(match[2] ?? '') ?? 0) : undefined;
}

/** An instant, epoch milliseconds: how long ago it was, or RFC 3339. @throws InvalidArgumentError */
export function parseInstant(text: string): number {
  const agoMs = parseTimeMs(text);
  const atMs =
    agoMs === undefined ? Date.parse(/^\d{4}-\d\d-\d\d/.test(text) ? text : '') : systemClock.nowMs() - agoMs;
  if (Number.isNaN(atMs)) {
    throw new InvalidArgumentError(
      'Expected a time such as 30m, 2h or 7d, or an instant such as 2026-01-31T08:00:00Z.',
    );
  }
  return atMs;
}

/** A time to live, milliseconds, within what a notification may have. @throws InvalidArgumentError */
export function parseTtl(text: string): number {
  const ms = parseTimeMs(text) ?? Number.NaN;
  if (!(ms >= LIMITS.minTtlMs && ms <= LIMITS.maxTtlMs)) {
    throw new InvalidArgumentError('Expected a time from 10s to 7d, such as 24h.');
  }
  return ms;
}
