// Statements on what notifications ask, as their producers begin and end it, and are told of it.

import type { Kysely } from 'kysely';
import type { AskState, AskTable } from '../asking-schema.ts';
import { atMost } from '../at-most.ts';
import { type Places, prepared } from '../prepared.ts';
import type { Schema } from '../schema.ts';

/** What a notification asks, from the beginning; the question itself is part of its content. */
export interface NewAsk {
  readonly notificationId: number;
  /** `closed` for what never goes out. */
  readonly state: Extract<AskState, 'open' | 'closed'>;
  readonly remindMs?: number | undefined;
  readonly remindAtMs?: number | undefined;
  /** Forms of `to`. */
  readonly escalateTo?: readonly string[] | undefined;
  readonly escalateAtMs?: number | undefined;
}

/** How it stands. */
export interface AskRow {
  readonly state: AskState;
  readonly decidedAction: string | null;
  readonly remindAtMs: number | null;
  /** How many times it was reminded of. */
  readonly reminders: number;
  readonly escalateAtMs: number | null;
  readonly escalatedAtMs: number | null;
}

/** What one person chose, and who that is. */
export interface ResponseRow {
  readonly id: number;
  /** Null once their data was erased. */
  readonly personId: number | null;
  readonly name: string | null;
  readonly email: string | null;
  readonly aadObjectId: string | null;
  readonly action: string;
  /** JSON; null where nothing was entered, or it was erased. */
  readonly input: string | null;
  readonly respondedAtMs: number;
}

/** Binds them to one connection. */
export function createAskRowStatements(db: Kysely<Schema>) {
  return { ...stateStatements(db), ...answerStatements(db) };
}

function stateStatements(db: Kysely<Schema>) {
  const { insert, close } = prepareHotStatements(db);

  return {
    async insert({ notificationId, escalateTo, ...ask }: NewAsk): Promise<void> {
      await insert({
        notification_id: notificationId,
        state: ask.state,
        remind_ms: ask.remindMs ?? null,
        remind_at_ms: ask.remindAtMs ?? null,
        escalate_to: escalateTo ? JSON.stringify(escalateTo) : null,
        escalate_at_ms: ask.escalateAtMs ?? null,
      });
    },

    /** Nobody can answer it any more, and nobody is reminded. Does nothing where nothing is asked. */
    async close(notificationId: number): Promise<void> {
      await close({ notificationId });
    },

    async find(notificationId: number): Promise<AskRow | undefined> {
      return db
        .selectFrom('ask')
        .select([
          'state',
          'decided_action as decidedAction',
          'remind_at_ms as remindAtMs',
          'reminders',
          'escalate_at_ms as escalateAtMs',
          'escalated_at_ms as escalatedAtMs',
        ])
        .where('notification_id', '=', notificationId)
        .executeTakeFirst();
    },

    /** Those of these notifications whose state says that they wait for an answer. */
    async listOpen(notificationIds: readonly number[]): Promise<readonly number[]> {
      const rows = await db
        .selectFrom('ask')
        .select('notification_id as id')
        .where('notification_id', 'in', notificationIds)
        .where('state', '=', 'open')
        .execute();
      return rows.map(({ id }) => id);
    },
  };
}

function answerStatements(db: Kysely<Schema>) {
  return {
    /** In the order of their first press; at most `limit`. */
    async listResponses(notificationId: number, afterId: number, limit: number): Promise<readonly ResponseRow[]> {
      return db
        .selectFrom('response')
        .leftJoin('person', 'person.id', 'response.person_id')
        .select([
          'response.id as id',
          'response.person_id as personId',
          'person.name as name',
          'person.email as email',
          'person.aad_object_id as aadObjectId',
          'response.action as action',
          'response.input as input',
          'response.responded_at_ms as respondedAtMs',
        ])
        .where('response.notification_id', '=', notificationId)
        .where('response.id', '>', afterId)
        .orderBy('response.id')
        .limit(atMost(limit))
        .execute();
    },

    /** Those of these notifications to which somebody has answered. */
    async listAnswered(notificationIds: readonly number[]): Promise<readonly number[]> {
      const rows = await db
        .selectFrom('response')
        .select('notification_id as id')
        .distinct()
        .where('notification_id', 'in', notificationIds)
        .execute();
      return rows.map(({ id }) => id);
    },

    async countResponses(notificationId: number): Promise<number> {
      const row = await db
        .selectFrom('response')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('notification_id', '=', notificationId)
        .executeTakeFirst();
      return Number(row?.count ?? 0);
    },
  };
}

type AskValues = Pick<
  AskTable,
  'notification_id' | 'state' | 'remind_ms' | 'remind_at_ms' | 'escalate_to' | 'escalate_at_ms'
>;

/** Those that run for many events. */
function prepareHotStatements(db: Kysely<Schema>) {
  return {
    insert: prepared(db, (place: Places<AskValues>) =>
      db.insertInto('ask').values({
        notification_id: place('notification_id'),
        state: place('state'),
        decided_action: null,
        remind_ms: place('remind_ms'),
        remind_at_ms: place('remind_at_ms'),
        escalate_to: place('escalate_to'),
        escalate_at_ms: place('escalate_at_ms'),
        escalated_at_ms: null,
        edit_due_at_ms: null,
      }),
    ),
    close: prepared(db, (place: Places<{ notificationId: number }>) =>
      db
        .updateTable('ask')
        .set({ state: 'closed', remind_at_ms: null, escalate_at_ms: null })
        .where('notification_id', '=', place('notificationId')),
    ),
  };
}
