// Statements on status events: what happened to notifications whose producers have a webhook.

import { type Kysely, sql } from 'kysely';
import { STATUS_EVENT_TYPES, type StatusEventType, TEST_EVENT_TYPE } from '../../domain/status-event.ts';
import { atMost } from '../at-most.ts';
import type { Schema } from '../schema.ts';

/** Something that happened to a notification. */
export interface NewStatusEvent {
  readonly type: Extract<StatusEventType, `notification.${string}`>;
  /** Row id. */
  readonly notificationId: number;
  readonly nowMs: number;
}

/** An event that is to become messages. */
export interface WaitingEvent {
  readonly id: number;
  readonly producerId: number;
  readonly type: string;
}

/** A place in the events of a producer. */
export interface EventPlace {
  readonly id: number;
  readonly atMs: number;
}

/** Which events of a producer are meant; of what was sent on demand, none. */
export interface EventRange {
  readonly producerId: number;
  /** All when absent. */
  readonly types?: readonly StatusEventType[];
  /** From then on, and before. */
  readonly sinceMs: number;
  readonly untilMs: number;
  readonly after?: EventPlace;
}

/** Written out, because the partial index is chosen by this very text. */
const IS_WAITING = sql<boolean>`is_expanded = 0`;

/** Binds them to one connection. */
export function createStatusEventStatements(db: Kysely<Schema>) {
  return {
    /** Does nothing when nobody watches the notification. */
    async record({ type, notificationId, nowMs }: NewStatusEvent): Promise<void> {
      await db
        .insertInto('status_event')
        .columns(['producer_id', 'type', 'notification_id', 'notification_public_id', 'at_ms'])
        .expression((from) =>
          from
            .selectFrom('notification')
            .select([
              'producer_id',
              sql.lit(type).as('type'),
              'id',
              'public_id',
              // PostgreSQL would take a bare parameter in a list of results for text.
              sql<number>`CAST(${nowMs} AS bigint)`.as('at_ms'),
            ])
            .where('id', '=', notificationId)
            .where('is_watched', '=', 1),
        )
        .execute();
    },

    /** An event that goes to one webhook only. */
    async insertTest(producerId: number, nowMs: number): Promise<{ readonly id: number; readonly publicId: string }> {
      return db
        .insertInto('status_event')
        .values({ producer_id: producerId, type: TEST_EVENT_TYPE, at_ms: nowMs, is_expanded: 1 })
        .returning(['id', 'public_id as publicId'])
        .executeTakeFirstOrThrow();
    },

    async hasWaiting(): Promise<boolean> {
      const row = await db
        .selectFrom('status_event')
        .select('id')
        .where(IS_WAITING)
        .orderBy('id')
        .limit(atMost(1))
        .executeTakeFirst();
      return row !== undefined;
    },

    /** The oldest events that nobody has turned into messages yet; whoever gets them has to. */
    async takeWaiting(limit: number): Promise<readonly WaitingEvent[]> {
      return (
        db
          .updateTable('status_event')
          .set({ is_expanded: 1 })
          .where('id', 'in', ({ selectFrom }) =>
            selectFrom('status_event').select('id').where(IS_WAITING).orderBy('id').limit(atMost(limit)),
          )
          // Once more: another process may have taken them while this one waited for the rows.
          .where(IS_WAITING)
          .returning(['id', 'producer_id as producerId', 'type'])
          .execute()
      );
    },

    /** In the order in which they happened; at most `limit`. */
    async listRange(range: EventRange, limit: number): Promise<readonly EventPlace[]> {
      const { producerId, types = STATUS_EVENT_TYPES, sinceMs, untilMs, after } = range;
      return db
        .selectFrom('status_event')
        .select(['id', 'at_ms as atMs'])
        .where('producer_id', '=', producerId)
        .where('at_ms', '>=', sinceMs)
        .where('at_ms', '<', untilMs)
        .where('type', 'in', types)
        .$if(after !== undefined, (query) => query.where(sql<boolean>`(at_ms, id) > (${after?.atMs}, ${after?.id})`))
        .orderBy('at_ms')
        .orderBy('id')
        .limit(atMost(limit))
        .execute();
    },

    /** Those of a producer that happened first, whatever the clock was set to between them. */
    async listOldest(producerId: number, limit: number): Promise<readonly EventPlace[]> {
      return db
        .selectFrom('status_event')
        .select(['id', 'at_ms as atMs'])
        .where('producer_id', '=', producerId)
        .orderBy('at_ms')
        .orderBy('id')
        .limit(atMost(limit))
        .execute();
    },

    /** With their messages. */
    async delete(ids: readonly number[]): Promise<void> {
      await db.deleteFrom('webhook_message').where('event_id', 'in', ids).execute();
      await db.deleteFrom('status_event').where('id', 'in', ids).execute();
    },
  };
}
