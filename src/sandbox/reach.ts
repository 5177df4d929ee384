// Whom the bot can write to without being in the person's own chat: those it shares a team or a group chat with.

import type { Conversations, SandboxConversation } from './conversations.ts';
import type { Memberships } from './memberships.ts';
import type { Organisation } from './organisation.ts';
import type { SandboxPerson } from './residents.ts';

interface ReachSources {
  readonly conversations: Conversations;
  readonly memberships: Memberships;
  readonly organisation: Organisation;
}

/** Whether the person is a member of a team or a group chat in which the bot is installed. */
export function meetsBot({ conversations, memberships, organisation }: ReachSources, person: SandboxPerson): boolean {
  return [...organisation.teams, ...organisation.groupChats].some(({ id }) => {
    const place = conversations.find(id);
    return place && conversations.isInstalled(place) && memberships.isMember(id, person);
  });
}

/** Whether the bot is in a conversation: installed there, or in a 1:1 chat that it has opened with a member. */
export function hasBot(sources: ReachSources, conversation: SandboxConversation): boolean {
  const { conversations } = sources;
  const { person } = conversation;
  return (
    conversations.isInstalled(conversation) ||
    (person !== undefined && conversations.isOpened(conversation) && meetsBot(sources, person))
  );
}
