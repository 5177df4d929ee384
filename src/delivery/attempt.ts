// One attempt: recorded before the request is written, closed with what came of it.

import type { Clock } from '../domain/clock.ts';
import type { Operation } from '../domain/delivery.ts';
import { throttlePauseMs } from '../domain/retry.ts';
import type { AttemptEnd, Lease } from '../store/delivery-queue.ts';
import type { Store } from '../store/store.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { Pacer, Turn } from './pacer.ts';
import type { AttemptResult } from './sender.ts';

/** What making an attempt takes. */
export interface AttemptDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly pacer: Pacer;
  /** How long a lease holds from its claim or from the start of an attempt; longer than any request may take. */
  readonly leaseMs: number;
  readonly randomUuid: () => string;
}

/** What is to be asked of Teams, under which lease and when. */
export interface AttemptPlan {
  readonly lease: Lease;
  readonly operation: Operation;
  readonly turn: Turn;
}

/** An attempt that was made. `end` is its record, to be written together with what follows from it, and with the time of that transaction. */
export interface Attempt {
  readonly result: AttemptResult;
  readonly end: Omit<AttemptEnd, 'nowMs'>;
}

/** The `leaseMs` of the service. */
export const LEASE_MS = 60_000;
/** A request that does not leave in so much of the lease, from the start of its attempt, could outlive it. */
const MAX_START_SHARE = 1 / 6;

const NOT_SENT: AttemptResult = { outcome: { kind: 'postponed' }, trace: {} };

/**
 * Commits the start of an attempt, then makes its one request, unless the commit took so long that the slot is gone
 * and no other can be had: then the outcome is `postponed`.
 *
 * @returns undefined when the lease was lost or the lane is held back: nothing was sent, and nothing may be
 */
export async function makeAttempt(
  deps: AttemptDeps,
  { lease, operation, turn }: AttemptPlan,
  request: (requestId: string) => Promise<AttemptResult>,
): Promise<Attempt | undefined> {
  const { store, clock, metrics, pacer, leaseMs } = deps;
  const requestId = deps.randomUuid();
  const startedAtMs = clock.nowMs();
  const number = await store.writeOne((tx) => {
    const nowMs = clock.nowMs();
    return tx.queue.beginAttempt(lease, { operation, requestId, nowMs, leaseUntilMs: nowMs + leaseMs });
  });
  if (number === undefined) {
    return undefined;
  }
  const isSendable = await pacer.untilSend(turn, startedAtMs + MAX_START_SHARE * leaseMs);
  const result = isSendable ? await request(requestId) : NOT_SENT;
  const { outcome, trace } = result;
  if (outcome.kind === 'throttled' && outcome.scope === 'lane') {
    pacer.holdBack(turn.laneId, throttlePauseMs(outcome.retryAfterMs));
  }
  metrics.attempts.inc({ operation, outcome: outcome.kind });
  const end = {
    number,
    outcome: outcome.kind,
    reason: 'reason' in outcome ? outcome.reason : null,
    httpStatus: trace.httpStatus ?? null,
    correlationId: trace.correlationId ?? null,
  };
  return { result, end };
}
