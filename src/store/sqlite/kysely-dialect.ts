// kysely on node:sqlite.

import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { Kysely, SqliteDialect } from 'kysely';
import type { Schema } from '../schema.ts';

/** Prepared statements kept; lists of changing length make new texts, so the cache is emptied when it is full. */
const MAX_CACHED_STATEMENTS = 500;

/** Gives the prepared statement of a text, prepared once. */
export type Prepare = (sql: string) => StatementSync;

/** Statements live as long as the connection. */
export function createStatementCache(db: DatabaseSync): Prepare {
  const statements = new Map<string, StatementSync>();
  return (sql) => {
    const known = statements.get(sql);
    if (known) {
      return known;
    }
    if (statements.size >= MAX_CACHED_STATEMENTS) {
      statements.clear();
    }
    const statement = db.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };
}

/** @param db stays the caller's: kysely does not close it */
export function createKysely(prepare: Prepare): Kysely<Schema> {
  return new Kysely<Schema>({
    dialect: new SqliteDialect({
      database: {
        close: () => undefined,
        prepare(sql: string) {
          const statement = prepare(sql);
          const values = (parameters: readonly unknown[]) => parameters as readonly SQLInputValue[];
          return {
            reader: statement.columns().length > 0,
            all: (parameters: readonly unknown[]) => statement.all(...values(parameters)),
            run: (parameters: readonly unknown[]) => statement.run(...values(parameters)),
            iterate: (parameters: readonly unknown[]) => statement.iterate(...values(parameters)),
          };
        },
      },
    }),
  });
}
