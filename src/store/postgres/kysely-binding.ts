// kysely on a connection of PostgreSQL.

import {
  HandleEmptyInListsPlugin,
  Kysely,
  PostgresDialect,
  type PostgresPoolClient,
  replaceWithNoncontingentExpression,
} from 'kysely';
import type { Schema } from '../schema.ts';
import type { Query } from './query.ts';

/** kysely neither takes nor gives back connections: that stays with who gave the query. */
export function createKysely(query: Query): Kysely<Schema> {
  const run = async (sql: string, parameters: readonly unknown[]) => {
    const { rows, count, command } = await query(sql, parameters);
    return { rows, rowCount: count, command };
  };
  const client = { query: run as PostgresPoolClient['query'], release: () => undefined };
  return new Kysely<Schema>({
    dialect: new PostgresDialect({ pool: { connect: async () => client, end: async () => undefined, options: {} } }),
    // Unlike SQLite, PostgreSQL does not take "IN ()".
    plugins: [new HandleEmptyInListsPlugin({ strategy: replaceWithNoncontingentExpression })],
  });
}
