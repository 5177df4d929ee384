// The databases on which the service is killed: how each is made, looked into, and checked for damage.

import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { toDeliveryId } from '../../src/domain/delivery-id.ts';
import { openPostgresStore } from '../../src/store/postgres/postgres-store.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import type { Store } from '../../src/store/store.ts';
import { nameAttempt } from './crash-verdict.ts';
import { PostgresServer } from './postgres.ts';
import { createTemporaryFolder } from './temporary-folder.ts';

type Work<T> = (store: Store) => Promise<T>;

/** An attempt that is on record and not ended. */
export interface OpenAttempt {
  /** As `nameAttempt` names it. */
  readonly name: string;
  readonly requestId: string;
}

export interface CrashDatabase {
  /** What the service is told: `DATABASE_URL`. */
  readonly url: string;
  /** Works on the database beside the processes that serve. */
  use<T>(work: Work<T>): Promise<T>;
  /** Mends nothing that killed processes left: that is for the next one to do. */
  listOpenAttempts(): Promise<readonly OpenAttempt[]>;
  /** @returns what is wrong with the database itself; empty when it is whole */
  findDamage(): Promise<readonly string[]>;
  /** Kills the processes of the database itself and starts it again after that time; absent where it has none. */
  crash?(awayMs: number): Promise<void>;
  dispose(): Promise<void>;
}

export interface CrashEngine {
  readonly name: string;
  /** Processes that serve at the same time. */
  readonly replicas: number;
  /** An empty database with the schema. */
  prepare(): Promise<CrashDatabase>;
}

/** One file, one process at a time. */
export const SQLITE: CrashEngine = {
  name: 'SQLite',
  replicas: 1,
  async prepare() {
    const folder = createTemporaryFolder();
    const path = join(folder.path, 'bellhop.db');
    return {
      url: `sqlite:${path}`,
      use: (work) => withSqlite(path, work),
      listOpenAttempts: async () => readCopy(path, (db) => toOpenAttempts(db.prepare(OPEN_ATTEMPTS).all())),
      findDamage: async () => readFrom(path, findSqliteDamage),
      dispose: async () => folder.remove(),
    };
  },
};

/** A server with one database, several processes at a time. */
export const POSTGRES: CrashEngine = {
  name: 'PostgreSQL',
  replicas: 3,
  async prepare() {
    const server = await PostgresServer.start();
    const database = await server.createDatabase();
    const url = server.url(database);
    return {
      url,
      use: (work) => withPostgres(url, work),
      listOpenAttempts: async () => toOpenAttempts(await server.query(database, OPEN_ATTEMPTS)),
      findDamage: () => findPostgresDamage(server, database),
      async crash(awayMs) {
        await server.kill();
        await wait(awayMs);
        await server.resume();
      },
      dispose: () => server.dispose(),
    };
  },
};

/** Every engine of the kill tests. */
export const CRASH_ENGINES: readonly CrashEngine[] = [SQLITE, POSTGRES];

/** Waits for nobody's locks and sees what is committed, so what was on record for a killed process is found. */
const OPEN_ATTEMPTS = 'SELECT delivery_id, number, request_id FROM attempt WHERE finished_at_ms IS NULL';

function toOpenAttempts(rows: readonly Readonly<Record<string, unknown>>[]): readonly OpenAttempt[] {
  return rows.map(({ delivery_id: deliveryId, number, request_id: requestId }) => ({
    name: nameAttempt(toDeliveryId(Number(deliveryId)), Number(number)),
    requestId: String(requestId),
  }));
}

async function withSqlite<T>(path: string, work: Work<T>): Promise<T> {
  const store = openSqliteStore({ path, isServer: false });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

async function withPostgres<T>(url: string, work: Work<T>): Promise<T> {
  const store = await openPostgresStore({ url, isServer: false });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** Whoever opens the file first after a crash recovers its write-ahead log, so only a copy is opened. */
function readCopy<T>(path: string, read: (db: DatabaseSync) => T): T {
  const folder = createTemporaryFolder();
  try {
    const copy = join(folder.path, 'copy.db');
    for (const suffix of ['', '-wal'].filter((one) => existsSync(`${path}${one}`))) {
      copyFileSync(`${path}${suffix}`, `${copy}${suffix}`);
    }
    return readFrom(copy, read);
  } finally {
    folder.remove();
  }
}

function readFrom<T>(path: string, read: (db: DatabaseSync) => T): T {
  const db = new DatabaseSync(path);
  try {
    return read(db);
  } finally {
    db.close();
  }
}

function findSqliteDamage(db: DatabaseSync): readonly string[] {
  const found = [...db.prepare('PRAGMA integrity_check').all(), ...db.prepare('PRAGMA foreign_key_check').all()];
  return found.map((row) => Object.values(row).join(' ')).filter((line) => line !== 'ok');
}

/** Looks at every page of the tables, and whether every row is found in every index. */
async function findPostgresDamage(server: PostgresServer, database: string): Promise<readonly string[]> {
  await server.query(database, 'CREATE EXTENSION IF NOT EXISTS amcheck');
  const rows = await server.query(
    database,
    `SELECT format('%s %s', c.relname, v.msg) AS damage
       FROM pg_class c CROSS JOIN LATERAL verify_heapam(c.oid) v
      WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace`,
  );
  const check = `
    SELECT bt_index_check(i.indexrelid, true)
      FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
     WHERE c.relnamespace = 'public'::regnamespace`;
  const unindexed = await server.query(database, check).then(
    () => [],
    (error: unknown) => [String(error)],
  );
  return [...rows.map(({ damage }) => String(damage)), ...unindexed];
}
