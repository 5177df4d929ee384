// The store on PostgreSQL, for one process or for several that share the work.

import { type Cancel, systemClock, within } from '../../domain/clock.ts';
import type { Statements, Store } from '../store.ts';
import { Connections } from './connections.ts';
import { unavailable } from './failures.ts';
import { prepareDatabase } from './prepare-database.ts';
import { createTransactions } from './transactions.ts';

export interface PostgresStoreOptions {
  /** `postgres://user:password@host:port/database` */
  readonly url: string;
  /** A server listens for the work of others; a command-line tool only tells them of its own. */
  readonly isServer: boolean;
}

/** A store with what only PostgreSQL has to tell. */
export interface PostgresStore extends Store {
  /** What the operator should know about the way it runs; usually nothing. */
  readonly warnings: readonly string[];
}

/**
 * Checks the database, brings its schema up to date and opens the connections.
 *
 * @throws AppError `store_newer_schema`, `store_unavailable` with what to do about it
 */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<PostgresStore> {
  const { isPooled } = await prepareDatabase(options.url);
  return new OpenStore({ url: options.url, isPooled });
}

const WRITABLE_TIMEOUT_MS = 2_000;

class OpenStore implements PostgresStore {
  readonly warnings: readonly string[];
  readonly read: Statements;
  readonly #connections: Connections;
  readonly #transact: ReturnType<typeof createTransactions>;
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #listeners = new Set<() => void>();
  #closing: Promise<void> | undefined;

  constructor({ url, isPooled }: { readonly url: string; readonly isPooled: boolean }) {
    this.warnings = [];
    this.#connections = new Connections({ url, isPooled });
    this.#transact = createTransactions(this.#connections, { isPooled });
    this.read = this.#connections.statements;
  }

  async write<T>(work: (tx: Statements) => Promise<T>): Promise<T> {
    if (this.#closing) {
      throw unavailable('The store is closed: the service is stopping');
    }
    const running = this.#transact(work);
    this.#underWay.add(running);
    try {
      return await running;
    } finally {
      this.#underWay.delete(running);
    }
  }

  signalWork(): void {
    for (const listener of this.#listeners) {
      listener();
    }
  }

  onWork(listener: () => void): Cancel {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async isWritable(): Promise<boolean> {
    return (await within(systemClock, WRITABLE_TIMEOUT_MS, this.#probe())) ?? false;
  }

  /** A number for a transaction is given out only where one could write. */
  async #probe(): Promise<boolean> {
    try {
      const { rows } = await this.#connections.query(
        `SELECT pg_current_xact_id() IS NOT NULL AND current_setting('transaction_read_only') = 'off' AS is_writable`,
      );
      return rows[0]?.['is_writable'] === true;
    } catch {
      return false;
    }
  }

  /** Nothing to do: the server's autovacuum removes dead rows, and no process of ours holds its files. */
  async purge(): Promise<void> {}

  close(): Promise<void> {
    this.#closing ??= Promise.allSettled(this.#underWay).then(() => this.#connections.close());
    return this.#closing;
  }
}
