// The last gate before a request: each leaves at a slot of its lane, and what misses its slot waits for another one.

import type { Cancel, Clock } from '../domain/clock.ts';
import { AppError } from '../domain/errors.ts';
import type { SlotWish } from '../store/delivery-queue.ts';
import type { Store } from '../store/store.ts';

/** What pacing stands on. */
export interface PacerDeps {
  readonly store: Store;
  readonly clock: Clock;
}

/** When one request may leave; the pacer moves it on when it was missed. */
export interface Turn {
  readonly laneId: number;
  /** Distance of two slots of the lane, milliseconds. */
  readonly intervalMs: number;
  slotAtMs: number;
}

/**
 * A request leaves in [slot, slot + this]. With slots one interval apart, a window of W ms therefore holds
 * floor((W + 100) / interval) + 1 requests of a lane at the most, whatever the event loop and the disk do.
 */
const TOLERANCE_MS = 100;
/** Requests of this process that came late, each within the tolerance, still keep this part of the interval. */
const MIN_GAP = 0.8;
/**
 * A slot further away than this is not waited for: a lease is not held for its sake. A slot that was had and is further
 * away is of the time before the clock was set back.
 */
const MAX_WAIT_MS = 5_000;
/** After so many missed slots in a row the delivery goes back to the queue. */
const MAX_MISSES = 6;
/** From the second miss on the new slot is this far ahead, each time twice as far, so that a slow disk can keep it. */
const LEAD_MS = 100;
/** Timers of less may fire before their time. */
const MIN_TIMER_MS = 1;

/** Paces the requests of this process; what other processes do is kept apart by the slots themselves. */
export class Pacer {
  readonly #deps: PacerDeps;
  /** When each lane last had a request of this process. */
  readonly #lastAtMs = new Map<number, number>();
  /** Lanes that met a 429: known here before it is written down, and to those who have their slot already. */
  readonly #heldBack = new Map<number, { readonly sinceMs: number; readonly untilMs: number }>();
  readonly #waiting = new Set<() => void>();
  #isStopped = false;

  constructor(deps: PacerDeps) {
    this.#deps = deps;
  }

  /** Lets everybody who waits go home, with false. */
  stop(): void {
    this.#isStopped = true;
    for (const end of this.#waiting) {
      end();
    }
  }

  /** Nothing of the lane is sent for so long, milliseconds, whatever slots were given out. */
  holdBack(laneId: number, forMs: number): void {
    const sinceMs = this.#deps.clock.nowMs();
    const untilMs = Math.max(sinceMs + forMs, this.#heldBack.get(laneId)?.untilMs ?? 0);
    this.#heldBack.set(laneId, { sinceMs, untilMs });
  }

  /**
   * Waits until the slot has come, or for another slot when it was missed.
   *
   * @returns false when nothing may be sent: no slot could be had in time, the lane is held back, or the pacer was stopped
   */
  async untilSlot(turn: Turn): Promise<boolean> {
    for (let misses = 0; misses < MAX_MISSES; misses++) {
      if (!(await this.#untilAtMs(turn.slotAtMs)) || this.#isHeldBack(turn.laneId)) {
        return false;
      }
      const lateMs = this.#deps.clock.nowMs() - turn.slotAtMs;
      const isMissed = lateMs > TOLERANCE_MS || lateMs < -MAX_WAIT_MS;
      if (!isMissed) {
        return true;
      }
      if (!(await this.takeSlot(turn, misses === 0 ? 0 : LEAD_MS * 2 ** (misses - 1)))) {
        return false;
      }
    }
    return false;
  }

  /**
   * Waits until the request may be written, and counts it: nothing may come between this and the request.
   *
   * @param latestMs when it is too late for a request
   * @returns false as `untilSlot`, and when it is too late
   */
  async untilSend(turn: Turn, latestMs: number): Promise<boolean> {
    const { clock } = this.#deps;
    while (await this.untilSlot(turn)) {
      const nowMs = clock.nowMs();
      if (nowMs > latestMs) {
        return false;
      }
      const lastAtMs = this.#lastAtMs.get(turn.laneId) ?? 0;
      const freeAtMs = lastAtMs + MIN_GAP * turn.intervalMs;
      // A request that is still to come was made before the clock was set back.
      if (nowMs >= freeAtMs || lastAtMs > nowMs) {
        this.#lastAtMs.set(turn.laneId, nowMs);
        return true;
      }
      if (!(await this.#untilAtMs(freeAtMs))) {
        return false;
      }
    }
    return false;
  }

  /** Gives the turn a new slot. @returns false when there is none in time, or the lane is held back */
  async takeSlot(turn: Turn, leadMs = 0): Promise<boolean> {
    const slotAtMs = await this.#reserve(() => {
      const nowMs = this.#deps.clock.nowMs();
      return { laneId: turn.laneId, nowMs, earliestMs: nowMs + leadMs, latestMs: nowMs + MAX_WAIT_MS };
    });
    turn.slotAtMs = slotAtMs ?? turn.slotAtMs;
    return slotAtMs !== undefined;
  }

  /** A clock that was set back ends it: the lane itself, in the store, says what still holds. */
  #isHeldBack(laneId: number): boolean {
    const held = this.#heldBack.get(laneId);
    const nowMs = this.#deps.clock.nowMs();
    return held !== undefined && held.sinceMs <= nowMs && nowMs < held.untilMs;
  }

  /** A store that cannot be written gives no slots: an attempt that has begun is then known to be unsent. */
  async #reserve(wish: () => SlotWish): Promise<number | undefined> {
    try {
      return await this.#deps.store.writeOne((tx) => tx.queue.reserveSlot(wish()));
    } catch (error) {
      if (error instanceof AppError && error.code === 'store_unavailable') {
        return undefined;
      }
      throw error;
    }
  }

  /** Does not wait for what is too far away. @returns false when it was stopped first */
  async #untilAtMs(atMs: number): Promise<boolean> {
    const { clock } = this.#deps;
    const isNear = (leftMs: number) => leftMs > 0 && leftMs <= MAX_WAIT_MS;
    for (let leftMs = atMs - clock.nowMs(); isNear(leftMs) && !this.#isStopped; leftMs = atMs - clock.nowMs()) {
      await new Promise<void>((resolve) => {
        const end = () => {
          cancel();
          this.#waiting.delete(end);
          resolve();
        };
        const cancel: Cancel = clock.after(Math.max(MIN_TIMER_MS, leftMs), end);
        this.#waiting.add(end);
      });
    }
    return !this.#isStopped;
  }
}
