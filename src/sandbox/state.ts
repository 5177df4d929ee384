// The state of the sandbox in one object: what the page shows first.

import type { Conversations, SandboxConversation, SandboxMessage } from './conversations.ts';
import type { Memberships } from './memberships.ts';
import type { Organisation } from './organisation.ts';
import { hasBot } from './reach.ts';
import type { PersonRole, TeamState } from './residents.ts';

/** A chat with its messages, deleted ones included, oldest first. */
export interface ChatState {
  readonly conversationId: string;
  readonly kind: SandboxConversation['kind'];
  readonly name: string;
  readonly isInstalled: boolean;
  /** Installed, or opened by the bot with somebody whom it meets in a team or a group chat. */
  readonly hasBot: boolean;
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
  readonly role: PersonRole;
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
    readonly state: TeamState;
    /** The keys of the members who have a name of their own, and of those who were added. */
    readonly members: readonly string[];
    readonly channels: readonly (ChatState & { readonly isDeleted: boolean })[];
  }[];
  readonly groupChats: readonly (ChatState & { readonly key: string; readonly members: readonly string[] })[];
}

interface StateSources {
  readonly organisation: Organisation;
  readonly conversations: Conversations;
  readonly memberships: Memberships;
}

/** Synthetic people are left out: there may be a hundred thousand of them. */
export function describeState(
  sources: StateSources,
  facts: { readonly botName: string; readonly lastEventId: number; readonly undelivered: number },
): SandboxState {
  const { organisation, memberships } = sources;
  const chat = (id: string): ChatState => describeChat(sources, id);
  const members = (id: string) => memberships.named(id).map(({ key }) => key);
  return {
    tenantId: organisation.tenantId,
    ...facts,
    people: organisation.people.map(({ conversationId, ...person }) => ({
      key: person.key,
      email: person.email,
      aadObjectId: person.aadObjectId,
      teamsUserId: person.teamsUserId,
      locale: person.locale,
      timeZone: person.timeZone,
      role: person.role,
      ...chat(conversationId),
    })),
    teams: organisation.teams.map(({ key, id, name, state, channels }) => ({
      key,
      id,
      name,
      state,
      members: members(id),
      channels: channels.map((channel) => ({ ...chat(channel.id), isDeleted: channel.isDeleted })),
    })),
    groupChats: organisation.groupChats.map(({ key, id }) => ({ key, members: members(id), ...chat(id) })),
  };
}

function describeChat(sources: StateSources, conversationId: string): ChatState {
  const { conversations } = sources;
  const conversation = conversations.findKept(conversationId);
  return {
    conversationId,
    kind: conversation?.kind ?? 'personal',
    name: conversation?.name ?? '',
    isInstalled: conversation !== undefined && conversations.isInstalled(conversation),
    hasBot: conversation !== undefined && hasBot(sources, conversation),
    isBlocked: conversation !== undefined && conversations.isBlocked(conversation),
    messages: conversation ? conversations.messages(conversation) : [],
  };
}
