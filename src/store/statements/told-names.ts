// Statements on who is named by what people asked the bot to tell others: to export it, and to forget it.

import { type Kysely, sql } from 'kysely';
import type { TellObstacle } from '../../domain/bot-answer.ts';
import { ERASED_CONTENT } from '../../domain/notification.ts';
import { atMost } from '../at-most.ts';
import type { Schema } from '../schema.ts';

/** Somebody who was to be told. */
export interface ToldPerson {
  /** Undefined for somebody who is not known. */
  readonly personId?: number | undefined;
  /** As the sender's message names them. */
  readonly name: string;
  /** Row id of the chat that was written to; absent where there was an obstacle beforehand. */
  readonly conversationId?: number | undefined;
  readonly obstacle?: TellObstacle;
}

/** A tell that still names people. */
export interface NamingTell {
  readonly id: number;
  readonly people: readonly ToldPerson[];
}

/** Something that a person had told. */
export interface OwnTell {
  readonly id: number;
  readonly notificationPublicId: string;
  /** JSON. */
  readonly content: string;
  readonly toldAtMs: number;
}

/** In the words of the partial index. */
const IS_NAMING = sql<boolean>`people <> '[]'`;

/** Binds them to one connection. */
export function createToldNameStatements(db: Kysely<Schema>) {
  return { ...namingStatements(db), ...senderStatements(db) };
}

/** Whom the answers name. */
function namingStatements(db: Kysely<Schema>) {
  return {
    /** Erases the answers, and whom they named. */
    forgetAnswers: (ids: readonly number[], nowMs: number) => forgetAnswers(db, ids, nowMs),

    /** Those that were answered before then and still name people. */
    async listAnsweredBefore(beforeMs: number, limit: number): Promise<readonly number[]> {
      const rows = await db
        .selectFrom('tell')
        .select('id')
        .where(IS_NAMING)
        .where('answered_at_ms', '<', beforeMs)
        .orderBy('id')
        .limit(atMost(limit))
        .execute();
      return rows.map(({ id }) => id);
    },

    /** Those of the last minutes: older ones name nobody. */
    async listNaming(): Promise<readonly NamingTell[]> {
      const rows = await db.selectFrom('tell').select(['id', 'people']).where(IS_NAMING).orderBy('id').execute();
      return rows.map(({ id, people }) => ({ id, people: JSON.parse(people) }));
    },

    /** Erases the answer, if there is one, and leaves these to be named. */
    async setPeople(id: number, people: readonly ToldPerson[], nowMs: number): Promise<void> {
      await forgetAnswers(db, [id], nowMs);
      await db
        .updateTable('tell')
        .set({ people: JSON.stringify(people) })
        .where('id', '=', id)
        .execute();
    },
  };
}

/** What a person had told. */
function senderStatements(db: Kysely<Schema>) {
  return {
    /** In the order of its telling, behind `after`. */
    async listBySender(personId: number, after: number, limit: number): Promise<readonly OwnTell[]> {
      return db
        .selectFrom('tell')
        .innerJoin('notification', 'notification.id', 'tell.notification_id')
        .select([
          'tell.id as id',
          'notification.public_id as notificationPublicId',
          'notification.content as content',
          'tell.told_at_ms as toldAtMs',
        ])
        .where('sender_person_id', '=', personId)
        .where('tell.id', '>', after)
        .orderBy('tell.id')
        .limit(atMost(limit))
        .execute();
    },

    /** Erases what the person had told, and ends what of it still waits. */
    async eraseBySender(personId: number, reason: string, nowMs: number): Promise<ErasedTells> {
      const rows = await db
        .updateTable('tell')
        .set({ answered_at_ms: sql<number>`coalesce(answered_at_ms, ${nowMs})` })
        .where('sender_person_id', '=', personId)
        .returning(['id', 'notification_id as notificationId'])
        .execute();
      const notificationIds = rows.map(({ notificationId }) => notificationId);
      const ended = await db
        .updateTable('delivery')
        .set({ state: 'failed', reason, updated_at_ms: nowMs })
        .where('notification_id', 'in', notificationIds)
        .where('state', '=', 'queued')
        .executeTakeFirst();
      const contents = await eraseContents(db, notificationIds, nowMs);
      const ids = rows.map(({ id }) => id);
      await forgetAnswers(db, ids, nowMs);
      return { contents, deliveriesEnded: Number(ended.numUpdatedRows) };
    },
  };
}

/** How much was erased. */
export interface ErasedTells {
  readonly contents: number;
  readonly deliveriesEnded: number;
}

async function forgetAnswers(db: Kysely<Schema>, ids: readonly number[], nowMs: number): Promise<void> {
  const answers = await db
    .selectFrom('tell')
    .select('answer_notification_id as id')
    .where('id', 'in', ids)
    .where('answer_notification_id', 'is not', null)
    .execute();
  const answerIds = answers.flatMap(({ id }) => id ?? []);
  await eraseContents(db, answerIds, nowMs);
  await db.updateTable('tell').set({ people: '[]', answer_notification_id: null }).where('id', 'in', ids).execute();
}

/** These belong to no key, name nobody in lists, and are remembered under no idempotency key. */
async function eraseContents(db: Kysely<Schema>, notificationIds: readonly number[], nowMs: number): Promise<number> {
  const result = await db
    .updateTable('notification')
    .set({ content: JSON.stringify(ERASED_CONTENT), ended_at_ms: nowMs, kept_until_ms: null })
    .where('id', 'in', notificationIds)
    .where('ended_at_ms', 'is', null)
    .executeTakeFirst();
  return Number(result.numUpdatedRows);
}
