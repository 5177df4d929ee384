// Which posts may have arrived though no answer came, or have arrived without a message that could be edited.

import { type Kysely, sql } from 'kysely';
import { atMost } from '../at-most.ts';
import type { Schema } from '../schema.ts';

/** Messages of a chat about a thing, by their numbers, both ends included. */
export interface MessagesOfChat {
  readonly lifecycleId: number;
  readonly conversationId: number;
  readonly from: number;
  readonly to: number;
}

/** Whether a post of one of these messages may have arrived, also in a digest, whatever became of its delivery. */
export async function mayBeThere(
  db: Kysely<Schema>,
  { lifecycleId, conversationId, from, to }: MessagesOfChat,
): Promise<boolean> {
  const row = await db
    .selectFrom('notification')
    .innerJoin('delivery', 'delivery.notification_id', 'notification.id')
    .innerJoin('attempt', (join) =>
      join.on(sql<boolean>`attempt.delivery_id = coalesce(delivery.folded_into, delivery.id)`),
    )
    .select('attempt.number')
    .where('notification.lifecycle_id', '=', lifecycleId)
    .where('notification.message_number', '>=', from)
    .where('notification.message_number', '<=', to)
    .where('delivery.conversation_id', '=', conversationId)
    .where('attempt.operation', '=', 'post')
    .where(
      sql<boolean>`(attempt.outcome = 'unknown' OR (delivery.folded_into IS NOT NULL AND coalesce(attempt.outcome, 'delivered') = 'delivered'))`,
    )
    .limit(atMost(1))
    .executeTakeFirst();
  return row !== undefined;
}
