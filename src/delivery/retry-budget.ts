// How many retries may be made, so that they never become the load that keeps a Connector down.

/** Shape of the budget. */
export interface RetryBudgetOptions {
  /** Retries for each first attempt of the window. */
  readonly ratio: number;
  /** Retries that are always free in a window. */
  readonly floor: number;
}

export const RETRY_BUDGET: RetryBudgetOptions = { ratio: 0.1, floor: 10 };

const WINDOW_S = 60;

interface Second {
  firsts: number;
  retries: number;
}

/**
 * Counts first attempts and retries of the last minute. A retry that got through gives its place back: what is limited
 * is load in vain, and a backlog of retries flows off quickly once the Connector is well again.
 */
export class RetryBudget {
  readonly #options: RetryBudgetOptions;
  /** By epoch second. */
  readonly #seconds = new Map<number, Second>();

  constructor(options: RetryBudgetOptions = RETRY_BUDGET) {
    this.#options = options;
  }

  countFirst(nowMs: number): void {
    this.#second(nowMs).firsts += 1;
  }

  /** Whether a retry may be made now. */
  hasRoom(nowMs: number): boolean {
    this.#second(nowMs);
    const { firsts, retries } = this.#sum();
    return retries < Math.max(this.#options.floor, Math.floor(firsts * this.#options.ratio));
  }

  /** @returns false when there is no room, and then nothing was counted */
  takeRetry(nowMs: number): boolean {
    const hasRoom = this.hasRoom(nowMs);
    if (hasRoom) {
      this.#second(nowMs).retries += 1;
    }
    return hasRoom;
  }

  /** Gives back the place that was taken at `takenAtMs`; nothing when the minute is over. */
  giveBack(takenAtMs: number): void {
    const second = this.#seconds.get(Math.floor(takenAtMs / 1_000));
    if (second && second.retries > 0) {
      second.retries -= 1;
    }
  }

  #second(nowMs: number): Second {
    const at = Math.floor(nowMs / 1_000);
    const known = this.#seconds.get(at);
    if (known) {
      return known;
    }
    for (const key of this.#seconds.keys()) {
      // Also what lies ahead: the clock was set back.
      if (key > at || key <= at - WINDOW_S) {
        this.#seconds.delete(key);
      }
    }
    const fresh = { firsts: 0, retries: 0 };
    this.#seconds.set(at, fresh);
    return fresh;
  }

  #sum(): Second {
    const sum = { firsts: 0, retries: 0 };
    for (const { firsts, retries } of this.#seconds.values()) {
      sum.firsts += firsts;
      sum.retries += retries;
    }
    return sum;
  }
}
