// The queue's hot statements for PostgreSQL. What one attempt needs is one statement, and so one round trip.

import { NOTIFICATIONS_COUNTED } from '../../domain/pacing.ts';
import { createClaimedReader } from '../claimed-delivery.ts';
import type { AttemptEnd, DeliveryQueue, DeliveryUpdate, Lease, SlotWish } from '../delivery-queue.ts';
import { toAbandoned } from '../queue-rows.ts';
import { createAttemptStatements } from './attempts.ts';
import { claim } from './claim.ts';
import type { Lead } from './claim-lead.ts';
import { expandFanout } from './expand-fanout.ts';
import type { Query } from './query.ts';
import * as sql from './queue-sql.ts';
import { reserveSlots } from './slots.ts';
import { createTogether } from './together.ts';

/** More than this does not expire at once, so that nobody waits long for the locks. */
const EXPIRY_BATCH = 1_000;

/** Binds them to one connection; claims must run inside a write transaction. */
export function createPostgresDeliveryQueue(query: Query, lead: Lead): DeliveryQueue {
  const toClaimed = createClaimedReader();
  const together = createTogether();
  const { beginAttempt, finishAttempt } = createAttemptStatements(query, together);
  const reserveSlot = together((wishes: readonly SlotWish[]) => reserveSlots(query, wishes));
  return {
    claim: (input) => lead.measure((leadMs) => claim({ query, toClaimed }, input, leadMs)),
    reserveSlot,
    beginAttempt,
    endAttempt: (lease, end, update) => (update ? finishAttempt(lease, end, update) : endAttempt(query, lease, end)),
    release: (lease, update) => release(query, lease, update),
    addRemedy: async (lease, remedy) =>
      (await query(sql.ADD_REMEDY, [lease.deliveryId, lease.owner, remedy])).count === 1,
    async giveBack(lease) {
      await query(sql.GIVE_BACK, [lease.deliveryId, lease.owner]);
    },
    expireDue: async (nowMs) => (await query(sql.EXPIRE_DUE, [nowMs, EXPIRY_BATCH])).count,
    listAbandoned: async (leaseBeforeMs, limit) =>
      (await query(sql.ABANDONED, [leaseBeforeMs, limit])).rows.map(toAbandoned),
    /** Nothing to do: the clock is the database's, and no process moves the rows of all because its own was set. */
    shiftInstants: async () => undefined,
    hasDue: async (nowMs) => (await query(sql.HAS_DUE, [nowMs])).rows[0]?.['has_due'] === true,
    async nextDueAtMs() {
      const dueAtMs = (await query(sql.NEXT_DUE)).rows[0]?.['due_at_ms'];
      return typeof dueAtMs === 'number' ? dueAtMs : undefined;
    },
    expandFanout: (nowMs, chunk) => expandFanout(query, nowMs, chunk),
  };
}

async function endAttempt(query: Query, lease: Lease, end: AttemptEnd): Promise<boolean> {
  const { count } = await query(sql.END_ATTEMPT, [
    lease.deliveryId,
    lease.owner,
    end.number,
    end.nowMs,
    end.outcome,
    end.reason,
    end.httpStatus,
    end.correlationId,
  ]);
  return count === 1;
}

async function release(query: Query, lease: Lease, update: DeliveryUpdate): Promise<boolean> {
  const { rows } = await query(sql.RELEASE, [
    lease.deliveryId,
    lease.owner,
    update.state,
    update.failures,
    update.isReduced ? 1 : 0,
    update.dueAtMs,
    update.reason,
    update.activityId,
    update.nowMs,
    NOTIFICATIONS_COUNTED,
  ]);
  return rows.length === 1;
}
