// One transaction, and so one disk flush, for all the writes of one event-loop turn.

import type { DatabaseSync } from 'node:sqlite';
import type { OpenDatabase } from './open-database.ts';
import { isBusy, unavailable } from './unavailable.ts';

interface Entry {
  /** Runs the work and remembers its result; throws what the work throws. */
  readonly run: () => Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** How many writes share one transaction at most, so that one turn's queue cannot hold the disk for long. */
const MAX_BATCH = 200;
/** How many turns of the event loop the first write of a transaction waits for company at most. */
const MAX_GATHERING_TURNS = 4;
/** Distance of two tries for a lock that another process holds; the event loop is free in between. */
const LOCK_RETRY_MS = 20;

/** Write transactions of one SQLite connection, in the order in which they were asked for. */
export class GroupCommit {
  readonly #db: DatabaseSync;
  readonly #requireFiles: () => void;
  readonly #maxLockTries: number;
  #queue: Entry[] = [];
  #running: Promise<void> | undefined;

  /** @param lockWaitMs how long to wait for a lock that another process holds */
  constructor({ writer, requireFiles }: Pick<OpenDatabase, 'writer' | 'requireFiles'>, lockWaitMs: number) {
    this.#db = writer;
    this.#requireFiles = requireFiles;
    this.#maxLockTries = Math.max(1, lockWaitMs / LOCK_RETRY_MS);
  }

  /**
   * Runs `work` in a savepoint of the next transaction; resolves after that transaction is on disk. A `work` that
   * throws is undone alone. It must await nothing but statements of this connection.
   *
   * @throws what `work` throws; AppError `store_unavailable` when the transaction could not be made durable
   */
  run<T>(work: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      let result: T;
      this.#queue.push({
        run: async () => {
          result = await work();
        },
        resolve: () => resolve(result),
        reject,
      });
      this.#running ??= this.#drain();
    });
  }

  /** Resolves when everything asked for so far has been committed or refused. */
  async idle(): Promise<void> {
    while (this.#running) {
      await this.#running;
    }
  }

  async #drain(): Promise<void> {
    while (this.#queue.length > 0) {
      await this.#gather();
      try {
        await this.#begin();
      } catch (error) {
        // Whoever came meanwhile has waited for the same lock.
        refuse(this.#queue.splice(0), error);
        break;
      }
      await this.#commit(this.#queue.splice(0, MAX_BATCH));
    }
    this.#running = undefined;
  }

  /** Waits for as long as each turn of the event loop brings more. */
  async #gather(): Promise<void> {
    for (let known = -1, turns = 0; this.#queue.length > known && turns < MAX_GATHERING_TURNS; turns++) {
      known = this.#queue.length;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  async #commit(batch: readonly Entry[]): Promise<void> {
    const failures = new Map<Entry, unknown>();
    try {
      for (const entry of batch) {
        await this.#runInSavepoint(entry, failures);
      }
      this.#requireFiles();
      this.#db.exec('COMMIT');
    } catch (error) {
      this.#rollBack();
      refuse(batch, error);
      return;
    }
    for (const entry of batch) {
      failures.has(entry) ? entry.reject(failures.get(entry)) : entry.resolve();
    }
  }

  async #runInSavepoint(entry: Entry, failures: Map<Entry, unknown>): Promise<void> {
    this.#db.exec('SAVEPOINT entry');
    try {
      await entry.run();
    } catch (error) {
      // A full disk or an I/O error makes SQLite itself roll back the whole transaction.
      if (!this.#db.isTransaction) {
        throw error;
      }
      this.#db.exec('ROLLBACK TO entry');
      failures.set(entry, error);
    }
    this.#db.exec('RELEASE entry');
  }

  async #begin(): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        this.#db.exec('BEGIN IMMEDIATE');
        return;
      } catch (error) {
        if (!isBusy(error) || tries >= this.#maxLockTries) {
          throw error;
        }
        await new Promise((resolve) => setTimeout(resolve, LOCK_RETRY_MS));
      }
    }
  }

  #rollBack(): void {
    if (this.#db.isOpen && this.#db.isTransaction) {
      this.#db.exec('ROLLBACK');
    }
  }
}

function refuse(entries: readonly Entry[], error: unknown): void {
  const refusal = unavailable(error);
  for (const entry of entries) {
    entry.reject(refusal);
  }
}
