// What bots may ask about conversations: their members, the team and its channels.

import { refuse } from './connector-errors.ts';
import type { Conversations, SandboxConversation } from './conversations.ts';
import type { Answer } from './exchange.ts';
import type { Memberships, MembersPage } from './memberships.ts';
import type { Organisation } from './organisation.ts';
import { hasBot } from './reach.ts';
import type { SandboxChannel, SandboxPerson, SandboxTeam } from './residents.ts';

const PAGE_SIZE = { min: 50, usual: 200, max: 500 };

/** The old members call gives no more than this. */
const MAX_UNPAGED_MEMBERS = 10_000;

/** Where members are looked up. */
export interface RosterOperationsDeps {
  readonly organisation: Organisation;
  readonly conversations: Conversations;
  readonly memberships: Memberships;
}

/** Each operation answers as the Connector does; nothing is thrown. */
export class RosterOperations {
  readonly #deps: RosterOperationsDeps;

  constructor(deps: RosterOperationsDeps) {
    this.#deps = deps;
  }

  members(conversation: SandboxConversation): Answer {
    const { people } = this.#page(conversation, 0, MAX_UNPAGED_MEMBERS);
    return this.#refuseRead(conversation) ?? { status: 200, json: people.map((person) => this.#render(person)) };
  }

  /** @param memberId `29:` id, object id or UPN */
  member(conversation: SandboxConversation, memberId: string): Answer {
    const refusal = this.#refuseRead(conversation);
    if (refusal) {
      return refusal;
    }
    const { organisation, memberships } = this.#deps;
    const person = isMemberId(memberId) ? organisation.findPerson(memberId) : undefined;
    const isMember =
      person &&
      (memberId.startsWith('29:') || person.role !== 'anonymous') &&
      (conversation.person
        ? conversation.person.key === person.key
        : memberships.isMember(conversation.scopeId, person));
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
    const size = conversation.kind === 'channel' ? readPageSize(query.get('pageSize')) : Number.MAX_SAFE_INTEGER;
    const { people, next } = this.#page(conversation, start, size);
    const members = people.map((person) => this.#render(person));
    return {
      status: 200,
      json: { ...(next !== undefined && { continuationToken: writeContinuation(next) }), members },
    };
  }

  team(teamId: string): Answer {
    const { organisation } = this.#deps;
    const team = organisation.findTeam(teamId);
    if (team?.id !== teamId) {
      return refuse('ConversationNotFound');
    }
    const { id, name, aadGroupId } = team;
    const counts = {
      channelCount: existingChannels(team).length,
      memberCount: this.#deps.memberships.count(team.id),
    };
    const json = { id, name, aadGroupId, ...counts, type: 'standard', tenantId: organisation.tenantId };
    return this.#refuseTeamRead(teamId) ?? { status: 200, json };
  }

  teamChannels(teamId: string): Answer {
    const { organisation } = this.#deps;
    const team = organisation.findTeam(teamId);
    if (team?.id !== teamId) {
      return refuse('ConversationNotFound');
    }
    const conversations = existingChannels(team).map((channel) => ({
      id: channel.id,
      // The General channel has the id of the team, and no name.
      name: channel.id === team.id ? null : channel.name,
      type: 'standard',
    }));
    return this.#refuseTeamRead(teamId) ?? { status: 200, json: { conversations } };
  }

  #refuseTeamRead(teamId: string): Answer | undefined {
    const general = this.#deps.conversations.find(teamId);
    return general && this.#refuseRead(general);
  }

  #refuseRead(conversation: SandboxConversation): Answer | undefined {
    return hasBot(this.#deps, conversation) ? undefined : refuse('BotNotInConversationRoster');
  }

  #page(conversation: SandboxConversation, start: number, size: number): MembersPage {
    return conversation.person
      ? { people: [conversation.person] }
      : this.#deps.memberships.page(conversation.scopeId, start, size);
  }

  #render(person: SandboxPerson): Readonly<Record<string, string>> {
    const { teamsUserId, aadObjectId, name, givenName, surname, email, role } = person;
    const account = { objectId: aadObjectId, givenName, surname, email, userPrincipalName: email };
    return {
      id: teamsUserId,
      name,
      ...(role !== 'anonymous' && account),
      tenantId: this.#deps.organisation.tenantId,
      userRole: role,
    };
  }
}

function existingChannels(team: SandboxTeam): readonly SandboxChannel[] {
  return team.channels.filter((channel) => !channel.isDeleted);
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
