// How queries say how many rows they want.

import { type RawBuilder, sql } from 'kysely';

/** The limit of a query. SQLite compiles a statement anew at every run when its limit is a parameter and nothing else. */
export function atMost(count: number | RawBuilder<number>): RawBuilder<number> {
  return sql<number>`0 + ${count}`;
}
