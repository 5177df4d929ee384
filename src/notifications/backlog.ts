// How much may wait: in all, and for one person.

import type { Clock } from '../domain/clock.ts';
import { AppError } from '../domain/errors.ts';
import type { Store } from '../store/store.ts';

/** At the pace that one person may be written to, this many take well over an hour. */
export const MAX_WAITING_PER_PERSON = 1_000;

/** When it is worth trying again, milliseconds. */
export const BACKLOG_RETRY_MS = 30_000;

/** How long a count of the backlog is believed. */
const BACKLOG_COUNT_MS = 1_000;

/** Refuses above the limit; counts at most once a second, so that the check costs nothing under load. */
export function createBacklogGuard(
  { store, clock }: { readonly store: Store; readonly clock: Clock },
  maxBacklog: number,
): { admit(): Promise<void> } {
  let isFull = false;
  let countedAtMs = Number.NEGATIVE_INFINITY;
  return {
    async admit() {
      // A clock that was set back must not freeze the last answer.
      if (Math.abs(clock.nowMs() - countedAtMs) >= BACKLOG_COUNT_MS) {
        countedAtMs = clock.nowMs();
        const counts = await store.read.deliveries.countOpen();
        isFull = counts.reduce((sum, { count }) => sum + count, 0) >= maxBacklog;
      }
      if (isFull) {
        throw new AppError('backlog_full', 'Too many deliveries are waiting. Try again later', {
          retryAfterMs: BACKLOG_RETRY_MS,
        });
      }
    },
  };
}
