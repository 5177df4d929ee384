// Statements on messages that are in chats and are to be edited or deleted there.

import { type Kysely, sql } from 'kysely';
import type { DeliveryState, MessageOperation } from '../../domain/delivery.ts';
import { PRIORITIES, type Priority } from '../../domain/notification.ts';
import { atMost } from '../at-most.ts';
import type { Lease } from '../delivery-queue.ts';
import type { Schema } from '../schema.ts';

/** What is done to a message that is there. */
export type Change = Exclude<MessageOperation, 'post'>;

/** A delivery whose message may have to be changed. */
export interface ChangeableRow {
  readonly id: number;
  readonly conversationId: number;
  readonly state: DeliveryState;
  readonly operation: MessageOperation;
  /** Whether its message is in the chat. */
  readonly isShown: boolean;
}

/** From when on, and how long it is tried, epoch milliseconds; and before what else. */
export interface ChangeTimes {
  readonly nowMs: number;
  /** Not before then; at once when absent. */
  readonly dueAtMs?: number;
  /** That of the message when absent. A change that waits holds up what comes after it with the same one. */
  readonly priority?: Priority;
  readonly expiresAtMs: number;
}

/** Written out, because the partial index is chosen by this very text. */
export const IS_LISTED = sql<boolean>`delivery.lifecycle_id IS NOT NULL AND delivery.state <> 'superseded'`;

/** Not leased to a digest, which ends it. */
const IS_OF_ITS_OWN = sql<boolean>`coalesce(folded_into, id) = id`;

/** A message that is in a chat, and is to be changed there, from the beginning. */
export const QUEUED_CHANGE = {
  state: 'queued',
  is_quiet: 1,
  failures: 0,
  is_reduced: 0,
  remedies: '',
  reason: null,
  lease_owner: null,
  lease_until_ms: null,
} as const;

/** Binds them to one connection. */
export function createMessageChangeStatements(db: Kysely<Schema>) {
  const rows = db
    .selectFrom('delivery')
    .select(['id', 'conversation_id as conversationId', 'state', 'operation', 'activity_id as activityId']);
  const toChangeable = ({ activityId, ...row }: Awaited<ReturnType<typeof rows.execute>>[number]): ChangeableRow => ({
    ...row,
    isShown: activityId !== null,
  });

  return {
    /** Deliveries of a notification in the order of their conversations, behind one. */
    async listPart(notificationId: number, cursor: number, limit: number): Promise<readonly ChangeableRow[]> {
      const found = await rows
        .where('notification_id', '=', notificationId)
        .where('conversation_id', '>', cursor)
        .orderBy('conversation_id')
        .limit(atMost(limit))
        .execute();
      return found.map(toChangeable);
    },

    async list(ids: readonly number[]): Promise<readonly ChangeableRow[]> {
      return ids.length === 0 ? [] : (await rows.where('id', 'in', ids).execute()).map(toChangeable);
    },

    /** Queues the change of messages that are there; what is in flight stays as it is. */
    async queue(
      ids: readonly number[],
      operation: Change,
      { nowMs, dueAtMs = nowMs, priority, expiresAtMs }: ChangeTimes,
    ): Promise<void> {
      await db
        .updateTable('delivery')
        .set(({ ref }) => ({
          ...QUEUED_CHANGE,
          operation,
          attempts_forgiven: ref('attempts'),
          due_at_ms: dueAtMs,
          expires_at_ms: expiresAtMs,
          updated_at_ms: nowMs,
          ...(priority !== undefined && { priority: PRIORITIES.indexOf(priority) }),
        }))
        .where('id', 'in', ids)
        .where('state', '<>', 'sending')
        .where('activity_id', 'is not', null)
        .execute();
    },

    /** What was claimed and has not begun goes back, to be claimed again as it is now. */
    async giveBack(ids: readonly number[]): Promise<void> {
      await db
        .updateTable('delivery')
        .set({ state: 'queued', lease_owner: null, lease_until_ms: null })
        .where('id', 'in', ids)
        .where('state', '=', 'leased')
        .where(IS_OF_ITS_OWN)
        .execute();
    },

    /** Nothing of these will go out any more. */
    async cancel(ids: readonly number[], nowMs: number): Promise<void> {
      await db
        .updateTable('delivery')
        .set({ state: 'cancelled', reason: null, lease_owner: null, lease_until_ms: null, updated_at_ms: nowMs })
        .where('id', 'in', ids)
        .where('state', 'in', ['queued', 'leased', 'failed', 'expired', 'held'])
        .execute();
    },

    /** The message cannot be changed any more: the delivery posts anew, and that makes a toast again. Fenced. */
    async becomePost({ deliveryId, owner }: Lease): Promise<void> {
      await db
        .updateTable('delivery')
        .set({ operation: 'post', is_quiet: 0, activity_id: null })
        .where('id', '=', deliveryId)
        .where('lease_owner', '=', owner)
        .execute();
    },

    /** No delivery of a chat has this message any more. */
    async forgetMessage(lifecycleId: number, conversationId: number, activityId: string): Promise<void> {
      await db
        .updateTable('delivery')
        .set({ activity_id: null })
        .where(IS_LISTED)
        .where('lifecycle_id', '=', lifecycleId)
        .where('conversation_id', '=', conversationId)
        .where('activity_id', '=', activityId)
        .execute();
    },

    /** The delivery has no message in the chat. */
    async clearMessage(id: number): Promise<void> {
      await db.updateTable('delivery').set({ activity_id: null }).where('id', '=', id).execute();
    },
  };
}
