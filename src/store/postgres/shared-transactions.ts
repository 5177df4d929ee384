// Transactions that many small works share: each of them is one statement on a delivery of its own.

import type { Statements } from '../store.ts';
import { leavesConnectionUsable } from './failures.ts';
import type { Transact } from './transactions.ts';

interface Entry {
  /** Runs the work and remembers its result. */
  readonly run: (tx: Statements) => Promise<void>;
  readonly runAlone: () => void;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

const MAX_BATCH = 200;
/** While one of them waits for a lock or for the disk, the other one goes on. */
const MAX_RUNNING = 2;

/** The works of one turn of the event loop, and those that came while earlier ones were committed. */
export class SharedTransactions {
  readonly #transact: Transact;
  #waiting: Entry[] = [];
  #running = 0;

  constructor(transact: Transact) {
    this.#transact = transact;
  }

  /** Resolves after the commit. A work that throws takes nobody along: then each runs alone, from its beginning. */
  run<T>(work: (tx: Statements) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      let result: T;
      this.#waiting.push({
        run: async (tx) => {
          result = await work(tx);
        },
        runAlone: () => this.#transact(work).then(resolve, reject),
        resolve: () => resolve(result),
        reject,
      });
      if (this.#running < MAX_RUNNING) {
        void this.#drain();
      }
    });
  }

  async #drain(): Promise<void> {
    this.#running += 1;
    while (this.#waiting.length > 0) {
      await new Promise((resolve) => setImmediate(resolve));
      const batch = this.#waiting.splice(0, MAX_BATCH);
      if (batch.length > 0) {
        await this.#commit(batch);
      }
    }
    this.#running -= 1;
  }

  async #commit(batch: readonly Entry[]): Promise<void> {
    try {
      await this.#transact((tx) => settleAll(batch.map((entry) => entry.run(tx))));
    } catch (error) {
      for (const entry of batch) {
        leavesConnectionUsable(error) && batch.length > 1 ? entry.runAlone() : entry.reject(error);
      }
      return;
    }
    for (const entry of batch) {
      entry.resolve();
    }
  }
}

/** Not before all have ended: nothing is left running on the connection. @throws what the first one throws */
async function settleAll(works: readonly Promise<void>[]): Promise<void> {
  await Promise.allSettled(works);
  await Promise.all(works);
}
