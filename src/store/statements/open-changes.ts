// Statements on edits and recalls that have not been carried to all deliveries of their notifications.

import type { Kysely } from 'kysely';
import { atMost } from '../at-most.ts';
import type { Schema } from '../schema.ts';
import type { Change } from './message-changes.ts';

/** A notification whose messages are still being changed. */
export interface OpenChange {
  readonly notificationId: number;
  readonly operation: Change;
  /** The last conversation looked at. */
  readonly cursor: number;
  /** Deliveries that were on their way then. */
  readonly late: readonly number[];
}

/** Binds them to one connection. */
export function createOpenChangeStatements(db: Kysely<Schema>) {
  return {
    /** Begins, or begins again with what is to be done now. */
    async begin(notificationId: number, operation: Change): Promise<void> {
      const values = { operation, cursor: 0, late: '[]' };
      await db
        .insertInto('message_change')
        .values({ notification_id: notificationId, ...values })
        .onConflict((conflict) => conflict.column('notification_id').doUpdateSet(values))
        .execute();
    },

    /** The next one behind a notification. */
    async find(afterNotificationId: number): Promise<OpenChange | undefined> {
      const row = await db
        .selectFrom('message_change')
        .select(['notification_id as notificationId', 'operation', 'cursor', 'late'])
        .where('notification_id', '>', afterNotificationId)
        .orderBy('notification_id')
        .limit(atMost(1))
        .executeTakeFirst();
      return row && { ...row, late: JSON.parse(row.late) };
    },

    async move({ notificationId, cursor, late }: Omit<OpenChange, 'operation'>): Promise<void> {
      await db
        .updateTable('message_change')
        .set({ cursor, late: JSON.stringify(late) })
        .where('notification_id', '=', notificationId)
        .execute();
    },

    async finish(notificationId: number): Promise<void> {
      await db.deleteFrom('message_change').where('notification_id', '=', notificationId).execute();
    },
  };
}
