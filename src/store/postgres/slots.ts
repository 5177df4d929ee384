// Single send slots on PostgreSQL, for requests that were not claimed or missed theirs.

import { intervalOf, nextSlotOf } from '../claim-rules.ts';
import type { SlotWish } from '../delivery-queue.ts';
import type { Row } from '../queue-rows.ts';
import * as sql from './claim-sql.ts';
import type { Query } from './query.ts';

/** Takes one slot for each. @returns their instants in epoch milliseconds; undefined where there is none in time */
export async function reserveSlots(
  query: Query,
  wishes: readonly SlotWish[],
): Promise<readonly (number | undefined)[]> {
  const { rows } = await query(sql.LOCK_LANES_OF_WISHES, [[...new Set(wishes.map(({ laneId }) => laneId))]]);
  const lanes = new Map<unknown, Row>(rows.map((row) => [row['id'], row]));
  const nextSlotsUs = new Map<number, number>();
  const slots = wishes.map((wish) => {
    const lane = lanes.get(wish.laneId);
    const slotUs = lane && findSlotUs(lane, wish);
    if (lane === undefined || slotUs === undefined) {
      return undefined;
    }
    const nextSlotUs = Math.round(slotUs + intervalOf(lane, wish.nowMs));
    lanes.set(wish.laneId, { ...lane, next_slot_us: nextSlotUs });
    nextSlotsUs.set(wish.laneId, nextSlotUs);
    return slotUs / 1_000;
  });
  if (nextSlotsUs.size > 0) {
    await query(sql.RESERVE_SLOTS, [[...nextSlotsUs.keys()], [...nextSlotsUs.values()]]);
  }
  return slots;
}

function findSlotUs(lane: Row, { nowMs, earliestMs, latestMs }: SlotWish): number | undefined {
  const slotUs = Math.max(nextSlotOf(lane, nowMs), earliestMs * 1_000);
  return Number(lane['blocked_until_ms']) > nowMs || slotUs > latestMs * 1_000 ? undefined : slotUs;
}
