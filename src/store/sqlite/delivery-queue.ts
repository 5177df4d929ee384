// The queue's hot statements for SQLite. One process writes, so a claim is plain statements in one transaction.

import type { SQLOutputValue } from 'node:sqlite';
import { PRIORITIES } from '../../domain/notification.ts';
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
import type { Prepare } from './kysely-dialect.ts';
import * as sql from './queue-sql.ts';

type Row = Record<string, SQLOutputValue>;

interface LaneSlots {
  readonly id: number;
  readonly intervalUs: number;
  /** The lane's first free slot, not before now, epoch microseconds. */
  readonly firstSlotUs: number;
  readonly room: number;
}

/** More lanes than this are not looked at in one claim; the least recently served go first, so all get their turn. */
const LANES_PER_CLAIM = 16;

/** Binds them to one connection; claims must run inside a write transaction. */
export function createSqliteDeliveryQueue(prepare: Prepare): DeliveryQueue {
  return {
    claim: async (input) => claim(prepare, input),
    beginAttempt: async (lease, start) => beginAttempt(prepare, lease, start),
    endAttempt: async (lease, end) => endAttempt(prepare, lease, end),
    release: async (lease, update) => release(prepare, lease, update),
    async giveBack(lease) {
      prepare(sql.GIVE_BACK).run(lease.deliveryId, lease.owner);
    },
    expireDue: async (nowMs) => Number(prepare(sql.EXPIRE_DUE).run(nowMs, nowMs).changes),
    listAbandoned: async (leaseBeforeMs, limit) => prepare(sql.ABANDONED).all(leaseBeforeMs, limit).map(toAbandoned),
    hasDue: async (nowMs) => prepare(sql.HAS_DUE).get({ nowMs }) !== undefined,
    expandFanout: async (nowMs, chunk) => expandFanout(prepare, nowMs, chunk),
  };
}

function claim(prepare: Prepare, input: ClaimInput): readonly ClaimedDelivery[] {
  const claimed: ClaimedDelivery[] = [];
  for (const lane of findLanes(prepare, input)) {
    const room = Math.min(lane.room, input.limit - claimed.length);
    const ids = findDeliveries(prepare, { lane, room, nowMs: input.nowMs });
    ids.forEach((id, index) => {
      prepare(sql.LEASE).run(input.owner, input.nowMs + input.leaseMs, input.nowMs, id);
      const slotAtMs = (lane.firstSlotUs + index * lane.intervalUs) / 1_000;
      const row = prepare(sql.CLAIMED).get(id);
      if (row) {
        claimed.push(toClaimed(row, slotAtMs));
      }
    });
    if (ids.length > 0) {
      prepare(sql.TAKE_SLOTS).run(Math.round(lane.firstSlotUs + ids.length * lane.intervalUs), input.nowMs, lane.id);
    }
  }
  return claimed;
}

function findLanes(prepare: Prepare, { nowMs, horizonMs, quantum }: ClaimInput): readonly LaneSlots[] {
  const latestUs = (nowMs + horizonMs) * 1_000;
  return prepare(sql.FREE_LANES)
    .all({ nowMs, latestSlotUs: (nowMs + horizonMs / 2) * 1_000, limit: LANES_PER_CLAIM })
    .map((row) => {
      const intervalUs = Number(row['interval_us']);
      const firstSlotUs = Math.max(Number(row['next_slot_us']), nowMs * 1_000);
      const room = Math.min(quantum, Math.floor((latestUs - firstSlotUs) / intervalUs));
      return { id: Number(row['id']), intervalUs, firstSlotUs, room };
    });
}

/** The next deliveries of a lane, at most one of a conversation. */
function findDeliveries(prepare: Prepare, input: { lane: LaneSlots; room: number; nowMs: number }): readonly number[] {
  const ids: number[] = [];
  for (let priority = 0; priority < PRIORITIES.length && ids.length < input.room; priority++) {
    const rows = prepare(sql.NEXT_OF_LANE).all({
      laneId: input.lane.id,
      priority,
      nowMs: input.nowMs,
      limit: input.room - ids.length,
    });
    ids.push(...rows.map((row) => Number(row['id'])));
  }
  return ids;
}

function beginAttempt(prepare: Prepare, lease: Lease, start: AttemptStart): number | undefined {
  const row = prepare(sql.BEGIN_ATTEMPT).get(start.leaseUntilMs, start.nowMs, lease.deliveryId, lease.owner);
  if (!row) {
    return undefined;
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
  const result = prepare(sql.RELEASE).run(
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
  return result.changes === 1;
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

function toClaimed(row: Row, slotAtMs: number): ClaimedDelivery {
  const text = (name: string) => (typeof row[name] === 'string' ? row[name] : undefined);
  const teamsConversationId = text('teams_conversation_id');
  const memberId = text('teams_user_id') ?? text('aad_object_id');
  const locale = text('locale');
  return {
    id: Number(row['id']),
    laneId: Number(row['lane_id']),
    conversationId: Number(row['conversation_id']),
    slotAtMs,
    failures: Number(row['failures']),
    isReduced: row['is_reduced'] === 1,
    unknownPolicy: row['unknown_policy'] === 'hold' ? 'hold' : 'resend',
    acceptedAtMs: Number(row['created_at_ms']),
    expiresAtMs: Number(row['expires_at_ms']),
    content: JSON.parse(String(row['content'])),
    target: {
      tenantId: String(row['tenant_id']),
      serviceUrl: text('service_url') ?? '',
      botAccountId: text('bot_account_id') ?? '',
      ...(teamsConversationId !== undefined && { teamsConversationId }),
      ...(memberId !== undefined && { memberId }),
      ...(locale !== undefined && { locale }),
    },
  };
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
