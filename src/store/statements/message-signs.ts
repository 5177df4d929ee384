// Statements on the signs that people give of messages: that they have read one, and what they think of it.

import { type Kysely, sql } from 'kysely';
import { atMost } from '../at-most.ts';
import type { Schema } from '../schema.ts';

/** A message as Teams names it. */
export interface NamedMessage {
  /** Row id. */
  readonly conversationId: number;
  readonly activityId: string;
}

/** What somebody thinks of a message, or no longer thinks of it. */
export interface Reaction {
  readonly deliveryId: number;
  readonly personId: number;
  /** As Teams says it. */
  readonly type: string;
}

/** What is known of the readers of a notification. */
export interface SignsOfNotification {
  /** How many of its messages were read. */
  readonly read: number;
  /** How many people gave which reaction; the most frequent first. */
  readonly reactions: readonly { readonly type: string; readonly count: number }[];
}

/** Written out, because the partial index is chosen by this very text. */
const HAS_MESSAGE = sql<boolean>`activity_id IS NOT NULL`;

/** The number of a message without the zeros before it; empty for what is no number. */
const NUMBER = sql<string>`CASE WHEN ltrim(activity_id, '0123456789') = '' THEN ltrim(activity_id, '0') ELSE '' END`;

/** How many kinds of reactions are told of. */
const MAX_TYPES = 50;

/** Binds them to one connection. */
export function createMessageSignStatements(db: Kysely<Schema>) {
  return { ...readStatements(db), ...reactionStatements(db), ...shownStatements(db) };
}

function readStatements(db: Kysely<Schema>) {
  return {
    /**
     * The newest deliveries of a chat that were not read yet, up to a message; at most `limit`. Numbers have more digits
     * than an engine can count with, so they are compared by their length first.
     *
     * @param messages.activityId a number
     */
    async listUnread({ conversationId, activityId }: NamedMessage, limit: number): Promise<readonly number[]> {
      const last = activityId.replace(/^0+/, '');
      const rows = await db
        .selectFrom('delivery')
        .select('id')
        .where('conversation_id', '=', conversationId)
        .where(HAS_MESSAGE)
        .where('read_at_ms', 'is', null)
        .where(sql<boolean>`length(${NUMBER}) BETWEEN 1 AND ${last.length}`)
        .where(sql<boolean>`(length(${NUMBER}) < ${last.length} OR ${NUMBER} <= ${last})`)
        .orderBy('id', 'desc')
        .limit(atMost(limit))
        .execute();
      return rows.map(({ id }) => id);
    },

    /** With what a digest among them told of; the first time counts. */
    async markRead(ids: readonly number[], nowMs: number): Promise<void> {
      const unread = db.updateTable('delivery').set({ read_at_ms: nowMs }).where('read_at_ms', 'is', null);
      await unread.where('id', 'in', ids).execute();
      await unread.where('folded_into', 'in', ids).where('state', '=', 'sent').execute();
    },
  };
}

function reactionStatements(db: Kysely<Schema>) {
  return {
    /** The delivery that a message tells of now: of a message that was edited, the latest. */
    async findShown({ conversationId, activityId }: NamedMessage): Promise<number | undefined> {
      const row = await db
        .selectFrom('delivery')
        .select('id')
        .where('conversation_id', '=', conversationId)
        .where(HAS_MESSAGE)
        .where('activity_id', '=', activityId)
        .orderBy('id', 'desc')
        .limit(atMost(1))
        .executeTakeFirst();
      return row?.id;
    },

    /** Each person gives each reaction once. */
    async addReaction({ deliveryId, personId, type }: Reaction, nowMs: number): Promise<void> {
      await db
        .insertInto('reaction')
        .values({ delivery_id: deliveryId, person_id: personId, type, reacted_at_ms: nowMs })
        .onConflict((conflict) => conflict.columns(['delivery_id', 'person_id', 'type']).doNothing())
        .execute();
    },

    /** Whatever the message told of when it was given. */
    async removeReaction({ conversationId, activityId }: NamedMessage, personId: number, type: string): Promise<void> {
      await db
        .deleteFrom('reaction')
        .where('person_id', '=', personId)
        .where('type', '=', type)
        .where('delivery_id', 'in', ({ selectFrom }) =>
          selectFrom('delivery')
            .select('id')
            .where('conversation_id', '=', conversationId)
            .where(HAS_MESSAGE)
            .where('activity_id', '=', activityId),
        )
        .execute();
    },
  };
}

function shownStatements(db: Kysely<Schema>) {
  return {
    /** What a producer may know of the readers: numbers, and nobody's name. */
    async countOfNotification(notificationId: number): Promise<SignsOfNotification> {
      const { read } = await db
        .selectFrom('delivery')
        .select(({ fn }) => fn.count<number>('read_at_ms').as('read'))
        .where('notification_id', '=', notificationId)
        .executeTakeFirstOrThrow();
      const reactions = await db
        .selectFrom('delivery')
        .innerJoin('reaction', 'reaction.delivery_id', 'delivery.id')
        .select(({ fn }) => ['type', fn.countAll<number>().as('count')])
        .where('notification_id', '=', notificationId)
        .groupBy('type')
        .orderBy('count', 'desc')
        .orderBy('type')
        .limit(atMost(MAX_TYPES))
        .execute();
      return { read, reactions };
    },
  };
}
