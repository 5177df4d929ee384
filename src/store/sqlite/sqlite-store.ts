// The embedded store: one SQLite file, durable at every commit.

import type { Cancel } from '../../domain/clock.ts';
import { AppError } from '../../domain/errors.ts';
import type { Locks } from '../locks.ts';
import { bindStatements, type Statements, type Store } from '../store.ts';
import { createSqliteDeliveryQueue } from './delivery-queue.ts';
import { GroupCommit } from './group-commit.ts';
import { createKysely, createStatementCache } from './kysely-dialect.ts';
import { type OpenDatabase, openDatabase } from './open-database.ts';
import { unavailable } from './unavailable.ts';

export interface SqliteStoreOptions {
  readonly path: string;
  /** A server keeps other servers away; a command-line tool works beside it. */
  readonly isServer: boolean;
  /** How long a write waits for a lock that another process holds, milliseconds; 1 500 when absent: callers over HTTP wait too. */
  readonly lockWaitMs?: number;
}

/** One transaction writes at a time, so nobody can come between. */
const NO_LOCKS: Locks = {
  take: async () => undefined,
  share: async () => undefined,
  tryTake: async () => true,
  holdDeliveries: async () => undefined,
};

/** @throws AppError `store_in_use`, `store_newer_schema`, `store_unavailable` */
export function openSqliteStore(options: SqliteStoreOptions): Store {
  return new SqliteStore(openDatabase(options.path, options.isServer), options.lockWaitMs ?? 1_500);
}

class SqliteStore implements Store {
  readonly read: Statements;
  readonly #tx: Statements;
  readonly #database: OpenDatabase;
  readonly #commits: GroupCommit;
  readonly #listeners = new Set<() => void>();
  #closing: Promise<void> | undefined;

  constructor(database: OpenDatabase, lockWaitMs: number) {
    this.#database = database;
    this.#commits = new GroupCommit(database, lockWaitMs);
    const reader = createStatementCache(database.reader);
    const writer = createStatementCache(database.writer);
    this.read = bindStatements(createKysely(reader), { queue: createSqliteDeliveryQueue(reader), locks: NO_LOCKS });
    this.#tx = bindStatements(createKysely(writer), { queue: createSqliteDeliveryQueue(writer), locks: NO_LOCKS });
  }

  async write<T>(work: (tx: Statements) => Promise<T>): Promise<T> {
    if (this.#closing) {
      throw new AppError('store_unavailable', 'The store is closed: the service is stopping');
    }
    return this.#commits.run(() => work(this.#tx));
  }

  /** All writes share transactions here. */
  writeOne<T>(work: (tx: Statements) => Promise<T>): Promise<T> {
    return this.write(work);
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
    try {
      this.#database.reader.prepare('SELECT id FROM schema_migration LIMIT 1').get();
      // Takes the write lock and gives it back without writing anything.
      await this.write(async () => undefined);
      return true;
    } catch {
      return false;
    }
  }

  /** Freed pages are overwritten as they are freed (secure_delete); the write-ahead log still holds older copies. */
  async purge(): Promise<void> {
    await this.#commits.idle();
    try {
      this.#database.writer.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } catch (error) {
      throw unavailable(error);
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#commits.idle().then(() => this.#database.close());
    return this.#closing;
  }
}
