// Statements on notifications that their producers edit or recall.

import type { Kysely } from 'kysely';
import type { NotificationContent, StoredContent } from '../../domain/notification.ts';
import type { Schema } from '../schema.ts';

/** A notification that is to be edited or recalled. */
export interface ChangeableNotification {
  readonly id: number;
  readonly content: StoredContent;
  readonly lifecycleId: number | null;
  readonly recalledAtMs: number | null;
  /** The public id of the newest notification of the same key; null when it has no key. */
  readonly latestOfKey: string | null;
}

/** Binds them to one connection. */
export function createNotificationChangeStatements(db: Kysely<Schema>) {
  return {
    /** What has to be known before it is changed. @returns undefined when there is none, or it is another producer's */
    async find(publicId: string, producerId: number): Promise<ChangeableNotification | undefined> {
      const row = await db
        .selectFrom('notification')
        .leftJoin('lifecycle', 'lifecycle.id', 'notification.lifecycle_id')
        .leftJoin('notification as latest', 'latest.id', 'lifecycle.notification_id')
        .select([
          'notification.id',
          'notification.content',
          'notification.lifecycle_id as lifecycleId',
          'notification.recalled_at_ms as recalledAtMs',
          'latest.public_id as latestOfKey',
        ])
        .where('notification.public_id', '=', publicId)
        .where('notification.producer_id', '=', producerId)
        .executeTakeFirst();
      return row && { ...row, content: JSON.parse(row.content) };
    },

    async setContent(id: number, content: NotificationContent, nowMs: number): Promise<void> {
      await db
        .updateTable('notification')
        .set({ content: JSON.stringify(content), changed_at_ms: nowMs })
        .where('id', '=', id)
        .execute();
    },

    async setRecalled(id: number, nowMs: number): Promise<void> {
      await db.updateTable('notification').set({ recalled_at_ms: nowMs }).where('id', '=', id).execute();
    },
  };
}
