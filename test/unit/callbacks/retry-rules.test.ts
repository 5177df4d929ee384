// When a message is tried again, and how a webhook that fails is left alone.

import { nextAttemptDelayMs, pauseAfterMs, RETRY_DELAYS_MS, roomFor } from '../../../src/callbacks/retry-rules.ts';

const HOUR_MS = 3_600_000;

test('ten attempts reach over more than three days, each wait as long as the one before or longer', () => {
  expect(RETRY_DELAYS_MS).toHaveLength(9);
  expect([...RETRY_DELAYS_MS].sort((a, b) => a - b)).toEqual(RETRY_DELAYS_MS);
  expect(RETRY_DELAYS_MS.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThan(72 * HOUR_MS);
  expect(nextAttemptDelayMs(10, { jitter: 0 })).toBeUndefined();
});

test('a wait is never shorter than planned or than the receiver asked, and at most a tenth longer', () => {
  for (const [at, delayMs] of RETRY_DELAYS_MS.entries()) {
    for (const jitter of [0, 0.5, 0.999]) {
      const waitMs = nextAttemptDelayMs(at + 1, { jitter }) ?? 0;
      expect(waitMs).toBeGreaterThanOrEqual(delayMs);
      expect(waitMs).toBeLessThanOrEqual(1.1 * delayMs);
    }
  }
  expect(nextAttemptDelayMs(1, { jitter: 0.5, retryAfterMs: 60_000 })).toBe(60_000);
});

test('after five failures in a row one message at a time goes out, farther and farther apart', () => {
  expect([0, 1, 4, 5, 50].map(roomFor)).toEqual([8, 8, 8, 1, 1]);
  const pauses = [0, 30_000, 60_000, 90_000, 600_000, HOUR_MS, 72 * HOUR_MS].map((failingForMs) =>
    pauseAfterMs({ failures: 5, failingForMs }),
  );
  expect(pauses).toEqual([30_000, 30_000, 30_000, 45_000, 300_000, 1_800_000, HOUR_MS]);
  expect(pauseAfterMs({ failures: 4, failingForMs: HOUR_MS })).toBe(0);
});
