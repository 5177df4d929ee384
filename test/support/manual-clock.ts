// A clock that moves only when a test says so.

import type { Cancel, Clock } from '../../src/domain/clock.ts';

interface Timer {
  atMs: number;
  readonly action: () => void;
}

export class ManualClock implements Clock {
  #nowMs: number;
  #setByMs = 0;
  readonly #timers = new Set<Timer>();

  constructor(nowMs = Date.UTC(2026, 0, 1)) {
    this.#nowMs = nowMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, action: () => void): Cancel {
    const timer = { atMs: this.#nowMs + Math.max(0, delayMs), action };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Moves time on and fires what became due, in order. */
  advance(ms: number): void {
    const endMs = this.#nowMs + ms;
    while (this.jump(endMs)) {
      // Each timer may set others.
    }
    this.#nowMs = endMs;
  }

  /** Goes to the next timer and fires it. @returns false when there is none until `latestMs` */
  jump(latestMs = Number.POSITIVE_INFINITY): boolean {
    let next: Timer | undefined;
    for (const timer of this.#timers) {
      next = next && next.atMs <= timer.atMs ? next : timer;
    }
    if (!next || next.atMs > latestMs) {
      return false;
    }
    this.#timers.delete(next);
    this.#nowMs = Math.max(this.#nowMs, next.atMs);
    next.action();
    return true;
  }

  /** Sets the wall clock; waits keep their length. */
  set(byMs: number): void {
    this.#nowMs += byMs;
    this.#setByMs += byMs;
    for (const timer of this.#timers) {
      timer.atMs += byMs;
    }
  }

  /** Time that has really passed, whatever the wall clock says. */
  elapsedMs(): number {
    return this.#nowMs - this.#setByMs;
  }

  get pendingTimers(): number {
    return this.#timers.size;
  }
}
