// One statement on one connection.

import type { ClientBase } from 'pg';
import type { Row } from '../queue-rows.ts';
import { toAppError } from './failures.ts';

/** What a statement gave. */
export interface Answer {
  readonly rows: Row[];
  /** How many rows it gave or changed. */
  readonly count: number;
  readonly command: string;
}

/** Runs a statement. @throws AppError `store_unavailable`; `internal` when the statement itself is wrong */
export type Query = (sql: string, values?: readonly unknown[]) => Promise<Answer>;

/** Names for prepared statements: the same text has the same name on every connection of a pool. */
export type StatementNames = (sql: string) => string;

/** Gives names that no other text has. */
export function createStatementNames(): StatementNames {
  const names = new Map<string, string>();
  return (sql) => {
    const name = names.get(sql) ?? `bellhop_${names.size + 1}`;
    names.set(sql, name);
    return name;
  };
}

/** @param names absent where statements cannot be kept prepared: their plans are made anew for each run */
export function createQuery(client: ClientBase, names?: StatementNames): Query {
  return async (sql, values = []) => {
    try {
      const named = names && { name: names(sql) };
      const { rows, rowCount, command } = await client.query<Row>({
        ...named,
        text: sql,
        values: values.map(toStorable),
      });
      return { rows, count: rowCount ?? 0, command };
    } catch (error) {
      throw toAppError(error);
    }
  };
}

/** PostgreSQL's text has no U+0000. */
function toStorable(value: unknown): unknown {
  return typeof value === 'string' && value.includes('\0') ? value.replaceAll('\0', '\uFFFD') : value;
}
