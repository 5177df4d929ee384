// Teams as the test has it: who is in a place, in pages of a few, and what it answers instead when the test says so.

import type {
  ChannelsAnswer,
  MemberAnswer,
  MembersAnswer,
  MembersQuery,
  NoAnswer,
  Roster,
  RosterChannel,
  RosterMember,
  TeamAnswer,
} from '../../src/installations/roster.ts';
import { TENANT } from './store-fixtures.ts';

/** Somebody of whom a roster tells everything; `index` makes them different from others. */
export function member(index: number, role = 'user'): RosterMember {
  return {
    profile: {
      tenantId: TENANT,
      aadObjectId: `0a0a0a0a-0000-4000-8000-${String(index).padStart(12, '0')}`,
      teamsUserId: `29:pairwise-${index}`,
      name: `Person ${index}`,
      email: `person${index}@contoso.com`,
      userPrincipalName: `person${index}@corp.contoso.com`,
    },
    role,
  };
}

/** A question, as the test sees it. */
export interface Question {
  readonly kind: 'team' | 'channels' | 'members';
  readonly continuation?: string | undefined;
}

export class ScriptedRoster implements Roster {
  members: readonly RosterMember[] = [];
  channels: readonly RosterChannel[] = [];
  name = 'Operations';
  pageSize = 500;
  readonly questions: Question[] = [];
  /** Answers in the place of the roster; undefined leaves the answer to it. */
  answer: (question: Question) => MembersAnswer | NoAnswer | Promise<NoAnswer> | undefined = () => undefined;

  async findMember(): Promise<MemberAnswer> {
    return { kind: 'absent' };
  }

  async getTeam(): Promise<TeamAnswer> {
    const { name } = this;
    const found = { kind: 'found', name, aadGroupId: GROUP_ID, memberCount: this.members.length } as const;
    return this.#ask({ kind: 'team' }, found);
  }

  async listChannels(): Promise<ChannelsAnswer> {
    return this.#ask({ kind: 'channels' }, { kind: 'found', channels: this.channels });
  }

  async listMembers({ continuation }: MembersQuery): Promise<MembersAnswer> {
    const start = Number(continuation ?? 0);
    const end = start + this.pageSize;
    const members = this.members.slice(start, end);
    const hasMore = end < this.members.length;
    const page = { kind: 'found', members, ...(hasMore && { continuation: String(end) }) } as const;
    return this.#ask({ kind: 'members', continuation }, page);
  }

  /** How often it was asked for this. */
  count(kind: Question['kind']): number {
    return this.questions.filter((question) => question.kind === kind).length;
  }

  async #ask<Found>(question: Question, found: Found): Promise<Found | NoAnswer> {
    this.questions.push(question);
    return ((await this.answer(question)) as Found | NoAnswer | undefined) ?? found;
  }
}

export const GROUP_ID = 'd0d0d0d0-4444-4444-8444-000000000004';
