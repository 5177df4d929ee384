// Telling the other processes that there is work, without telling them too often.

import type { Cancel, Clock } from '../../domain/clock.ts';

/** What telling takes. */
export interface NotifierDeps {
  /** Tells the others. One that fails is not repeated: they look by themselves every second. */
  readonly tell: () => Promise<unknown>;
  readonly timers: Pick<Clock, 'after'>;
}

/** A notification takes a lock on the whole server at its commit, so a process sends no more than twenty a second. */
const INTERVAL_MS = 50;

/** Sends the first signal at once and gathers those that follow. */
export class WorkNotifier {
  readonly #deps: NotifierDeps;
  #isWanted = false;
  #isClosed = false;
  #running: Promise<void> | undefined;
  #endPause: () => void = () => undefined;

  constructor(deps: NotifierDeps) {
    this.#deps = deps;
  }

  /** The others will know of what has been committed by now. */
  signal(): void {
    this.#isWanted = true;
    if (!this.#isClosed) {
      this.#running ??= this.#run();
    }
  }

  /** Resolves when what was signalled has been told. Idempotent. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#endPause();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#isWanted) {
      this.#isWanted = false;
      await this.#deps.tell().catch(() => undefined);
      if (!this.#isClosed) {
        await this.#pause();
      }
    }
    this.#running = undefined;
  }

  #pause(): Promise<void> {
    return new Promise((resolve) => {
      const cancel: Cancel = this.#deps.timers.after(INTERVAL_MS, resolve);
      this.#endPause = () => {
        cancel();
        resolve();
      };
    });
  }
}
