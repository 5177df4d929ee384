// What the rooms are made of.

import type { Config } from '../config/config.ts';
import type { Clock } from '../domain/clock.ts';
import type { Store } from '../store/store.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';

/** What is there before the store is open. */
export interface Ground {
  readonly config: Config;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How long a dispatcher has the right to a delivery. */
  readonly leaseMs: number;
  readonly random: () => number;
  readonly randomBytes: (size: number) => Uint8Array;
  readonly randomUuid: () => string;
}

/** What is there once it is. */
export interface Rooms extends Ground {
  readonly store: Store;
  readonly metrics: Metrics;
}
