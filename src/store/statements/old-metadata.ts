// Statements on notifications whose content is gone: deleting what is still known of them.

import type { Kysely } from 'kysely';
import { atMost } from '../at-most.ts';
import type { Schema } from '../schema.ts';

/** Binds them to one connection. */
export function createOldMetadataStatements(db: Kysely<Schema>) {
  return {
    /** Those whose content is gone and whose last delivery ended before; the oldest first. */
    async listEnded(beforeMs: number, limit: number): Promise<readonly number[]> {
      const rows = await db
        .selectFrom('notification')
        .select('id')
        .where('ended_at_ms', '<', beforeMs)
        .orderBy('ended_at_ms')
        .limit(atMost(limit))
        .execute();
      return rows.map(({ id }) => id);
    },

    /** Deletes at most `limit` deliveries, with their attempts. @returns how many of each */
    async deleteDeliveries(
      notificationIds: readonly number[],
      limit: number,
    ): Promise<{ readonly deliveries: number; readonly attempts: number }> {
      const rows = await db
        .selectFrom('delivery')
        .select('id')
        .where('notification_id', 'in', notificationIds)
        .limit(atMost(limit))
        .execute();
      const ids = rows.map(({ id }) => id);
      const attempts = await db.deleteFrom('attempt').where('delivery_id', 'in', ids).executeTakeFirst();
      await db.deleteFrom('delivery').where('id', 'in', ids).execute();
      return { deliveries: ids.length, attempts: Number(attempts.numDeletedRows) };
    },

    /** With what hangs on them alone; their deliveries are gone already. @returns how many */
    async deleteNotifications(notificationIds: readonly number[]): Promise<number> {
      for (const table of ['mention', 'idempotency', 'fanout', 'message_change'] as const) {
        await db.deleteFrom(table).where('notification_id', 'in', notificationIds).execute();
      }
      const deleted = await db.deleteFrom('notification').where('id', 'in', notificationIds).executeTakeFirst();
      // SQLite gives the ids behind the last row out again: they must have their turn, too.
      const last = await db
        .selectFrom('notification')
        .select(({ fn }) => fn.max('id').as('id'))
        .executeTakeFirst();
      await db
        .updateTable('retention_cursor')
        .set({ notification_id: last?.id ?? 0 })
        .where('notification_id', '>', last?.id ?? 0)
        .execute();
      return Number(deleted.numDeletedRows);
    },
  };
}
