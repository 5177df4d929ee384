// Deliveries whose dispatcher is gone: what had not begun goes back, what was under way is unknown.

import type { Clock } from '../domain/clock.ts';
import type { AbandonedDelivery, AttemptEnd } from '../store/delivery-queue.ts';
import type { Statements, Store } from '../store/store.ts';
import type { Logger } from '../telemetry/logger.ts';
import { settle } from './settle.ts';

export interface RecoverDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  /** In [0, 1). */
  readonly random: () => number;
}

const BATCH = 200;

/**
 * Recovers every delivery whose lease ended before `leaseBeforeMs`.
 *
 * @param leaseBeforeMs now; or Number.MAX_SAFE_INTEGER at the start of the only server, when no lease can be alive
 * @returns how many were recovered
 */
export async function recoverAbandoned(deps: RecoverDeps, leaseBeforeMs: number): Promise<number> {
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
  return recovered;
}

async function recoverOne(
  tx: Statements,
  row: AbandonedDelivery,
  { nowMs, jitter }: { readonly nowMs: number; readonly jitter: number },
): Promise<void> {
  const { failures, isReduced, unknownPolicy, attempt } = row;
  if (!attempt) {
    // No request was under way: a claim that never began, or the moment between opening the chat and posting.
    await tx.queue.release(row, { ...STILL_QUEUED, failures, isReduced, dueAtMs: nowMs, nowMs });
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

const STILL_QUEUED = { state: 'queued', reason: null, activityId: null } as const;
