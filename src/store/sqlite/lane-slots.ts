// The send slots of lanes for SQLite: which are free, and who takes them. Inside a write transaction only.

import {
  behindSlots,
  claimableSlots,
  type FilledLane,
  grantSlot,
  LANES_PER_CLAIM,
  type LaneSlots,
  toLaneSlots,
} from '../claim-rules.ts';
import type { ClaimInput, SlotWish } from '../delivery-queue.ts';
import type { Prepare } from './kysely-dialect.ts';
import * as sql from './queue-sql.ts';

/** Lanes with something due and a free slot soon, the least recently served first. */
export function findLanes(prepare: Prepare, input: ClaimInput): readonly LaneSlots[] {
  return prepare(sql.FREE_LANES)
    .all({ nowMs: input.nowMs, ...claimableSlots(input), limit: LANES_PER_CLAIM })
    .map((row) => toLaneSlots(row, input));
}

/** Moves the lane's clock behind the slots that a claim took. */
export function takeSlots(prepare: Prepare, filled: FilledLane<unknown>, nowMs: number): void {
  const { nextSlotUs, sinceBulk } = behindSlots(filled);
  prepare(sql.TAKE_SLOTS).run(nextSlotUs, nowMs, sinceBulk, filled.lane.id);
}

/** Takes one slot. @returns its instant in epoch milliseconds; undefined when there is none in time */
export function reserveSlot(prepare: Prepare, wish: SlotWish): number | undefined {
  const lane = prepare(sql.LANE_OF_WISH).get(wish.laneId);
  const granted = lane && grantSlot(lane, wish);
  if (granted === undefined) {
    return undefined;
  }
  prepare(sql.RESERVE_SLOT).run(granted.nextSlotUs, wish.laneId);
  return granted.slotUs / 1_000;
}
