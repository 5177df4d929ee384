// Statements on lists that producers read page by page.

import { type ExpressionBuilder, type Kysely, sql } from 'kysely';
import type { DeliveryState } from '../../domain/delivery.ts';
import type { LifecycleState } from '../../domain/lifecycle.ts';
import { PRIORITIES, type Priority } from '../../domain/notification.ts';
import { atMost } from '../at-most.ts';
import { type Places, prepared } from '../prepared.ts';
import type { Schema } from '../schema.ts';
import { type DeliveryRow, SHOWN_COLUMNS, toDeliveryRow } from './shown-deliveries.ts';

/** Which deliveries of a notification: behind `after`, up to and with `end`, in one of these states. */
export interface DeliveryPage {
  readonly notificationId: number;
  /** A conversation; 0 for the beginning. A notification has one delivery in each. */
  readonly after: number;
  readonly end?: number | undefined;
  readonly states?: StoredStates | undefined;
}

/** A delivery and its place in the list. */
export interface PlacedDelivery extends DeliveryRow {
  readonly conversationId: number;
}

/** In which states, and in which of them while a message that is in the chat is being edited or recalled. */
export interface StoredStates {
  readonly plain: readonly DeliveryState[];
  readonly changing: readonly DeliveryState[];
}

const IS_CHANGING = sql<boolean>`(activity_id IS NOT NULL AND operation <> 'post')`;

/** Which notifications of a producer: accepted from `sinceMs` on and before `untilMs`, behind `after`. */
export interface NotificationPage {
  readonly producerId: number;
  /** Those about the thing of this key. */
  readonly key?: string | undefined;
  /** Those that tell this state of their thing. */
  readonly state?: LifecycleState | undefined;
  readonly sinceMs?: number | undefined;
  readonly untilMs?: number | undefined;
  readonly after?: NotificationPlace | undefined;
  /** Up to and with this one. */
  readonly end?: NotificationPlace | undefined;
}

/** A place in the list of notifications. */
export interface NotificationPlace {
  readonly createdAtMs: number;
  readonly id: number;
}

/** A notification in the list. */
export interface ListedNotification extends NotificationPlace {
  readonly publicId: string;
  /** The thing that it is about, and the state that it tells. */
  readonly lifecycle: { readonly key: string; readonly state: LifecycleState } | null;
  readonly priority: Priority;
  readonly expiresAtMs: number;
}

/** Binds them to one connection. */
export function createPageStatements(db: Kysely<Schema>) {
  const deliveriesBehind = ({ notificationId, after }: DeliveryPage) =>
    db
      .selectFrom('delivery')
      .where('notification_id', '=', notificationId)
      .where('conversation_id', '>', after)
      .orderBy('notification_id')
      .orderBy('conversation_id');

  const notificationsBehind = (page: NotificationPage) => selectNotifications(db, page);
  const findOpen = prepared(db, (place: Places<{ notificationId: number; from: number }>) =>
    db
      .selectFrom('delivery')
      .select('conversation_id as conversationId')
      .where('notification_id', '=', place('notificationId'))
      .where('conversation_id', '>=', place('from'))
      .where(sql<boolean>`state IN ('queued', 'leased', 'sending')`)
      .orderBy('notification_id')
      .orderBy('conversation_id')
      .limit(atMost(1)),
  );

  return {
    /** The first conversation, from a given one on, to which something of a notification waits or is on its way. */
    async findOpen(notificationId: number, from: number): Promise<number | undefined> {
      const [row] = await findOpen({ notificationId, from });
      return row?.conversationId;
    },

    /** In the order of their conversations; at most `limit`. */
    async listDeliveries(page: DeliveryPage, limit: number): Promise<readonly PlacedDelivery[]> {
      const { end, states } = page;
      const rows = await deliveriesBehind(page)
        .select([...SHOWN_COLUMNS, 'conversation_id as conversationId'])
        .$if(end !== undefined, (query) => query.where('conversation_id', '<=', end ?? 0))
        .$if(states !== undefined, (query) =>
          query.where(({ eb, or, and, not }) =>
            or([
              and([not(IS_CHANGING), isOneOf(eb, states?.plain)]),
              and([IS_CHANGING, isOneOf(eb, states?.changing)]),
            ]),
          ),
        )
        .limit(atMost(limit))
        .execute();
      return rows.map(({ conversationId, ...row }) => ({ ...toDeliveryRow(row), conversationId }));
    },

    /** The conversation of the delivery that comes `distance` (>= 1) behind `after`; undefined when the list ends before. */
    async findDelivery(page: DeliveryPage, distance: number): Promise<number | undefined> {
      const row = await deliveriesBehind(page)
        .select('conversation_id as conversationId')
        .offset(distance - 1)
        .limit(atMost(1))
        .executeTakeFirst();
      return row?.conversationId;
    },

    /** Newest first; at most `limit`. */
    async listNotifications(page: NotificationPage, limit: number): Promise<readonly ListedNotification[]> {
      const { state } = page;
      const rows = await notificationsBehind(page)
        .leftJoin('lifecycle', 'lifecycle.id', 'notification.lifecycle_id')
        .select([
          'notification.id as id',
          'notification.public_id as publicId',
          'lifecycle.key as key',
          'notification.lifecycle_state as state',
          'notification.priority as priority',
          'notification.created_at_ms as createdAtMs',
          'notification.expires_at_ms as expiresAtMs',
        ])
        .$if(state !== undefined, (query) => query.where('notification.lifecycle_state', '=', state ?? 'open'))
        .limit(atMost(limit))
        .execute();
      return rows.map(({ key, state: told, ...row }) => ({
        ...row,
        lifecycle: key === null || told === null ? null : { key, state: told },
        priority: PRIORITIES[row.priority] ?? 'normal',
      }));
    },

    /** The notification that comes `distance` (>= 1) behind `after`, whatever its state. */
    async findNotification(page: NotificationPage, distance: number): Promise<NotificationPlace | undefined> {
      return notificationsBehind(page)
        .select(['notification.id as id', 'notification.created_at_ms as createdAtMs'])
        .offset(distance - 1)
        .limit(atMost(1))
        .executeTakeFirst();
    },
  };
}

function isOneOf(eb: ExpressionBuilder<Schema, 'delivery'>, states: readonly DeliveryState[] = []) {
  return states.length === 0 ? sql<boolean>`1 = 0` : eb('state', 'in', states);
}

/** What the indexes can find; newest first. Of a key only its own notifications are looked at. */
function selectNotifications(db: Kysely<Schema>, { producerId, key, sinceMs, untilMs, after, end }: NotificationPage) {
  return db
    .selectFrom('notification')
    .$if(key === undefined, (query) => query.where('notification.producer_id', '=', producerId))
    .$if(key !== undefined, (query) =>
      query.where('notification.lifecycle_id', '=', ({ selectFrom }) =>
        selectFrom('lifecycle')
          .select('lifecycle.id')
          .where('lifecycle.producer_id', '=', producerId)
          .where('lifecycle.key', '=', key ?? ''),
      ),
    )
    .$if(sinceMs !== undefined, (query) => query.where('notification.created_at_ms', '>=', sinceMs ?? 0))
    .$if(untilMs !== undefined, (query) => query.where('notification.created_at_ms', '<', untilMs ?? 0))
    .$if(after !== undefined, (query) =>
      query.where(sql<boolean>`(notification.created_at_ms, notification.id) < (${after?.createdAtMs}, ${after?.id})`),
    )
    .$if(end !== undefined, (query) =>
      query.where(sql<boolean>`(notification.created_at_ms, notification.id) >= (${end?.createdAtMs}, ${end?.id})`),
    )
    .orderBy('notification.created_at_ms', 'desc')
    .orderBy('notification.id', 'desc');
}
