// Statements on what did not arrive or has not gone out: listing it, sending it again, withdrawing it.

import { type Kysely, sql } from 'kysely';
import type { DeliveryState, UndeliveredState } from '../../domain/delivery.ts';
import { atMost } from '../at-most.ts';
import type { Schema } from '../schema.ts';

/** Which deliveries are meant; what is absent does not matter. */
export interface UndeliveredFilter {
  readonly producerId?: number | undefined;
  readonly notificationId?: number | undefined;
  readonly state?: UndeliveredState | undefined;
  readonly reason?: string | undefined;
  /** When they ended, epoch milliseconds: from `sinceMs` on, before `untilMs`. */
  readonly sinceMs?: number | undefined;
  readonly untilMs?: number | undefined;
}

/** A place in the list: the last delivery that was looked at. */
export interface UndeliveredPlace {
  readonly updatedAtMs: number;
  readonly id: number;
}

/** A part of the list: behind `after`, up to and with `end`. */
export interface UndeliveredPart {
  readonly after?: UndeliveredPlace | undefined;
  readonly end?: UndeliveredPlace | undefined;
}

/** A delivery that ended without having arrived for certain. */
export interface UndeliveredRow extends UndeliveredPlace {
  readonly notificationPublicId: string;
  readonly producerName: string;
  readonly recipient: string | null;
  readonly state: UndeliveredState;
  readonly reason: string | null;
  readonly attempts: number;
}

/** What is to be known of a delivery before it is sent again. */
export interface RedeliverableRow {
  readonly id: number;
  readonly state: DeliveryState;
  /** False when the app was removed: there is nobody to send to. */
  readonly isReachable: boolean;
  /** False when what it was to say was erased. */
  readonly hasContent: boolean;
}

/** Written out, because the partial indexes are chosen by this very text. */
const IS_UNDELIVERED = sql<boolean>`delivery.state IN ('failed', 'held', 'expired')`;

/** Binds them to one connection. */
export function createUndeliveredStatements(db: Kysely<Schema>) {
  /** What the indexes can find; newest first. */
  function selectPart({ notificationId, sinceMs, untilMs }: UndeliveredFilter, { after, end }: UndeliveredPart) {
    return db
      .selectFrom('delivery')
      .where(IS_UNDELIVERED)
      .$if(notificationId !== undefined, (query) => query.where('notification_id', '=', notificationId ?? 0))
      .$if(sinceMs !== undefined, (query) => query.where('updated_at_ms', '>=', sinceMs ?? 0))
      .$if(untilMs !== undefined, (query) => query.where('updated_at_ms', '<', untilMs ?? 0))
      .$if(after !== undefined, (query) =>
        query.where(sql<boolean>`(updated_at_ms, delivery.id) < (${after?.updatedAtMs}, ${after?.id})`),
      )
      .$if(end !== undefined, (query) =>
        query.where(sql<boolean>`(updated_at_ms, delivery.id) >= (${end?.updatedAtMs}, ${end?.id})`),
      )
      .orderBy('updated_at_ms', 'desc')
      .orderBy('delivery.id', 'desc');
  }

  return {
    /** Those of a part of the list that fit, newest first; at most `limit`. */
    async list(filter: UndeliveredFilter, part: UndeliveredPart, limit: number): Promise<readonly UndeliveredRow[]> {
      const { producerId, state, reason } = filter;
      return selectPart(filter, part)
        .innerJoin('notification', 'notification.id', 'delivery.notification_id')
        .innerJoin('producer', 'producer.id', 'notification.producer_id')
        .select([
          'delivery.id as id',
          'notification.public_id as notificationPublicId',
          'producer.name as producerName',
          'delivery.recipient as recipient',
          'delivery.state as state',
          'delivery.reason as reason',
          'delivery.attempts as attempts',
          'delivery.updated_at_ms as updatedAtMs',
        ])
        .$narrowType<{ state: UndeliveredState }>()
        .$if(producerId !== undefined, (query) => query.where('notification.producer_id', '=', producerId ?? 0))
        .$if(state !== undefined, (query) => query.where('delivery.state', '=', state ?? 'failed'))
        .$if(reason !== undefined, (query) => query.where('delivery.reason', '=', reason ?? ''))
        .limit(atMost(limit))
        .execute();
    },

    /** The delivery that comes `distance` (>= 1) after `after`, whether it fits or not; undefined when the list ends before. */
    async findPlace(
      filter: UndeliveredFilter,
      after: UndeliveredPlace | undefined,
      distance: number,
    ): Promise<UndeliveredPlace | undefined> {
      return selectPart(filter, { after })
        .select(['delivery.id as id', 'updated_at_ms as updatedAtMs'])
        .offset(distance - 1)
        .limit(atMost(1))
        .executeTakeFirst();
    },

    /** @param producerId whose it has to be; anybody's when absent */
    async isKnown(id: number, producerId: number | undefined): Promise<boolean> {
      const row = await db
        .selectFrom('delivery')
        .innerJoin('notification', 'notification.id', 'delivery.notification_id')
        .select('delivery.id')
        .where('delivery.id', '=', id)
        .$if(producerId !== undefined, (query) => query.where('notification.producer_id', '=', producerId ?? 0))
        .executeTakeFirst();
      return row !== undefined;
    },

    async listRedeliverable(ids: readonly number[]): Promise<readonly RedeliverableRow[]> {
      const rows = await db
        .selectFrom('delivery')
        .innerJoin('notification', 'notification.id', 'delivery.notification_id')
        .innerJoin('conversation', 'conversation.id', 'delivery.conversation_id')
        .leftJoin('installation', 'installation.conversation_id', 'conversation.id')
        .select([
          'delivery.id',
          'delivery.state',
          'conversation.service_url',
          'installation.state as installation',
          'notification.ended_at_ms as ended_at_ms',
        ])
        .where('delivery.id', 'in', ids)
        .execute();
      return rows.map(({ id, state, service_url, installation, ended_at_ms }) => ({
        id,
        state,
        isReachable: service_url !== null && installation !== 'removed',
        hasContent: ended_at_ms === null,
      }));
    },

    /** Back into the queue, as if nothing had been tried; attempts are counted on. @returns how many were undelivered */
    async requeue(
      ids: readonly number[],
      { nowMs, expiresAtMs }: { nowMs: number; expiresAtMs: number },
    ): Promise<number> {
      const result = await db
        .updateTable('delivery')
        .set(({ ref }) => ({
          state: 'queued',
          failures: 0,
          attempts_forgiven: ref('attempts'),
          remedies: '',
          due_at_ms: nowMs,
          expires_at_ms: expiresAtMs,
          scheduled_at_ms: null,
          reason: null,
          updated_at_ms: nowMs,
        }))
        .where('id', 'in', ids)
        .where(IS_UNDELIVERED)
        .executeTakeFirst();
      return Number(result.numUpdatedRows);
    },

    /** Says why an undelivered one cannot be sent again; one that says so already stays as it is. */
    async fail(ids: readonly number[], reason: string, nowMs: number): Promise<void> {
      await db
        .updateTable('delivery')
        .set({ state: 'failed', reason, updated_at_ms: nowMs })
        .where('id', 'in', ids)
        .where(IS_UNDELIVERED)
        .where(({ or, eb }) => or([eb('state', '!=', 'failed'), eb('reason', 'is', null), eb('reason', '!=', reason)]))
        .execute();
    },

    /** The conversations to which something of a notification still waits, but for changes, in a fixed order after `after`. */
    async listWaiting(notificationId: number, after: number, limit: number): Promise<readonly WaitingRow[]> {
      return db
        .selectFrom('delivery')
        .select(['id', 'conversation_id as conversationId'])
        .where('notification_id', '=', notificationId)
        .where('conversation_id', '>', after)
        .where('state', 'in', ['queued', 'leased'])
        .where('activity_id', 'is', null)
        .orderBy('conversation_id')
        .limit(atMost(limit))
        .execute();
    },

    /** Takes also what is leased: without its lease nothing is sent. What is in its chat stays. @returns how many */
    async cancel(ids: readonly number[], nowMs: number): Promise<number> {
      const result = await db
        .updateTable('delivery')
        .set({ state: 'cancelled', lease_owner: null, lease_until_ms: null, updated_at_ms: nowMs })
        .where('id', 'in', ids)
        .where('state', 'in', ['queued', 'leased'])
        .where('activity_id', 'is', null)
        .executeTakeFirst();
      return Number(result.numUpdatedRows);
    },
  };
}

/** A delivery that has not gone out. */
export interface WaitingRow {
  readonly id: number;
  readonly conversationId: number;
}
