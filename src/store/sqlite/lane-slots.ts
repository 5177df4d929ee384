// The send slots of lanes for SQLite: which are free, and who takes them. Inside a write transaction only.

import type { SQLOutputValue } from 'node:sqlite';
import { countSinceBulk, slownessAt } from '../../domain/pacing.ts';
import type { ClaimInput, SlotWish } from '../delivery-queue.ts';
import type { Prepare } from './kysely-dialect.ts';
import * as sql from './queue-sql.ts';

/** What a claim may take of one lane. */
export interface LaneSlots {
  readonly id: number;
  readonly intervalUs: number;
  /** The lane's first free slot, not before now, epoch microseconds. */
  readonly firstSlotUs: number;
  readonly room: number;
  /** Slots given out since bulk last had its turn. */
  readonly sinceBulk: number;
}

/** More lanes than this are not looked at in one claim; the least recently served go first, so all get their turn. */
export const LANES_PER_CLAIM = 16;

/** Lanes with something due and a free slot soon, the least recently served first. */
export function findLanes(prepare: Prepare, { nowMs, horizonMs, quantum }: ClaimInput): readonly LaneSlots[] {
  const latestUs = (nowMs + horizonMs) * 1_000;
  return prepare(sql.FREE_LANES)
    .all({ nowMs, latestSlotUs: (nowMs + horizonMs / 2) * 1_000, limit: LANES_PER_CLAIM })
    .map((row) => {
      const intervalUs = intervalOf(row, nowMs);
      const firstSlotUs = Math.max(Number(row['next_slot_us']), nowMs * 1_000);
      // Rounded up: a lane whose interval is longer than the horizon gets its one slot as well.
      const room = Math.min(quantum, Math.ceil((latestUs - firstSlotUs) / intervalUs));
      return { id: Number(row['id']), intervalUs, firstSlotUs, room, sinceBulk: Number(row['slots_since_bulk']) };
    });
}

/** Moves the lane's clock behind the slots that a claim took. */
export function takeSlots(
  prepare: Prepare,
  lane: LaneSlots,
  { count, nowMs }: { readonly count: number; readonly nowMs: number },
): void {
  const sinceBulk = countSinceBulk(lane.sinceBulk, count);
  prepare(sql.TAKE_SLOTS).run(Math.round(lane.firstSlotUs + count * lane.intervalUs), nowMs, sinceBulk, lane.id);
}

/** Takes one slot. @returns its instant in epoch milliseconds; undefined when there is none in time */
export function reserveSlot(prepare: Prepare, wish: SlotWish): number | undefined {
  const { laneId, nowMs, earliestMs, latestMs } = wish;
  const row = prepare(sql.OPEN_LANE).get({ laneId, nowMs });
  const slotUs = Math.max(Number(row?.['next_slot_us']), earliestMs * 1_000);
  if (!row || slotUs > latestMs * 1_000) {
    return undefined;
  }
  prepare(sql.RESERVE_SLOT).run(Math.round(slotUs + intervalOf(row, nowMs)), laneId);
  return slotUs / 1_000;
}

function intervalOf(row: Record<string, SQLOutputValue>, nowMs: number): number {
  const slowdown = { factor: Number(row['slow_factor']), untilMs: Number(row['slow_until_ms']) };
  return Number(row['interval_us']) * slownessAt(slowdown, nowMs);
}
