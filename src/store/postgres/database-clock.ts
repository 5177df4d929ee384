// The clock of the database as the clock of this process: several processes agree on instants, whatever theirs say.

import type { Cancel, Clock } from '../../domain/clock.ts';

/** What the clock is read and kept with. */
export interface DatabaseClockDeps {
  /** Asks the database for its time, epoch milliseconds. */
  readonly ask: () => Promise<number>;
  /** Milliseconds since any fixed moment; never set by anybody. */
  readonly elapsedMs: () => number;
  readonly timers: Pick<Clock, 'after'>;
}

/** One answer: the database's clock was `offsetMs` ahead of the elapsed time, give or take `errorMs`. */
interface Sample {
  readonly offsetMs: number;
  readonly errorMs: number;
}

const INTERVAL_MS = 1_000;
const MAX_SAMPLES = 8;
/** How far two clocks may drift apart between two samples that both count. */
const DRIFT_MS = 2;

/**
 * Asks each second and believes the answer that came fastest of the last eight: it was on the way for `rtt`, so it is
 * at most `rtt / 2` off. In between the time goes on evenly, also while the database cannot be asked.
 */
export class DatabaseClock implements Clock {
  readonly #deps: DatabaseClockDeps;
  #samples: readonly Sample[] = [];
  #offsetMs = 0;
  #cancel: Cancel = () => undefined;
  #asking: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor(deps: DatabaseClockDeps) {
    this.#deps = deps;
  }

  nowMs(): number {
    return Math.floor(this.#deps.elapsedMs() + this.#offsetMs);
  }

  after(delayMs: number, action: () => void): Cancel {
    return this.#deps.timers.after(delayMs, action);
  }

  /** Resolves when the time is known. @throws AppError `store_unavailable` */
  async start(): Promise<void> {
    await this.#take();
    this.#askLater();
  }

  /** Resolves when no question is under way any more. Idempotent. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancel();
    await this.#asking;
  }

  #askLater(): void {
    if (!this.#isStopped) {
      this.#cancel = this.#deps.timers.after(INTERVAL_MS, () => {
        // Without an answer the time goes on as before.
        this.#asking = this.#take()
          .catch(() => undefined)
          .then(() => this.#askLater());
      });
    }
  }

  async #take(): Promise<void> {
    const { ask, elapsedMs } = this.#deps;
    const askedAtMs = elapsedMs();
    const databaseMs = await ask();
    const answeredAtMs = elapsedMs();
    this.#add({
      offsetMs: databaseMs - (askedAtMs + answeredAtMs) / 2,
      errorMs: (answeredAtMs - askedAtMs) / 2,
    });
  }

  /** What contradicts the newest sample is from before the database's clock was set. */
  #add(newest: Sample): void {
    const agreeing = this.#samples.filter(
      ({ offsetMs, errorMs }) => Math.abs(offsetMs - newest.offsetMs) <= errorMs + newest.errorMs + DRIFT_MS,
    );
    this.#samples = [...agreeing, newest].slice(-MAX_SAMPLES);
    const best = this.#samples.reduce((left, right) => (right.errorMs < left.errorMs ? right : left));
    this.#offsetMs = best.offsetMs;
  }
}
