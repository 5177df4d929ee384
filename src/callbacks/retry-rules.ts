// When a message is tried again, and when its webhook is left alone. Pure.

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/**
 * The waits between attempts, ten attempts in all: soon, for what a restart of the receiver mends, and then over three days,
 * for what somebody has to mend after a weekend. Those of Svix, which receivers know, with more at the end.
 */
export const RETRY_DELAYS_MS: readonly number[] = [
  5 * SECOND_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  14 * HOUR_MS,
  20 * HOUR_MS,
  24 * HOUR_MS,
];

/** Up to a tenth comes on top, so that what failed together does not come back together. */
const JITTER_SHARE = 0.1;

/** @param attempts attempts already made, from 1. @returns undefined after the last one */
export function nextAttemptDelayMs(
  attempts: number,
  { jitter, retryAfterMs = 0 }: { readonly jitter: number; readonly retryAfterMs?: number | undefined },
): number | undefined {
  const delayMs = RETRY_DELAYS_MS[attempts - 1];
  return delayMs === undefined ? undefined : Math.max(Math.round(delayMs * (1 + JITTER_SHARE * jitter)), retryAfterMs);
}

/** Failed attempts in a row after which only one message at a time goes out. */
export const FAILURES_TO_OPEN = 5;
const FIRST_PROBE_MS = 30 * SECOND_MS;
const MAX_PROBE_MS = HOUR_MS;

/**
 * How long nothing is sent after a failure, milliseconds; 0 while the webhook is believed to be well. Probes keep half as
 * far apart as it has been failing by then: what was under way together when it began does not count as so many probes.
 */
export function pauseAfterMs({
  failures,
  failingForMs,
}: {
  readonly failures: number;
  readonly failingForMs: number;
}): number {
  return failures < FAILURES_TO_OPEN
    ? 0
    : Math.min(Math.max(FIRST_PROBE_MS, Math.round(failingForMs / 2)), MAX_PROBE_MS);
}

/** How many messages may be under way at once to a webhook that has failed that often in a row. */
export function roomFor(failures: number): number {
  return failures < FAILURES_TO_OPEN ? MAX_UNDER_WAY_EACH : 1;
}

/** A tenant is sent 40 messages a second: a receiver that takes 200 ms for each event keeps up. */
const MAX_UNDER_WAY_EACH = 8;

/** A webhook that has taken nothing for so long is disabled. */
export const GIVE_UP_AFTER_MS = 5 * DAY_MS;
