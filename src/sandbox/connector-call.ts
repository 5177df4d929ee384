// Reads what a request to the Connector asks for from its method and path.

import type { Operation } from './ledger.ts';

export interface ConnectorCall {
  readonly operation: Operation;
  /** As in the path, with a thread. */
  readonly conversationId?: string;
  readonly activityId?: string;
  readonly memberId?: string;
  readonly teamId?: string;
}

const UNKNOWN: ConnectorCall = { operation: 'unknown' };

/** @param path below the serviceUrl, without query, ids percent-encoded. Pure. */
export function readConnectorCall(method: string, path: string): ConnectorCall {
  const segments = decodeSegments(path);
  if (segments?.[0] !== 'v3' || segments.includes('')) {
    return UNKNOWN;
  }
  const [, collection, id, part, partId, ...rest] = segments;
  if (rest.length > 0) {
    return UNKNOWN;
  }
  if (collection === 'teams' && id !== undefined && method === 'GET' && partId === undefined) {
    return readTeamCall(id, part);
  }
  return collection === 'conversations' ? readConversationCall(method, id, [part, partId]) : UNKNOWN;
}

function readTeamCall(teamId: string, part: string | undefined): ConnectorCall {
  if (part === undefined) {
    return { operation: 'getTeam', teamId };
  }
  return part === 'conversations' ? { operation: 'getTeamChannels', teamId } : UNKNOWN;
}

function readConversationCall(
  method: string,
  conversationId: string | undefined,
  [part, partId]: readonly [string | undefined, string | undefined],
): ConnectorCall {
  if (conversationId === undefined) {
    return method === 'POST' ? { operation: 'createConversation' } : UNKNOWN;
  }
  const route = `${method} ${part}${partId === undefined ? '' : '/id'}`;
  switch (route) {
    case 'POST activities':
      return { operation: 'sendToConversation', conversationId };
    case 'POST activities/id':
      return { operation: 'replyToActivity', conversationId, activityId: String(partId) };
    case 'PUT activities/id':
      return { operation: 'updateActivity', conversationId, activityId: String(partId) };
    case 'DELETE activities/id':
      return { operation: 'deleteActivity', conversationId, activityId: String(partId) };
    case 'GET members':
      return { operation: 'getMembers', conversationId };
    case 'GET members/id':
      return { operation: 'getMember', conversationId, memberId: String(partId) };
    case 'GET pagedmembers':
      return { operation: 'getPagedMembers', conversationId };
    default:
      return UNKNOWN;
  }
}

function decodeSegments(path: string): string[] | undefined {
  try {
    return path.split('/').map(decodeURIComponent);
  } catch {
    // Not percent-encoded UTF-8: no path of the Connector.
    return undefined;
  }
}
