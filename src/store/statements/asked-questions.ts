// Statements on the messages by which the questions of dialogs are asked.

import { type Kysely, sql } from 'kysely';
import type { DeliveryState } from '../../domain/delivery.ts';
import { atMost } from '../at-most.ts';
import type { Schema } from '../schema.ts';

/** A question of a dialog and the message that asks it; row ids. */
export interface QuestionMessage {
  readonly dialogId: number;
  readonly notificationId: number;
}

/** A question on its way, and how it stands with it. */
export interface OutgoingQuestion extends QuestionMessage {
  readonly state: DeliveryState;
  readonly reason: string | null;
}

/** In the words of the partial index. */
const IS_OUTGOING = sql<boolean>`is_outgoing = 1`;

/** Binds them to one connection. */
export function createAskedQuestionStatements(db: Kysely<Schema>) {
  return {
    /** In the place of the question before; it is on its way. */
    async setAsked({ dialogId, notificationId }: QuestionMessage): Promise<void> {
      await db
        .updateTable('dialog')
        .set({ asked_id: notificationId, is_outgoing: 1 })
        .where('id', '=', dialogId)
        .execute();
    },

    /** Whether a delivery asks what still waits for its answer: the newest question of a dialog that has not ended. */
    async isAsking(deliveryId: number): Promise<boolean> {
      const row = await db
        .selectFrom('delivery')
        .innerJoin('dialog', 'dialog.asked_id', 'delivery.notification_id')
        .select('dialog.id')
        .where('delivery.id', '=', deliveryId)
        .where('dialog.state', '=', 'active')
        .executeTakeFirst();
      return row !== undefined;
    },

    /** Those that are on their way as far as is known, behind the notification `after`, in the order in which they were asked. */
    async listOutgoing(after: number, limit: number): Promise<readonly OutgoingQuestion[]> {
      return db
        .selectFrom('dialog')
        .innerJoin('delivery', 'delivery.notification_id', 'dialog.asked_id')
        .select(['dialog.id as dialogId', 'delivery.notification_id as notificationId'])
        .select(['delivery.state as state', 'delivery.reason as reason'])
        .where(IS_OUTGOING)
        .where('dialog.asked_id', '>', after)
        .orderBy('dialog.asked_id')
        .limit(atMost(limit))
        .execute();
    },

    /** They are in the chat. */
    async setArrived(notificationIds: readonly number[]): Promise<void> {
      await db.updateTable('dialog').set({ is_outgoing: 0 }).where('asked_id', 'in', notificationIds).execute();
    },
  };
}
