// Opens SQLite files: durable settings, schema, and the lock that keeps a second server away.

import { mkdirSync, statfsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { AppError } from '../../domain/errors.ts';
import { type Migration, pendingMigrations } from '../migrate.ts';
import { SQLITE_MIGRATIONS } from './migrations.ts';
import { rememberFiles } from './open-files.ts';
import { isBusy } from './unavailable.ts';

export interface OpenDatabase {
  readonly writer: DatabaseSync;
  /** Sees committed rows only: the writer's open transaction stays invisible to it. */
  readonly reader: DatabaseSync;
  /** Throws once the files at the path are not the ones that are open: what would be written there is lost. */
  requireFiles(): void;
  close(): void;
}

/**
 * Settings of every connection. FULL makes a commit wait for the disk: what was acknowledged survives a power cut.
 * secure_delete overwrites what is deleted, so that an erased person is not left in free pages. A checkpoint runs in
 * the commit that fills the log, and nothing else happens meanwhile: 4 MB of it take about 10 ms, 16 MB took 40 to 50.
 */
const PRAGMAS = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA secure_delete = ON;
  PRAGMA foreign_keys = ON;
  PRAGMA wal_autocheckpoint = 1000;
  PRAGMA cache_size = -32768;
`;

/**
 * How long one statement may block the event loop waiting for another process's lock. Short: the store waits longer
 * than this without blocking.
 */
const BUSY_TIMEOUT_MS = 50;

/** Filesystem types (statfs) on which SQLite's shared memory and locks cannot be trusted: NFS, SMB, CIFS, SMB2. */
const NETWORK_FILESYSTEMS: ReadonlySet<number> = new Set([0x6969, 0x517b, 0xff534d42, 0xfe534d42]);

/**
 * @param path of the database file; its folder is made when missing
 * @param isServer true takes the server's lock and keeps it until close
 * @throws AppError `store_in_use`, `store_newer_schema`, `store_unavailable`
 */
export function openDatabase(path: string, isServer: boolean): OpenDatabase {
  const file = resolve(path);
  const opened: { close(): void }[] = [];
  const close = () => {
    for (const one of opened.splice(0).reverse()) {
      one.close();
    }
  };
  const keep = <T extends { close(): void }>(one: T): T => {
    opened.push(one);
    return one;
  };
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    refuseNetworkFilesystem(dirname(file));
    if (isServer) {
      keep(takeServerLock(`${file}-server-lock`));
    }
    const writer = keep(new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MS }));
    prepareDatabase(writer, file, isServer);
    const reader = keep(new DatabaseSync(file, { readOnly: true, timeout: BUSY_TIMEOUT_MS }));
    // The first read opens the write-ahead log, the same one that the writer has.
    reader.prepare('SELECT id FROM schema_migration LIMIT 1').get();
    return { writer, reader, requireFiles: rememberFiles(file), close };
  } catch (error) {
    close();
    throw error instanceof AppError ? error : unusable(file, error);
  }
}

function prepareDatabase(db: DatabaseSync, file: string, isServer: boolean): void {
  db.exec(PRAGMAS);
  requireDurability(db);
  if (isServer) {
    refuseDamage(db, file);
  }
  runMigrations(db);
  requireWriting(db);
}

/** A file that may only be read is opened all the same, and even lets transactions begin: only a write tells. */
function requireWriting(db: DatabaseSync): void {
  try {
    db.exec('BEGIN IMMEDIATE');
  } catch (error) {
    if (isBusy(error)) {
      // Somebody is writing it.
      return;
    }
    throw error;
  }
  try {
    db.exec('PRAGMA user_version = 0');
  } finally {
    db.exec('ROLLBACK');
  }
}

/**
 * An exclusive transaction on a file of its own: the system gives the lock back when the process ends, however it
 * ends, so there is nothing to clean up and nothing to time out.
 */
function takeServerLock(lockFile: string): DatabaseSync {
  const lock = new DatabaseSync(lockFile);
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    lock.close();
    throw new AppError(
      'store_in_use',
      `Another Bellhop server is using ${lockFile.replace(/-server-lock$/, '')}. Stop it first, or give this one its own DATABASE_URL`,
      { cause },
    );
  }
  return lock;
}

/** A setting that did not take would break the promise behind every 202 without a word. */
function requireDurability(db: DatabaseSync): void {
  const { journal_mode: journalMode } = db.prepare('PRAGMA journal_mode').get() ?? {};
  const { synchronous } = db.prepare('PRAGMA synchronous').get() ?? {};
  const FULL = 2;
  if (journalMode !== 'wal' || synchronous !== FULL) {
    throw new AppError(
      'store_unavailable',
      `Expected SQLite to write ahead and to wait for the disk, found journal_mode ${journalMode} and synchronous ${synchronous}. Use a local folder`,
    );
  }
}

/** A file of this size is read through in about a second; one that is larger is not, for the sake of a quick restart. */
const MAX_CHECKED_BYTES = 256 * 1024 * 1024;

/** Reads every page once: better no service than one that finds out later, at somebody's message. */
function refuseDamage(db: DatabaseSync, file: string): void {
  if (statSync(file).size > MAX_CHECKED_BYTES) {
    return;
  }
  const { quick_check: found } = db.prepare('PRAGMA quick_check(1)').get() ?? {};
  if (found !== 'ok') {
    throw damaged(file);
  }
}

function runMigrations(db: DatabaseSync): void {
  // Asked without a lock first: where nothing is to be done, a tool opens the file whatever a server is writing.
  if (findPending(db).length === 0) {
    return;
  }
  db.exec('BEGIN EXCLUSIVE');
  try {
    for (const migration of findPending(db)) {
      db.exec(migration.sql);
      db.prepare(
        `INSERT INTO schema_migration (id, name, applied_at_ms)
         VALUES (?, ?, CAST(unixepoch('subsec') * 1000 AS INTEGER))`,
      ).run(migration.id, migration.name);
    }
    db.exec('COMMIT');
  } catch (error) {
    db.exec('ROLLBACK');
    throw error;
  }
}

function findPending(db: DatabaseSync): readonly Migration[] {
  db.exec(`CREATE TABLE IF NOT EXISTS schema_migration (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at_ms INTEGER NOT NULL) STRICT`);
  const applied = db.prepare('SELECT id FROM schema_migration').all();
  return pendingMigrations(
    SQLITE_MIGRATIONS,
    applied.map((row) => Number(row['id'])),
  );
}

function refuseNetworkFilesystem(folder: string): void {
  if (NETWORK_FILESYSTEMS.has(statfsSync(folder).type)) {
    throw new AppError(
      'store_unavailable',
      `Expected ${folder} on a local disk, found a network file system, where SQLite loses data. Use a local folder`,
    );
  }
}

const SQLITE_CORRUPT = 11;

function unusable(file: string, cause: unknown): AppError {
  const { errcode, message }: { errcode?: unknown; message?: unknown } = Object(cause);
  if (typeof errcode === 'number' && errcode % 256 === SQLITE_CORRUPT) {
    return damaged(file, cause);
  }
  const reason = typeof message === 'string' ? message : 'unknown error';
  return new AppError(
    'store_unavailable',
    `The database file ${file} cannot be used (${reason}). Check that it is a Bellhop database, that this user may write it and its folder, and that the disk is not full`,
    { cause },
  );
}

function damaged(file: string, cause?: unknown): AppError {
  return new AppError(
    'store_unavailable',
    `The database file ${file} is damaged. Restore a backup, or save what can be read with \`sqlite3 ${file} .recover\``,
    { cause },
  );
}
