// Forgetting what is not needed any more, in the background.

import { BackgroundLoop } from '../domain/background-loop.ts';
import type { Clock } from '../domain/clock.ts';
import type { Store } from '../store/store.ts';
import { describeError, type Logger } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { eraseOldData, type RetentionCounts, type RetentionRules } from './retention.ts';

/** What maintenance works on. */
export interface MaintenanceDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
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
  readonly #rules: RetentionRules;
  readonly #loop: BackgroundLoop;

  constructor(deps: MaintenanceDeps, rules: RetentionRules) {
    this.#deps = deps;
    this.#rules = rules;
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
    report(this.#deps, await eraseOldData({ store, clock, signal: this.#loop.signal }, this.#rules));
    await store.purge();
    return HOUR_MS;
  }
}

function report({ logger, metrics }: MaintenanceDeps, counts: RetentionCounts): void {
  const erased = Object.entries(counts).filter(([what, count]) => what !== 'passedOver' && count > 0);
  for (const [what, count] of erased) {
    metrics.oldDataErased.inc({ what }, count);
  }
  if (erased.length > 0) {
    logger.info({ ...counts }, 'old data erased');
  }
}
