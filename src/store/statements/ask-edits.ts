// Statements on when the cards of what is asked are edited, to show who has answered.

import { type Kysely, sql } from 'kysely';
import { atMost } from '../at-most.ts';
import type { Schema } from '../schema.ts';

/** When cards were edited, and are to be edited next. */
export interface EditTimes {
  readonly editedAtMs: number;
  /** Absent where not all of them were edited. */
  readonly shownAtMs?: number;
  readonly editDueAtMs: number | null;
}

/** Written out, because the partial index is chosen by this very text. */
const IS_UNSHOWN = sql<boolean>`response.is_shown = 0`;

/** Binds them to one connection. */
export function createAskEditStatements(db: Kysely<Schema>) {
  return {
    /** Those whose cards are to be edited by then, the longest due first. */
    async listDueEdits(nowMs: number, limit: number): Promise<readonly number[]> {
      const rows = await db
        .selectFrom('ask')
        .select('notification_id as id')
        .where('edit_due_at_ms', '<=', nowMs)
        .orderBy('edit_due_at_ms')
        .limit(atMost(limit))
        .execute();
      return rows.map(({ id }) => id);
    },

    /** When the next cards are to be edited; undefined when none are. */
    async findNextEditAtMs(): Promise<number | undefined> {
      const row = await db
        .selectFrom('ask')
        .select('edit_due_at_ms as atMs')
        .where('edit_due_at_ms', 'is not', null)
        .orderBy('edit_due_at_ms')
        .limit(atMost(1))
        .executeTakeFirst();
      return row?.atMs ?? undefined;
    },

    /** Those of its reminders as well: all of them are edited. */
    async countDeliveries(notificationId: number): Promise<number> {
      const row = await db
        .selectFrom('delivery')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('notification_id', 'in', withReminders(db, notificationId))
        .executeTakeFirstOrThrow();
      return row.count;
    },

    /** The deliveries whose cards were pressed and do not show it yet, with the reminders beside them. */
    async listUnshown(notificationId: number): Promise<readonly number[]> {
      const rows = await db
        .selectFrom('response')
        .innerJoin('delivery', 'delivery.conversation_id', 'response.conversation_id')
        .select('delivery.id as id')
        .distinct()
        .where('response.notification_id', '=', notificationId)
        .where('delivery.notification_id', 'in', withReminders(db, notificationId))
        .where(IS_UNSHOWN)
        .execute();
      return rows.map(({ id }) => id);
    },

    /** From now on what was answered until now counts as shown. */
    async setShown(notificationId: number): Promise<void> {
      await db
        .updateTable('response')
        .set({ is_shown: 1 })
        .where('notification_id', '=', notificationId)
        .where(IS_UNSHOWN)
        .execute();
    },

    async setEditTimes(notificationId: number, { editedAtMs, shownAtMs, editDueAtMs }: EditTimes): Promise<void> {
      await db
        .updateTable('ask')
        .set({
          edited_at_ms: editedAtMs,
          edit_due_at_ms: editDueAtMs,
          ...(shownAtMs !== undefined && { shown_at_ms: shownAtMs }),
        })
        .where('notification_id', '=', notificationId)
        .execute();
    },

    /** There is nothing left to edit. */
    async clearEdit(notificationId: number): Promise<void> {
      await db.updateTable('ask').set({ edit_due_at_ms: null }).where('notification_id', '=', notificationId).execute();
    },
  };
}

/** Row ids: of a notification, and of those that remind of it. */
function withReminders(db: Kysely<Schema>, notificationId: number) {
  return db
    .selectFrom('notification')
    .select('id')
    .where('id', '=', notificationId)
    .unionAll(db.selectFrom('reminder').select('notification_id as id').where('ask_id', '=', notificationId));
}
