// Who is where: the port `Roster` over the Bot Connector.

import type { Clock } from '../domain/clock.ts';
import { isConnectorId } from '../domain/conversation.ts';
import { isGuid, type PersonProfile } from '../domain/person.ts';
import type {
  ChannelsAnswer,
  MembersAnswer,
  NoAnswer,
  PlaceQuery,
  Roster,
  RosterChannel,
  RosterMember,
  TeamAnswer,
} from '../installations/roster.ts';
import { readRetryAfterMs } from '../network/retry-after.ts';
import type { Connector, ConnectorAnswer } from './connector.ts';
import { isJsonObject, type JsonObject, readJsonObject } from './json-object.ts';

/** What a roster stands on. */
export interface RosterDeps {
  readonly connector: Pick<Connector, 'getMember' | 'getMembers' | 'getTeam' | 'getChannels'>;
  readonly clock: Clock;
  /** A new id for each request, sent as `x-ms-client-request-id`. */
  readonly createRequestId: () => string;
}

/** The most that Teams gives at once. */
const PAGE_SIZE = 500;
const MAX_CONTINUATION_LENGTH = 8_192;
const MAX_CHANNELS = 2_000;

/**
 * A roster from Teams; other 4xx than those that say "not now" mean that what was asked for cannot be found there.
 *
 * @see https://learn.microsoft.com/microsoftteams/platform/bots/how-to/get-teams-context
 */
export function createRoster({ connector, clock, createRequestId }: RosterDeps): Roster {
  const targetOf = ({ serviceUrl }: PlaceQuery, signal: AbortSignal) => {
    return { serviceUrl, requestId: createRequestId(), signal };
  };
  return {
    async findMember(query, signal) {
      const { conversationId, memberId, tenantId } = query;
      const answer = await connector.getMember(targetOf(query, signal), conversationId, memberId);
      return read(answer, clock.nowMs(), (body) => {
        const profile = readProfile(body, tenantId);
        return profile && { kind: 'found', profile };
      });
    },
    async listMembers(query, signal) {
      const { conversationId, continuation, tenantId } = query;
      const page = { size: PAGE_SIZE, continuation };
      const answer = await connector.getMembers(targetOf(query, signal), conversationId, page);
      if (continuation !== undefined && answer.kind === 'response' && answer.status === 400) {
        return { kind: 'stale' };
      }
      return read(answer, clock.nowMs(), (body) => readMembers(body, { continuation, tenantId }));
    },
    async getTeam(query, signal) {
      return read(await connector.getTeam(targetOf(query, signal), query.conversationId), clock.nowMs(), readTeam);
    },
    async listChannels(query, signal) {
      const { conversationId } = query;
      const answer = await connector.getChannels(targetOf(query, signal), conversationId);
      return read(answer, clock.nowMs(), (body) => readChannels(body, conversationId));
    },
  };
}

const THROTTLED = 429;
/** Answers that say "not now"; every other 4xx will be the same tomorrow. */
const LATER_STATUSES = [401, 407, 408, 412];

/** @param readBody gives undefined for what is no answer to the question */
function read<Found>(
  answer: ConnectorAnswer,
  nowMs: number,
  readBody: (body: JsonObject) => Found | undefined,
): Found | NoAnswer {
  if (answer.kind === 'failure') {
    return { kind: 'later' };
  }
  if (answer.kind === 'refused') {
    return answer.because === 'token_unavailable' ? notNow('later', answer.retryAfterMs) : { kind: 'absent' };
  }
  const { status, headers, body } = answer;
  if (status === 200) {
    return readBody(readJsonObject(body)) ?? { kind: 'later' };
  }
  const retryAfterMs = readRetryAfterMs(headers['retry-after'], nowMs);
  if (status === THROTTLED) {
    return notNow('throttled', retryAfterMs);
  }
  const isFinal = status >= 400 && status < 500 && !LATER_STATUSES.includes(status);
  return isFinal ? { kind: 'absent' } : notNow('later', retryAfterMs);
}

function notNow(kind: 'later' | 'throttled', retryAfterMs: number | undefined): NoAnswer {
  return { kind, ...(retryAfterMs !== undefined && { retryAfterMs }) };
}

/** A page that leads to itself would never end, and one that leads nowhere is not the last: they are no answers. */
function readMembers(
  { members, continuationToken }: JsonObject,
  { continuation, tenantId }: { readonly continuation: string | undefined; readonly tenantId: string },
): MembersAnswer | undefined {
  const next = continuationToken ?? '';
  const isRight = typeof next === 'string' && next.length <= MAX_CONTINUATION_LENGTH;
  if (!Array.isArray(members) || !isRight || (next !== '' && next === continuation)) {
    return undefined;
  }
  return {
    kind: 'found',
    members: members.slice(0, 20 * PAGE_SIZE).flatMap((member) => readMember(member, tenantId) ?? []),
    ...(next && { continuation: next }),
  };
}

function readMember(value: unknown, tenantId: string): RosterMember | undefined {
  const member: JsonObject = isJsonObject(value) ? value : {};
  const profile = readProfile(member, tenantId);
  const role = readText(member['userRole'])?.toLowerCase();
  return profile && { profile, ...(role && { role }) };
}

function readTeam({ id, name, aadGroupId, memberCount }: JsonObject): TeamAnswer | undefined {
  if (!isConnectorId(id)) {
    return undefined;
  }
  const title = readText(name);
  return {
    kind: 'found',
    ...(title && { name: title }),
    ...(isGuid(aadGroupId) && { aadGroupId: aadGroupId.toLowerCase() }),
    ...(isCount(memberCount) && { memberCount }),
  };
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** Bots cannot post in private channels, and are in shared ones only if they were added there. */
const CLOSED_TYPES: readonly unknown[] = ['private', 'shared'];

function readChannels({ conversations }: JsonObject, teamId: string): ChannelsAnswer | undefined {
  if (!Array.isArray(conversations)) {
    return undefined;
  }
  const channels = conversations.slice(0, MAX_CHANNELS).flatMap((value): RosterChannel[] => {
    const { id, name, type }: JsonObject = isJsonObject(value) ? value : {};
    if (!isConnectorId(id) || id === teamId || CLOSED_TYPES.includes(type)) {
      return [];
    }
    const title = readText(name);
    return [{ id, ...(title && { name: title }) }];
  });
  return { kind: 'found', channels };
}

/** The tenant is the one we asked for: what a roster writes there is not documented well enough to trust. */
function readProfile(member: JsonObject, tenantId: string): PersonProfile | undefined {
  const teamsUserId = isConnectorId(member['id']) ? member['id'] : undefined;
  // Rosters say `objectId`, activities `aadObjectId`.
  const aadObjectId = [member['objectId'], member['aadObjectId']].find(isGuid)?.toLowerCase();
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
