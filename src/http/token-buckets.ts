// Rate limits: one token bucket for each key, in bounded memory.

import type { Clock } from '../domain/clock.ts';

export interface BucketOptions {
  /** The burst: tokens of a full bucket, >= 1. */
  readonly capacity: number;
  /** > 0 */
  readonly tokensPerSecond: number;
  /** Buckets kept; beyond that the one that was used longest ago is forgotten, which means full. */
  readonly maxBuckets?: number;
}

export interface TokenBuckets {
  /** Takes a token and gives 0, or gives the milliseconds until one is there. */
  take(key: string): number;
}

const DEFAULT_MAX_BUCKETS = 10_000;

/** Each bucket is one number: the instant at which it is full again (the virtual scheduling form, GCRA). */
export function createTokenBuckets(deps: { readonly clock: Clock }, options: BucketOptions): TokenBuckets {
  const { capacity, tokensPerSecond, maxBuckets = DEFAULT_MAX_BUCKETS } = options;
  const msPerToken = 1_000 / tokensPerSecond;
  /** In the order of last use. */
  const fullAtMs = new Map<string, number>();

  /** Milliseconds until full; a clock that went back cannot make it more than an empty bucket needs. */
  const readDebtMs = (key: string, nowMs: number): number =>
    Math.min(Math.max(0, (fullAtMs.get(key) ?? nowMs) - nowMs), capacity * msPerToken);
  const waitFor = (debtMs: number): number => Math.ceil(Math.max(0, debtMs - (capacity - 1) * msPerToken));

  return {
    take(key) {
      const nowMs = deps.clock.nowMs();
      const debtMs = readDebtMs(key, nowMs);
      const waitMs = waitFor(debtMs);
      fullAtMs.delete(key);
      fullAtMs.set(key, nowMs + debtMs + (waitMs === 0 ? msPerToken : 0));
      const oldest = fullAtMs.keys().next();
      if (fullAtMs.size > maxBuckets && !oldest.done) {
        fullAtMs.delete(oldest.value);
      }
      return waitMs;
    },
  };
}
