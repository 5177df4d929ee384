// The state of the sandbox in one object: what the page shows first.

import type { Conversations, SandboxConversation, SandboxMessage } from './conversations.ts';
import type { Organisation } from './organisation.ts';

/** A chat with its messages, deleted ones included, oldest first. */
export interface ChatState {
  readonly conversationId: string;
  readonly kind: SandboxConversation['kind'];
  readonly name: string;
  readonly isInstalled: boolean;
  readonly isBlocked: boolean;
  readonly messages: readonly SandboxMessage[];
}

/** A person with the 1:1 chat. */
export interface PersonState extends ChatState {
  readonly key: string;
  readonly email: string;
  readonly aadObjectId: string;
  readonly teamsUserId: string;
  readonly locale: string;
  readonly timeZone: string;
}

export interface SandboxState {
  readonly tenantId: string;
  readonly botName: string;
  /** The event up to which this state is told. */
  readonly lastEventId: number;
  /** Activities that wait until the bot is there. */
  readonly undelivered: number;
  readonly people: readonly PersonState[];
  readonly teams: readonly {
    readonly key: string;
    readonly id: string;
    readonly name: string;
    readonly channels: readonly ChatState[];
  }[];
  readonly groupChats: readonly (ChatState & { readonly key: string })[];
}

interface StateSources {
  readonly organisation: Organisation;
  readonly conversations: Conversations;
}

/** Synthetic people are left out: there may be a hundred thousand of them. */
export function describeState(
  { organisation, conversations }: StateSources,
  facts: { readonly botName: string; readonly lastEventId: number; readonly undelivered: number },
): SandboxState {
  const chat = (id: string): ChatState => describeChat(conversations, id);
  return {
    tenantId: organisation.tenantId,
    ...facts,
    people: organisation.people.map(({ key, email, aadObjectId, teamsUserId, locale, timeZone, conversationId }) => ({
      key,
      email,
      aadObjectId,
      teamsUserId,
      locale,
      timeZone,
      ...chat(conversationId),
    })),
    teams: organisation.teams.map(({ key, id, name, channels }) => ({
      key,
      id,
      name,
      channels: channels.map((channel) => chat(channel.id)),
    })),
    groupChats: organisation.groupChats.map(({ key, id }) => ({ key, ...chat(id) })),
  };
}

function describeChat(conversations: Conversations, conversationId: string): ChatState {
  const conversation = conversations.find(conversationId);
  return {
    conversationId,
    kind: conversation?.kind ?? 'personal',
    name: conversation?.name ?? '',
    isInstalled: conversation !== undefined && conversations.isInstalled(conversation),
    isBlocked: conversation !== undefined && conversations.isBlocked(conversation),
    messages: conversation ? conversations.messages(conversation) : [],
  };
}
