// Whether somebody gets a message because nobody else had answered it, which it then says.

import type { ClaimedDelivery } from '../store/delivery-queue.ts';
import type { Statements } from '../store/store.ts';

/** Nothing is read for what asks nothing. */
export async function readEscalation(
  { askTimes }: Statements,
  { content, notificationId, conversationId }: Pick<ClaimedDelivery, 'content' | 'notificationId' | 'conversationId'>,
): Promise<boolean> {
  return (
    content.kind === 'event' && content.ask !== undefined && askTimes.isEscalatedTo(notificationId, conversationId)
  );
}
