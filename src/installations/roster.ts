// The port through which people are looked up: one member of one conversation, as Teams knows them.

import type { PersonProfile } from '../domain/person.ts';

export interface MemberQuery {
  readonly tenantId: string;
  readonly serviceUrl: string;
  readonly conversationId: string;
  /** `29:...` id or Entra object id. */
  readonly memberId: string;
}

/**
 * `later`: Teams was busy or away; ask again, not before `retryAfterMs` when it is given. `throttled`: the same, and
 * nothing else may be asked of Teams for the tenant until then.
 */
export type MemberAnswer =
  | { readonly kind: 'found'; readonly profile: PersonProfile }
  | { readonly kind: 'absent' }
  | { readonly kind: 'later' | 'throttled'; readonly retryAfterMs?: number };

export interface Roster {
  /** `GET v3/conversations/{id}/members/{id}`; one HTTP request, never throws for what the other side did. */
  findMember(query: MemberQuery, signal: AbortSignal): Promise<MemberAnswer>;
}
