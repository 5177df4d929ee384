// Where a message can be posted: the parts of a Bot Framework conversation reference that Bellhop keeps.

export type ConversationKind = 'personal' | 'channel' | 'groupChat';

/** What the Connector needs to reach a conversation again. */
export interface ConversationReference {
  readonly tenantId: string;
  readonly kind: ConversationKind;
  readonly serviceUrl: string;
  /** The bot's own account in this conversation, `28:<app id>`. */
  readonly botAccountId: string;
  readonly conversationId: string;
}

/**
 * Ids of conversations, activities and users that may be put into a Connector path (encoded all the same).
 * `.` and `..` would escape the path segment.
 */
export function isConnectorId(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z0-9:@._;=-]{1,512}$/.test(value) && value !== '.' && value !== '..';
}

/** A thread of a channel, by its first message; the channel itself without one. */
export function inThread(conversationId: string, rootId: string | undefined): string {
  return rootId === undefined ? conversationId : `${withoutThread(conversationId)};messageid=${rootId}`;
}

/** The conversation without the thread that one activity of it belongs to (`19:...;messageid=...`). */
export function withoutThread(conversationId: string): string {
  const at = conversationId.indexOf(';messageid=');
  return at < 0 ? conversationId : conversationId.slice(0, at);
}
