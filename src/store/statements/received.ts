// Statements on what one chat was told, found without an index of it: a part of all notifications at a time.

import { type Kysely, sql } from 'kysely';
import type { DeliveryState } from '../../domain/delivery.ts';
import { atMost } from '../at-most.ts';
import type { Schema } from '../schema.ts';

/** A delivery to the person, with what its notification says of itself. */
export interface ReceivedRow {
  readonly deliveryId: number;
  readonly notificationId: number;
  readonly notificationPublicId: string;
  readonly producerName: string;
  /** Null unless the first answer, which names the person, is remembered under this key. */
  readonly idempotencyKey: string | null;
  /** The producer's name of the thing that it is about. */
  readonly key: string | null;
  readonly recipient: string | null;
  readonly state: DeliveryState;
  readonly reason: string | null;
  readonly activityId: string | null;
  readonly readAtMs: number | null;
  readonly acceptedAtMs: number;
  readonly expiresAtMs: number;
  readonly updatedAtMs: number;
}

/** A part of all notifications, by their row ids: behind `after`, up to and with `end`. */
export interface NotificationPart {
  readonly after: number;
  readonly end: number;
}

/** Binds them to one connection. */
export function createReceivedStatements(db: Kysely<Schema>) {
  /** CROSS JOIN has SQLite look each notification up in the chat's deliveries, and not read those of everybody. */
  const received = (conversationId: number, part: NotificationPart | undefined) =>
    db
      .selectFrom('notification')
      .crossJoin('delivery')
      .whereRef('delivery.notification_id', '=', 'notification.id')
      .where('delivery.conversation_id', '=', conversationId)
      .where(({ and, eb }) =>
        part === undefined
          ? eb('notification.kept_until_ms', 'is not', null)
          : and([eb('notification.id', '>', part.after), eb('notification.id', '<=', part.end)]),
      );

  return {
    /** The end of the next part of so many notifications; undefined when there are none behind `after`. */
    async findEndOfPart(after: number, size: number): Promise<number | undefined> {
      const row = await db
        .selectFrom(
          db
            .selectFrom('notification')
            .select('id')
            .where('id', '>', after)
            .orderBy('id')
            .limit(atMost(size))
            .as('part'),
        )
        .select(({ fn }) => fn.max<number | null>('part.id').as('end'))
        .executeTakeFirst();
      return row?.end ?? undefined;
    },

    async listReceived(conversationId: number, part: NotificationPart): Promise<readonly ReceivedRow[]> {
      return received(conversationId, part)
        .innerJoin('producer', 'producer.id', 'notification.producer_id')
        .leftJoin('idempotency', 'idempotency.notification_id', 'notification.id')
        .leftJoin('lifecycle', 'lifecycle.id', 'notification.lifecycle_id')
        .select([
          'delivery.id as deliveryId',
          'notification.id as notificationId',
          'notification.public_id as notificationPublicId',
          'producer.name as producerName',
          'idempotency.key as idempotencyKey',
          'lifecycle.key as key',
          'delivery.recipient as recipient',
          'delivery.state as state',
          'delivery.reason as reason',
          'delivery.activity_id as activityId',
          'delivery.read_at_ms as readAtMs',
          'notification.created_at_ms as acceptedAtMs',
          'delivery.expires_at_ms as expiresAtMs',
          'delivery.updated_at_ms as updatedAtMs',
        ])
        .orderBy('notification.id')
        .execute();
    },

    /**
     * Those that went to nobody else, and whose content is still there. Without a part: among those that were passed
     * over when their turn had come to be erased.
     */
    async listForNobodyElse(conversationId: number, part: NotificationPart | undefined): Promise<readonly number[]> {
      const rows = await received(conversationId, part)
        .select('notification.id as id')
        .where('notification.ended_at_ms', 'is', null)
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom('delivery as other')
                .select('other.id')
                .whereRef('other.notification_id', '=', 'notification.id')
                .where('other.conversation_id', '!=', conversationId),
            ),
          ),
        )
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom('fanout')
                .select('fanout.notification_id')
                .whereRef('fanout.notification_id', '=', 'notification.id')
                .where(sql<boolean>`fanout.is_done = 0`),
            ),
          ),
        )
        .orderBy('notification.id')
        .execute();
      return rows.map(({ id }) => id);
    },

    /** JSON of the contents, by row id. */
    async readContents(notificationIds: readonly number[]): Promise<ReadonlyMap<number, string>> {
      const rows = await db
        .selectFrom('notification')
        .select(['id', 'content'])
        .where('id', 'in', notificationIds)
        .execute();
      return new Map(rows.map(({ id, content }) => [id, content]));
    },
  };
}
