// Statements on the messages of webhooks: events on their way to those who want to be told.

import { type Kysely, sql } from 'kysely';
import { atMost } from '../at-most.ts';
import type { Schema } from '../schema.ts';
import type { WebhookMessageState } from '../webhook-schema.ts';
import { listEvents, type MessageEvent } from './message-events.ts';

/** Which event goes where. */
export interface MessageKey {
  readonly endpointId: number;
  readonly eventId: number;
}

/** The right that one claim gave to one message. */
export interface MessageLease extends MessageKey {
  readonly owner: string;
}

/** Takes what is due at one webhook. */
export interface MessageClaim {
  readonly endpointId: number;
  readonly owner: string;
  readonly nowMs: number;
  readonly leaseUntilMs: number;
  readonly limit: number;
}

/** A message that the claimer now holds, with what it says. */
export interface ClaimedMessage extends MessageLease {
  /** Attempts made before. */
  readonly attempts: number;
  readonly leaseUntilMs: number;
  readonly event: MessageEvent;
}

/** What came of an attempt, and what is next. */
export interface MessageUpdate {
  readonly state: WebhookMessageState;
  readonly dueAtMs: number;
  readonly httpStatus: number | null;
  readonly error: string | null;
  readonly answer: string | null;
  readonly nowMs: number;
}

/** A message as its producer may see it. */
export interface MessageRow {
  readonly eventId: number;
  readonly eventPublicId: string;
  readonly type: string;
  readonly notificationPublicId: string | null;
  readonly dialogPublicId: string | null;
  readonly state: WebhookMessageState;
  readonly attempts: number;
  readonly dueAtMs: number;
  readonly httpStatus: number | null;
  readonly error: string | null;
  readonly answer: string | null;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

/** A part of the list, newest first. */
export interface MessagePart {
  readonly state?: WebhookMessageState | undefined;
  /** The event that the list goes on behind. */
  readonly before?: number | undefined;
  readonly limit: number;
}

/** Written out, because the partial index is chosen by this very text. */
const IS_QUEUED = sql<boolean>`state = 'queued'`;

/** Binds them to one connection. */
export function createWebhookMessageStatements(db: Kysely<Schema>) {
  const whereKey = ({ endpointId, eventId }: MessageKey) =>
    db.updateTable('webhook_message').where('endpoint_id', '=', endpointId).where('event_id', '=', eventId);

  return {
    /** Messages that are there already stay as they are. */
    async insert(keys: readonly MessageKey[], nowMs: number): Promise<void> {
      for (const some of portionsOf(keys)) {
        await db
          .insertInto('webhook_message')
          .values(some.map((key) => newMessage(key, nowMs)))
          .onConflict((conflict) => conflict.columns(['endpoint_id', 'event_id']).doNothing())
          .execute();
      }
    },

    /** From the beginning, whatever became of them before; those that are not there are made. */
    async requeue(keys: readonly MessageKey[], nowMs: number): Promise<void> {
      const anew = {
        state: 'queued',
        attempts: 0,
        due_at_ms: nowMs,
        lease_owner: null,
        updated_at_ms: nowMs,
      } as const;
      for (const some of portionsOf(keys)) {
        await db
          .insertInto('webhook_message')
          .values(some.map((key) => newMessage(key, nowMs)))
          .onConflict((conflict) => conflict.columns(['endpoint_id', 'event_id']).doUpdateSet(anew))
          .execute();
      }
    },

    /** How many are under way to a webhook. */
    async countUnderWay(endpointId: number, nowMs: number): Promise<number> {
      const row = await db
        .selectFrom('webhook_message')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('endpoint_id', '=', endpointId)
        .where('lease_owner', 'is not', null)
        .where('due_at_ms', '>', nowMs)
        .executeTakeFirstOrThrow();
      return row.count;
    },

    /**
     * Leases what is due, oldest first. A lease puts a message off until its end, so what a process leaves behind when it dies
     * comes due by itself. Claims of several processes must take turns.
     */
    async claim({ endpointId, owner, nowMs, leaseUntilMs, limit }: MessageClaim): Promise<readonly ClaimedMessage[]> {
      const taken = await db
        .updateTable('webhook_message')
        .set({ lease_owner: owner, due_at_ms: leaseUntilMs })
        .where('endpoint_id', '=', endpointId)
        .where('event_id', 'in', ({ selectFrom }) =>
          selectFrom('webhook_message')
            .select('event_id')
            .where('endpoint_id', '=', endpointId)
            .where(IS_QUEUED)
            .where('due_at_ms', '<=', nowMs)
            .orderBy('due_at_ms')
            .orderBy('event_id')
            .limit(atMost(limit)),
        )
        .returning(['event_id as eventId', 'attempts'])
        .execute();
      const events = await listEvents(
        db,
        taken.map(({ eventId }) => eventId),
      );
      return taken.flatMap(({ eventId, attempts }) => {
        const event = events.get(eventId);
        return event ? [{ endpointId, eventId, owner, attempts, leaseUntilMs, event }] : [];
      });
    },

    /** Fenced: counts the attempt and gives the lease up. @returns false when the lease was lost */
    async finish(lease: MessageLease, update: MessageUpdate): Promise<boolean> {
      const row = await whereKey(lease)
        .set(({ eb }) => ({
          state: update.state,
          attempts: eb('attempts', '+', 1),
          due_at_ms: update.dueAtMs,
          lease_owner: null,
          http_status: update.httpStatus,
          error: update.error,
          answer: update.answer,
          updated_at_ms: update.nowMs,
        }))
        .where('lease_owner', '=', lease.owner)
        .returning('event_id')
        .executeTakeFirst();
      return row !== undefined;
    },

    /** Fenced: it was no attempt. */
    async giveBack(lease: MessageLease, dueAtMs: number): Promise<void> {
      await whereKey(lease)
        .set({ due_at_ms: dueAtMs, lease_owner: null })
        .where('lease_owner', '=', lease.owner)
        .execute();
    },

    async list(endpointId: number, { state, before, limit }: MessagePart): Promise<readonly MessageRow[]> {
      return db
        .selectFrom('webhook_message')
        .innerJoin('status_event', 'status_event.id', 'webhook_message.event_id')
        .select([
          'webhook_message.event_id as eventId',
          'status_event.public_id as eventPublicId',
          'status_event.type as type',
          'status_event.notification_public_id as notificationPublicId',
          'status_event.dialog_public_id as dialogPublicId',
          'state',
          'attempts',
          'due_at_ms as dueAtMs',
          'http_status as httpStatus',
          'error',
          'answer',
          'created_at_ms as createdAtMs',
          'updated_at_ms as updatedAtMs',
        ])
        .where('endpoint_id', '=', endpointId)
        .$if(state !== undefined, (query) => query.where(sql<boolean>`state = ${sql.lit(state ?? '')}`))
        .$if(before !== undefined, (query) => query.where('webhook_message.event_id', '<', before ?? 0))
        .orderBy('webhook_message.event_id', 'desc')
        .limit(atMost(limit))
        .execute();
    },

    /** @returns the row id of the event; undefined when the webhook has no message of it */
    async findEventId(endpointId: number, eventPublicId: string): Promise<number | undefined> {
      const row = await db
        .selectFrom('status_event')
        .innerJoin('webhook_message', 'webhook_message.event_id', 'status_event.id')
        .select('status_event.id')
        .where('status_event.public_id', '=', eventPublicId)
        .where('endpoint_id', '=', endpointId)
        .executeTakeFirst();
      return row?.id;
    },
  };
}

/** Parts of few sizes: each size is a statement of its own, which the engines keep prepared. */
function portionsOf(keys: readonly MessageKey[]): readonly (readonly MessageKey[])[] {
  const portions: (readonly MessageKey[])[] = [];
  for (let from = 0; from < keys.length; from += portions.at(-1)?.length ?? 1) {
    const size = 2 ** Math.floor(Math.log2(Math.min(keys.length - from, MAX_PORTION)));
    portions.push(keys.slice(from, from + size));
  }
  return portions;
}

const MAX_PORTION = 64;

function newMessage({ endpointId, eventId }: MessageKey, nowMs: number) {
  return {
    endpoint_id: endpointId,
    event_id: eventId,
    state: 'queued',
    due_at_ms: nowMs,
    created_at_ms: nowMs,
    updated_at_ms: nowMs,
  } as const;
}
