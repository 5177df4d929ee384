// Statements on what is kept for a time only: first the content of notifications goes, later they themselves.

import { type Kysely, sql } from 'kysely';
import { ERASED_CONTENT } from '../../domain/notification.ts';
import { atMost } from '../at-most.ts';
import type { Schema } from '../schema.ts';
import { createKeptHistoryStatements } from './kept-histories.ts';
import { createOldMetadataStatements } from './old-metadata.ts';

/** A notification whose content is still there. */
export interface KeptNotification {
  readonly id: number;
  readonly createdAtMs: number;
  /** Size of its content. */
  readonly bytes: number;
  /** A broadcast may have many more deliveries than another notification. */
  readonly isBroadcast: boolean;
  /** Whether it is still being turned into deliveries, its messages are being changed, or people may vote by them. */
  readonly isSpreading: boolean;
}

/** How the deliveries of a notification stand. */
export interface DeliveriesEnd {
  readonly notificationId: number;
  /** When one of them changed last. */
  readonly lastMs: number;
  /** How many wait or are on their way. */
  readonly open: number;
}

/** One delivery, as far as this is about it. */
export interface DeliveryEnd {
  readonly id: number;
  readonly conversationId: number;
  readonly updatedAtMs: number;
  readonly isOpen: boolean;
  readonly isNamed: boolean;
}

/** Who was not reached by a notification. */
export interface UnresolvedList {
  readonly notificationId: number;
  /** JSON of UnresolvedRecipient[]. */
  readonly unresolved: string;
}

/** A stored first answer. */
export interface StoredAnswer {
  readonly producerId: number;
  readonly key: string;
  /** JSON. */
  readonly body: string;
}

const CURSOR = 'content';
const IS_OPEN = sql<boolean>`state IN ('queued', 'leased', 'sending')`;

/** Binds them to one connection. */
export function createRetentionStatements(db: Kysely<Schema>) {
  return {
    ...turnStatements(db),
    ...endStatements(db),
    ...contentStatements(db),
    ...createKeptHistoryStatements(db),
    ...createOldMetadataStatements(db),
  };
}

/** Whose turn it is. */
function turnStatements(db: Kysely<Schema>) {
  const kept = db
    .selectFrom('notification')
    .leftJoin('message_change', 'message_change.notification_id', 'notification.id')
    .leftJoin('poll', (join) =>
      join.onRef('poll.notification_id', '=', 'notification.id').on('poll.closed_at_ms', 'is', null),
    )
    .select([
      'notification.id as id',
      'notification.created_at_ms as createdAtMs',
      'message_change.notification_id as changingId',
      'poll.id as openPollId',
      sql<number>`octet_length(content)`.as('bytes'),
      // It may have several broadcasts, or none.
      sql<number | null>`(SELECT min(f.is_done) FROM fanout f WHERE f.notification_id = notification.id)`.as('isDone'),
    ])
    .where('ended_at_ms', 'is', null);

  async function getCursor(): Promise<number> {
    const row = await db
      .selectFrom('retention_cursor')
      .select('notification_id as id')
      .where('name', '=', CURSOR)
      .executeTakeFirst();
    return row?.id ?? 0;
  }

  return {
    /** The last notification that had its turn; 0 before the first. */
    getCursor,

    async setCursor(notificationId: number): Promise<void> {
      await db
        .insertInto('retention_cursor')
        .values({ name: CURSOR, notification_id: notificationId })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ notification_id: notificationId }))
        .execute();
    },

    /** In the order of their ids, which is that of their coming. */
    async listAfter(id: number, limit: number): Promise<readonly KeptNotification[]> {
      const rows = await kept
        .where('notification.id', '>', id)
        .orderBy('notification.id')
        .limit(atMost(limit))
        .execute();
      return rows.map(toKept);
    },

    /** Those that had their turn and were passed over, and whose time has come again. */
    async listPassedOver(nowMs: number, limit: number): Promise<readonly KeptNotification[]> {
      const rows = await kept
        .where('kept_until_ms', '<=', nowMs)
        .orderBy('kept_until_ms')
        .limit(atMost(limit))
        .execute();
      return rows.map(toKept);
    },

    async passOver(notificationId: number, untilMs: number): Promise<void> {
      await db.updateTable('notification').set({ kept_until_ms: untilMs }).where('id', '=', notificationId).execute();
    },
  };
}

/** When notifications have ended. */
function endStatements(db: Kysely<Schema>) {
  return {
    /** Looks at all their deliveries; a notification without any is not listed. */
    async summarise(notificationIds: readonly number[]): Promise<readonly DeliveriesEnd[]> {
      return db
        .selectFrom('delivery')
        .select(({ fn }) => [
          'notification_id as notificationId',
          fn.max<number>('updated_at_ms').as('lastMs'),
          fn.sum<number>(sql`CASE WHEN ${IS_OPEN} THEN 1 ELSE 0 END`).as('open'),
        ])
        .where('notification_id', 'in', notificationIds)
        .groupBy('notification_id')
        .execute();
    },

    /** A part of the deliveries of one notification. */
    async listDeliveries(
      notificationId: number,
      afterConversationId: number,
      limit: number,
    ): Promise<readonly DeliveryEnd[]> {
      const rows = await db
        .selectFrom('delivery')
        .select(['id', 'conversation_id as conversationId', 'updated_at_ms as updatedAtMs', 'state', 'recipient'])
        .where('notification_id', '=', notificationId)
        .where('conversation_id', '>', afterConversationId)
        .orderBy('conversation_id')
        .limit(atMost(limit))
        .execute();
      return rows.map(({ state, recipient, ...row }) => ({
        ...row,
        isOpen: state === 'queued' || state === 'leased' || state === 'sending',
        isNamed: recipient !== null,
      }));
    },
  };
}

/** What notifications said, and whom they named. */
function contentStatements(db: Kysely<Schema>) {
  return {
    /** JSON of the lists of those who were not reached, where there are any. */
    async listUnresolvedOf(notificationIds: readonly number[]): Promise<readonly UnresolvedList[]> {
      return db
        .selectFrom('notification')
        .select(['id as notificationId', 'unresolved'])
        .where('id', 'in', notificationIds)
        .where('unresolved', '!=', '[]')
        .execute();
    },

    async eraseContent(notificationId: number, endedAtMs: number): Promise<void> {
      await db
        .updateTable('notification')
        .set({ content: JSON.stringify(ERASED_CONTENT), ended_at_ms: endedAtMs, kept_until_ms: null })
        .where('id', '=', notificationId)
        .execute();
    },

    async eraseRecipientsOf(notificationIds: readonly number[]): Promise<void> {
      await db
        .updateTable('delivery')
        .set({ recipient: null })
        .where('notification_id', 'in', notificationIds)
        .where('recipient', 'is not', null)
        .execute();
    },

    async eraseRecipients(deliveryIds: readonly number[]): Promise<void> {
      await db.updateTable('delivery').set({ recipient: null }).where('id', 'in', deliveryIds).execute();
    },

    /** Names of those who were not reached, and who was mentioned. */
    async deleteMentionsOf(notificationIds: readonly number[]): Promise<void> {
      await db.deleteFrom('mention').where('notification_id', 'in', notificationIds).execute();
      await db.deleteFrom('notification_mention').where('notification_id', 'in', notificationIds).execute();
    },

    async listAnswersOf(notificationIds: readonly number[]): Promise<readonly StoredAnswer[]> {
      return db
        .selectFrom('idempotency')
        .select(['producer_id as producerId', 'key', 'body'])
        .where('notification_id', 'in', notificationIds)
        .execute();
    },
  };
}

type KeptRow = Pick<KeptNotification, 'id' | 'createdAtMs' | 'bytes'> & {
  readonly isDone: number | null;
  readonly changingId: number | null;
  readonly openPollId: number | null;
};

function toKept({ isDone, changingId, openPollId, ...row }: KeptRow): KeptNotification {
  const isSpreading = isDone === 0 || changingId !== null || openPollId !== null;
  return { ...row, isBroadcast: isDone !== null, isSpreading };
}
