// How many deliveries are open, counted so seldom that it costs next to nothing however many there are.

import type { Clock } from '../domain/clock.ts';
import type { StateCount } from './statements/deliveries.ts';
import type { Store } from './store.ts';

/** Counting goes over an index entry by entry, and nothing else happens meanwhile on SQLite: a million took 20 to 130 ms. */
const COUNTED_PER_MS = 50;
const MAX_BELIEVED_MS = 30_000;

/**
 * Gives the function that counts by state; what it counted is believed for a millisecond for each 50 deliveries, 20 s
 * for a million and 30 s at the most.
 *
 * @param minBelievedMs how long at least
 */
export function createOpenCount(
  { store, clock }: { readonly store: Pick<Store, 'read'>; readonly clock: Clock },
  minBelievedMs: number,
): () => Promise<readonly StateCount[]> {
  let counts: readonly StateCount[] = [];
  let countedAtMs = Number.NEGATIVE_INFINITY;
  let believedMs = 0;
  return async () => {
    const nowMs = clock.nowMs();
    // A clock that was set back must not freeze the last count.
    if (Math.abs(nowMs - countedAtMs) >= believedMs) {
      counts = await store.read.deliveries.countOpen();
      countedAtMs = nowMs;
      believedMs = Math.max(minBelievedMs, Math.min(MAX_BELIEVED_MS, totalOf(counts) / COUNTED_PER_MS));
    }
    return counts;
  };
}

/** All of them. Pure. */
export function totalOf(counts: readonly StateCount[]): number {
  return counts.reduce((sum, { count }) => sum + count, 0);
}
