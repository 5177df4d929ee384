// Deliveries whose dispatcher is gone: what had not begun goes back, what was under way is unknown.

import type { Clock } from '../domain/clock.ts';
import type { AbandonedDelivery, AttemptEnd } from '../store/delivery-queue.ts';
import type { Statements, Store } from '../store/store.ts';
import type { Logger } from '../telemetry/logger.ts';
import { settle } from './settle.ts';

/** What it works with. */
export interface RecoverDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly leaseMs: number;
  /** In [0, 1). */
  readonly random: () => number;
}

const BATCH = 200;
const INTERVAL_MS = 5_000;

/** Finds what was abandoned, in one process: at its start, and then every few seconds. */
export class Recovery {
  readonly #deps: RecoverDeps;
  #lookAtMs = 0;
  #believeFromMs = 0;

  constructor(deps: RecoverDeps) {
    this.#deps = deps;
  }

  /** @param isAlone whether no other process serves on this store: then every lease that is found is dead */
  async begin({ isAlone }: { readonly isAlone: boolean }): Promise<void> {
    const { clock } = this.#deps;
    await recoverAbandoned(this.#deps, isAlone ? Number.MAX_SAFE_INTEGER : clock.nowMs());
    this.#lookAtMs = clock.nowMs() + INTERVAL_MS;
  }

  /**
   * While the store cannot be written, leases end although their processes are alive and know what Teams answered.
   * From when it can be written again they have the time of a lease to say so.
   */
  async lookSometimes(): Promise<void> {
    const { store, clock, leaseMs } = this.#deps;
    if (clock.nowMs() < this.#lookAtMs) {
      return;
    }
    this.#lookAtMs = clock.nowMs() + INTERVAL_MS;
    if (!(await store.isWritable())) {
      this.#believeFromMs = clock.nowMs() + leaseMs;
    }
    if (clock.nowMs() >= this.#believeFromMs) {
      await recoverAbandoned(this.#deps, clock.nowMs());
    }
  }

  /** The clock was set. */
  shift(byMs: number): void {
    this.#lookAtMs += byMs;
    this.#believeFromMs += byMs;
  }
}

/** Recovers every delivery whose lease ended before `leaseBeforeMs`. */
async function recoverAbandoned(deps: RecoverDeps, leaseBeforeMs: number): Promise<void> {
  let recovered = 0;
  for (;;) {
    const abandoned = await deps.store.write(async (tx) => {
      const rows = await tx.queue.listAbandoned(leaseBeforeMs, BATCH);
      for (const row of rows) {
        await recoverOne(tx, row, { nowMs: deps.clock.nowMs(), jitter: deps.random() });
      }
      return rows.length;
    });
    recovered += abandoned;
    if (abandoned < BATCH) {
      break;
    }
  }
  if (recovered > 0) {
    deps.logger.warn({ recovered }, 'deliveries recovered from a dispatcher that is gone');
    deps.store.signalWork();
  }
}

async function recoverOne(
  tx: Statements,
  row: AbandonedDelivery,
  { nowMs, jitter }: { readonly nowMs: number; readonly jitter: number },
): Promise<void> {
  const { failures, isReduced, unknownPolicy, deferredFor = null, attempt } = row;
  if (!attempt) {
    // No request was under way: a claim that never began, or the moment between opening the chat and posting.
    await tx.queue.release(row, { ...STILL_QUEUED, failures, isReduced, reason: deferredFor, dueAtMs: nowMs, nowMs });
    return;
  }
  const end: AttemptEnd = {
    number: attempt.number,
    outcome: 'unknown',
    reason: 'process_ended',
    httpStatus: null,
    correlationId: null,
    nowMs,
  };
  await settle(tx, {
    lease: row,
    place: { laneId: row.laneId, conversationId: row.conversationId, isUnreachable: false },
    facts: { operation: attempt.operation, failures, isReduced, unknownPolicy, remedies: [], isReopening: false },
    outcome: { kind: 'unknown', reason: 'process_ended' },
    end,
    jitter,
  });
}

const STILL_QUEUED = { state: 'queued', activityId: null } as const;
