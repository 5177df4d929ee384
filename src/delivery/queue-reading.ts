// What the queue holds, for the metrics.

import type { Clock } from '../domain/clock.ts';
import { createOpenCount } from '../store/open-count.ts';
import type { Store } from '../store/store.ts';
import type { QueueReading } from '../telemetry/metrics.ts';

/** Gives the function that is asked at every scrape. */
export function createQueueReader({
  store,
  clock,
}: {
  readonly store: Store;
  readonly clock: Clock;
}): () => Promise<QueueReading> {
  const countOpen = createOpenCount({ store, clock }, 0);
  return async () => {
    const nowMs = clock.nowMs();
    const depths = await countOpen();
    const oldestDueAtMs = await store.read.deliveries.oldestDueAtMs(nowMs);
    return { depths, oldestDueAgeMs: oldestDueAtMs === undefined ? 0 : nowMs - oldestDueAtMs };
  };
}
