// Ordinary statements on deliveries and their attempts; the claim and what is fenced by it are written per dialect.

import { type Kysely, sql } from 'kysely';
import type { DeliveryState, MessageOperation } from '../../domain/delivery.ts';
import type { FailureReason } from '../../domain/failure-reason.ts';
import { PRIORITIES, type Priority } from '../../domain/notification.ts';
import { atMost } from '../at-most.ts';
import { type Places, prepared } from '../prepared.ts';
import type { DeliveryTable, Schema } from '../schema.ts';
import { type DeliveryRow, SHOWN_COLUMNS, toDeliveryRow } from './shown-deliveries.ts';
import { isWatchedAs } from './watched.ts';

export interface NewDelivery {
  readonly notificationId: number;
  readonly laneId: number;
  readonly conversationId: number;
  /** As the producer wrote it. */
  readonly recipient: string | null;
  readonly priority: Priority;
  /** No notification to the person: an answer to what they wrote, or an edit. */
  readonly isQuiet?: boolean;
  /** `post` when absent. */
  readonly operation?: MessageOperation;
  readonly lifecycleId?: number | undefined;
  /** Not before; now when absent. */
  readonly dueAtMs?: number | undefined;
  /** Not before either: a date that somebody has set, and that stays when the clock is set. */
  readonly scheduledAtMs?: number | undefined;
  /** Set for what came too late to be told: it never goes out. */
  readonly supersededFor?: FailureReason | undefined;
  readonly nowMs: number;
  readonly expiresAtMs: number;
}

/** How many deliveries of a notification are in a state. */
export interface StatusCount extends StateCount {
  /** Set where their message is in the chat, and that is what is being done to it. */
  readonly change: Exclude<MessageOperation, 'post'> | null;
  /** When the first and the last of them came to it. */
  readonly firstAtMs: number;
  readonly lastAtMs: number;
}

/** How many deliveries are in a state. */
export interface StateCount {
  readonly state: DeliveryState;
  readonly count: number;
}

/** Binds them to one connection. */
export function createDeliveryStatements(db: Kysely<Schema>) {
  const { insert, findWaiting } = prepareHotStatements(db);

  return {
    /** @returns false when the conversation already has a delivery of this notification */
    async insert(delivery: NewDelivery): Promise<boolean> {
      const rows = await insert({
        notification_id: delivery.notificationId,
        lane_id: delivery.laneId,
        conversation_id: delivery.conversationId,
        recipient: delivery.recipient,
        priority: PRIORITIES.indexOf(delivery.priority),
        is_quiet: delivery.isQuiet === true ? 1 : 0,
        expires_at_ms: delivery.expiresAtMs,
        now_ms: delivery.nowMs,
        due_at_ms: delivery.scheduledAtMs ?? delivery.dueAtMs ?? delivery.nowMs,
        scheduled_at_ms: delivery.scheduledAtMs ?? null,
        operation: delivery.operation ?? 'post',
        lifecycle_id: delivery.lifecycleId ?? null,
        state: delivery.supersededFor === undefined ? 'queued' : 'superseded',
        reason: delivery.supersededFor ?? null,
      });
      return rows.length > 0;
    },

    /** In the order of their making; those of a broadcast with more than `limit` in another one that stays. */
    async listOfNotification(notificationId: number, limit: number): Promise<readonly DeliveryRow[]> {
      const rows = await db
        .selectFrom('delivery')
        .select(SHOWN_COLUMNS)
        .where('notification_id', '=', notificationId)
        // By the index of the key: to sort a broadcast would take long.
        .orderBy('notification_id')
        .orderBy('conversation_id')
        .limit(atMost(limit))
        .execute();
      return rows.map(toDeliveryRow).toSorted((left, right) => left.id - right.id);
    },

    async countOfNotification(notificationId: number): Promise<readonly StatusCount[]> {
      const rows = await db
        .selectFrom('delivery')
        .select(({ fn }) => [
          'state',
          'operation',
          fn.countAll<number>().as('count'),
          fn.min('updated_at_ms').as('firstAtMs'),
          fn.max('updated_at_ms').as('lastAtMs'),
        ])
        .select(sql<0 | 1>`CASE WHEN activity_id IS NULL THEN 0 ELSE 1 END`.as('isShown'))
        .where('notification_id', '=', notificationId)
        .groupBy(['state', 'operation', 'isShown'])
        .execute();
      const changeOf = ({ isShown, operation }: Pick<(typeof rows)[number], 'isShown' | 'operation'>) =>
        isShown === 1 && operation !== 'post' ? operation : null;
      return rows.map(({ state, count, firstAtMs, lastAtMs, ...row }) => ({
        ...{ state, count, firstAtMs, lastAtMs },
        change: changeOf(row),
      }));
    },

    /** Deliveries that wait or are on their way, by state: what the limit on the backlog counts. */
    async countOpen(): Promise<readonly StateCount[]> {
      // Two statements in the very words of the two partial indexes: the finished deliveries, which may be millions,
      // are not looked at.
      const count = db.selectFrom('delivery').select(({ fn }) => fn.countAll<number>().as('count'));
      const [queued, inFlight] = [
        await count.where('state', '=', 'queued').executeTakeFirstOrThrow(),
        await db
          .selectFrom('delivery')
          .select(({ fn }) => ['state', fn.countAll<number>().as('count')])
          .where(sql<boolean>`state IN ('leased', 'sending')`)
          .groupBy('state')
          .execute(),
      ];
      return queued.count === 0 ? inFlight : [{ state: 'queued', count: queued.count }, ...inFlight];
    },

    /** Whether at least `count` (>= 1) deliveries wait for this conversation; looks at no more than that. */
    async hasWaiting(conversationId: number, count: number): Promise<boolean> {
      return (await findWaiting({ conversationId, before: count - 1 })).length > 0;
    },

    /** When the oldest delivery that waits was due; undefined when nothing is due. */
    async oldestDueAtMs(nowMs: number): Promise<number | undefined> {
      // The first entry of the index of each lane and priority, however much waits behind it.
      const { rows } = await sql<{ readonly dueAtMs: number | null }>`
        SELECT min((SELECT d.due_at_ms FROM delivery d
                     WHERE d.lane_id = l.id AND d.priority = p.priority AND d.state = 'queued'
                     ORDER BY d.due_at_ms LIMIT 1)) AS "dueAtMs"
          FROM lane l CROSS JOIN (SELECT 0 AS priority UNION ALL SELECT 1 UNION ALL SELECT 2) p`.execute(db);
      const dueAtMs = rows[0]?.dueAtMs ?? undefined;
      return dueAtMs !== undefined && dueAtMs <= nowMs ? dueAtMs : undefined;
    },

    /** Ends what still waits for this conversation; what is on its way ends by its own outcome. */
    async failQueued(conversationId: number, reason: string, nowMs: number): Promise<number> {
      const statement = db
        .updateTable('delivery')
        .set({ state: 'failed', reason, updated_at_ms: nowMs })
        .where('conversation_id', '=', conversationId)
        .where('state', '=', 'queued');
      // Twice: what was leased to a digest that has failed is queued again.
      const [first, second] = [await statement.executeTakeFirst(), await statement.executeTakeFirst()];
      return Number(first.numUpdatedRows) + Number(second.numUpdatedRows);
    },
  };
}

type DeliveryValues = Pick<
  DeliveryTable,
  | 'notification_id'
  | 'lane_id'
  | 'conversation_id'
  | 'recipient'
  | 'state'
  | 'priority'
  | 'due_at_ms'
  | 'expires_at_ms'
  | 'scheduled_at_ms'
  | 'lifecycle_id'
  | 'reason'
> & { readonly is_quiet: number; readonly operation: MessageOperation; readonly now_ms: number };

function prepareHotStatements(db: Kysely<Schema>) {
  return {
    insert: prepared(db, (place: Places<DeliveryValues>) =>
      db
        .insertInto('delivery')
        .values({
          notification_id: place('notification_id'),
          lane_id: place('lane_id'),
          conversation_id: place('conversation_id'),
          recipient: place('recipient'),
          state: place('state'),
          priority: place('priority'),
          is_watched: isWatchedAs(place('notification_id')),
          is_quiet: place('is_quiet'),
          operation: place('operation'),
          lifecycle_id: place('lifecycle_id'),
          reason: place('reason'),
          due_at_ms: place('due_at_ms'),
          expires_at_ms: place('expires_at_ms'),
          scheduled_at_ms: place('scheduled_at_ms'),
          updated_at_ms: place('now_ms'),
        })
        .onConflict((conflict) => conflict.columns(['notification_id', 'conversation_id']).doNothing())
        .returning('id'),
    ),
    findWaiting: prepared(db, (place: Places<{ conversationId: number; before: number }>) =>
      db
        .selectFrom('delivery')
        .select('id')
        .where('conversation_id', '=', place('conversationId'))
        .where(sql<boolean>`state = 'queued'`)
        .orderBy('priority')
        .orderBy('id')
        .offset(place('before'))
        .limit(atMost(1)),
    ),
  };
}
