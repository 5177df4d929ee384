// A clock that goes from timer to timer without waiting.

import type { Cancel, Clock } from '../src/domain/clock.ts';

interface Timer {
  readonly atMs: number;
  readonly action: () => void;
}

export class JumpingClock implements Clock {
  readonly #timers = new Set<Timer>();
  #nowMs: number;

  constructor(nowMs: number) {
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

  /** Goes to the next timer and fires it. @returns false when there is none */
  jump(): boolean {
    let next: Timer | undefined;
    for (const timer of this.#timers) {
      next = next && next.atMs <= timer.atMs ? next : timer;
    }
    if (!next) {
      return false;
    }
    this.#timers.delete(next);
    this.#nowMs = Math.max(this.#nowMs, next.atMs);
    next.action();
    return true;
  }
}
