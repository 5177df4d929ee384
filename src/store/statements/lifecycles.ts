// Statements on the things that notifications are about.

import type { Kysely } from 'kysely';
import type { Lifecycle } from '../../domain/lifecycle.ts';
import type { LifecycleTable } from '../notification-schema.ts';
import { only, type Places, prepared } from '../prepared.ts';
import type { Schema } from '../schema.ts';

/** A thing with its row. */
export interface LifecycleRow extends Lifecycle {
  readonly id: number;
  /** The newest notification that was taken in. */
  readonly notificationId: number | null;
}

/** By what a thing is known. */
export interface LifecycleName {
  readonly producerId: number;
  readonly key: string;
}

/** Binds them to one connection. */
export function createLifecycleStatements(db: Kysely<Schema>) {
  const { find, save, setNotification } = prepareHotStatements(db);

  return {
    async find(producerId: number, key: string): Promise<LifecycleRow | undefined> {
      const [row] = await find({ producerId, key });
      return row && toLifecycle(row);
    },

    /** What a notification is about; undefined when it has no key. */
    async findOf(notificationId: number): Promise<LifecycleRow | undefined> {
      const row = await db
        .selectFrom('lifecycle')
        .selectAll('lifecycle')
        .innerJoin('notification', 'notification.lifecycle_id', 'lifecycle.id')
        .where('notification.id', '=', notificationId)
        .executeTakeFirst();
      return row && toLifecycle(row);
    },

    /** The key of what a notification is about; undefined when it has none. */
    async findKey(notificationId: number): Promise<string | undefined> {
      const row = await db
        .selectFrom('notification')
        .innerJoin('lifecycle', 'lifecycle.id', 'notification.lifecycle_id')
        .select('lifecycle.key')
        .where('notification.id', '=', notificationId)
        .executeTakeFirst();
      return row?.key;
    },

    /** Adds it, or overwrites what is kept of it. @returns its row id */
    async save({ producerId, key }: LifecycleName, lifecycle: Lifecycle, nowMs: number): Promise<number> {
      const rows = await save({ producer_id: producerId, key, ...toColumns(lifecycle), updated_at_ms: nowMs });
      return only(rows).id;
    },

    async setNotification(id: number, notificationId: number): Promise<void> {
      await setNotification({ id, notificationId });
    },

    /** Its messages are being taken away: none of them is edited any more, and what is said of it next is posted anew. */
    async close(id: number, nowMs: number): Promise<void> {
      await db
        .updateTable('lifecycle')
        .set(({ eb, ref }) => ({
          state: 'resolved',
          first_message: eb(ref('message_number'), '+', 1),
          message_number: eb(ref('message_number'), '+', 1),
          updated_at_ms: nowMs,
        }))
        .where('id', '=', id)
        .execute();
    },
  };
}

/** Those that run for every event. */
function prepareHotStatements(db: Kysely<Schema>) {
  return {
    find: prepared(db, (place: Places<LifecycleName>) =>
      db
        .selectFrom('lifecycle')
        .selectAll()
        .where('producer_id', '=', place('producerId'))
        .where('key', '=', place('key')),
    ),
    save: prepared(db, (place: Places<Omit<LifecycleTable, 'id' | 'notification_id'>>) => {
      const values = {
        state: place('state'),
        peak_severity: place('peak_severity'),
        first_message: place('first_message'),
        message_number: place('message_number'),
        occurred_at_ms: place('occurred_at_ms'),
        opened_at_ms: place('opened_at_ms'),
        edited_at_ms: place('edited_at_ms'),
        history: place('history'),
        forgotten: place('forgotten'),
        updated_at_ms: place('updated_at_ms'),
      };
      return db
        .insertInto('lifecycle')
        .values({ producer_id: place('producer_id'), key: place('key'), notification_id: null, ...values })
        .onConflict((conflict) => conflict.columns(['producer_id', 'key']).doUpdateSet(values))
        .returning('id');
    }),
    setNotification: prepared(db, (place: Places<{ id: number; notificationId: number }>) =>
      db
        .updateTable('lifecycle')
        .set({ notification_id: place('notificationId') })
        .where('id', '=', place('id')),
    ),
  };
}

type Columns = Omit<LifecycleTable, 'id' | 'producer_id' | 'key' | 'notification_id' | 'updated_at_ms'>;

function toColumns(lifecycle: Lifecycle): Columns {
  return {
    state: lifecycle.state,
    peak_severity: lifecycle.peakSeverity,
    first_message: lifecycle.firstMessage,
    message_number: lifecycle.messageNumber,
    occurred_at_ms: lifecycle.occurredAtMs ?? null,
    opened_at_ms: lifecycle.openedAtMs,
    edited_at_ms: lifecycle.editedAtMs,
    history: JSON.stringify(lifecycle.history),
    forgotten: lifecycle.forgotten,
  };
}

/** Reads a row. */
export function toLifecycle(
  row: Columns & { readonly id: number; readonly notification_id: number | null },
): LifecycleRow {
  return {
    id: row.id,
    notificationId: row.notification_id,
    state: row.state,
    peakSeverity: row.peak_severity,
    firstMessage: row.first_message,
    messageNumber: row.message_number,
    ...(row.occurred_at_ms !== null && { occurredAtMs: row.occurred_at_ms }),
    openedAtMs: row.opened_at_ms,
    editedAtMs: row.edited_at_ms,
    history: JSON.parse(row.history),
    forgotten: row.forgotten,
  };
}
