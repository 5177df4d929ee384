// Statements on reminding people of what a notification asks.

import { type Kysely, sql } from 'kysely';
import { atMost } from '../at-most.ts';
import type { Schema } from '../schema.ts';

/** Somebody who got the notification. */
export interface AskedReader {
  readonly conversationId: number;
  /** Whether they are to be reminded now. */
  readonly isWaitedFor: boolean;
}

/** Which part of those who got it. */
export interface ReaderPart {
  readonly notificationId: number;
  /** The last conversation of the part before. */
  readonly after: number;
  readonly limit: number;
  /** Whoever got it later than this waits for the next time. */
  readonly sentUntilMs: number;
}

/** A message that reminds. */
export interface NewReminder {
  readonly notificationId: number;
  readonly askId: number;
  /** Which time it is, from 1. */
  readonly number: number;
}

/** What people were reminded of; row ids. */
export interface RemindedOf {
  readonly notificationId: number;
  /** The thing that it is about, to mean whatever was told of it; null for this notification alone. */
  readonly lifecycleId: number | null;
}

/** It stands in their own chat, whatever is being done to it, or a digest has told of it. */
const HAS_COME = sql<boolean>`(
  c.kind = 'personal' AND d.operation <> 'delete'
  AND (d.activity_id IS NOT NULL OR (d.state = 'sent' AND d.reason = 'in_digest')))`;

const HAS_ANSWERED = sql<boolean>`EXISTS (
  SELECT 1 FROM response r WHERE r.notification_id = d.notification_id AND r.person_id = c.person_id)`;

/** Two at a time, because the first one had to wait, would be one too many. */
const HAS_REMINDER = sql<boolean>`EXISTS (
  SELECT 1 FROM delivery w JOIN reminder m ON m.notification_id = w.notification_id
   WHERE w.conversation_id = d.conversation_id AND w.state = 'queued' AND m.ask_id = d.notification_id)`;

const POSTED_AT = sql<number>`coalesce((
  SELECT min(a.finished_at_ms) FROM attempt a
   WHERE a.delivery_id = d.id AND a.operation = 'post' AND a.outcome = 'delivered'), 0)`;

/** Binds them to one connection. */
export function createReminderStatements(db: Kysely<Schema>) {
  return { ...readerStatements(db), ...timeStatements(db) };
}

function readerStatements(db: Kysely<Schema>) {
  return {
    /** In the order of their conversations. */
    async listReaders({ notificationId, after, limit, sentUntilMs }: ReaderPart): Promise<readonly AskedReader[]> {
      const isWaitedFor = sql<boolean>`(${HAS_COME} AND NOT ${HAS_ANSWERED} AND NOT ${HAS_REMINDER}
        AND ${POSTED_AT} <= ${sentUntilMs})`;
      const rows = await db
        .selectFrom('delivery as d')
        .innerJoin('conversation as c', 'c.id', 'd.conversation_id')
        .select('d.conversation_id as conversationId')
        .select(sql<0 | 1>`CASE WHEN ${isWaitedFor} THEN 1 ELSE 0 END`.as('isWaitedFor'))
        .where('d.notification_id', '=', notificationId)
        .where('d.conversation_id', '>', after)
        .orderBy('d.conversation_id')
        .limit(atMost(limit))
        .execute();
      return rows.map((row) => ({ ...row, isWaitedFor: row.isWaitedFor === 1 }));
    },

    /** Whether somebody has still to get it. */
    async isComing(notificationId: number): Promise<boolean> {
      const { rows } = await sql<{ readonly isComing: number }>`
        SELECT CASE WHEN EXISTS (SELECT 1 FROM delivery WHERE notification_id = ${notificationId}
                                    AND activity_id IS NULL AND state IN ('queued', 'leased', 'sending'))
                      OR EXISTS (SELECT 1 FROM fanout WHERE notification_id = ${notificationId} AND is_done = 0)
                    THEN 1 ELSE 0 END AS "isComing"`.execute(db);
      return rows[0]?.isComing === 1;
    },

    /** Whether a reminder that was to go out is needed no more: its reader has answered, or nobody is to answer. */
    async isAnswered(deliveryId: number): Promise<boolean> {
      const row = await db
        .selectFrom('delivery as w')
        .innerJoin('reminder as m', 'm.notification_id', 'w.notification_id')
        .innerJoin('ask', 'ask.notification_id', 'm.ask_id')
        .innerJoin('notification as n', 'n.id', 'm.ask_id')
        .leftJoin('lifecycle as l', 'l.id', 'n.lifecycle_id')
        .innerJoin('conversation as c', 'c.id', 'w.conversation_id')
        .select('w.id')
        .where('w.id', '=', deliveryId)
        .where(sql<boolean>`(ask.state <> 'open' OR n.recalled_at_ms IS NOT NULL OR l.state = 'resolved' OR EXISTS (
          SELECT 1 FROM response r WHERE r.notification_id = m.ask_id AND r.person_id = c.person_id))`)
        .executeTakeFirst();
      return row !== undefined;
    },
  };
}

function timeStatements(db: Kysely<Schema>) {
  return {
    async insertReminder({ notificationId, askId, number }: NewReminder): Promise<void> {
      await db.insertInto('reminder').values({ notification_id: notificationId, ask_id: askId, number }).execute();
    },

    /** Whether somebody was reminded at that time. */
    async hasReminded(askId: number, number: number): Promise<boolean> {
      const row = await db
        .selectFrom('reminder')
        .select('notification_id')
        .where('ask_id', '=', askId)
        .where('number', '=', number)
        .limit(atMost(1))
        .executeTakeFirst();
      return row !== undefined;
    },

    /** The notifications that reminded people, oldest first. */
    async listReminders({ notificationId, lifecycleId }: RemindedOf): Promise<readonly number[]> {
      const rows = await db
        .selectFrom('reminder')
        .innerJoin('notification', 'notification.id', 'reminder.ask_id')
        .select('reminder.notification_id as id')
        .where(({ or, eb }) =>
          or([
            eb('notification.id', '=', notificationId),
            ...(lifecycleId === null ? [] : [eb('notification.lifecycle_id', '=', lifecycleId)]),
          ]),
        )
        .orderBy('reminder.notification_id')
        .execute();
      return rows.map(({ id }) => id);
    },

    /** Those up to this conversation have been looked at. */
    async moveReminders(notificationId: number, cursor: number): Promise<void> {
      await db
        .updateTable('ask')
        .set({ remind_cursor: cursor })
        .where('notification_id', '=', notificationId)
        .execute();
    },

    /** A time is over. @param nextAtMs null for never again */
    async endReminders(
      notificationId: number,
      { reminders, nextAtMs }: { readonly reminders: number; readonly nextAtMs: number | null },
    ): Promise<void> {
      await db
        .updateTable('ask')
        .set({ remind_cursor: 0, reminders, remind_at_ms: nextAtMs })
        .where('notification_id', '=', notificationId)
        .execute();
    },
  };
}
