// The queue's hot statements for SQLite. One process writes, so a claim is plain statements in one transaction.

import type { SQLOutputValue } from 'node:sqlite';
import { addNotified, PACES } from '../../domain/pacing.ts';
import { fillLanes, LANES_PER_CLAIM, slotOf } from '../claim-rules.ts';
import { type ClaimedReader, createClaimedReader } from '../claimed-delivery.ts';
import type {
  AttemptEnd,
  AttemptStart,
  ClaimedDelivery,
  ClaimInput,
  DeliveryQueue,
  DeliveryUpdate,
  Lease,
} from '../delivery-queue.ts';
import { toAbandoned, toInstants } from '../queue-rows.ts';
import { expandFanout } from './expand-fanout.ts';
import type { Prepare } from './kysely-dialect.ts';
import { findLanes, reserveSlot, takeSlots } from './lane-slots.ts';
import { nextOfLane } from './next-deliveries.ts';
import { OpenDeliveries } from './open-deliveries.ts';
import * as sql from './queue-sql.ts';
import { shiftInstants } from './shift-instants.ts';

/** Binds them to one connection; claims must run inside a write transaction. */
export function createSqliteDeliveryQueue(prepare: Prepare): DeliveryQueue {
  const deps = { prepare, toClaimed: createClaimedReader(), open: new OpenDeliveries(prepare) };
  return {
    claim: async (input) => claim(deps, input),
    reserveSlot: async (wish) => reserveSlot(prepare, wish),
    beginAttempt: async (lease, start) => beginAttempt(prepare, lease, start),
    endAttempt: async (lease, end, update) =>
      endAttempt(prepare, lease, end) && (update === undefined || release(prepare, lease, update)),
    release: async (lease, update) => release(prepare, lease, update),
    addRemedy: async (lease, remedy) =>
      prepare(sql.ADD_REMEDY).run(remedy, lease.deliveryId, lease.owner).changes === 1,
    async giveBack(lease) {
      prepare(sql.GIVE_BACK).run(lease.deliveryId, lease.owner);
    },
    expireDue: async (nowMs) => Number(prepare(sql.EXPIRE_DUE).run(nowMs, nowMs).changes),
    listAbandoned: async (leaseBeforeMs, limit) => prepare(sql.ABANDONED).all(leaseBeforeMs, limit).map(toAbandoned),
    shiftInstants: async (deltaMs) => shiftInstants(prepare, deltaMs),
    hasDue: async (nowMs) => prepare(sql.HAS_DUE).get({ nowMs }) !== undefined,
    async nextDueAtMs() {
      const dueAtMs = prepare(sql.NEXT_DUE).get()?.['due_at_ms'];
      return typeof dueAtMs === 'number' ? dueAtMs : undefined;
    },
    expandFanout: async (nowMs, chunk) => expandFanout(prepare, nowMs, chunk),
  };
}

interface ClaimDeps {
  readonly prepare: Prepare;
  readonly toClaimed: ClaimedReader;
  readonly open: OpenDeliveries;
}

function claim({ prepare, toClaimed, open }: ClaimDeps, input: ClaimInput): readonly ClaimedDelivery[] {
  const listed = open.of(input.closedOrigins);
  const limits = { limit: input.limit, laneLimit: LANES_PER_CLAIM };
  const filled = fillLanes(findLanes(prepare, input), limits, ({ id: laneId }, priority, limit) =>
    nextOfLane(prepare, { ...input, laneId, priority, limit, listed }),
  );
  return filled.flatMap((one) => {
    takeSlots(prepare, one, input.nowMs);
    return one.rows.map((row, place) => {
      prepare(sql.LEASE).run(input.owner, input.nowMs + input.leaseMs, input.nowMs, row['id'] ?? null);
      return toClaimed(row, slotOf(one.lane, place));
    });
  });
}

function beginAttempt(prepare: Prepare, lease: Lease, start: AttemptStart): number | undefined {
  const { leaseUntilMs, nowMs } = start;
  const row = prepare(sql.BEGIN_ATTEMPT).get({ leaseUntilMs, nowMs, ...lease });
  if (!row) {
    return undefined;
  }
  if (start.operation !== 'create_conversation') {
    const conversationId = row['conversation_id'] ?? null;
    const intervals = { chatMs: PACES.chat.intervalMs, hourMs: PACES.hour.intervalMs };
    prepare(sql.COUNT_POST).run({ conversationId, nowMs: start.nowMs, ...intervals });
  }
  const number = Number(row['attempts']);
  prepare(sql.INSERT_ATTEMPT).run(lease.deliveryId, number, start.operation, start.requestId, start.nowMs);
  return number;
}

function endAttempt(prepare: Prepare, lease: Lease, end: AttemptEnd): boolean {
  const result = prepare(sql.END_ATTEMPT).run(
    end.nowMs,
    end.outcome,
    end.reason,
    end.httpStatus,
    end.correlationId,
    lease.deliveryId,
    end.number,
    lease.deliveryId,
    lease.owner,
  );
  return result.changes === 1;
}

function release(prepare: Prepare, lease: Lease, update: DeliveryUpdate): boolean {
  const row = prepare(sql.RELEASE).get(
    update.state,
    update.failures,
    update.isReduced ? 1 : 0,
    update.dueAtMs,
    update.reason,
    update.activityId,
    update.nowMs,
    lease.deliveryId,
    lease.owner,
  );
  if (row && update.state === 'sent' && row['is_quiet'] === 0) {
    countNotification(prepare, row['conversation_id'] ?? null, update.nowMs);
  }
  return row !== undefined;
}

function countNotification(prepare: Prepare, conversationId: SQLOutputValue, nowMs: number): void {
  const row = prepare(sql.NOTIFIED).get(conversationId);
  if (row) {
    const instants = addNotified(toInstants(row['notified_at_ms']), nowMs);
    prepare(sql.COUNT_NOTIFICATION).run(JSON.stringify(instants), conversationId);
  }
}
