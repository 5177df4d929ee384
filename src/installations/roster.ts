// The port through which Teams is asked who is where: one member, the members of a place, a team and its channels.

import type { PersonProfile } from '../domain/person.ts';

/** A team or a chat, and through which address it is asked about. */
export interface PlaceQuery {
  readonly tenantId: string;
  readonly serviceUrl: string;
  /** Of the chat, or of the team. */
  readonly conversationId: string;
}

export interface MemberQuery extends PlaceQuery {
  /** `29:...` id or Entra object id. */
  readonly memberId: string;
}

export interface MembersQuery extends PlaceQuery {
  /** As the page before gave it; absent for the first page. */
  readonly continuation?: string | undefined;
}

/**
 * `later`: Teams was busy or away; ask again, not before `retryAfterMs` when it is given. `throttled`: the same, and
 * nothing else may be asked of Teams for the tenant until then. `absent`: there is no such thing, or it is not for us.
 */
export type NoAnswer =
  | { readonly kind: 'absent' }
  | { readonly kind: 'later' | 'throttled'; readonly retryAfterMs?: number };

export type MemberAnswer = { readonly kind: 'found'; readonly profile: PersonProfile } | NoAnswer;

/** Somebody in a team or chat. */
export interface RosterMember {
  readonly profile: PersonProfile;
  /** As Teams says it: `user`, `guest`, `anonymous`. */
  readonly role?: string;
}

/** `stale`: Teams does not know the continuation any more. */
export type MembersAnswer =
  | {
      readonly kind: 'found';
      readonly members: readonly RosterMember[];
      /** Absent on the last page. */
      readonly continuation?: string;
    }
  | { readonly kind: 'stale' }
  | NoAnswer;

export type TeamAnswer =
  | {
      readonly kind: 'found';
      readonly name?: string;
      readonly aadGroupId?: string;
      readonly memberCount?: number;
    }
  | NoAnswer;

/** A channel in which the bot can post; the General channel is none of them. */
export interface RosterChannel {
  readonly id: string;
  readonly name?: string;
}

export type ChannelsAnswer = { readonly kind: 'found'; readonly channels: readonly RosterChannel[] } | NoAnswer;

/** One HTTP request each; they never throw for what the other side did. */
export interface Roster {
  /** `GET v3/conversations/{id}/members/{id}` */
  findMember(query: MemberQuery, signal: AbortSignal): Promise<MemberAnswer>;
  /** `GET v3/conversations/{id}/pagedmembers`; a chat gives all its members at once. */
  listMembers(query: MembersQuery, signal: AbortSignal): Promise<MembersAnswer>;
  /** `GET v3/teams/{id}` */
  getTeam(query: PlaceQuery, signal: AbortSignal): Promise<TeamAnswer>;
  /** `GET v3/teams/{id}/conversations` */
  listChannels(query: PlaceQuery, signal: AbortSignal): Promise<ChannelsAnswer>;
}
