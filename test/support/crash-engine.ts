// The databases on which the service is killed: how each is made, looked into, and checked for damage.

import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import type { Store } from '../../src/store/store.ts';
import { createTemporaryFolder } from './temporary-folder.ts';

type Work<T> = (store: Store) => Promise<T>;

export interface CrashDatabase {
  /** What the service is told: `DATABASE_URL`. */
  readonly url: string;
  /** Works on the database beside the processes that serve. */
  use<T>(work: Work<T>): Promise<T>;
  /** Looks at what killed processes left, and mends nothing: that is for the next one to do. */
  examine<T>(work: Work<T>): Promise<T>;
  /** @returns what is wrong with the database itself; empty when it is whole */
  findDamage(): Promise<readonly string[]>;
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
      examine: (work) => withCopy(path, (copy) => withSqlite(copy, work)),
      findDamage: async () => findSqliteDamage(path),
      dispose: async () => folder.remove(),
    };
  },
};

/** Every engine of the kill tests. */
export const CRASH_ENGINES: readonly CrashEngine[] = [SQLITE];

async function withSqlite<T>(path: string, work: Work<T>): Promise<T> {
  const store = openSqliteStore({ path, isServer: false });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** Whoever opens the file first after a crash recovers its write-ahead log, so only a copy is opened. */
async function withCopy<T>(path: string, work: (copy: string) => Promise<T>): Promise<T> {
  const folder = createTemporaryFolder();
  try {
    const copy = join(folder.path, 'copy.db');
    for (const suffix of ['', '-wal'].filter((one) => existsSync(`${path}${one}`))) {
      copyFileSync(`${path}${suffix}`, `${copy}${suffix}`);
    }
    return await work(copy);
  } finally {
    folder.remove();
  }
}

function findSqliteDamage(path: string): readonly string[] {
  const db = new DatabaseSync(path, { readOnly: true });
  try {
    const found = [...db.prepare('PRAGMA integrity_check').all(), ...db.prepare('PRAGMA foreign_key_check').all()];
    return found.map((row) => Object.values(row).join(' ')).filter((line) => line !== 'ok');
  } finally {
    db.close();
  }
}
