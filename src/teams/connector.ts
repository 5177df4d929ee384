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
  extends Readonly<Pick<ConversationParameters, 'isGroup' | 'tenantId' | 'channelData'>> {
  readonly bot: Pick<ChannelAccount, 'id'>;
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
  /** Ends running calls and closes every connection. */
  close(): Promise<void>;
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

/** One operation: its method, the segments of its path below `v3/`, and what it sends. */
interface Operation {
  readonly method: ExchangeRequest['method'];
  readonly path: readonly string[];
  readonly body?: object;
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
  async function call(target: ConnectorTarget, { method, path, body }: Operation): Promise<ConnectorAnswer> {
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
      path: pathOf(address, path),
      method,
      headers: headersOf(token, target.requestId, body !== undefined),
      ...(body !== undefined && { body: serialize(body) }),
      ...(target.signal && { signal: target.signal }),
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
    close: () => exchanger.close(),
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

function pathOf({ basePath }: ConnectorAddress, path: readonly string[]): string {
  return `${basePath}v3/${path.map(encodeURIComponent).join('/')}`;
}

/** JSON of what is sent, made once for what is sent to many. */
function createSerializer(): (body: object) => string {
  const known = new WeakMap<object, string>();
  return (body) => {
    const json = known.get(body) ?? JSON.stringify(body);
    known.set(body, json);
    return json;
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
