// Statements on the activities that have already taken effect.

import type { Kysely } from 'kysely';
import type { Schema } from '../schema.ts';

/** Binds them to one connection. */
export function createActivityStatements(db: Kysely<Schema>) {
  return {
    /** @returns false when this activity was remembered before: the insert decides, so a race has one winner */
    async remember(digest: string, nowMs: number): Promise<boolean> {
      const row = await db
        .insertInto('seen_activity')
        .values({ digest, seen_at_ms: nowMs })
        .onConflict((conflict) => conflict.doNothing())
        .returning('digest')
        .executeTakeFirst();
      return row !== undefined;
    },

    async forgetBefore(beforeMs: number): Promise<void> {
      await db.deleteFrom('seen_activity').where('seen_at_ms', '<', beforeMs).execute();
    },
  };
}
