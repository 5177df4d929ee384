// How long a delivery waits before its next attempt.

import fc from 'fast-check';
import { obeyedRetryAfterMs, RETRY_SCHEDULE, retryDelayMs } from '../../../src/domain/retry.ts';

const NEARLY_ONE = 1 - Number.EPSILON;
const ONE_HOUR_MS = 3_600_000;

test('the longest wait doubles from one second with each failure, up to five minutes', () => {
  const waits = [1, 2, 3, 9, 10, 60, 2_000].map((failures) => retryDelayMs({ failures, jitter: NEARLY_ONE }));
  expect(waits).toEqual([999, 1_999, 3_999, 255_999, 299_999, 299_999, 299_999]);
});

test('the shortest wait is none', () => {
  expect(retryDelayMs({ failures: 10, jitter: 0 })).toBe(0);
});

test('Retry-After is a floor, and those who were throttled together do not come back together', () => {
  expect(retryDelayMs({ failures: 10, retryAfterMs: 7_000, jitter: 0 })).toBe(7_000);
  expect(retryDelayMs({ failures: 10, retryAfterMs: 7_000, jitter: 0.5 })).toBeGreaterThan(7_000);
});

test('Retry-After is obeyed up to one hour', () => {
  expect(retryDelayMs({ failures: 1, retryAfterMs: ONE_HOUR_MS + 1, jitter: 0 })).toBe(ONE_HOUR_MS);
  expect(retryDelayMs({ failures: 1, retryAfterMs: Number.MAX_VALUE, jitter: 0 })).toBe(ONE_HOUR_MS);
});

test.each([undefined, 0, -1, -ONE_HOUR_MS, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
  'a Retry-After of %s counts as absent',
  (retryAfterMs) => {
    expect(obeyedRetryAfterMs(retryAfterMs)).toBeUndefined();
    expect(retryDelayMs({ failures: 3, retryAfterMs, jitter: 0.5 })).toBe(retryDelayMs({ failures: 3, jitter: 0.5 }));
  },
);

test('there is no wait before a failure', () => {
  expect(() => retryDelayMs({ failures: 0, jitter: 0 })).toThrow(RangeError);
});

test('every wait is whole, at least Retry-After and at most the cap on top of it', () => {
  const input = fc.record({
    failures: fc.integer({ min: 1, max: 2_000 }),
    retryAfterMs: fc.option(fc.double({ min: 1, max: 10 * ONE_HOUR_MS, noNaN: true }), { nil: undefined }),
    jitter: fc.double({ min: 0, max: NEARLY_ONE, noNaN: true }),
  });
  fc.assert(
    fc.property(input, (given) => {
      const floorMs = Math.min(given.retryAfterMs ?? 0, RETRY_SCHEDULE.maxRetryAfterMs);
      const delayMs = retryDelayMs(given);
      expect(Number.isInteger(delayMs)).toBe(true);
      expect(delayMs).toBeGreaterThanOrEqual(floorMs);
      expect(delayMs).toBeLessThanOrEqual(Math.ceil(floorMs) + RETRY_SCHEDULE.capMs);
    }),
    { numRuns: 10_000 },
  );
});

test('waits are spread evenly over the whole range: Kolmogorov-Smirnov at 1 %', () => {
  const random = seededRandom(20_260_101);
  const count = 10_000;
  const waits = Array.from({ length: count }, () => retryDelayMs({ failures: 12, jitter: random() }));
  const shares = waits.map((ms) => ms / RETRY_SCHEDULE.capMs).sort((a, b) => a - b);
  const distance = Math.max(...shares.map((share, at) => Math.max((at + 1) / count - share, share - at / count)));
  expect(distance).toBeLessThan(1.628 / Math.sqrt(count));
});

/** Mulberry32: the same numbers in every run. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
