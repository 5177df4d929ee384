// When somebody sets the clock of the machine, what waits goes on waiting as long as it had to.

import type { SteadyClock } from '../domain/clock.ts';
import type { Store } from '../store/store.ts';
import type { Logger } from '../telemetry/logger.ts';

/** What following takes. */
export interface FollowWallDeps {
  readonly store: Store;
  readonly logger: Logger;
  /** The service's clock; absent where nobody follows, as with several dispatchers on one store. */
  readonly wall?: SteadyClock | undefined;
}

/**
 * Moves every instant that waits along with the wall clock, and the service's clock in the same transaction: a write
 * that reads the clock in its transaction finds both of the old time or both of the new one.
 *
 * @returns by how much it was set, milliseconds; usually 0
 * @throws AppError `store_unavailable`: nothing has moved
 */
export async function followWall({ store, logger, wall }: FollowWallDeps): Promise<number> {
  const jumpMs = wall?.jumpMs() ?? 0;
  if (!wall || jumpMs === 0) {
    return 0;
  }
  const beforeMs = wall.followedMs;
  try {
    await store.write(async (tx) => {
      await tx.queue.shiftInstants(jumpMs);
      wall.follow(jumpMs);
    });
  } catch (error) {
    wall.follow(beforeMs - wall.followedMs);
    throw error;
  }
  logger.warn({ jumpMs }, 'the clock of this machine was set: what waits keeps its waiting time');
  return jumpMs;
}
