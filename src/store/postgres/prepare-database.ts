// The first look at a database: can it be trusted, does it need a newer schema, and who stands before it.

import type pg from 'pg';
import { AppError } from '../../domain/errors.ts';
import { pendingMigrations } from '../migrate.ts';
import { pidOf } from './connections.ts';
import { describeRefusal } from './describe-refusal.ts';
import { POSTGRES_MIGRATIONS } from './migrations.ts';
import { withConnection } from './single-connection.ts';

/** What was found. */
export interface PreparedDatabase {
  /** Whether a connection pooler stands before the database: then a session is not ours alone. */
  readonly isPooled: boolean;
}

const MIN_VERSION = 15;

/**
 * Checks that what is committed stays, and brings the schema up to date; of several processes that start at the same
 * time one does it and the others wait.
 *
 * @throws AppError `store_newer_schema`, `store_unavailable` with what to do about it
 */
export async function prepareDatabase(url: string): Promise<PreparedDatabase> {
  try {
    return await withConnection({ url }, async (client) => {
      await requireTrustworthy(client);
      await runMigrations(client);
      return { isPooled: await isPooled(client) };
    });
  } catch (error) {
    throw error instanceof AppError ? error : describeRefusal(url, error);
  }
}

/** A setting that does not wait for the disk would break the promise behind every 202 without a word. */
async function requireTrustworthy(client: pg.Client): Promise<void> {
  const { rows } = await client.query<Record<string, string>>(`
    SELECT name, setting FROM pg_settings
     WHERE name IN ('server_version_num', 'fsync', 'full_page_writes', 'synchronous_commit', 'transaction_read_only')`);
  const settings = new Map(rows.map(({ name, setting }) => [name, setting]));
  const version = Math.floor(Number(settings.get('server_version_num')) / 10_000);
  if (version < MIN_VERSION) {
    throw refuse(`Expected PostgreSQL ${MIN_VERSION} or newer, found ${version}. Upgrade the server`);
  }
  for (const name of ['fsync', 'full_page_writes', 'synchronous_commit']) {
    if (settings.get(name) === 'off') {
      throw refuse(
        `Expected a PostgreSQL that keeps what it has committed, found ${name} = off: a power cut would lose accepted notifications. Set ${name} = on`,
      );
    }
  }
  if (settings.get('transaction_read_only') === 'on') {
    throw refuse(
      'Expected a PostgreSQL that can be written, found a read-only one, such as a standby. Point DATABASE_URL to the primary',
    );
  }
}

function refuse(message: string): AppError {
  return new AppError('store_unavailable', message);
}

/** Any constant will do, as long as no other program uses it on this database. */
const MIGRATION_LOCK = 4_820_191_725;

async function runMigrations(client: pg.Client): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    await client.query(`CREATE TABLE IF NOT EXISTS schema_migration (
      id bigint PRIMARY KEY, name text NOT NULL, applied_at_ms bigint NOT NULL)`);
    const { rows } = await client.query<{ id: number }>('SELECT id FROM schema_migration');
    for (const { id, name, sql } of pendingMigrations(
      POSTGRES_MIGRATIONS,
      rows.map((row) => row.id),
    )) {
      await client.query(sql);
      await client.query(
        `INSERT INTO schema_migration (id, name, applied_at_ms)
         VALUES ($1, $2, (extract(epoch FROM clock_timestamp()) * 1000)::bigint)`,
        [id, name],
      );
    }
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

/** A pooler answers with a process of its own; the database says which one really works for us. */
async function isPooled(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return rows[0]?.pid !== pidOf(client);
}
