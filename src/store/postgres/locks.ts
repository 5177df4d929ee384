// Locks of transactions: named ones, by PostgreSQL's advisory locks, and those of rows. They end with their transaction,
// also behind a pooler.

import type { Locks } from '../locks.ts';
import type { Query } from './query.ts';

/** In the order of their ids, so that two that hold deliveries do not wait in a ring. */
export const HOLD_DELIVERIES = `
  SELECT d.id FROM unnest($1::bigint[]) k (id) JOIN delivery d ON d.id = k.id
   ORDER BY d.id
     FOR NO KEY UPDATE OF d`;

/** Binds them to one connection. */
export function createLocks(query: Query): Locks {
  return {
    async take(name) {
      await query(`SELECT pg_advisory_xact_lock(hashtextextended('bellhop ' || $1, 0))`, [name]);
    },
    async tryTake(name) {
      const sql = `SELECT pg_try_advisory_xact_lock(hashtextextended('bellhop ' || $1, 0)) AS taken`;
      return (await query(sql, [name])).rows[0]?.['taken'] === true;
    },
    async share(name) {
      await query(`SELECT pg_advisory_xact_lock_shared(hashtextextended('bellhop ' || $1, 0))`, [name]);
    },
    async holdDeliveries(ids) {
      await query(HOLD_DELIVERIES, [ids]);
    },
  };
}
