// The people whom a card mentions, by the names that they have when it is shown.

import type { MentionedPerson, StoredContent } from '../domain/notification.ts';
import type { MentionsWanted } from './statements/mentions.ts';
import type { Statements } from './store.ts';

/** Nothing is asked of the store where the content says that there is nobody. */
export async function readMentions(
  { mentions }: Statements,
  content: StoredContent,
  wanted: MentionsWanted,
): Promise<readonly MentionedPerson[]> {
  return content.kind === 'event' && (content.mentionCount ?? 0) > 0 ? mentions.list(wanted) : [];
}
