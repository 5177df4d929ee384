// A notification is stored with the people whom it mentions: how many is part of its content, who they are is not.

import type { ProducerContent } from '../domain/notification.ts';
import { noteNames } from './note-names.ts';
import { type ResolvedMentions, resolveMentions } from './resolve-mentions.ts';
import { type NewRequest, type StoreDeps, type Stored, storeNotification } from './store-notification.ts';

/** Stores as `storeNotification` does. @throws what that throws; never for somebody who cannot be mentioned */
export async function storeWithMentions(deps: StoreDeps, asked: NewRequest): Promise<Stored> {
  const { tx, request, content, sender } = asked;
  const mentioned = await resolveMentions(tx, request.mentions, sender.rights);
  const stored = await storeNotification(deps, { ...asked, content: withMentions(content, mentioned) });
  const { notificationId, answer } = stored;
  const { personIds, leftOut } = mentioned;
  await tx.mentions.insert(notificationId, personIds);
  await noteNames(tx, notificationId, leftOut);
  return leftOut.length > 0 ? { ...stored, answer: { ...answer, mentionsLeftOut: leftOut } } : stored;
}

function withMentions(content: ProducerContent, { personIds }: ResolvedMentions): ProducerContent {
  return content.kind === 'event' && personIds.length > 0 ? { ...content, mentionCount: personIds.length } : content;
}
