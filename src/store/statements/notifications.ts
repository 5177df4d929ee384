// Statements on notifications, their idempotency keys and their fan-out.

import { type Insertable, type Kysely, sql } from 'kysely';
import type { LifecycleState } from '../../domain/lifecycle.ts';
import {
  type NotificationContent,
  PRIORITIES,
  type Priority,
  UNKNOWN_POLICIES,
  type UnknownPolicy,
} from '../../domain/notification.ts';
import type { UnresolvedRecipient } from '../../domain/recipient.ts';
import type { IdempotencyTable, NotificationTable } from '../notification-schema.ts';
import { only, type Places, prepared } from '../prepared.ts';
import type { Schema } from '../schema.ts';
import { createFanoutStatements } from './fanouts.ts';
import { isWatched, recordAcceptance } from './watched.ts';

/** A notification to be stored. */
export interface NewNotification {
  readonly publicId: string;
  readonly producerId: number;
  readonly content: NotificationContent;
  readonly priority: Priority;
  readonly unknownPolicy: UnknownPolicy;
  readonly unresolved: readonly UnresolvedRecipient[];
  readonly nowMs: number;
  /** When the last of it expires. */
  readonly expiresAtMs: number;
  /** The first instant at which somebody is to have it; absent when it is not scheduled. */
  readonly startsAtMs?: number | undefined;
  /** What it says of the thing that it is about. */
  readonly event?: StoredEvent | undefined;
}

/** What a notification says of a thing with a key. */
export interface StoredEvent {
  readonly lifecycleId: number;
  readonly state: LifecycleState;
  /** The message that tells of it, from 1; null when the event came too late to be told. */
  readonly messageNumber: number | null;
  /** The first message of the same episode; all from there on are replaced by this one. */
  readonly firstMessage: number | null;
}

export interface NotificationRow {
  readonly id: number;
  readonly publicId: string;
  readonly priority: Priority;
  readonly unknownPolicy: UnknownPolicy;
  readonly unresolved: readonly UnresolvedRecipient[];
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  /** The first instant at which somebody is to have it; null when it is not scheduled. */
  readonly startsAtMs: number | null;
  /** The thing that it is about, and the state that it tells. */
  readonly lifecycle: { readonly key: string; readonly state: LifecycleState } | null;
  readonly changedAtMs: number | null;
  readonly recalledAtMs: number | null;
  /** False while a broadcast is still being turned into deliveries. */
  readonly isExpanded: boolean;
  readonly isContentErased: boolean;
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
  const { insert, findIdempotent, insertIdempotent } = prepareHotStatements(db);

  return {
    ...createFanoutStatements(db),

    /** With its first status event, when its producer has a webhook that is told. @returns its row id */
    async insert(notification: NewNotification): Promise<number> {
      const rows = await insert({
        public_id: notification.publicId,
        producer_id: notification.producerId,
        content: JSON.stringify(notification.content),
        priority: PRIORITIES.indexOf(notification.priority),
        unknown_policy: notification.unknownPolicy,
        unresolved: JSON.stringify(notification.unresolved),
        created_at_ms: notification.nowMs,
        expires_at_ms: notification.expiresAtMs,
        starts_at_ms: notification.startsAtMs ?? null,
        lifecycle_id: notification.event?.lifecycleId ?? null,
        lifecycle_state: notification.event?.state ?? null,
        message_number: notification.event?.messageNumber ?? null,
        first_message: notification.event?.firstMessage ?? null,
      });
      return recordAcceptance(db, only(rows), notification.nowMs);
    },

    /** @returns undefined when there is none, or it belongs to another producer */
    async findByPublicId(publicId: string, producerId: number): Promise<NotificationRow | undefined> {
      const row = await db
        .selectFrom('notification')
        .leftJoin('lifecycle', 'lifecycle.id', 'notification.lifecycle_id')
        .select(['notification.id as id', 'public_id as publicId', 'priority', 'unknown_policy as unknownPolicy'])
        .select(['unresolved', 'created_at_ms as createdAtMs', 'expires_at_ms as expiresAtMs'])
        .select(['notification.starts_at_ms as startsAtMs', 'changed_at_ms as changedAtMs'])
        .select(['recalled_at_ms as recalledAtMs', 'lifecycle.key as key', 'lifecycle_state as lifecycleState'])
        .select(['ended_at_ms as endedAtMs', isExpanded().as('isExpanded')])
        .where('public_id', '=', publicId)
        .where('notification.producer_id', '=', producerId)
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
          startsAtMs: row.startsAtMs,
          lifecycle: toEvent(row),
          changedAtMs: row.changedAtMs,
          recalledAtMs: row.recalledAtMs,
          isExpanded: row.isExpanded !== 0,
          isContentErased: row.endedAtMs !== null,
        }
      );
    },

    async findIdempotent(
      producerId: number,
      key: string,
    ): Promise<Pick<IdempotencyRecord, 'requestSha256' | 'body'> | undefined> {
      const [row] = await findIdempotent({ producerId, key });
      return row;
    },

    /** @returns false when the key was used before: the unique key, not an earlier read, decides who is first */
    async insertIdempotent(record: IdempotencyRecord): Promise<boolean> {
      const rows = await insertIdempotent({
        producer_id: record.producerId,
        key: record.key,
        request_sha256: record.requestSha256,
        notification_id: record.notificationId,
        body: record.body,
        created_at_ms: record.nowMs,
      });
      return rows.length > 0;
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
  };
}

/** 0 while one of its broadcasts is open; it may have several, or none. */
function isExpanded() {
  return sql<number | null>`(SELECT min(f.is_done) FROM fanout f WHERE f.notification_id = notification.id)`;
}

function toEvent({ key, lifecycleState: state }: { key: string | null; lifecycleState: LifecycleState | null }) {
  return key === null || state === null ? null : { key, state };
}

type NotificationValues = Omit<Insertable<NotificationTable>, 'id' | 'is_watched' | 'changed_at_ms' | 'recalled_at_ms'>;

function prepareHotStatements(db: Kysely<Schema>) {
  return {
    insert: prepared(db, (place: Places<NotificationValues>) =>
      db
        .insertInto('notification')
        .values({
          public_id: place('public_id'),
          producer_id: place('producer_id'),
          content: place('content'),
          priority: place('priority'),
          unknown_policy: place('unknown_policy'),
          unresolved: place('unresolved'),
          created_at_ms: place('created_at_ms'),
          expires_at_ms: place('expires_at_ms'),
          starts_at_ms: place('starts_at_ms'),
          is_watched: isWatched(place('producer_id')),
          lifecycle_id: place('lifecycle_id'),
          lifecycle_state: place('lifecycle_state'),
          message_number: place('message_number'),
          first_message: place('first_message'),
        })
        .returning(['id', 'is_watched as isWatched']),
    ),
    findIdempotent: prepared(db, (place: Places<{ producerId: number; key: string }>) =>
      db
        .selectFrom('idempotency')
        .select(['request_sha256 as requestSha256', 'body'])
        .where('producer_id', '=', place('producerId'))
        .where('key', '=', place('key')),
    ),
    insertIdempotent: prepared(db, (place: Places<IdempotencyTable>) =>
      db
        .insertInto('idempotency')
        .values({
          producer_id: place('producer_id'),
          key: place('key'),
          request_sha256: place('request_sha256'),
          notification_id: place('notification_id'),
          body: place('body'),
          created_at_ms: place('created_at_ms'),
        })
        .onConflict((conflict) => conflict.columns(['producer_id', 'key']).doNothing())
        .returning('key'),
    ),
  };
}
