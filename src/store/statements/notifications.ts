// Statements on notifications, their idempotency keys and their fan-out.

import { type Kysely, sql } from 'kysely';
import {
  type NotificationContent,
  PRIORITIES,
  type Priority,
  UNKNOWN_POLICIES,
  type UnknownPolicy,
} from '../../domain/notification.ts';
import type { UnresolvedRecipient } from '../../domain/recipient.ts';
import { atMost } from '../at-most.ts';
import type { Schema } from '../schema.ts';

/** A notification to be stored. */
export interface NewNotification {
  readonly publicId: string;
  readonly producerId: number;
  readonly content: NotificationContent;
  readonly priority: Priority;
  readonly unknownPolicy: UnknownPolicy;
  readonly unresolved: readonly UnresolvedRecipient[];
  readonly nowMs: number;
  readonly expiresAtMs: number;
}

export interface NotificationRow {
  readonly id: number;
  readonly publicId: string;
  readonly priority: Priority;
  readonly unknownPolicy: UnknownPolicy;
  readonly unresolved: readonly UnresolvedRecipient[];
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  /** False while a broadcast is still being turned into deliveries. */
  readonly isExpanded: boolean;
}

export interface IdempotencyRecord {
  readonly producerId: number;
  readonly key: string;
  readonly requestSha256: Uint8Array;
  readonly notificationId: number;
  /** JSON of the first answer. */
  readonly body: string;
  readonly nowMs: number;
}

/** Binds them to one connection. */
export function createNotificationStatements(db: Kysely<Schema>) {
  return {
    async insert(notification: NewNotification): Promise<number> {
      const row = await db
        .insertInto('notification')
        .values({
          public_id: notification.publicId,
          producer_id: notification.producerId,
          content: JSON.stringify(notification.content),
          priority: PRIORITIES.indexOf(notification.priority),
          unknown_policy: notification.unknownPolicy,
          unresolved: JSON.stringify(notification.unresolved),
          created_at_ms: notification.nowMs,
          expires_at_ms: notification.expiresAtMs,
        })
        .returning('id')
        .executeTakeFirstOrThrow();
      return row.id;
    },

    /** @returns undefined when there is none, or it belongs to another producer */
    async findByPublicId(publicId: string, producerId: number): Promise<NotificationRow | undefined> {
      const row = await db
        .selectFrom('notification')
        .leftJoin('fanout', 'fanout.notification_id', 'notification.id')
        .select([
          'notification.id as id',
          'public_id as publicId',
          'priority',
          'unknown_policy as unknownPolicy',
          'unresolved',
          'created_at_ms as createdAtMs',
          'expires_at_ms as expiresAtMs',
          'fanout.is_done as isDone',
        ])
        .where('public_id', '=', publicId)
        .where('producer_id', '=', producerId)
        .executeTakeFirst();
      return (
        row && {
          id: row.id,
          publicId: row.publicId,
          priority: PRIORITIES[row.priority] ?? 'normal',
          unknownPolicy: UNKNOWN_POLICIES.find((policy) => policy === row.unknownPolicy) ?? 'resend',
          unresolved: JSON.parse(row.unresolved),
          createdAtMs: row.createdAtMs,
          expiresAtMs: row.expiresAtMs,
          isExpanded: row.isDone !== 0,
        }
      );
    },

    async findIdempotent(
      producerId: number,
      key: string,
    ): Promise<Pick<IdempotencyRecord, 'requestSha256' | 'body'> | undefined> {
      return db
        .selectFrom('idempotency')
        .select(['request_sha256 as requestSha256', 'body'])
        .where('producer_id', '=', producerId)
        .where('key', '=', key)
        .executeTakeFirst();
    },

    /** @returns false when the key was used before: the unique key, not an earlier read, decides who is first */
    async insertIdempotent(record: IdempotencyRecord): Promise<boolean> {
      const row = await db
        .insertInto('idempotency')
        .values({
          producer_id: record.producerId,
          key: record.key,
          request_sha256: record.requestSha256,
          notification_id: record.notificationId,
          body: record.body,
          created_at_ms: record.nowMs,
        })
        .onConflict((conflict) => conflict.columns(['producer_id', 'key']).doNothing())
        .returning('key')
        .executeTakeFirst();
      return row !== undefined;
    },

    async forgetIdempotentBefore(beforeMs: number): Promise<void> {
      await db.deleteFrom('idempotency').where('created_at_ms', '<', beforeMs).execute();
    },

    /** @param producerId whose it has to be; anybody's when absent */
    async findId(publicId: string, producerId: number | undefined): Promise<number | undefined> {
      const row = await db
        .selectFrom('notification')
        .select('id')
        .where('public_id', '=', publicId)
        .$if(producerId !== undefined, (query) => query.where('producer_id', '=', producerId ?? 0))
        .executeTakeFirst();
      return row?.id;
    },

    /** Whether a broadcast is still being turned into deliveries. */
    async hasOpenFanout(): Promise<boolean> {
      const row = await db
        .selectFrom('fanout')
        .select('notification_id')
        .where(sql<boolean>`is_done = 0`)
        .limit(atMost(1))
        .executeTakeFirst();
      return row !== undefined;
    },

    /** Nobody else will be served. @returns false when no broadcast was open */
    async stopFanout(notificationId: number): Promise<boolean> {
      const row = await db
        .updateTable('fanout')
        .set({ is_done: 1 })
        .where('notification_id', '=', notificationId)
        .where('is_done', '=', 0)
        .returning('notification_id')
        .executeTakeFirst();
      return row !== undefined;
    },

    async startFanout(notificationId: number, tenantId: string | null): Promise<void> {
      await db
        .insertInto('fanout')
        .values({ notification_id: notificationId, tenant_id: tenantId, cursor: 0 })
        .execute();
    },
  };
}
