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

/**
 * Names for prepared statements: the same text has the same name on every connection of a pool. Undefined for a text
 * that is not worth it.
 */
export type StatementNames = (sql: string) => string | undefined;

/** Each connection keeps a plan for each name, so lists of every length do not get one. */
const MAX_NAMES = 200;
const MAX_KNOWN = 1_000;

/** Gives a name that no other text has to a text that comes for the second time. */
export function createStatementNames(): StatementNames {
  const names = new Map<string, string>();
  const known = new Set<string>();
  return (sql) => {
    const name = names.get(sql);
    if (name !== undefined || names.size >= MAX_NAMES) {
      return name;
    }
    if (known.delete(sql)) {
      names.set(sql, `bellhop_${names.size + 1}`);
      return names.get(sql);
    }
    if (known.size < MAX_KNOWN) {
      known.add(sql);
    }
    return undefined;
  };
}

/** @param names absent where statements cannot be kept prepared: their plans are made anew for each run */
export function createQuery(client: ClientBase, names?: StatementNames): Query {
  return async (sql, values = []) => {
    try {
      const name = names?.(sql);
      const { rows, rowCount, command } = await client.query<Row>({
        ...(name !== undefined && { name }),
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
export function toStorable(value: unknown): unknown {
  return typeof value === 'string' && value.includes('\0') ? value.replaceAll('\0', '\uFFFD') : value;
}
