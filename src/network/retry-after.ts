// How long an answer asks to wait.

import { RETRY_SCHEDULE } from '../domain/retry.ts';
import type { ResponseHeaders } from './http-exchange.ts';

/**
 * Reads Retry-After, seconds or HTTP date.
 *
 * @returns milliseconds in (0, one hour]; undefined for nothing, zero, the past and nonsense
 */
export function readRetryAfterMs(header: ResponseHeaders[string], nowMs: number): number | undefined {
  if (typeof header !== 'string') {
    return undefined;
  }
  const value = header.trim();
  const waitMs = /^\d{1,12}$/.test(value) ? Number(value) * 1_000 : dateMs(value) - nowMs;
  return waitMs > 0 ? Math.min(waitMs, RETRY_SCHEDULE.maxRetryAfterMs) : undefined;
}

/** NaN for anything but the date form of HTTP; `Date.parse` alone takes almost any text. */
function dateMs(value: string): number {
  return /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(value)
    ? Date.parse(value)
    : Number.NaN;
}
