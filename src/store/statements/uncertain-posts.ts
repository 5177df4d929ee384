// Which posts may have arrived though no answer came.

import type { Kysely } from 'kysely';
import { atMost } from '../at-most.ts';
import type { Schema } from '../schema.ts';
import type { LifecyclePlace, MessageRange } from './lifecycle-messages.ts';

/** Whether a post of one of these messages of a chat may have arrived, whatever became of its delivery. */
export async function mayBeThere(
  db: Kysely<Schema>,
  { lifecycle, conversationId }: Pick<LifecyclePlace, 'lifecycle' | 'conversationId'>,
  { from, to }: MessageRange,
): Promise<boolean> {
  const row = await db
    .selectFrom('notification')
    .innerJoin('delivery', 'delivery.notification_id', 'notification.id')
    .innerJoin('attempt', 'attempt.delivery_id', 'delivery.id')
    .select('attempt.number')
    .where('notification.lifecycle_id', '=', lifecycle.id)
    .where('notification.message_number', '>=', from)
    .where('notification.message_number', '<=', to)
    .where('delivery.conversation_id', '=', conversationId)
    .where('attempt.operation', '=', 'post')
    .where('attempt.outcome', '=', 'unknown')
    .limit(atMost(1))
    .executeTakeFirst();
  return row !== undefined;
}
