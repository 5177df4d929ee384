// The store on PostgreSQL, for one process or for several that share the work.

import { type Cancel, type Clock, systemClock, within } from '../../domain/clock.ts';
import type { Statements, Store } from '../store.ts';
import { ClaimLead, type Lead } from './claim-lead.ts';
import { Connections } from './connections.ts';
import { DatabaseClock } from './database-clock.ts';
import { unavailable } from './failures.ts';
import { prepareDatabase } from './prepare-database.ts';
import { SharedTransactions } from './shared-transactions.ts';
import { createTransactions, type Transact } from './transactions.ts';
import { WORK_CHANNEL, WorkListener } from './work-listener.ts';
import { WorkNotifier } from './work-notifier.ts';

export interface PostgresStoreOptions {
  /** `postgres://user:password@host:port/database` */
  readonly url: string;
  /** A server listens for the work of others; a command-line tool only tells them of its own. */
  readonly isServer: boolean;
  /** For tests: how far ahead slots begin is measured when absent. */
  readonly lead?: Lead;
}

/** A store with what only PostgreSQL has to tell. */
export interface PostgresStore extends Store {
  /** The database's clock: what several processes write into one queue goes by one clock. */
  readonly clock: Clock;
  /** What the operator should know about the way it runs, each a sentence; usually nothing. */
  readonly warnings: readonly string[];
}

/**
 * Checks the database, brings its schema up to date and opens the connections.
 *
 * @throws AppError `store_newer_schema`, `store_unavailable` with what to do about it
 */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<PostgresStore> {
  const { url, isServer, lead = new ClaimLead(elapsedMs) } = options;
  const { isPooled } = await prepareDatabase(url);
  const connections = new Connections({ url, isPooled, lead });
  const clock = new DatabaseClock({ ask: () => readTime(connections), elapsedMs, timers: systemClock });
  const store = new OpenStore({ connections, clock, isPooled });
  try {
    await clock.start();
    if (isServer && !isPooled) {
      await store.listen(url);
    }
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}

const WRITABLE_TIMEOUT_MS = 2_000;
const POOLER_WARNING =
  'A connection pooler stands before the database: work of other processes is noticed within a second, not at once. Let DATABASE_URL lead to PostgreSQL itself to change that';

interface StoreParts {
  readonly connections: Connections;
  readonly clock: DatabaseClock;
  readonly isPooled: boolean;
}

class OpenStore implements PostgresStore {
  readonly clock: DatabaseClock;
  readonly warnings: readonly string[];
  readonly read: Statements;
  readonly #connections: Connections;
  readonly #transact: Transact;
  readonly #shared: SharedTransactions;
  readonly #notifier: WorkNotifier;
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #onWork = new Set<() => void>();
  #listener: WorkListener | undefined;
  #closing: Promise<void> | undefined;

  constructor({ connections, clock, isPooled }: StoreParts) {
    this.clock = clock;
    this.warnings = isPooled ? [POOLER_WARNING] : [];
    this.read = connections.statements;
    this.#connections = connections;
    this.#transact = createTransactions(connections, { isPooled });
    this.#shared = new SharedTransactions(this.#transact);
    this.#notifier = new WorkNotifier({
      tell: () => connections.query(`NOTIFY ${WORK_CHANNEL}`),
      timers: systemClock,
    });
  }

  /** Wakes this process when another one has work. */
  async listen(url: string): Promise<void> {
    const onHeard = (pid?: number) => {
      if (pid === undefined || !this.#connections.owns(pid)) {
        this.#wake();
      }
    };
    this.#listener = new WorkListener({ url, timers: systemClock, onHeard });
    await this.#listener.start();
  }

  write<T>(work: (tx: Statements) => Promise<T>): Promise<T> {
    return this.#keep(() => this.#transact(work));
  }

  writeOne<T>(work: (tx: Statements) => Promise<T>): Promise<T> {
    return this.#keep(() => this.#shared.run(work));
  }

  /** A store that is being closed waits for it. */
  async #keep<T>(write: () => Promise<T>): Promise<T> {
    if (this.#closing) {
      throw unavailable('The store is closed: the service is stopping');
    }
    const running = write();
    this.#underWay.add(running);
    try {
      return await running;
    } finally {
      this.#underWay.delete(running);
    }
  }

  signalWork(): void {
    this.#wake();
    this.#notifier.signal();
  }

  onWork(listener: () => void): Cancel {
    this.#onWork.add(listener);
    return () => this.#onWork.delete(listener);
  }

  async isWritable(): Promise<boolean> {
    return (await within(systemClock, WRITABLE_TIMEOUT_MS, this.#probe())) ?? false;
  }

  /** Nothing to do: erased rows are removed by the server's own vacuum, and no process of ours holds its files. */
  async purge(): Promise<void> {}

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await Promise.allSettled(this.#underWay);
    await Promise.all([this.clock.stop(), this.#notifier.close(), this.#listener?.close()]);
    await this.#connections.close();
  }

  #wake(): void {
    for (const listener of this.#onWork) {
      listener();
    }
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
}

const elapsedMs = (): number => performance.now();

async function readTime(connections: Connections): Promise<number> {
  const { rows } = await connections.query(
    'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::double precision AS now_ms',
  );
  return Number(rows[0]?.['now_ms']);
}
