// How fast requests may follow one another: in one chat, to one person, and in a lane that Teams keeps throttling.

import type { Priority } from './notification.ts';

/**
 * A GCRA clock: up to `burst` at once after a rest, one every `intervalMs` in the long run. A window of W ms sees
 * `burst + 1 + floor(W / intervalMs)` requests at the most; the 1 is for a request that goes out later than it was
 * counted, of which a conversation has one at a time.
 */
export interface Pace {
  readonly intervalMs: number;
  readonly burst: number;
}

/**
 * All below what is documented, because Teams counts when a request arrives and not when it leaves.
 *
 * @see https://learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit
 */
export const PACES = {
  /** Teams takes 7 posts in 1 s, 8 in 2 s and 60 in 30 s in one conversation; this makes 6, 7 and 47. */
  chat: { intervalMs: 700, burst: 4 },
  /** Teams takes 1 800 posts in an hour in one conversation; this makes 1 741. */
  hour: { intervalMs: 2_500, burst: 300 },
} as const satisfies Record<string, Pace>;

/** What Teams' store asks for: no more notifications than this to one person in a minute. Exact, so ten go at once. */
const PER_PERSON = { count: 10, spanMs: 60_000 } as const;

/** How many of the latest notifications to a person are remembered. */
export const NOTIFICATIONS_COUNTED = PER_PERSON.count;

/** What was posted to one conversation, as far as it still counts. */
export interface ChatUse {
  /** GCRA clocks of `PACES`, epoch milliseconds; 0 when never used. */
  readonly chatClockMs: number;
  readonly hourClockMs: number;
  /** When the latest notifications to the person were posted, oldest first, ten at the most; empty when it is no 1:1 chat. */
  readonly notifiedAtMs: readonly number[];
}

/**
 * When a conversation has room for one more post. Pure.
 *
 * @param isQuiet whether it makes no toast of its own accord (an answer, an edit, a deletion): then only the chat's paces count
 */
export function chatFreeAtMs({ chatClockMs, hourClockMs, notifiedAtMs }: ChatUse, isQuiet: boolean): number {
  const chatFreeMs = Math.max(freeAtMs(chatClockMs, PACES.chat), freeAtMs(hourClockMs, PACES.hour));
  const counted = isQuiet ? undefined : notifiedAtMs.at(-PER_PERSON.count);
  return counted === undefined ? chatFreeMs : Math.max(chatFreeMs, counted + PER_PERSON.spanMs);
}

/** Whether the limit of notifications to a person held back what was ready to go at `readyAtMs`. Pure. */
export function wasHeldBack(notifiedAtMs: readonly number[], readyAtMs: number): boolean {
  const counted = notifiedAtMs.at(-PER_PERSON.count);
  return counted !== undefined && readyAtMs < counted + PER_PERSON.spanMs;
}

/** The instants to remember after one more notification. Pure. */
export function addNotified(notifiedAtMs: readonly number[], nowMs: number): readonly number[] {
  return [...notifiedAtMs, nowMs].slice(-PER_PERSON.count);
}

function freeAtMs(clockMs: number, { intervalMs, burst }: Pace): number {
  return clockMs - (burst - 1) * intervalMs;
}

/** How much slower than its set rate a lane goes after 429s. */
export interface Slowdown {
  /** At `untilMs`, from 1 (the set rate) to 4 (a quarter of it). */
  readonly factor: number;
  /** The end of the latest pause, epoch milliseconds; more 429s before it tell nothing new. */
  readonly untilMs: number;
}

const MAX_FACTOR = 4;
const MIN_PAUSE_MS = 1_000;
/** A 429 so soon after the last pause means that the rate is too high; a single one is no reason to slow down. */
const RECURRENCE_MS = 10_000;
const SLOWER = 1.25;
const RECOVERY_STEP_MS = 10_000;
const RECOVERY = 0.95;

/** The factor now: it shrinks by 5 % for each ten seconds without a 429. Pure. @returns a number in [1, 4] */
export function slownessAt({ factor, untilMs }: Slowdown, nowMs: number): number {
  const steps = Math.max(0, Math.floor((nowMs - untilMs) / RECOVERY_STEP_MS));
  return Math.max(1, factor * RECOVERY ** steps);
}

/**
 * What a 429 makes of it: a quarter slower when it comes within ten seconds of the last one's pause, at most once a
 * second. Pure.
 *
 * @param pauseMs how long the whole lane pauses for it; 0 when only one conversation does
 */
export function slowDown(slowdown: Slowdown, nowMs: number, pauseMs: number): Slowdown {
  const calmMs = nowMs - slowdown.untilMs;
  if (calmMs < 0) {
    return slowdown;
  }
  const factor = slownessAt(slowdown, nowMs);
  return {
    factor: calmMs <= RECURRENCE_MS ? Math.min(MAX_FACTOR, factor * SLOWER) : factor,
    untilMs: nowMs + Math.max(MIN_PAUSE_MS, pauseMs),
  };
}

/** Of so many slots of a lane, these are kept for whoever urgent would never let through: counted from the latest turn of bulk. */
const SLOT_CYCLE = 20;
const KEPT_SLOTS = { normal: [5, 10, 15], bulk: [20] } as const;

/** A number for each priority. */
export type PerPriority = Readonly<Record<Priority, number>>;

/**
 * How many of the next `slots` of a lane each priority may have before all others. Pure.
 *
 * @param sinceBulk slots given out since bulk last had its turn
 */
export function keptSlots(sinceBulk: number, slots: number): PerPriority {
  const passed = (turn: number, count: number) => Math.floor((count - turn) / SLOT_CYCLE);
  const turns = (kept: readonly number[]) =>
    kept.reduce((sum, turn) => sum + passed(turn, sinceBulk + slots) - passed(turn, sinceBulk), 0);
  return { urgent: 0, normal: turns(KEPT_SLOTS.normal), bulk: turns(KEPT_SLOTS.bulk) };
}

/**
 * Who gets the next `slots` of a lane: urgent before normal before bulk, except for what is kept. Pure.
 *
 * @param waiting how many of each priority could go
 */
export function shareSlots(slots: number, waiting: PerPriority, kept: PerPriority): PerPriority {
  const keptForBulk = Math.min(waiting.bulk, kept.bulk, slots);
  const keptForNormal = Math.min(waiting.normal, kept.normal, slots - keptForBulk);
  const urgent = Math.min(waiting.urgent, slots - keptForBulk - keptForNormal);
  const normal = Math.min(waiting.normal, slots - keptForBulk - urgent);
  return { urgent, normal, bulk: Math.min(waiting.bulk, slots - urgent - normal) };
}

/**
 * The slots since bulk's turn after `taken` more. Pure. A turn that nobody needed is over: it is not saved up.
 *
 * @returns a whole number in [0, SLOT_CYCLE - 1]
 */
export function countSinceBulk(sinceBulk: number, taken: number): number {
  return (sinceBulk + taken) % SLOT_CYCLE;
}
