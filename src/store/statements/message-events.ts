// What the messages of webhooks say.

import type { Kysely } from 'kysely';
import type { Schema } from '../schema.ts';

/** The event as its receiver is told it. */
export interface MessageEvent {
  readonly publicId: string;
  readonly type: string;
  readonly notificationPublicId: string | null;
  /** The producer's key of the thing that the notification is about. */
  readonly key: string | null;
  readonly deliveryId: number | null;
  /** As the producer wrote it, today: null once the person was erased. */
  readonly recipient: string | null;
  readonly reason: string | null;
  readonly atMs: number;
}

/** By row id. */
export async function listEvents(
  db: Kysely<Schema>,
  ids: readonly number[],
): Promise<ReadonlyMap<number, MessageEvent>> {
  if (ids.length === 0) {
    return new Map();
  }
  const rows = await db
    .selectFrom('status_event')
    // SQLite gives row ids out again: by its public id, what stands there now is known to be what the event is about.
    .leftJoin('notification', (join) =>
      join
        .onRef('notification.id', '=', 'status_event.notification_id')
        .onRef('notification.public_id', '=', 'status_event.notification_public_id'),
    )
    .leftJoin('delivery', (join) =>
      join
        .onRef('delivery.id', '=', 'status_event.delivery_id')
        .onRef('delivery.notification_id', '=', 'notification.id'),
    )
    .leftJoin('lifecycle', 'lifecycle.id', 'notification.lifecycle_id')
    .select([
      'status_event.id as id',
      'status_event.public_id as publicId',
      'type',
      'notification_public_id as notificationPublicId',
      'lifecycle.key as key',
      'delivery_id as deliveryId',
      'delivery.recipient as recipient',
      'status_event.reason as reason',
      'at_ms as atMs',
    ])
    .where('status_event.id', 'in', ids)
    .execute();
  return new Map(rows.map(({ id, ...event }) => [id, event]));
}
