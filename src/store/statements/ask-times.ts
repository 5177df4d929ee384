// Statements on when what notifications ask is reminded of, and when others are asked.

import { type Kysely, sql } from 'kysely';
import { PRIORITIES, type Priority, type StoredContent } from '../../domain/notification.ts';
import type { UnresolvedRecipient } from '../../domain/recipient.ts';
import type { AskState } from '../asking-schema.ts';
import { atMost } from '../at-most.ts';
import type { Schema } from '../schema.ts';
import { createEscalationStatements } from './escalations.ts';
import { createReminderStatements } from './reminders.ts';

/** A notification that asks something, as its time comes. */
export interface TimedAsk {
  readonly notificationId: number;
  readonly publicId: string;
  readonly producerId: number;
  readonly content: StoredContent;
  readonly priority: Priority;
  readonly unresolved: readonly UnresolvedRecipient[];
  readonly lifecycle: { readonly id: number; readonly key: string } | undefined;
  readonly state: AskState;
  /** Whether it was recalled, or what it is about is over. */
  readonly isOver: boolean;
  readonly remindMs: number | null;
  readonly remindAtMs: number | null;
  readonly reminders: number;
  readonly remindCursor: number;
  readonly escalateTo: readonly string[];
  readonly escalateAtMs: number | null;
}

/** What can come due. */
export type DueColumn = 'remind_at_ms' | 'escalate_at_ms';

/** Binds them to one connection. */
export function createAskTimeStatements(db: Kysely<Schema>) {
  return { ...dueStatements(db), ...createReminderStatements(db), ...createEscalationStatements(db) };
}

function dueStatements(db: Kysely<Schema>) {
  /** Written out, because the partial indexes are chosen by this very text. */
  const waiting = (column: DueColumn) => sql<boolean>`${sql.ref(column)} IS NOT NULL`;
  return {
    /** When the next of them comes due; undefined when none waits. */
    async nextAtMs(column: DueColumn): Promise<number | undefined> {
      const row = await db
        .selectFrom('ask')
        .select(`${column} as atMs`)
        .where(waiting(column))
        .orderBy(column)
        .limit(atMost(1))
        .executeTakeFirst();
      return row?.atMs ?? undefined;
    },

    /** Row ids of the notifications, the one that waits longest first; at most `limit`. */
    async listDue(column: DueColumn, nowMs: number, limit: number): Promise<readonly number[]> {
      const rows = await db
        .selectFrom('ask')
        .select('notification_id as id')
        .where(waiting(column))
        .where(column, '<=', nowMs)
        .orderBy(column)
        .limit(atMost(limit))
        .execute();
      return rows.map(({ id }) => id);
    },

    async findTimed(notificationId: number): Promise<TimedAsk | undefined> {
      const row = await db
        .selectFrom('ask')
        .innerJoin('notification', 'notification.id', 'ask.notification_id')
        .leftJoin('lifecycle', 'lifecycle.id', 'notification.lifecycle_id')
        .select([
          'notification.id as notificationId',
          'public_id as publicId',
          'notification.producer_id as producerId',
        ])
        .select(['content', 'priority', 'unresolved', 'recalled_at_ms as recalledAtMs', 'ask.state as state'])
        .select(['lifecycle.id as lifecycleId', 'lifecycle.key as key', 'lifecycle.state as lifecycleState'])
        .select(['remind_ms as remindMs', 'remind_at_ms as remindAtMs', 'reminders', 'remind_cursor as remindCursor'])
        .select(['escalate_to as escalateTo', 'escalate_at_ms as escalateAtMs'])
        .where('ask.notification_id', '=', notificationId)
        .executeTakeFirst();
      if (!row) {
        return undefined;
      }
      const { recalledAtMs, lifecycleId, key, lifecycleState, ...ask } = row;
      return {
        ...ask,
        content: JSON.parse(ask.content),
        priority: PRIORITIES[ask.priority] ?? 'normal',
        unresolved: JSON.parse(ask.unresolved),
        escalateTo: JSON.parse(ask.escalateTo ?? '[]'),
        lifecycle: lifecycleId === null || key === null ? undefined : { id: lifecycleId, key },
        isOver: recalledAtMs !== null || lifecycleState === 'resolved',
      };
    },
  };
}
