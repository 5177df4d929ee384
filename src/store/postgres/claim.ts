// A claim on PostgreSQL: a handful of statements, each over all the lanes that it serves, in the caller's transaction.

import { PRIORITIES } from '../../domain/notification.ts';
import {
  behindSlots,
  claimableSlots,
  type FilledLane,
  fillLanes,
  LANES_PER_CLAIM,
  type LaneSlots,
  PUT_OFF_ROUNDS,
  slotOf,
  splitByRoom,
  toLaneSlots,
} from '../claim-rules.ts';
import type { ClaimedReader } from '../claimed-delivery.ts';
import type { ClaimedDelivery, ClaimInput } from '../delivery-queue.ts';
import type { Row } from '../queue-rows.ts';
import * as sql from './claim-sql.ts';
import type { Query } from './query.ts';

/** What a claim works with. */
export interface ClaimDeps {
  readonly query: Query;
  readonly toClaimed: ClaimedReader;
}

/** @param leadMs how long a claim takes until its deliveries can be sent: no slot is before that */
export async function claim(deps: ClaimDeps, input: ClaimInput, leadMs: number): Promise<readonly ClaimedDelivery[]> {
  const { query } = deps;
  const lanes = await lockLanes(query, input, leadMs);
  if (lanes.length === 0) {
    return [];
  }
  const ready = await lockDeliveries(query, lanes, input);
  const queues = Map.groupBy(ready, (row) => `${row['lane_id']} ${row['priority']}`);
  const limits = { limit: input.limit, laneLimit: laneLimit(input) };
  const filled = fillLanes(lanes, limits, ({ id }, priority, limit) =>
    (queues.get(`${id} ${PRIORITIES.indexOf(priority)}`) ?? []).slice(0, limit),
  );
  if (filled.length > 0) {
    await takeSlots(query, filled, input.nowMs);
  }
  return ready.length > 0 ? lease(deps, filled, input) : [];
}

/** Not more lanes than can be served: the others are for other processes. */
function laneLimit({ limit }: ClaimInput): number {
  return Math.min(LANES_PER_CLAIM, limit);
}

async function lockLanes(query: Query, input: ClaimInput, leadMs: number): Promise<readonly LaneSlots[]> {
  const { latestSlotUs, farSlotUs } = claimableSlots(input);
  const { rows } = await query(sql.LOCK_LANES, [input.nowMs, latestSlotUs, farSlotUs, laneLimit(input)]);
  return rows.map((row) => toLaneSlots(row, input, leadMs));
}

/** What is due and has room in its conversation; what has none is put off, and others are looked for in its place. */
async function lockDeliveries(query: Query, lanes: readonly LaneSlots[], input: ClaimInput): Promise<readonly Row[]> {
  const { nowMs, limit, closedOrigins } = input;
  let ready: readonly Row[] = [];
  let open = lanes;
  for (let round = 0; round < PUT_OFF_ROUNDS && open.length > 0; round++) {
    const ids = open.map(({ id }) => id);
    const rooms = open.map(({ room }) => Math.min(room, limit));
    const { rows } = await query(sql.LOCK_DELIVERIES, [nowMs, ids, rooms, closedOrigins]);
    const split = splitByRoom(rows, input);
    ready = [...ready.filter((row) => !ids.some((id) => id === row['lane_id'])), ...split.ready];
    open = open.filter(({ id }) => split.early.some(({ row }) => row['lane_id'] === id));
    if (split.early.length > 0) {
      await query(sql.PUT_OFF, [
        split.early.map(({ row }) => row['conversation_id']),
        split.early.map(({ row }) => row['is_quiet']),
        split.early.map(({ untilMs }) => untilMs),
      ]);
    }
  }
  return ready;
}

async function takeSlots(query: Query, filled: readonly FilledLane<Row>[], nowMs: number): Promise<void> {
  const behind = filled.map(behindSlots);
  await query(sql.TAKE_SLOTS, [
    nowMs,
    filled.map(({ lane }) => lane.id),
    behind.map(({ nextSlotUs }) => nextSlotUs),
    behind.map(({ sinceBulk }) => sinceBulk),
  ]);
}

/** In the order of the lanes, and of the slots in each. */
async function lease(
  { query, toClaimed }: ClaimDeps,
  filled: readonly FilledLane<Row>[],
  { owner, leaseMs, nowMs }: ClaimInput,
): Promise<readonly ClaimedDelivery[]> {
  const places = filled.flatMap(({ lane, rows }) =>
    rows.map((row, place) => ({ id: row['id'], slot: slotOf(lane, place) })),
  );
  const { rows } = await query(sql.LEASE, [owner, nowMs + leaseMs, nowMs, places.map(({ id }) => id)]);
  const leased = new Map(rows.map((row) => [row['id'], row]));
  return places.flatMap(({ id, slot }) => {
    const row = leased.get(id);
    return row ? [toClaimed(row, slot)] : [];
  });
}
