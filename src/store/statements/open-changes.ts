// Statements on edits and recalls that have not been carried to all deliveries of their notifications.

import { type Kysely, sql } from 'kysely';
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

    /** The same for all earlier notifications about the present episode of a thing: their messages are changed, too. */
    async beginForEpisode(lifecycleId: number, operation: Change): Promise<void> {
      await db
        .insertInto('message_change')
        .columns(['notification_id', 'operation', 'cursor', 'late'])
        .expression(({ selectFrom, val }) =>
          selectFrom('notification')
            .innerJoin('lifecycle', 'lifecycle.id', 'notification.lifecycle_id')
            .select([
              'notification.id',
              val(operation).as('operation'),
              sql<number>`0`.as('cursor'),
              val('[]').as('late'),
            ])
            .where('notification.lifecycle_id', '=', lifecycleId)
            .whereRef('notification.message_number', '>=', 'lifecycle.first_message')
            .whereRef('notification.id', '<>', 'lifecycle.notification_id'),
        )
        .onConflict((conflict) => conflict.column('notification_id').doUpdateSet({ operation, cursor: 0, late: '[]' }))
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

    /** Unless something else is to be done meanwhile. */
    async move({ notificationId, operation, cursor, late }: OpenChange): Promise<void> {
      await db
        .updateTable('message_change')
        .set({ cursor, late: JSON.stringify(late) })
        .where('notification_id', '=', notificationId)
        .where('operation', '=', operation)
        .execute();
    },

    /** Unless something else is to be done meanwhile. */
    async finish({ notificationId, operation }: Pick<OpenChange, 'notificationId' | 'operation'>): Promise<void> {
      await db
        .deleteFrom('message_change')
        .where('notification_id', '=', notificationId)
        .where('operation', '=', operation)
        .execute();
    },
  };
}
