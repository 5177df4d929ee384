// People are looked up here: the port `Roster` over the Bot Connector.

import type { Clock } from '../domain/clock.ts';
import { isConnectorId } from '../domain/conversation.ts';
import { isGuid, type PersonProfile } from '../domain/person.ts';
import type { MemberAnswer, Roster } from '../installations/roster.ts';
import { readRetryAfterMs } from '../network/retry-after.ts';
import type { Connector, ConnectorAnswer } from './connector.ts';
import { readJsonObject } from './json-object.ts';

/** What a roster stands on. */
export interface RosterDeps {
  readonly connector: Pick<Connector, 'getMember'>;
  readonly clock: Clock;
  /** A new id for each request, sent as `x-ms-client-request-id`. */
  readonly createRequestId: () => string;
}

/** A roster from Teams; other 4xx than those that say "not now" mean that the person cannot be found there. */
export function createRoster({ connector, clock, createRequestId }: RosterDeps): Roster {
  return {
    async findMember(query, signal) {
      const { serviceUrl, conversationId, memberId, tenantId } = query;
      const target = { serviceUrl, requestId: createRequestId(), signal };
      const answer = await connector.getMember(target, conversationId, memberId);
      return readMember(answer, tenantId, clock.nowMs());
    },
  };
}

const THROTTLED = 429;
/** Answers that say "not now"; every other 4xx will be the same tomorrow. */
const LATER_STATUSES = [401, 407, 408, 412];

function readMember(answer: ConnectorAnswer, tenantId: string, nowMs: number): MemberAnswer {
  if (answer.kind === 'failure') {
    return { kind: 'later' };
  }
  if (answer.kind === 'refused') {
    return answer.because === 'token_unavailable' ? notNow('later', answer.retryAfterMs) : { kind: 'absent' };
  }
  const { status, headers, body } = answer;
  if (status === 200) {
    const profile = readProfile(body, tenantId);
    return profile ? { kind: 'found', profile } : { kind: 'later' };
  }
  const retryAfterMs = readRetryAfterMs(headers['retry-after'], nowMs);
  if (status === THROTTLED) {
    return notNow('throttled', retryAfterMs);
  }
  const isFinal = status >= 400 && status < 500 && !LATER_STATUSES.includes(status);
  return isFinal ? { kind: 'absent' } : notNow('later', retryAfterMs);
}

function notNow(kind: 'later' | 'throttled', retryAfterMs: number | undefined): MemberAnswer {
  return { kind, ...(retryAfterMs !== undefined && { retryAfterMs }) };
}

/** The tenant is the one we asked for: what a roster writes there is not documented well enough to trust. */
function readProfile(body: string | undefined, tenantId: string): PersonProfile | undefined {
  const member = readJsonObject(body);
  const teamsUserId = isConnectorId(member['id']) ? member['id'] : undefined;
  // Rosters say `objectId`, activities `aadObjectId`.
  const aadObjectId = [member['aadObjectId'], member['objectId']].find(isGuid)?.toLowerCase();
  if (teamsUserId === undefined && aadObjectId === undefined) {
    return undefined;
  }
  const name = readText(member['name']);
  const email = readText(member['email']);
  const userPrincipalName = readText(member['userPrincipalName']);
  return {
    tenantId,
    ...(aadObjectId && { aadObjectId }),
    ...(teamsUserId && { teamsUserId }),
    ...(name && { name }),
    ...(email && { email }),
    ...(userPrincipalName && { userPrincipalName }),
  };
}

function readText(value: unknown): string | undefined {
  return typeof value === 'string' && value.length <= 512 ? value.trim() : undefined;
}
