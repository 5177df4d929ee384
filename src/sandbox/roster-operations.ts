// What bots may ask about conversations: their members, the team and its channels.

import { refuse } from './connector-errors.ts';
import type { Conversations, SandboxConversation } from './conversations.ts';
import type { Answer } from './exchange.ts';
import type { Organisation, SandboxPerson } from './organisation.ts';

const PAGE_SIZE = { min: 50, usual: 200, max: 500 };

/** The old members call gives no more than this. */
const MAX_UNPAGED_MEMBERS = 10_000;

/** Each operation answers as the Connector does; nothing is thrown. */
export class RosterOperations {
  readonly #organisation: Organisation;
  readonly #conversations: Conversations;

  constructor(deps: { readonly organisation: Organisation; readonly conversations: Conversations }) {
    this.#organisation = deps.organisation;
    this.#conversations = deps.conversations;
  }

  members(conversation: SandboxConversation): Answer {
    const members = this.#slice(conversation, 0, MAX_UNPAGED_MEMBERS);
    return this.#refuseRead(conversation) ?? { status: 200, json: members.map((person) => this.#render(person)) };
  }

  /** @param memberId `29:` id, object id or UPN */
  member(conversation: SandboxConversation, memberId: string): Answer {
    const refusal = this.#refuseRead(conversation);
    if (refusal) {
      return refusal;
    }
    const person = isMemberId(memberId) ? this.#organisation.findPerson(memberId) : undefined;
    const isMember = person && (!conversation.person || conversation.person.key === person.key);
    return isMember ? { status: 200, json: this.#render(person) } : refuse('ConversationNotFound');
  }

  /** Only teams and channels have pages; a chat gives its whole roster. */
  pagedMembers(conversation: SandboxConversation, query: URLSearchParams): Answer {
    const refusal = this.#refuseRead(conversation);
    if (refusal) {
      return refusal;
    }
    const token = query.get('continuationToken');
    const start = token ? readContinuation(token) : 0;
    if (start === undefined) {
      return refuse('BadArgument', 'Unknown continuationToken');
    }
    const end = conversation.kind === 'channel' ? start + readPageSize(query.get('pageSize')) : Number.MAX_SAFE_INTEGER;
    const members = this.#slice(conversation, start, end).map((person) => this.#render(person));
    const hasMore = conversation.kind === 'channel' && end < this.#organisation.memberCount;
    return { status: 200, json: { ...(hasMore && { continuationToken: writeContinuation(end) }), members } };
  }

  team(teamId: string): Answer {
    const team = this.#organisation.findTeam(teamId);
    if (team?.id !== teamId) {
      return refuse('ConversationNotFound');
    }
    const { id, name, aadGroupId } = team;
    const counts = { channelCount: team.channels.length, memberCount: this.#organisation.memberCount };
    const json = { id, name, aadGroupId, ...counts, type: 'standard', tenantId: this.#organisation.tenantId };
    return this.#refuseTeamRead(teamId) ?? { status: 200, json };
  }

  teamChannels(teamId: string): Answer {
    const team = this.#organisation.findTeam(teamId);
    if (team?.id !== teamId) {
      return refuse('ConversationNotFound');
    }
    const conversations = team.channels.map((channel) => ({
      id: channel.id,
      // The General channel has the id of the team, and no name.
      name: channel.id === team.id ? null : channel.name,
      type: 'standard',
    }));
    return this.#refuseTeamRead(teamId) ?? { status: 200, json: { conversations } };
  }

  #refuseTeamRead(teamId: string): Answer | undefined {
    const general = this.#conversations.find(teamId);
    return general && this.#refuseRead(general);
  }

  #refuseRead(conversation: SandboxConversation): Answer | undefined {
    return this.#conversations.isInstalled(conversation) ? undefined : refuse('BotNotInConversationRoster');
  }

  #slice(conversation: SandboxConversation, start: number, end: number): readonly SandboxPerson[] {
    if (conversation.person) {
      return [conversation.person];
    }
    return conversation.kind === 'channel' ? this.#organisation.members(start, end) : this.#organisation.people;
  }

  #render(person: SandboxPerson): Readonly<Record<string, string>> {
    return {
      id: person.teamsUserId,
      objectId: person.aadObjectId,
      name: person.name,
      givenName: person.givenName,
      surname: person.surname,
      email: person.email,
      userPrincipalName: person.email,
      tenantId: this.#organisation.tenantId,
      userRole: 'user',
    };
  }
}

function isMemberId(id: string): boolean {
  return id.startsWith('29:') || id.includes('@') || /^[0-9a-f-]{36}$/i.test(id);
}

function readPageSize(text: string | null): number {
  const size = Number(text ?? PAGE_SIZE.usual);
  return Number.isInteger(size) ? Math.min(PAGE_SIZE.max, Math.max(PAGE_SIZE.min, size)) : PAGE_SIZE.usual;
}

function writeContinuation(start: number): string {
  return Buffer.from(JSON.stringify({ start })).toString('base64url');
}

function readContinuation(token: string): number | undefined {
  const digits = /^\{"start":(\d{1,9})\}$/.exec(Buffer.from(token, 'base64url').toString())?.[1];
  return digits === undefined ? undefined : Number(digits);
}
