// Forgetting what is not needed any more, in the background.

import { BackgroundLoop } from '../domain/background-loop.ts';
import type { Clock } from '../domain/clock.ts';
import type { Store } from '../store/store.ts';
import { describeError, type Logger } from '../telemetry/logger.ts';

/** What maintenance works on. */
export interface MaintenanceDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** How long each kind of row is kept. */
export const RETENTION = {
  /** GitHub, the slowest sender known, redelivers for three days. */
  idempotencyMs: 3 * DAY_MS,
  /** Teams resends an activity within seconds; a day covers an outage of ours. */
  seenActivityMs: DAY_MS,
  /** How late a sign of an installation may still come. */
  removedInstallationMs: 7 * DAY_MS,
} as const;

/** Deletes old rows at once and then every hour. */
export class Maintenance {
  readonly #deps: MaintenanceDeps;
  readonly #loop: BackgroundLoop;

  constructor(deps: MaintenanceDeps) {
    this.#deps = deps;
    this.#loop = new BackgroundLoop({
      clock: deps.clock,
      run: () => this.#run(),
      onFailure(error) {
        deps.logger.warn({ error: describeError(error) }, 'old rows could not be deleted; tried again in an hour');
        return HOUR_MS;
      },
    });
  }

  start(): void {
    this.#loop.wake();
  }

  /** Resolves when the round under way has ended. Idempotent. */
  stop(): Promise<void> {
    return this.#loop.stop();
  }

  async #run(): Promise<number> {
    const { store, clock } = this.#deps;
    const nowMs = clock.nowMs();
    await store.write(async (tx) => {
      await tx.notifications.forgetIdempotentBefore(nowMs - RETENTION.idempotencyMs);
      await tx.activities.forgetBefore(nowMs - RETENTION.seenActivityMs);
      await tx.installations.forgetRemovedBefore(nowMs - RETENTION.removedInstallationMs);
    });
    await store.purge();
    return HOUR_MS;
  }
}
