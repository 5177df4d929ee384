// The queue's hot statements for SQLite. One process writes, so a claim is plain statements in one transaction.

import type { SQLOutputValue } from 'node:sqlite';
import { PRIORITIES, type Priority } from '../../domain/notification.ts';
import { addNotified, bulkShare, chatFreeAtMs, PACES } from '../../domain/pacing.ts';
import type {
  AbandonedDelivery,
  AttemptEnd,
  AttemptStart,
  ClaimedDelivery,
  ClaimInput,
  DeliveryQueue,
  DeliveryUpdate,
  Lease,
} from '../delivery-queue.ts';
import { type ClaimedReader, createClaimedReader } from './claimed-delivery.ts';
import type { Prepare } from './kysely-dialect.ts';
import { findLanes, type LaneSlots, reserveSlot, takeSlots } from './lane-slots.ts';
import * as sql from './queue-sql.ts';

type Row = Record<string, SQLOutputValue>;

/** How often a claim looks for others in the place of what it put off; the next claim goes on. */
const PUT_OFF_ROUNDS = 10;

/** Binds them to one connection; claims must run inside a write transaction. */
export function createSqliteDeliveryQueue(prepare: Prepare): DeliveryQueue {
  const toClaimed = createClaimedReader();
  return {
    claim: async (input) => claim({ prepare, toClaimed }, input),
    reserveSlot: async (wish) => reserveSlot(prepare, wish),
    beginAttempt: async (lease, start) => beginAttempt(prepare, lease, start),
    endAttempt: async (lease, end) => endAttempt(prepare, lease, end),
    release: async (lease, update) => release(prepare, lease, update),
    addRemedy: async (lease, remedy) =>
      prepare(sql.ADD_REMEDY).run(remedy, lease.deliveryId, lease.owner).changes === 1,
    async giveBack(lease) {
      prepare(sql.GIVE_BACK).run(lease.deliveryId, lease.owner);
    },
    expireDue: async (nowMs) => Number(prepare(sql.EXPIRE_DUE).run(nowMs, nowMs).changes),
    listAbandoned: async (leaseBeforeMs, limit) => prepare(sql.ABANDONED).all(leaseBeforeMs, limit).map(toAbandoned),
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
}

function claim({ prepare, toClaimed }: ClaimDeps, input: ClaimInput): readonly ClaimedDelivery[] {
  const claimed: ClaimedDelivery[] = [];
  const lanes = findLanes(prepare, input);
  for (const [index, lane] of lanes.entries()) {
    // Slots of one lane are apart, those of several lanes are not: dealt out, more can leave at once.
    const share = Math.ceil((input.limit - claimed.length) / (lanes.length - index));
    const { rows, bulkCount } = findDeliveries(prepare, { lane, room: Math.min(lane.room, share), nowMs: input.nowMs });
    for (const [place, row] of rows.entries()) {
      prepare(sql.LEASE).run(input.owner, input.nowMs + input.leaseMs, input.nowMs, row['id'] ?? null);
      const slotAtMs = (lane.firstSlotUs + place * lane.intervalUs) / 1_000;
      claimed.push(toClaimed(row, { slotAtMs, intervalMs: lane.intervalUs / 1_000 }));
    }
    if (rows.length > 0) {
      takeSlots(prepare, lane, { count: rows.length, bulkCount, nowMs: input.nowMs });
    }
  }
  return claimed;
}

/** The next deliveries of a lane, at most one of a conversation: bulk last, but never without its share. */
function findDeliveries(
  prepare: Prepare,
  { lane, room, nowMs }: { lane: LaneSlots; room: number; nowMs: number },
): { readonly rows: readonly Row[]; readonly bulkCount: number } {
  const next = (priority: Priority, limit: number) =>
    nextOfLane(prepare, { laneId: lane.id, priority: PRIORITIES.indexOf(priority), nowMs, limit });
  const kept = next('bulk', Math.min(room, bulkShare(lane.sinceBulk, room))).length;
  const urgent = next('urgent', room - kept);
  const normal = next('normal', room - kept - urgent.length);
  const bulk = next('bulk', room - urgent.length - normal.length);
  return { rows: [...urgent, ...normal, ...bulk], bulkCount: bulk.length };
}

interface NextInput {
  readonly laneId: number;
  readonly priority: number;
  readonly nowMs: number;
  readonly limit: number;
}

/** Whoever has no room yet is put off and does not count. */
function nextOfLane(prepare: Prepare, input: NextInput): readonly Row[] {
  let ready: readonly Row[] = [];
  for (let round = 0; round < PUT_OFF_ROUNDS && input.limit > 0; round++) {
    const rows = prepare(sql.NEXT_OF_LANE).all({ ...input });
    const early = rows.filter((row) => roomAtMs(row) > input.nowMs);
    ready = rows.filter((row) => roomAtMs(row) <= input.nowMs);
    for (const row of early) {
      const { conversation_id: conversationId = null, is_reply: isReply = null } = row;
      prepare(sql.PUT_OFF).run({ conversationId, isReply, untilMs: roomAtMs(row) });
    }
    if (early.length === 0) {
      break;
    }
  }
  return ready;
}

/** When the conversation of a delivery has room for it. */
function roomAtMs(row: Row): number {
  const use = {
    chatClockMs: Number(row['chat_clock_ms']),
    hourClockMs: Number(row['hour_clock_ms']),
    notifiedAtMs: toInstants(row['notified_at_ms']),
  };
  return Math.max(Number(row['blocked_until_ms']), chatFreeAtMs(use, row['is_reply'] === 1));
}

function beginAttempt(prepare: Prepare, lease: Lease, start: AttemptStart): number | undefined {
  const row = prepare(sql.BEGIN_ATTEMPT).get(start.leaseUntilMs, start.nowMs, lease.deliveryId, lease.owner);
  if (!row) {
    return undefined;
  }
  if (start.operation === 'post') {
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
  if (row && update.state === 'sent' && row['is_reply'] === 0) {
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

function toInstants(value: SQLOutputValue | undefined): readonly number[] {
  return JSON.parse(String(value));
}

function expandFanout(prepare: Prepare, nowMs: number, chunk: number): number {
  const fanout = prepare(sql.OPEN_FANOUT).get();
  if (!fanout) {
    return 0;
  }
  const notificationId = Number(fanout['notification_id']);
  const range = { tenantId: fanout['tenant_id'] ?? null, cursor: fanout['cursor'] ?? 0, chunk };
  const last = prepare(sql.FANOUT_END).get(range);
  const count = Number(last?.['count'] ?? 0);
  if (count === 0) {
    prepare(sql.CLOSE_FANOUT).run(notificationId);
    return 0;
  }
  const end = Number(last?.['id']);
  prepare(sql.FANOUT_CHUNK).run({ notificationId, nowMs, tenantId: range.tenantId, cursor: range.cursor, end });
  prepare(sql.MOVE_FANOUT).run(end, notificationId);
  return count;
}

function toAbandoned(row: Row): AbandonedDelivery {
  const number = row['number'];
  return {
    deliveryId: Number(row['id']),
    owner: String(row['lease_owner']),
    laneId: Number(row['lane_id']),
    conversationId: Number(row['conversation_id']),
    failures: Number(row['failures']),
    isReduced: row['is_reduced'] === 1,
    unknownPolicy: row['unknown_policy'] === 'hold' ? 'hold' : 'resend',
    ...(typeof number === 'number' && {
      attempt: { number, operation: row['operation'] === 'create_conversation' ? 'create_conversation' : 'post' },
    }),
  };
}
