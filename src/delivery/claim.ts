// Taking what is due out of the queue, in one transaction.

import type { Clock } from '../domain/clock.ts';
import type { ClaimedDelivery } from '../store/delivery-queue.ts';
import type { Store } from '../store/store.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { ConnectorGate } from './connector-gate.ts';

/** What a claim takes. */
export interface ClaimDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly metrics: Metrics;
  readonly leaseMs: number;
  readonly gate: Pick<ConnectorGate, 'closedTo'>;
}

/** How far ahead slots are reserved, and how many of one lane at once. */
const HORIZON_MS = 400;
const LANE_QUANTUM = 20;
const FANOUT_CHUNK = 1_000;

/**
 * Ends what is too late, expands broadcasts, and leases what may go out, at most `limit` deliveries.
 *
 * @returns what was leased, and how many people of a broadcast were looked at
 */
export async function claimDue(
  { store, clock, metrics, leaseMs, gate }: ClaimDeps,
  { owner, limit }: { readonly owner: string; readonly limit: number },
): Promise<{ readonly claimed: readonly ClaimedDelivery[]; readonly expanded: number }> {
  const { expired, ...found } = await store.write(async (tx) => {
    const nowMs = clock.nowMs();
    const { origins, isClosedToRetries } = gate.closedTo(nowMs);
    const expired = await tx.queue.expireDue(nowMs);
    const expanded = await tx.queue.expandFanout(nowMs, FANOUT_CHUNK);
    const claimed = await tx.queue.claim({
      // Read again: turning a broadcast into deliveries takes time, and a slot that has passed helps nobody.
      nowMs: clock.nowMs(),
      owner,
      leaseMs,
      limit,
      quantum: LANE_QUANTUM,
      horizonMs: HORIZON_MS,
      closedOrigins: origins,
      isClosedToRetries,
    });
    return { expired, claimed, expanded };
  });
  metrics.deliveriesEnded.inc({ state: 'expired', reason: 'expired' }, expired);
  return found;
}
