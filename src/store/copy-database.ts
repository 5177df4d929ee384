// Moves everything from a SQLite file to an empty PostgreSQL database, in one transaction.

import type { DatabaseSync } from 'node:sqlite';
import type pg from 'pg';
import { AppError } from '../domain/errors.ts';
import { toAppError } from './postgres/failures.ts';
import { prepareDatabase } from './postgres/prepare-database.ts';
import { toStorable } from './postgres/query.ts';
import { withConnection } from './postgres/single-connection.ts';
import type { Schema } from './schema.ts';
import { openDatabase } from './sqlite/open-database.ts';

/** From where to where. */
export interface CopyRoute {
  /** Path of the SQLite file; no server may be using it. */
  readonly sqlitePath: string;
  /** `postgres://...` of a database without rows of Bellhop. */
  readonly postgresUrl: string;
}

/** What came of one table. */
export interface CopiedTable {
  readonly table: string;
  readonly rows: number;
}

/** A table comes after those that it points to. */
const TABLES = [
  'lane',
  'person',
  'conversation',
  'installation',
  'roster',
  'channel',
  'roster_member',
  'preference',
  'topic',
  'subscription',
  'producer',
  'api_key',
  'template',
  'hook',
  'lifecycle',
  'notification',
  'idempotency',
  'mention',
  'notification_mention',
  'tell',
  'ask',
  'response',
  'poll',
  'ballot',
  'poll_voter',
  'dialog_definition',
  'dialog',
  'dialog_request',
  'fanout',
  'message_change',
  'delivery',
  'reminder',
  'escalation',
  'reaction',
  'attempt',
  'seen_activity',
  'webhook_endpoint',
  'status_event',
  'webhook_message',
  'retention_cursor',
] as const satisfies readonly (keyof Schema)[];

/** One statement takes at most this many rows, and about this many characters. */
const MAX_ROWS = 1_000;
const MAX_CHARACTERS = 4_000_000;

/**
 * Copies every row with its id, so that keys, ids that producers know and what waits stay as they are. The file is
 * only read, once its schema is up to date. In the target there is nothing until all of it is there.
 *
 * @param report told after each table
 * @throws AppError `store_in_use` while a server uses the file, `already_exists` when the target holds rows,
 *   `store_newer_schema`, `store_unavailable`
 */
export async function copyDatabase(route: CopyRoute, report: (copied: CopiedTable) => void): Promise<void> {
  const source = openDatabase(route.sqlitePath, true);
  try {
    await prepareDatabase(route.postgresUrl);
    // Counting and analysing large tables takes as long as it takes.
    const target = { url: route.postgresUrl, answerTimeoutMs: 0 };
    await withConnection(target, (client) => copyTables(source.reader, client, report));
  } catch (error) {
    throw toAppError(error);
  } finally {
    source.close();
  }
}

async function copyTables(
  source: DatabaseSync,
  target: pg.Client,
  report: (copied: CopiedTable) => void,
): Promise<void> {
  // One view of the file, whatever the command line does to it meanwhile.
  source.exec('BEGIN');
  await target.query('BEGIN');
  await target.query(`LOCK TABLE ${TABLES.join(', ')} IN EXCLUSIVE MODE`);
  await requireEmpty(target);
  for (const table of TABLES) {
    const rows = await copyTable(source, target, table);
    await requireCount(target, table, rows);
    report({ table, rows });
  }
  await moveIdentities(target);
  // Without statistics the first queries would be planned for empty tables.
  await target.query('ANALYZE');
  await target.query('COMMIT');
}

async function requireEmpty(target: pg.Client): Promise<void> {
  for (const table of TABLES) {
    const { rowCount } = await target.query(`SELECT 1 FROM ${table} LIMIT 1`);
    if (rowCount !== 0) {
      throw new AppError(
        'already_exists',
        `Expected an empty PostgreSQL database, found rows in its table ${table}; nothing was copied. Use a new database, and start the service on it only afterwards`,
      );
    }
  }
}

/** @returns how many rows were read */
async function copyTable(source: DatabaseSync, target: pg.Client, table: string): Promise<number> {
  let rows = 0;
  let part: string[] = [];
  let characters = 0;
  let columns = '';
  const flush = async () => {
    await target.query(
      `INSERT INTO ${table} (${columns}) SELECT ${columns} FROM json_populate_recordset(NULL::${table}, $1)`,
      [`[${part.join()}]`],
    );
    part = [];
    characters = 0;
  };
  for (const row of source.prepare(`SELECT * FROM ${table}`).iterate()) {
    const json = JSON.stringify(row, (_name, value) => toPostgres(value));
    columns = Object.keys(row).join();
    part.push(json);
    characters += json.length;
    rows += 1;
    if (part.length >= MAX_ROWS || characters >= MAX_CHARACTERS) {
      await flush();
    }
  }
  if (part.length > 0) {
    await flush();
  }
  return rows;
}

/** Bytes are written in hex. */
function toPostgres(value: unknown): unknown {
  if (value instanceof Uint8Array) {
    return `\\x${Buffer.from(value).toString('hex')}`;
  }
  return toStorable(value);
}

async function requireCount(target: pg.Client, table: string, expected: number): Promise<void> {
  const { rows } = await target.query<{ count: number }>(`SELECT count(*) AS count FROM ${table}`);
  if (rows[0]?.count !== expected) {
    throw new AppError('internal', `Of ${expected} rows of ${table} ${rows[0]?.count} arrived; nothing was copied`);
  }
}

/** New rows get ids behind those that were copied. */
async function moveIdentities(target: pg.Client): Promise<void> {
  const { rows } = await target.query<{ table_name: string }>(
    `SELECT table_name FROM information_schema.columns
      WHERE table_schema = current_schema() AND column_name = 'id' AND is_identity = 'YES'`,
  );
  for (const { table_name: table } of rows) {
    await target.query(
      `SELECT setval(pg_get_serial_sequence($1, 'id'), (SELECT coalesce(max(id), 0) + 1 FROM ${table}), false)`,
      [table],
    );
  }
}
