// The rules of a claim, the same for every database: whose turn it is, how many go, and who has to wait. Pure.

import type { Priority } from '../domain/notification.ts';
import { chatFreeAtMs, countSinceBulk, keptSlots, shareSlots, slownessAt } from '../domain/pacing.ts';
import type { ClaimInput, SlotWish } from './delivery-queue.ts';
import { type Row, toInstants } from './queue-rows.ts';

/** More lanes than this are not looked at in one claim; the least recently served go first, so all get their turn. */
export const LANES_PER_CLAIM = 16;
/** How often a claim looks for others in the place of what it put off; the next claim goes on. */
export const PUT_OFF_ROUNDS = 10;
/** How long a retry that may not be made is not looked at again. */
const RETRY_WAIT_MS = 1_000;
/** Nobody reserves slots so far ahead: such an instant is left from a clock that was set back. */
const FAR_AHEAD_US = 60_000_000;

/** Which lanes may be served, by their first free slot. */
export interface SlotRange {
  readonly latestSlotUs: number;
  /** From here on an instant is not believed, and the lane is free. */
  readonly farSlotUs: number;
}

/** The lanes that a claim looks at. */
export function claimableSlots({ nowMs, horizonMs }: ClaimInput): SlotRange {
  return { latestSlotUs: Math.round((nowMs + horizonMs / 2) * 1_000), farSlotUs: nowMs * 1_000 + FAR_AHEAD_US };
}

/** What a claim may take of one lane. */
export interface LaneSlots {
  readonly id: number;
  readonly intervalUs: number;
  /** The lane's first free slot, epoch microseconds. */
  readonly freeSlotUs: number;
  /** The first one that can still be kept, epoch microseconds. */
  readonly firstSlotUs: number;
  readonly room: number;
  /** Slots given out since bulk last had its turn. */
  readonly sinceBulk: number;
}

/** @param leadMs how long a claim takes until its deliveries can be sent: no slot is before that */
export function toLaneSlots(row: Row, { nowMs, horizonMs, quantum }: ClaimInput, leadMs = 0): LaneSlots {
  const intervalUs = intervalOf(row, nowMs);
  const freeSlotUs = nextSlotOf(row, nowMs);
  const firstSlotUs = Math.max(freeSlotUs, (nowMs + leadMs) * 1_000);
  // Rounded up: a lane whose interval is longer than the horizon gets its one slot as well.
  const room = Math.min(quantum, Math.ceil(((nowMs + horizonMs) * 1_000 - firstSlotUs) / intervalUs));
  const sinceBulk = Number(row['slots_since_bulk']);
  return { id: Number(row['id']), intervalUs, freeSlotUs, firstSlotUs, room, sinceBulk };
}

/** The slot for a wish, and where the lane is behind it, epoch microseconds; undefined when there is none in time. */
export function grantSlot(
  lane: Row,
  { nowMs, earliestMs, latestMs }: SlotWish,
): { readonly slotUs: number; readonly nextSlotUs: number } | undefined {
  const slotUs = Math.max(nextSlotOf(lane, nowMs), earliestMs * 1_000);
  return Number(lane['blocked_until_ms']) > nowMs || slotUs > latestMs * 1_000
    ? undefined
    : { slotUs, nextSlotUs: Math.round(slotUs + intervalOf(lane, nowMs)) };
}

/** The lane's first free slot, epoch microseconds; now when what is stored cannot be true. */
function nextSlotOf(row: Row, nowMs: number): number {
  const nextSlotUs = Number(row['next_slot_us']);
  return nextSlotUs > nowMs * 1_000 + FAR_AHEAD_US ? nowMs * 1_000 : nextSlotUs;
}

/** Distance of two slots now, microseconds. */
function intervalOf(row: Row, nowMs: number): number {
  const slowdown = { factor: Number(row['slow_factor']), untilMs: Number(row['slow_until_ms']) };
  return Number(row['interval_us']) * slownessAt(slowdown, nowMs);
}

/** A delivery that has to wait, and until when. */
export interface EarlyRow<T> {
  readonly row: T;
  readonly untilMs: number;
}

/** Tells what can go now from what has to wait for room in its conversation, or for the budget of retries. */
export function splitByRoom<T extends Row>(
  rows: readonly T[],
  input: Pick<ClaimInput, 'nowMs' | 'isClosedToRetries'>,
): { readonly ready: readonly T[]; readonly early: readonly EarlyRow<T>[] } {
  const ready: T[] = [];
  const early: EarlyRow<T>[] = [];
  for (const row of rows) {
    const untilMs = roomAtMs(row, input);
    untilMs > input.nowMs ? early.push({ row, untilMs }) : ready.push(row);
  }
  return { ready, early };
}

/** When a delivery may be claimed, for all that its conversation and the budget of retries say. */
function roomAtMs(row: Row, { nowMs, isClosedToRetries }: Pick<ClaimInput, 'nowMs' | 'isClosedToRetries'>): number {
  const use = {
    chatClockMs: Number(row['chat_clock_ms']),
    hourClockMs: Number(row['hour_clock_ms']),
    notifiedAtMs: toInstants(row['notified_at_ms']),
  };
  const retryAtMs = isClosedToRetries && Number(row['failures']) > 0 ? nowMs + RETRY_WAIT_MS : 0;
  return Math.max(retryAtMs, Number(row['blocked_until_ms']), chatFreeAtMs(use, row['is_quiet'] === 1));
}

/** What a claim takes of one lane. */
export interface FilledLane<T> {
  readonly lane: LaneSlots;
  /** In the order of their slots. */
  readonly rows: readonly T[];
}

/** How much a claim may take. */
export interface ClaimLimits {
  /** Deliveries in all. */
  readonly limit: number;
  /** Lanes that were looked for. */
  readonly laneLimit: number;
}

/**
 * What goes of each lane. Where more lanes wait than a claim looks at, one of which nothing can go has had its turn, too:
 * it would stand in the way of others at each claim.
 *
 * @param next the next deliveries of a lane, at most `limit` and at most one of a conversation
 */
export function fillLanes<T>(
  lanes: readonly LaneSlots[],
  { limit, laneLimit }: ClaimLimits,
  next: (lane: LaneSlots, priority: Priority, limit: number) => readonly T[],
): readonly FilledLane<T>[] {
  const isCrowded = lanes.length === laneLimit;
  let left = limit;
  return lanes.flatMap((lane, index) => {
    // Slots of one lane are apart, those of several lanes are not: dealt out, more can leave at once.
    const room = Math.min(lane.room, Math.ceil(left / (lanes.length - index)));
    const rows = fill(lane.sinceBulk, room, (priority, count) => next(lane, priority, count));
    left -= rows.length;
    return rows.length > 0 || (isCrowded && room > 0) ? [{ lane, rows }] : [];
  });
}

/** By priority, but none without its share. */
function fill<T>(
  sinceBulk: number,
  room: number,
  next: (priority: Priority, limit: number) => readonly T[],
): readonly T[] {
  const kept = keptSlots(sinceBulk, room);
  const urgent = next('urgent', room);
  const normal = next('normal', Math.max(kept.normal, room - urgent.length));
  const bulk = next('bulk', Math.max(kept.bulk, room - urgent.length - normal.length));
  const shares = shareSlots(room, { urgent: urgent.length, normal: normal.length, bulk: bulk.length }, kept);
  return [...urgent.slice(0, shares.urgent), ...normal.slice(0, shares.normal), ...bulk.slice(0, shares.bulk)];
}

/** When the delivery in this place of its lane may go. */
export function slotOf({ firstSlotUs, intervalUs }: LaneSlots, place: number) {
  return { slotAtMs: (firstSlotUs + place * intervalUs) / 1_000, intervalMs: intervalUs / 1_000 };
}

/** The lane as it is behind the slots that were taken. */
export function behindSlots({ lane, rows }: FilledLane<unknown>) {
  return {
    nextSlotUs: rows.length === 0 ? lane.freeSlotUs : Math.round(lane.firstSlotUs + rows.length * lane.intervalUs),
    sinceBulk: countSinceBulk(lane.sinceBulk, rows.length),
  };
}
