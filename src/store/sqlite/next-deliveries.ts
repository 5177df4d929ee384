// Which deliveries of a lane a claim takes next, for SQLite; who has no room yet is put off on the way.

import type { SQLOutputValue } from 'node:sqlite';
import { PRIORITIES, type Priority } from '../../domain/notification.ts';
import { chatFreeAtMs, keptSlots, shareSlots } from '../../domain/pacing.ts';
import type { ClaimInput } from '../delivery-queue.ts';
import type { Prepare } from './kysely-dialect.ts';
import type { LaneSlots } from './lane-slots.ts';
import type { OpenDeliveries } from './open-deliveries.ts';
import * as sql from './queue-sql.ts';

type Row = Record<string, SQLOutputValue>;

/** How often a claim looks for others in the place of what it put off; the next claim goes on. */
const PUT_OFF_ROUNDS = 10;
/** How long a retry that may not be made is not looked at again. */
const RETRY_WAIT_MS = 1_000;

/** Where a claim looks in one lane, and for how many. */
export interface LaneWish extends Pick<ClaimInput, 'nowMs' | 'isClosedToRetries'> {
  readonly lane: LaneSlots;
  readonly room: number;
  /** Present while hosts are closed. */
  readonly listed: OpenDeliveries | undefined;
}

/** The next deliveries of a lane, at most one of a conversation: by priority, but none without its share. */
export function findDeliveries(prepare: Prepare, wish: LaneWish): readonly Row[] {
  const { lane, room } = wish;
  const next = (priority: Priority, limit: number) => nextOfLane(prepare, { ...wish, priority, limit });
  const kept = keptSlots(lane.sinceBulk, room);
  const urgent = next('urgent', room);
  const normal = next('normal', Math.max(kept.normal, room - urgent.length));
  const bulk = next('bulk', Math.max(kept.bulk, room - urgent.length - normal.length));
  const shares = shareSlots(room, { urgent: urgent.length, normal: normal.length, bulk: bulk.length }, kept);
  return [...urgent.slice(0, shares.urgent), ...normal.slice(0, shares.normal), ...bulk.slice(0, shares.bulk)];
}

interface NextWish extends LaneWish {
  readonly priority: Priority;
  readonly limit: number;
}

/** Whoever has no room yet is put off and does not count. */
function nextOfLane(prepare: Prepare, wish: NextWish): readonly Row[] {
  let ready: readonly Row[] = [];
  for (let round = 0; round < PUT_OFF_ROUNDS && wish.limit > 0; round++) {
    const rows = readNext(prepare, wish);
    const early = rows.filter((row) => roomAtMs(row, wish) > wish.nowMs);
    ready = rows.filter((row) => roomAtMs(row, wish) <= wish.nowMs);
    for (const row of early) {
      const { conversation_id: conversationId = null, is_reply: isReply = null } = row;
      prepare(sql.PUT_OFF).run({ conversationId, isReply, untilMs: roomAtMs(row, wish) });
    }
    if (early.length === 0) {
      break;
    }
  }
  return ready;
}

function readNext(prepare: Prepare, { lane, priority, nowMs, limit, listed }: NextWish): readonly Row[] {
  const place = { laneId: lane.id, priority: PRIORITIES.indexOf(priority), nowMs };
  return listed
    ? prepare(sql.NEXT_OF_LISTED).all({ ...place, limit, ids: JSON.stringify(listed.list(place)) })
    : prepare(sql.NEXT_OF_LANE).all({ ...place, limit });
}

/** When a delivery may be claimed, for all that its conversation and the budget of retries say. */
function roomAtMs(row: Row, { nowMs, isClosedToRetries }: LaneWish): number {
  const use = {
    chatClockMs: Number(row['chat_clock_ms']),
    hourClockMs: Number(row['hour_clock_ms']),
    notifiedAtMs: toInstants(row['notified_at_ms']),
  };
  const retryAtMs = isClosedToRetries && Number(row['failures']) > 0 ? nowMs + RETRY_WAIT_MS : 0;
  return Math.max(retryAtMs, Number(row['blocked_until_ms']), chatFreeAtMs(use, row['is_reply'] === 1));
}

/** Instants as the schema keeps them. */
export function toInstants(value: SQLOutputValue | undefined): readonly number[] {
  return JSON.parse(String(value));
}
