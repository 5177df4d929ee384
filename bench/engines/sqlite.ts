// SQLite as an engine of the benchmarks: a file in a folder of its own.

import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import type { Database, Engine } from '../engine.ts';

const BUSY_TIMEOUT_MS = 2_000;

export const sqliteEngine: Engine = {
  name: 'sqlite',
  isShared: false,
  async createDatabase(resources, { isInMemory = false } = {}) {
    const path = join(isInMemory ? resources.memoryFolder() : resources.folder(), 'bellhop.db');
    await openSqliteStore({ path, isServer: false }).close();
    return openDatabase(path);
  },
};

function openDatabase(path: string): Database {
  return {
    url: `sqlite:${path}`,
    openStore: async () => openSqliteStore({ path, isServer: false }),
    async run(statements) {
      withDatabase(path, (db) => {
        // Only while it is filled: a crash here ends the benchmark anyway.
        db.exec('PRAGMA synchronous = OFF; PRAGMA cache_size = -262144; BEGIN');
        for (const statement of statements) {
          db.exec(statement);
        }
        db.exec('COMMIT; PRAGMA wal_checkpoint(TRUNCATE)');
      });
    },
    count: async (query) => withDatabase(path, (db) => Number(db.prepare(query).get()?.['count'])),
  };
}

function withDatabase<Result>(path: string, work: (db: DatabaseSync) => Result): Result {
  const db = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
  try {
    return work(db);
  } finally {
    db.close();
  }
}
