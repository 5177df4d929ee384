// The Bot Connector's REST interface: one HTTP request a call, and one place that adds the token.

import type { Activity, ChannelAccount, ConversationParameters } from 'botframework-schema';
import type { Clock } from '../domain/clock.ts';
import { isConnectorId } from '../domain/conversation.ts';
import { AppError } from '../domain/errors.ts';
import type { ServiceUrlPolicy } from '../domain/service-url.ts';
import {
  createExchanger,
  EXCHANGE_LIMITS,
  type Exchange,
  type ExchangeLimits,
  type ExchangeRequest,
} from '../network/http-exchange.ts';
import type { AccessTokens } from './access-token.ts';
import { type ConnectorAddress, createAddressReader } from './connector-address.ts';

/** Where a call goes, and what it is known by. */
export interface ConnectorTarget {
  readonly serviceUrl: string;
  /** Sent as `x-ms-client-request-id`. */
  readonly requestId: string;
  readonly signal?: AbortSignal;
}

/** What came of a call. `refused`: it was not sent, because we would not. */
export type ConnectorAnswer =
  | Exchange
  | { readonly kind: 'refused'; readonly because: 'untrusted_service_url' | 'malformed_id' }
  | { readonly kind: 'refused'; readonly because: 'token_unavailable'; readonly retryAfterMs?: number };

/** What the Connector needs of an activity that we send. */
export type OutgoingActivity = Readonly<Partial<Activity>>;

/** A 1:1 chat to open, or to find. */
export interface NewConversation
  extends Readonly<Partial<Pick<ConversationParameters, 'isGroup' | 'tenantId' | 'channelData'>>> {
  readonly bot: Pick<ChannelAccount, 'id'> & Partial<Pick<ChannelAccount, 'name'>>;
  readonly members: readonly Pick<ChannelAccount, 'id'>[];
}

/** Calls never reject. Ids are checked and encoded here. */
export interface Connector {
  createConversation(target: ConnectorTarget, conversation: NewConversation): Promise<ConnectorAnswer>;
  sendToConversation(
    target: ConnectorTarget,
    conversationId: string,
    activity: OutgoingActivity,
  ): Promise<ConnectorAnswer>;
  replyToActivity(target: ConnectorTarget, place: ActivityPlace, activity: OutgoingActivity): Promise<ConnectorAnswer>;
  updateActivity(target: ConnectorTarget, place: ActivityPlace, activity: OutgoingActivity): Promise<ConnectorAnswer>;
  deleteActivity(target: ConnectorTarget, place: ActivityPlace): Promise<ConnectorAnswer>;
  /** @param memberId `29:...` or Entra object id */
  getMember(target: ConnectorTarget, conversationId: string, memberId: string): Promise<ConnectorAnswer>;
  /** One page of the members of a team, or all those of a chat. */
  getMembers(target: ConnectorTarget, conversationId: string, page: MembersPage): Promise<ConnectorAnswer>;
  getTeam(target: ConnectorTarget, teamId: string): Promise<ConnectorAnswer>;
  getChannels(target: ConnectorTarget, teamId: string): Promise<ConnectorAnswer>;
  /** Ends running calls and closes every connection. */
  close(): Promise<void>;
}

/** Which page is asked for. */
export interface MembersPage {
  readonly size: number;
  /** As the page before gave it; absent for the first one. */
  readonly continuation?: string | undefined;
}

/** One activity of one conversation. */
export interface ActivityPlace {
  readonly conversationId: string;
  readonly activityId: string;
}

/** Settings of `createConnector`. */
export interface ConnectorOptions {
  readonly serviceUrlPolicy: ServiceUrlPolicy;
  /** Connections to one host; 16 when absent. */
  readonly maxConnections?: number;
  readonly limits?: Partial<ExchangeLimits>;
}

/** What a connector stands on. */
export interface ConnectorDeps {
  readonly tokens: Pick<AccessTokens, 'get' | 'invalidate'>;
  readonly clock: Clock;
}

const DEFAULT_MAX_CONNECTIONS = 16;
/** A page of 500 people, or a large team's channels. */
const MAX_LIST_BYTES = 1_048_576;

/** One operation: its method, the segments of its path below `v3/`, and what it sends. */
interface Operation {
  readonly method: ExchangeRequest['method'];
  readonly path: readonly string[];
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object;
  readonly maxResponseBytes?: number;
}

/**
 * A client of the Connector that repeats nothing: whoever calls decides what an answer means.
 *
 * @see https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-api-reference
 */
export function createConnector(deps: ConnectorDeps, options: ConnectorOptions): Connector {
  const { serviceUrlPolicy, maxConnections = DEFAULT_MAX_CONNECTIONS, limits } = options;
  const exchanger = createExchanger(deps, {
    maxConnections,
    isPublicOnly: serviceUrlPolicy.kind === 'hosts',
    limits: { ...EXCHANGE_LIMITS, ...limits },
  });
  const readAddress = createAddressReader(serviceUrlPolicy);
  const serialize = createSerializer();

  /** The choke point: nothing reaches the Connector, and no token leaves, but through here. */
  async function call(target: ConnectorTarget, operation: Operation): Promise<ConnectorAnswer> {
    const { method, path, body, maxResponseBytes } = operation;
    const address = readAddress(target.serviceUrl);
    if (!address) {
      return { kind: 'refused', because: 'untrusted_service_url' };
    }
    if (!path.every(isConnectorId)) {
      return { kind: 'refused', because: 'malformed_id' };
    }
    const token = await tokenOf(deps.tokens);
    if (typeof token !== 'string') {
      return token;
    }
    const exchange = await exchanger.exchange({
      origin: address.origin,
      path: pathOf(address, operation),
      method,
      headers: headersOf(token, target.requestId, body !== undefined),
      ...(body !== undefined && { body: serialize(body) }),
      ...(target.signal && { signal: target.signal }),
      ...(maxResponseBytes !== undefined && { maxResponseBytes }),
    });
    if (exchange.kind === 'response' && exchange.status === 401) {
      deps.tokens.invalidate(token);
    }
    return exchange;
  }

  return {
    createConversation: (target, conversation) =>
      call(target, { method: 'POST', path: ['conversations'], body: conversation }),
    sendToConversation: (target, conversationId, activity) =>
      call(target, { method: 'POST', path: ['conversations', conversationId, 'activities'], body: activity }),
    replyToActivity: (target, place, activity) =>
      call(target, { method: 'POST', path: activityPath(place), body: activity }),
    updateActivity: (target, place, activity) =>
      call(target, { method: 'PUT', path: activityPath(place), body: activity }),
    deleteActivity: (target, place) => call(target, { method: 'DELETE', path: activityPath(place) }),
    getMember: (target, conversationId, memberId) =>
      call(target, { method: 'GET', path: ['conversations', conversationId, 'members', memberId] }),
    ...listCalls(call),
    close: () => exchanger.close(),
  };
}

type Call = (target: ConnectorTarget, operation: Operation) => Promise<ConnectorAnswer>;

function listCalls(call: Call): Pick<Connector, 'getMembers' | 'getTeam' | 'getChannels'> {
  return {
    getMembers: (target, conversationId, { size, continuation }) =>
      call(target, {
        method: 'GET',
        path: ['conversations', conversationId, 'pagedmembers'],
        query: { pageSize: String(size), ...(continuation !== undefined && { continuationToken: continuation }) },
        maxResponseBytes: MAX_LIST_BYTES,
      }),
    getTeam: (target, teamId) => call(target, { method: 'GET', path: ['teams', teamId] }),
    getChannels: (target, teamId) =>
      call(target, { method: 'GET', path: ['teams', teamId, 'conversations'], maxResponseBytes: MAX_LIST_BYTES }),
  };
}

function activityPath({ conversationId, activityId }: ActivityPlace): readonly string[] {
  return ['conversations', conversationId, 'activities', activityId];
}

type RefusedForToken = Extract<ConnectorAnswer, { because: 'token_unavailable' }>;

async function tokenOf(tokens: ConnectorDeps['tokens']): Promise<string | RefusedForToken> {
  try {
    return await tokens.get();
  } catch (error) {
    const retryAfterMs = error instanceof AppError ? error.retryAfterMs : undefined;
    return { kind: 'refused', because: 'token_unavailable', ...(retryAfterMs !== undefined && { retryAfterMs }) };
  }
}

function pathOf({ basePath }: ConnectorAddress, { path, query }: Operation): string {
  const search = query ? `?${new URLSearchParams(query)}` : '';
  return `${basePath}v3/${path.map(encodeURIComponent).join('/')}${search}`;
}

/** The bytes of what is sent, made once for what is sent to many. */
function createSerializer(): (body: object) => Uint8Array {
  const known = new WeakMap<object, Uint8Array>();
  return (body) => {
    const bytes = known.get(body) ?? Buffer.from(JSON.stringify(body));
    known.set(body, bytes);
    return bytes;
  };
}

function headersOf(token: string, requestId: string, hasBody: boolean): string[] {
  const headers = [
    'authorization',
    `Bearer ${token}`,
    'accept',
    'application/json',
    'user-agent',
    'Bellhop',
    'x-ms-client-request-id',
    requestId,
  ];
  return hasBody ? [...headers, 'content-type', 'application/json; charset=utf-8'] : headers;
}
