// Cards that people see in their own way: after each post and each edit the clients of those whom the card names fetch it.

import { randomUUID } from 'node:crypto';
import { attachmentsOf } from './activity-check.ts';
import type { ButtonPresses } from './button-presses.ts';
import type { SandboxConversation, SandboxMessage } from './conversations.ts';
import { isRecord, member } from './exchange.ts';
import type { WritingDeps } from './writing.ts';

/** The world in which it happens, and who asks the bot. */
export interface CardRefreshDeps extends WritingDeps {
  readonly presses: ButtonPresses;
}

/**
 * From now on, in channels and group chats: the answer in a 1:1 chat is the message for everybody there is.
 * @see https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/universal-actions-for-adaptive-cards/user-specific-views
 */
export function refreshCards(deps: CardRefreshDeps): void {
  deps.events.subscribe((event) => {
    if ((event.kind === 'message' || event.kind === 'edit') && event.message.author === 'bot') {
      const conversation = deps.conversations.find(event.conversationId);
      if (conversation && conversation.kind !== 'personal') {
        refresh(deps, conversation, event.message);
      }
    }
  });
}

function refresh(deps: CardRefreshDeps, conversation: SandboxConversation, message: SandboxMessage): void {
  const refreshing = attachmentsOf(message.activity).map((attachment) =>
    member(member(attachment, 'content'), 'refresh'),
  );
  const action = member(refreshing[0], 'action');
  const userIds = member(refreshing[0], 'userIds');
  if (!isRecord(action) || !Array.isArray(userIds)) {
    return;
  }
  const threadId = conversation.kind === 'channel' ? { threadId: message.threadId ?? message.id } : {};
  for (const id of userIds.map(String)) {
    const person = deps.organisation.findPerson(id);
    if (person && deps.memberships.isMember(conversation.scopeId, person)) {
      const occasion = { id: `f:${randomUUID()}`, atMs: deps.clock.nowMs(), person, conversation, ...threadId };
      // A client that gets no answer shows what everybody sees.
      deps.presses.refresh(occasion, message, action).catch(() => undefined);
    }
  }
}
