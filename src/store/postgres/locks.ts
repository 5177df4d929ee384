// Named locks of transactions, by PostgreSQL's advisory locks. They end with their transaction, also behind a pooler.

import type { Locks } from '../locks.ts';
import type { Query } from './query.ts';

/** Binds them to one connection. */
export function createLocks(query: Query): Locks {
  return {
    async take(name) {
      await query(`SELECT pg_advisory_xact_lock(hashtextextended('bellhop ' || $1, 0))`, [name]);
    },
    async share(name) {
      await query(`SELECT pg_advisory_xact_lock_shared(hashtextextended('bellhop ' || $1, 0))`, [name]);
    },
  };
}
