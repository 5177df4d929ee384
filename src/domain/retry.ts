// How long to wait before the next attempt.

/** Shape of the retry schedule; all milliseconds. */
export interface RetrySchedule {
  readonly baseMs: number;
  readonly capMs: number;
  /** The longest Retry-After that is obeyed; a longer one is cut to it. */
  readonly maxRetryAfterMs: number;
}

export const RETRY_SCHEDULE: RetrySchedule = { baseMs: 1_000, capMs: 300_000, maxRetryAfterMs: 3_600_000 };

export interface RetryInput {
  /** Failed attempts so far, from 1. */
  readonly failures: number;
  /** The Connector's Retry-After in milliseconds: a floor, not a hint. Negative or not finite counts as absent. */
  readonly retryAfterMs?: number | undefined;
  /** In [0, 1). */
  readonly jitter: number;
}

/**
 * Full jitter over base * 2^(failures - 1), capped, never below Retry-After (itself cut to its maximum). Pure.
 *
 * @returns whole milliseconds in [retryAfter, retryAfter + cap], or in [0, cap] without one
 * @throws RangeError when failures < 1
 * @see https://learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit
 */
export function retryDelayMs(input: RetryInput, schedule: RetrySchedule = RETRY_SCHEDULE): number {
  if (input.failures < 1) {
    throw new RangeError(`Expected failures >= 1, got ${input.failures}`);
  }
  const ceiling = Math.min(schedule.capMs, schedule.baseMs * 2 ** (input.failures - 1));
  const jittered = Math.floor(input.jitter * ceiling);
  const floor = obeyedRetryAfterMs(input.retryAfterMs, schedule);
  // Jitter on top of the floor: everybody who was throttled at once must not come back at once.
  return floor === undefined ? jittered : floor + Math.floor(jittered / 4);
}

/**
 * How much of a Retry-After is obeyed. Pure.
 *
 * @returns whole milliseconds in [1, maxRetryAfterMs]; undefined when it is absent, not positive or not finite
 */
export function obeyedRetryAfterMs(
  retryAfterMs: number | undefined,
  { maxRetryAfterMs }: RetrySchedule = RETRY_SCHEDULE,
): number | undefined {
  return retryAfterMs !== undefined && retryAfterMs > 0 && Number.isFinite(retryAfterMs)
    ? Math.ceil(Math.min(retryAfterMs, maxRetryAfterMs))
    : undefined;
}

/** The pause after a 429 without Retry-After. */
const DEFAULT_PAUSE_MS = 1_000;

/** How long a 429 holds back what it was about, milliseconds. Pure. */
export function throttlePauseMs(retryAfterMs: number | undefined): number {
  return obeyedRetryAfterMs(retryAfterMs) ?? DEFAULT_PAUSE_MS;
}
