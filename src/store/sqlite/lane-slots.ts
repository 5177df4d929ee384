// The send slots of lanes for SQLite: which are free, and who takes them. Inside a write transaction only.

import {
  behindSlots,
  claimableSlots,
  type FilledLane,
  intervalOf,
  LANES_PER_CLAIM,
  type LaneSlots,
  nextSlotOf,
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
export function reserveSlot(prepare: Prepare, { laneId, nowMs, earliestMs, latestMs }: SlotWish): number | undefined {
  const row = prepare(sql.OPEN_LANE).get({ laneId, nowMs });
  if (!row) {
    return undefined;
  }
  const slotUs = Math.max(nextSlotOf(row, nowMs), earliestMs * 1_000);
  if (slotUs > latestMs * 1_000) {
    return undefined;
  }
  prepare(sql.RESERVE_SLOT).run(Math.round(slotUs + intervalOf(row, nowMs)), laneId);
  return slotUs / 1_000;
}
