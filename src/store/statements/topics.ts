// Statements on topics and who has subscribed to them.

import type { Kysely } from 'kysely';
import { atMost } from '../at-most.ts';
import type { Schema } from '../schema.ts';
import { stopFanoutsTo } from './fanouts.ts';

/** A topic, as stored. */
export interface TopicRow {
  readonly id: number;
  /** Lower case. */
  readonly name: string;
  readonly description: string;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

/** A topic with how many have subscribed to it. */
export interface CountedTopic extends TopicRow {
  readonly subscribers: number;
}

/** What a topic is made of. */
export interface NewTopic {
  readonly name: string;
  readonly description: string;
  readonly nowMs: number;
}

const COLUMNS = [
  'topic.id as id',
  'topic.name as name',
  'topic.description as description',
  'topic.created_at_ms as createdAtMs',
  'topic.updated_at_ms as updatedAtMs',
] as const;

/** Binds them to one connection. */
export function createTopicStatements(db: Kysely<Schema>) {
  return { ...topicStatements(db), ...subscriptionStatements(db) };
}

function topicStatements(db: Kysely<Schema>) {
  const topics = db.selectFrom('topic').select(COLUMNS);
  return {
    /** All of them by name, at most 10 000. */
    async list(): Promise<readonly TopicRow[]> {
      return topics.orderBy('topic.name').limit(atMost(10_000)).execute();
    },

    /** All of them by name, each with the number of its subscribers. */
    async listCounted(): Promise<readonly CountedTopic[]> {
      const rows = await topics
        .select(({ selectFrom }) =>
          selectFrom('subscription')
            .select(({ fn }) => fn.countAll<number>().as('count'))
            .whereRef('subscription.topic_id', '=', 'topic.id')
            .as('subscribers'),
        )
        .orderBy('topic.name')
        .limit(atMost(10_000))
        .execute();
      return rows.map((row) => ({ ...row, subscribers: Number(row.subscribers ?? 0) }));
    },

    /** @param name in lower case */
    async find(name: string): Promise<TopicRow | undefined> {
      return topics.where('topic.name', '=', name).executeTakeFirst();
    },

    async count(): Promise<number> {
      const row = await db
        .selectFrom('topic')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .executeTakeFirst();
      return Number(row?.count ?? 0);
    },

    /** @returns its row id; undefined when there is one of this name */
    async insert({ name, description, nowMs }: NewTopic): Promise<number | undefined> {
      const row = await db
        .insertInto('topic')
        .values({ name, description, created_at_ms: nowMs, updated_at_ms: nowMs })
        .onConflict((conflict) => conflict.column('name').doNothing())
        .returning('id')
        .executeTakeFirst();
      return row?.id;
    },

    /** @returns false when there is no such topic */
    async describe({ name, description, nowMs }: NewTopic): Promise<boolean> {
      const row = await db
        .updateTable('topic')
        .set({ description, updated_at_ms: nowMs })
        .where('name', '=', name)
        .returning('id')
        .executeTakeFirst();
      return row !== undefined;
    },

    /** With its subscriptions; nobody else is served by what is being sent to it. @returns false when it is not there */
    async remove(topicId: number): Promise<boolean> {
      await stopFanoutsTo(db, { audience: 'topic', audienceId: topicId });
      const row = await db.deleteFrom('topic').where('id', '=', topicId).returning('id').executeTakeFirst();
      return row !== undefined;
    },
  };
}

function subscriptionStatements(db: Kysely<Schema>) {
  return {
    /** @returns false when the person has subscribed already */
    async subscribe(topicId: number, personId: number, nowMs: number): Promise<boolean> {
      const row = await db
        .insertInto('subscription')
        .values({ topic_id: topicId, person_id: personId, subscribed_at_ms: nowMs })
        .onConflict((conflict) => conflict.columns(['topic_id', 'person_id']).doNothing())
        .returning('person_id')
        .executeTakeFirst();
      return row !== undefined;
    },

    /** @returns false when the person had not subscribed */
    async unsubscribe(topicId: number, personId: number): Promise<boolean> {
      const row = await db
        .deleteFrom('subscription')
        .where('topic_id', '=', topicId)
        .where('person_id', '=', personId)
        .returning('person_id')
        .executeTakeFirst();
      return row !== undefined;
    },

    /** What the person has subscribed to, by name. */
    async listOfPerson(personId: number): Promise<readonly TopicRow[]> {
      return db
        .selectFrom('subscription')
        .innerJoin('topic', 'topic.id', 'subscription.topic_id')
        .select(COLUMNS)
        .where('subscription.person_id', '=', personId)
        .orderBy('topic.name')
        .execute();
    },

    async countSubscribers(topicId: number): Promise<number> {
      const row = await db
        .selectFrom('subscription')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('topic_id', '=', topicId)
        .executeTakeFirst();
      return Number(row?.count ?? 0);
    },
  };
}
