// How much may wait: in all, and for one person.

import type { Clock } from '../domain/clock.ts';
import { AppError } from '../domain/errors.ts';
import { createOpenCount, totalOf } from '../store/open-count.ts';
import type { Store } from '../store/store.ts';

/** At the pace that one person may be written to, this many take well over an hour. */
export const MAX_WAITING_PER_PERSON = 1_000;

/** When it is worth trying again, milliseconds. */
export const BACKLOG_RETRY_MS = 30_000;

/** How long a count of the backlog is believed at least. */
const BACKLOG_COUNT_MS = 1_000;

/**
 * Refuses above the limit; counts at most once a second, and the less often the more there is, so that the check costs
 * nothing under load. What comes in between two counts may go beyond the limit.
 */
export function createBacklogGuard(
  deps: { readonly store: Store; readonly clock: Clock },
  maxBacklog: number,
): { admit(): Promise<void> } {
  const countOpen = createOpenCount(deps, BACKLOG_COUNT_MS);
  return {
    async admit() {
      if (totalOf(await countOpen()) >= maxBacklog) {
        throw new AppError('backlog_full', 'Too many deliveries are waiting. Try again later', {
          retryAfterMs: BACKLOG_RETRY_MS,
        });
      }
    },
  };
}
