// Single send slots on PostgreSQL, for requests that were not claimed or missed theirs.

import { grantSlot } from '../claim-rules.ts';
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
    const granted = lane && grantSlot(lane, wish);
    if (granted === undefined) {
      return undefined;
    }
    lanes.set(wish.laneId, { ...lane, next_slot_us: granted.nextSlotUs });
    nextSlotsUs.set(wish.laneId, granted.nextSlotUs);
    return granted.slotUs / 1_000;
  });
  if (nextSlotsUs.size > 0) {
    await query(sql.RESERVE_SLOTS, [[...nextSlotsUs.keys()], [...nextSlotsUs.values()]]);
  }
  return slots;
}
