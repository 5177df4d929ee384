// Statements on dialogs that are not kept for ever.

import type { Kysely } from 'kysely';
import { atMost } from '../at-most.ts';
import type { Schema } from '../schema.ts';

/** Binds them to one connection. */
export function createOldDialogStatements(db: Kysely<Schema>) {
  return {
    /** Of all dialogs of a person: what they said, and that it was they. */
    async erase(personId: number): Promise<void> {
      await db
        .updateTable('dialog')
        .set({ person_id: null, answers: '{}', progress: '{}' })
        .where('person_id', '=', personId)
        .execute();
    },

    /** @returns how many of those that ended before then are gone now */
    async deleteEndedBefore(beforeMs: number, limit: number): Promise<number> {
      const old = db
        .selectFrom('dialog')
        .select('id')
        .where('ended_at_ms', 'is not', null)
        .where('ended_at_ms', '<=', beforeMs)
        .orderBy('ended_at_ms')
        .limit(atMost(limit));
      const result = await db.deleteFrom('dialog').where('id', 'in', old).executeTakeFirst();
      return Number(result.numDeletedRows);
    },
  };
}
