// Statements on status events: what happened to notifications whose producers have a webhook.

import { type Kysely, sql } from 'kysely';
import { STATUS_EVENT_TYPES, type StatusEventType, TEST_EVENT_TYPE } from '../../domain/status-event.ts';
import { atMost } from '../at-most.ts';
import type { Schema } from '../schema.ts';

/** Something that happened to a notification. */
export interface NewStatusEvent {
  readonly type: Extract<StatusEventType, `notification.${string}` | 'poll.closed'>;
  /** Row id. */
  readonly notificationId: number;
  readonly nowMs: number;
  /** What somebody answered to it. */
  readonly response?: RecordedResponse;
}

/** Who chose what. */
export interface RecordedResponse {
  readonly personId: number;
  readonly action: string;
  /** JSON; null where nothing was entered. */
  readonly input: string | null;
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

const RESPONSE_COLUMNS = ['person_id', 'action', 'input'] as const;

/** Binds them to one connection. */
export function createStatusEventStatements(db: Kysely<Schema>) {
  return {
    /** Does nothing when nobody watches the notification. */
    record: (event: NewStatusEvent): Promise<void> => insertEvent(db, event),

    /** Does nothing when nobody is told of the dialogs of this producer. @param dialogId row id */
    recordDialogEnd: (dialogId: number, nowMs: number): Promise<void> => insertDialogEnd(db, dialogId, nowMs),

    /** What the person entered is not told any more. */
    async eraseInputsOf(personId: number): Promise<void> {
      await db
        .updateTable('status_event')
        .set({ input: null })
        .where('person_id', '=', personId)
        .where('input', 'is not', null)
        .execute();
    },

    /** Nor what anybody entered in answer to these notifications. */
    async eraseInputs(notificationIds: readonly number[]): Promise<void> {
      await db
        .updateTable('status_event')
        .set({ input: null })
        .where('notification_id', 'in', notificationIds)
        .where('input', 'is not', null)
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

async function insertEvent(
  db: Kysely<Schema>,
  { type, notificationId, nowMs, response }: NewStatusEvent,
): Promise<void> {
  await db
    .insertInto('status_event')
    .columns(['producer_id', 'type', 'notification_id', 'notification_public_id', 'at_ms', ...RESPONSE_COLUMNS])
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
          sql<number | null>`CAST(${response?.personId ?? null} AS bigint)`.as('person_id'),
          sql<string | null>`CAST(${response?.action ?? null} AS text)`.as('action'),
          sql<string | null>`CAST(${response?.input ?? null} AS text)`.as('input'),
        ])
        .where('id', '=', notificationId)
        .where('is_watched', '=', 1),
    )
    .execute();
}

async function insertDialogEnd(db: Kysely<Schema>, dialogId: number, nowMs: number): Promise<void> {
  await db
    .insertInto('status_event')
    .columns(['producer_id', 'type', 'dialog_public_id', 'reason', 'at_ms'])
    .expression((from) =>
      from
        .selectFrom('dialog')
        .select([
          'producer_id',
          sql.lit('dialog.ended').as('type'),
          'public_id',
          'reason',
          sql<number>`CAST(${nowMs} AS bigint)`.as('at_ms'),
        ])
        .where('id', '=', dialogId)
        .where(({ exists, selectFrom }) =>
          exists(
            selectFrom('webhook_endpoint')
              .select('webhook_endpoint.id')
              .whereRef('webhook_endpoint.producer_id', '=', 'dialog.producer_id')
              .where('webhook_endpoint.disabled_at_ms', 'is', null),
          ),
        ),
    )
    .execute();
}
