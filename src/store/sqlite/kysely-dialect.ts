// kysely on node:sqlite.

import type {
  DatabaseSync,
  SQLInputValue,
  SQLOutputValue,
  StatementResultingChanges,
  StatementSync,
} from 'node:sqlite';
import { Kysely, SqliteDialect } from 'kysely';
import type { Schema } from '../schema.ts';
import { unavailable } from './unavailable.ts';

/** Prepared statements kept; lists of changing length make new texts, so the cache is emptied when it is full. */
const MAX_CACHED_STATEMENTS = 500;

/** Values in the order of the `?`, or one object with the names of the `:name`. */
type Values = readonly (SQLInputValue | Readonly<Record<string, SQLInputValue>>)[];
type Row = Record<string, SQLOutputValue>;

/** A prepared statement that throws AppError `store_unavailable` where SQLite throws. */
export interface Statement {
  all(...values: Values): Row[];
  get(...values: Values): Row | undefined;
  run(...values: Values): StatementResultingChanges;
  iterate(...values: Values): IterableIterator<Row>;
  /** Whether it gives rows back. */
  readonly isReader: boolean;
}

/** Gives the prepared statement of a text, prepared once. @throws AppError `store_unavailable` */
export type Prepare = (sql: string) => Statement;

/** Statements live as long as the connection. */
export function createStatementCache(db: DatabaseSync): Prepare {
  const statements = new Map<string, Statement>();
  return (sql) => {
    const known = statements.get(sql);
    if (known) {
      return known;
    }
    if (statements.size >= MAX_CACHED_STATEMENTS) {
      statements.clear();
    }
    const statement = guarded(attempt(() => db.prepare(sql)));
    statements.set(sql, statement);
    return statement;
  };
}

function guarded(statement: StatementSync): Statement {
  // Node's types know named and positional values as two signatures; at run time they are one list.
  const list = (values: Values) => values as readonly SQLInputValue[];
  return {
    all: (...values) => attempt(() => statement.all(...list(values))),
    get: (...values) => attempt(() => statement.get(...list(values))),
    run: (...values) => attempt(() => statement.run(...list(values))),
    iterate: (...values) => attempt(() => statement.iterate(...list(values))),
    isReader: statement.columns().length > 0,
  };
}

function attempt<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw unavailable(error);
  }
}

/** kysely does not close the connection: it stays with who opened it. */
export function createKysely(prepare: Prepare): Kysely<Schema> {
  return new Kysely<Schema>({
    dialect: new SqliteDialect({
      database: {
        close: () => undefined,
        prepare(sql: string) {
          const statement = prepare(sql);
          const values = (parameters: readonly unknown[]) => parameters as readonly SQLInputValue[];
          return {
            reader: statement.isReader,
            all: (parameters: readonly unknown[]) => statement.all(...values(parameters)),
            run: (parameters: readonly unknown[]) => statement.run(...values(parameters)),
            iterate: (parameters: readonly unknown[]) => statement.iterate(...values(parameters)),
          };
        },
      },
    }),
  });
}
