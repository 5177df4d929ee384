// Statements on what one chat shows: what was said in it last, by whom, and what is not over yet.

import { type Kysely, sql } from 'kysely';
import type { StoredContent } from '../../domain/notification.ts';
import { atMost } from '../at-most.ts';
import type { Audience } from '../notification-schema.ts';
import type { Schema } from '../schema.ts';

/** A message that the chat shows. */
export interface ShownMessage {
  readonly deliveryId: number;
  readonly notificationId: number;
  readonly content: StoredContent;
  /** As the producer wrote it; null for one of many. */
  readonly recipient: string | null;
  readonly updatedAtMs: number;
}

/** Of whom the chat has heard, and of what. */
export interface HeardOf {
  readonly source: string;
  /** The lifecycle key; null where there is none. */
  readonly key: string | null;
}

/** One of the audiences of a broadcast. */
export interface ReachedAudience {
  readonly audience: Audience;
  /** What it is called: a topic, a team. */
  readonly name: string;
  /** Whether the person is among them now. */
  readonly isIn: boolean;
}

/** Something with a key that is not over, as its sender told it last. */
export interface OpenLifecycle {
  readonly source: string;
  /** Of what was said of it last; its key when that was forgotten. */
  readonly title: string;
  readonly openedAtMs: number;
}

/** Some of them, and how many there are. */
export interface OpenLifecycles {
  readonly first: readonly OpenLifecycle[];
  readonly count: number;
}

/** A look back is no longer than this: of what was said before, nobody asks. */
const MAX_LOOK_BACK = 1_000;

/** Messages among which the last notification is looked for. */
const LATEST = 20;

/** Binds them to one connection. */
export function createConversationHistoryStatements(db: Kysely<Schema>) {
  return { ...messageStatements(db), ...sourceStatements(db) };
}

function messageStatements(db: Kysely<Schema>) {
  const messages = db
    .selectFrom('delivery')
    .innerJoin('notification', 'notification.id', 'delivery.notification_id')
    .select([
      'delivery.id as deliveryId',
      'notification.id as notificationId',
      'notification.content as content',
      'delivery.recipient as recipient',
      'delivery.updated_at_ms as updatedAtMs',
    ]);

  return {
    /** The last messages of the chat but what the bot itself says, newest first; what somebody had it tell is no such thing. */
    async listLatest(conversationId: number, botProducerId: number): Promise<readonly ShownMessage[]> {
      const rows = await messages
        .where('delivery.conversation_id', '=', conversationId)
        .where(sql<boolean>`delivery.activity_id IS NOT NULL`)
        .where(({ or, eb, exists, selectFrom }) =>
          or([
            eb('notification.producer_id', '<>', botProducerId),
            exists(selectFrom('tell').select('tell.id').whereRef('tell.notification_id', '=', 'notification.id')),
          ]),
        )
        .orderBy('delivery.updated_at_ms', 'desc')
        .limit(atMost(LATEST))
        .execute();
      return rows.map(toMessage);
    },

    /** @returns undefined when the notification is not for this chat */
    async findMessage(conversationId: number, publicId: string): Promise<ShownMessage | undefined> {
      const row = await messages
        .where('notification.public_id', '=', publicId)
        .where('delivery.conversation_id', '=', conversationId)
        .executeTakeFirst();
      return row && toMessage(row);
    },

    /** To whom a notification was sent as to one of many. */
    async listAudiences(notificationId: number, personId: number): Promise<readonly ReachedAudience[]> {
      const rows = await db
        .selectFrom('fanout')
        .leftJoin('topic', (join) =>
          join.onRef('topic.id', '=', 'fanout.audience_id').on('fanout.audience', '=', 'topic'),
        )
        .leftJoin('roster', (join) =>
          join.onRef('roster.id', '=', 'fanout.audience_id').on('fanout.audience', '=', 'roster'),
        )
        .leftJoin('subscription', (join) =>
          join.onRef('subscription.topic_id', '=', 'topic.id').on('subscription.person_id', '=', personId),
        )
        .leftJoin('roster_member', (join) =>
          join.onRef('roster_member.roster_id', '=', 'roster.id').on('roster_member.person_id', '=', personId),
        )
        .select(['fanout.audience as audience', 'fanout.recipient as recipient'])
        .select(['topic.name as topicName', 'roster.name as rosterName'])
        .select(['subscription.person_id as subscriber', 'roster_member.person_id as member'])
        .where('fanout.notification_id', '=', notificationId)
        .execute();
      return rows.map(({ audience, recipient, topicName, rosterName, subscriber, member }) => ({
        audience,
        name: topicName ?? rosterName ?? recipient,
        isIn: audience === 'everyone' || subscriber !== null || member !== null,
      }));
    },
  };
}

function sourceStatements(db: Kysely<Schema>) {
  /** The latest first; `LIMIT` keeps the planner from joining what it need not. */
  const shown = (conversationId: number) =>
    db
      .selectFrom('delivery')
      .select(['notification_id', 'lifecycle_id'])
      .where('conversation_id', '=', conversationId)
      .where(sql<boolean>`activity_id IS NOT NULL`)
      .orderBy('updated_at_ms', 'desc')
      .limit(atMost(MAX_LOOK_BACK))
      .as('shown');

  return {
    /** Each once, in no order. */
    async listHeardOf(conversationId: number): Promise<readonly HeardOf[]> {
      return db
        .selectFrom(shown(conversationId))
        .innerJoin('notification', 'notification.id', 'shown.notification_id')
        .innerJoin('producer', 'producer.id', 'notification.producer_id')
        .leftJoin('lifecycle', 'lifecycle.id', 'shown.lifecycle_id')
        .select(['producer.name as source', 'lifecycle.key as key'])
        .distinct()
        .execute();
    },

    /** The things of which the chat shows a message of their present episode, those that began last first; at most `limit`. */
    async listOpen(conversationId: number, limit: number): Promise<OpenLifecycles> {
      const rows = await db
        .selectFrom(shown(conversationId))
        .innerJoin('notification', 'notification.id', 'shown.notification_id')
        .innerJoin('lifecycle', 'lifecycle.id', 'shown.lifecycle_id')
        .innerJoin('producer', 'producer.id', 'lifecycle.producer_id')
        .select(['lifecycle.id as id', 'producer.name as source', 'lifecycle.key as key'])
        .select(['lifecycle.history as history', 'lifecycle.opened_at_ms as openedAtMs'])
        .where('lifecycle.state', '<>', 'resolved')
        .whereRef('notification.message_number', '>=', 'lifecycle.first_message')
        .orderBy('lifecycle.opened_at_ms', 'desc')
        .orderBy('lifecycle.id', 'desc')
        .execute();
      const things = [...new Map(rows.map((row) => [row.id, row])).values()];
      const first = things.slice(0, limit).map(({ source, key, history, openedAtMs }) => ({
        source,
        title: lastTitle(history) ?? key,
        openedAtMs,
      }));
      return { first, count: things.length };
    },
  };
}

function toMessage({ content, ...row }: Omit<ShownMessage, 'content'> & { readonly content: string }): ShownMessage {
  return { ...row, content: JSON.parse(content) };
}

function lastTitle(history: string): string | undefined {
  const entries: readonly { readonly title: string }[] = JSON.parse(history);
  return entries.at(-1)?.title;
}
