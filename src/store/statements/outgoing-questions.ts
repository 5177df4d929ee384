// Statements on questions of dialogs that are on their way: until it is known what has become of them.

import type { Kysely } from 'kysely';
import type { DeliveryState } from '../../domain/delivery.ts';
import { atMost } from '../at-most.ts';
import type { Schema } from '../schema.ts';

/** A question of a dialog as it goes out; row ids. */
export interface OutgoingQuestion {
  readonly dialogId: number;
  readonly notificationId: number;
}

/** A question, and how it stands with it. */
export interface FollowedQuestion extends OutgoingQuestion {
  readonly state: DeliveryState;
  readonly reason: string | null;
}

/** Binds them to one connection. */
export function createOutgoingQuestionStatements(db: Kysely<Schema>) {
  return {
    /** In the place of the question before. */
    async setOutgoing({ dialogId, notificationId }: OutgoingQuestion): Promise<void> {
      await db.updateTable('dialog').set({ outgoing_id: notificationId }).where('id', '=', dialogId).execute();
    },

    /** Those of which it is not known yet, behind the notification `after`, in the order in which they were asked. */
    async listOutgoing(after: number, limit: number): Promise<readonly FollowedQuestion[]> {
      return db
        .selectFrom('dialog')
        .innerJoin('delivery', 'delivery.notification_id', 'dialog.outgoing_id')
        .select(['dialog.id as dialogId', 'delivery.notification_id as notificationId'])
        .select(['delivery.state as state', 'delivery.reason as reason'])
        .where('dialog.outgoing_id', 'is not', null)
        .where('dialog.outgoing_id', '>', after)
        .orderBy('dialog.outgoing_id')
        .limit(atMost(limit))
        .execute();
    },

    /** They are in the chat. */
    async setArrived(notificationIds: readonly number[]): Promise<void> {
      await db.updateTable('dialog').set({ outgoing_id: null }).where('outgoing_id', 'in', notificationIds).execute();
    },
  };
}
