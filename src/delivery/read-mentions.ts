// The people whom a message mentions, by the names that they have when it goes out.

import type { MentionedPerson } from '../domain/notification.ts';
import type { ClaimedDelivery } from '../store/delivery-queue.ts';
import type { Statements } from '../store/store.ts';

/** Nothing is asked of the store where the content says that there is nobody. */
export async function readMentions(
  statements: Statements,
  { content, notificationId, target }: ClaimedDelivery,
): Promise<readonly MentionedPerson[]> {
  return content.kind === 'event' && (content.mentionCount ?? 0) > 0
    ? statements.mentions.list({ notificationId, tenantId: target.tenantId })
    : [];
}
