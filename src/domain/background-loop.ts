// Work that goes on by itself: one round after the other, at once when woken, else when the last round said so.

import type { Cancel, Clock } from './clock.ts';

/** What a loop does. */
export interface Rounds {
  readonly clock: Clock;
  /**
   * One round. Whoever wakes the loop meanwhile gets another one right after it. A long round ends early
   * once the loop's `signal` is aborted.
   *
   * @returns when to look again if nobody wakes it, milliseconds from now
   */
  run(): Promise<number>;
  /** Told of what a round threw. @returns when to try again, milliseconds from now */
  onFailure(error: unknown): number;
}

/** Never has two rounds at a time. A loop that was stopped stays so. */
export class BackgroundLoop {
  readonly #rounds: Rounds;
  readonly #abort = new AbortController();
  #cancelTimer: Cancel = () => undefined;
  #unfollow: Cancel = () => undefined;
  #running: Promise<void> | undefined;
  #isWoken = false;

  constructor(rounds: Rounds) {
    this.#rounds = rounds;
  }

  /** Aborted when the loop is to stop. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Begins a round now, or right after the one under way. */
  wake(): void {
    this.#isWoken = true;
    if (!this.#running && !this.#abort.signal.aborted) {
      this.#running = this.#run();
    }
  }

  /** Begins, and from then on is woken by whatever tells its listeners that there may be something to do. */
  follow(listen: (listener: () => void) => Cancel): void {
    this.#unfollow();
    this.#unfollow = listen(() => this.wake());
    this.wake();
  }

  /** Resolves when the round under way has ended. Idempotent. */
  async stop(): Promise<void> {
    this.#unfollow();
    this.#abort.abort();
    await this.#running;
    this.#cancelTimer();
  }

  async #run(): Promise<void> {
    const { clock, run, onFailure } = this.#rounds;
    const { signal } = this.#abort;
    this.#cancelTimer();
    let nextMs = 0;
    try {
      while (this.#isWoken && !signal.aborted) {
        this.#isWoken = false;
        nextMs = await run();
      }
    } catch (error) {
      nextMs = onFailure(error);
    }
    this.#running = undefined;
    if (!signal.aborted) {
      this.#cancelTimer = clock.after(nextMs, () => this.wake());
    }
  }
}
