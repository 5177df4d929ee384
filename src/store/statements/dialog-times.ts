// Statements on the times of dialogs: when one may begin, and when it is over.

import { type Kysely, sql } from 'kysely';
import type { DeferReason } from '../../domain/preferences.ts';
import { atMost } from '../at-most.ts';
import type { Schema } from '../schema.ts';

/** In the words of the partial indexes. */
export const IS_OPEN = sql<boolean>`state IN ('waiting', 'active')`;
export const IS_ACTIVE = sql<boolean>`state = 'active'`;

/** Binds them to one connection. */
export function createDialogTimeStatements(db: Kysely<Schema>) {
  return {
    /** It waits for that, because of what its person has said. */
    async postpone(id: number, reason: DeferReason, beginsAtMs: number): Promise<void> {
      await db
        .updateTable('dialog')
        .set({ reason, begins_at_ms: beginsAtMs })
        .where('id', '=', id)
        .where('state', '=', 'waiting')
        .execute();
    },

    /** Those of a person that wait because of what they had said are judged again, as if they had not waited. */
    async judgeAnew(personId: number, nowMs: number): Promise<void> {
      await db
        .updateTable('dialog')
        .set({ reason: null, begins_at_ms: nowMs })
        .where('person_id', '=', personId)
        .where(IS_OPEN)
        .where('begins_at_ms', 'is not', null)
        .execute();
    },

    /** People for whom a dialog may begin now; each may come more than once. */
    async listBeginning(nowMs: number, limit: number): Promise<readonly number[]> {
      const due = await db
        .selectFrom('dialog')
        .select('person_id as personId')
        .where('begins_at_ms', '<=', nowMs)
        .orderBy('begins_at_ms')
        .limit(atMost(limit))
        .execute();
      return due.flatMap(({ personId }) => personId ?? []);
    },

    async hasActive(): Promise<boolean> {
      const row = await db.selectFrom('dialog').select('id').where(IS_ACTIVE).limit(atMost(1)).executeTakeFirst();
      return row !== undefined;
    },

    /** Those whose time is over. */
    async listExpired(nowMs: number, limit: number): Promise<readonly number[]> {
      const expired = await db
        .selectFrom('dialog')
        .select('id')
        .where(IS_ACTIVE)
        .where('expires_at_ms', '<=', nowMs)
        .orderBy('expires_at_ms')
        .limit(atMost(limit))
        .execute();
      return expired.map(({ id }) => id);
    },
  };
}
