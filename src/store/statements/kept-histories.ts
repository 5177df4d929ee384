// Statements on what is kept of things with keys longer than the notifications about them.

import type { Kysely } from 'kysely';
import type { LifecycleEntry } from '../../domain/lifecycle.ts';
import type { Schema } from '../schema.ts';

/** What is kept of a key. */
export interface KeptHistory {
  readonly id: number;
  readonly producerId: number;
  readonly key: string;
}

/** Binds them to one connection. */
export function createKeptHistoryStatements(db: Kysely<Schema>) {
  return {
    /** What is kept of the keys of which these are the newest notifications. */
    async listHistoriesOf(notificationIds: readonly number[]): Promise<readonly KeptHistory[]> {
      return db
        .selectFrom('notification')
        .innerJoin('lifecycle', 'lifecycle.id', 'notification.lifecycle_id')
        .select(['lifecycle.id', 'lifecycle.producer_id as producerId', 'lifecycle.key'])
        .where('notification.id', 'in', notificationIds)
        .whereRef('lifecycle.notification_id', '=', 'notification.id')
        .execute();
    },

    /** Unless something newer was taken in. What it told is counted and no longer listed. */
    async forgetHistory(lifecycleId: number, notificationIds: readonly number[]): Promise<void> {
      const row = await db
        .selectFrom('lifecycle')
        .select(['history', 'forgotten'])
        .where('id', '=', lifecycleId)
        .where('notification_id', 'in', notificationIds)
        .executeTakeFirst();
      const history: readonly LifecycleEntry[] = JSON.parse(row?.history ?? '[]');
      if (row && history.length > 0) {
        const forgotten = history.reduce((sum, { count }) => sum + count, row.forgotten);
        await db.updateTable('lifecycle').set({ history: '[]', forgotten }).where('id', '=', lifecycleId).execute();
      }
    },

    /** The keys that these notifications are about. */
    async listKeysOf(notificationIds: readonly number[]): Promise<readonly KeptHistory[]> {
      return db
        .selectFrom('notification')
        .innerJoin('lifecycle', 'lifecycle.id', 'notification.lifecycle_id')
        .select(['lifecycle.id', 'lifecycle.producer_id as producerId', 'lifecycle.key'])
        .distinct()
        .where('notification.id', 'in', notificationIds)
        .execute();
    },

    /** Those about which there is no notification any more. */
    async deleteEmptyKeys(lifecycleIds: readonly number[]): Promise<void> {
      await db
        .deleteFrom('lifecycle')
        .where('id', 'in', lifecycleIds)
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(selectFrom('notification').select('notification.id').whereRef('lifecycle_id', '=', 'lifecycle.id')),
          ),
        )
        .execute();
    },
  };
}
