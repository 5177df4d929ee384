// What is served: one entry for each path, each a function from a request to an answer.

import type { Clock } from '../domain/clock.ts';
import { AppError } from '../domain/errors.ts';
import type { HookReception } from '../hooks/take-requests.ts';
import type { Wait } from '../notifications/awaited.ts';
import type { Grant } from '../producers/grant.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { type Answer, edgeProblemAnswer, errorAnswer, jsonAnswer } from './answer.ts';
import { type ChangeUseCases, changeRoutes } from './change-routes.ts';
import { type DeliveryUseCases, deliveryRoutes } from './delivery-routes.ts';
import { type DialogUseCases, dialogRoutes } from './dialog-routes.ts';
import { documentRoutes } from './document-routes.ts';
import type { Exchange } from './exchange.ts';
import type { Guard } from './guard.ts';
import { type HookUseCases, hookApiRoutes } from './hook-api-routes.ts';
import { hookRoutes } from './hook-routes.ts';
import { type ListUseCases, listRoutes } from './list-routes.ts';
import { GET_NOTIFICATION, SEND_NOTIFICATION } from './notification-operations.ts';
import { parseJson } from './parse-json.ts';
import { type PeopleUseCases, peopleRoutes } from './people-routes.ts';
import { type PollUseCases, pollRoutes } from './poll-routes.ts';
import { previewRoutes } from './preview-routes.ts';
import { readQuery } from './query.ts';
import { readBody } from './read-body.ts';
import { checkJsonHead, isForwarded, readAuthorization, readIdempotencyKey } from './request-head.ts';
import type { Route } from './route.ts';
import { readSendQuery, readStatusQuery, type WaitWish } from './send-query.ts';
import { type TemplateUseCases, templateRoutes } from './template-routes.ts';
import { type TopicUseCases, topicRoutes } from './topic-routes.ts';
import { type WebhookUseCases, webhookRoutes } from './webhook-routes.ts';

/** An activity of Teams is small; what comes with it (cards, members) stays far below this. */
export const MAX_ACTIVITY_BYTES = 1_048_576;

/** The use cases behind the routes. All of them may throw AppError. */
export interface UseCases extends DeliveryUseCases, ListUseCases, ChangeUseCases, PeopleUseCases, TemplateUseCases {
  /**
   * Takes one activity of Teams, and decides about its authorization.
   * @returns `body` is what the Bot Framework sends back (the answer to an invoke)
   */
  receiveActivity(request: {
    readonly authorization: string | undefined;
    readonly body: Buffer;
    readonly peerAddress: string | undefined;
  }): Promise<{ readonly status: number; readonly body?: unknown }>;
  /**
   * Accepts a notification: it is on disk when this resolves.
   * @param input.body the very bytes of `json`, which tell a repeated request from another one with the same key
   * @param input.wait when given, it resolves once that has come, the time is over or the signal is aborted
   */
  acceptNotification(input: {
    readonly grant: Grant;
    readonly json: unknown;
    readonly body: Buffer;
    readonly idempotencyKey: string | undefined;
    readonly wait: Wait | undefined;
  }): Promise<{
    readonly status: 202;
    readonly body: unknown;
    readonly location: string;
    readonly isReplay: boolean;
  }>;
  /** Tells what would become of a notification; stores and sends nothing. */
  tryNotification(input: { readonly grant: Grant; readonly json: unknown }): Promise<unknown>;
  /**
   * @param input.wait as when it is sent
   * @throws AppError `not_found`, also for a notification of another producer
   */
  getNotification(input: {
    readonly grant: Grant;
    readonly id: string;
    readonly wait: Wait | undefined;
  }): Promise<unknown>;
  readonly topics: TopicUseCases;
  readonly polls: PollUseCases;
  readonly dialogs: DialogUseCases;
  readonly webhooks: WebhookUseCases;
  readonly hooks: HookUseCases & HookReception;
  /** Whether this instance can do its work. `checks` names each part and its state. */
  isReady(): Promise<{ readonly isReady: boolean; readonly checks: Readonly<Record<string, string>> }>;
}

/** What the routes work with. */
export interface RouteDependencies extends UseCases {
  readonly guard: Guard;
  readonly clock: Clock;
  readonly metrics: Metrics;
  /** Aborted when the server is to end. */
  readonly draining: AbortSignal;
}

export interface RouteOptions {
  readonly maxBodyBytes: number;
  /** Whether activities without `Authorization` are refused before their body is read. */
  readonly isActivityTokenRequired: boolean;
}

/** All routes of the service. */
export function createRoutes(deps: RouteDependencies, options: RouteOptions): readonly Route[] {
  const routes = [
    ...apiRoutes(deps, options),
    ...listRoutes(deps),
    ...changeRoutes(deps, options),
    ...deliveryRoutes(deps, options),
    ...peopleRoutes(deps, options),
    ...templateRoutes(deps, options),
    ...topicRoutes(deps, options),
    ...pollRoutes(deps, options),
    ...dialogRoutes(deps, options),
    ...webhookRoutes(deps, options),
    ...hookApiRoutes(deps, options),
    ...hookRoutes(deps),
    activityRoute(deps, options),
    ...probeRoutes(deps),
    ...previewRoutes(),
  ];
  return [...routes, ...documentRoutes(routes)];
}

function apiRoutes(deps: RouteDependencies, { maxBodyBytes }: RouteOptions): readonly Route[] {
  return [
    {
      method: 'POST',
      path: '/api/v1/notifications',
      isProbe: false,
      operation: SEND_NOTIFICATION,
      async handle(exchange) {
        const grant = await deps.guard.admitProducer(exchange, SEND_NOTIFICATION.scopes);
        const { isDryRun, wait: wish } = readSendQuery(readQuery(exchange));
        const idempotencyKey = readIdempotencyKey(exchange.request);
        checkJsonHead(exchange.request, maxBodyBytes);
        const body = await readBody(exchange, maxBodyBytes);
        if (isDryRun) {
          return jsonAnswer(200, await deps.tryNotification({ grant, json: parseJson(body) }));
        }
        const wait = wish && openWait(exchange, wish, deps.draining);
        const accepted = await deps.acceptNotification({ grant, json: parseJson(body), body, idempotencyKey, wait });
        return jsonAnswer(accepted.status, accepted.body, {
          Location: accepted.location,
          ...(accepted.isReplay && { 'Idempotency-Replayed': 'true' }),
        });
      },
    },
    {
      method: 'GET',
      path: '/api/v1/notifications/:id',
      isProbe: false,
      operation: GET_NOTIFICATION,
      async handle(exchange, { id = '' }) {
        const grant = await deps.guard.admitProducer(exchange, GET_NOTIFICATION.scopes);
        const wish = readStatusQuery(readQuery(exchange));
        const wait = wish && openWait(exchange, wish, deps.draining);
        return jsonAnswer(200, await deps.getNotification({ grant, id, wait }));
      },
    },
  ];
}

/** The wait ends early when the caller hangs up, and when the server is to end. */
function openWait({ request, response }: Exchange, wish: WaitWish, draining: AbortSignal): Wait {
  const hungUp = new AbortController();
  response.once('close', () => hungUp.abort());
  // Connections on which nothing happens are cut; this one is only quiet.
  request.socket.setTimeout(wish.timeoutMs + QUIET_MS);
  return { ...wish, signal: AbortSignal.any([hungUp.signal, draining]) };
}

/** How long the connection of an answer that waited may be quiet beyond that. */
const QUIET_MS = 30_000;

function activityRoute(deps: RouteDependencies, options: RouteOptions): Route {
  return {
    method: 'POST',
    path: '/api/messages',
    isProbe: false,
    operation: undefined,
    async handle(exchange) {
      const authorization = readAuthorization(exchange.request);
      if (authorization === undefined && options.isActivityTokenRequired) {
        throw new AppError('unauthenticated', 'Expected a token of the Bot Framework.');
      }
      checkJsonHead(exchange.request, MAX_ACTIVITY_BYTES);
      const body = await readBody(exchange, MAX_ACTIVITY_BYTES);
      const result = await deps.receiveActivity({ authorization, body, peerAddress: directPeer(exchange) });
      return activityAnswer(result, exchange.requestId);
    },
  };
}

/** The other end of the connection; nobody when it speaks for somebody else, because then it says nothing. */
function directPeer({ request }: Exchange): string | undefined {
  return isForwarded(request) ? undefined : request.socket.remoteAddress;
}

function activityAnswer(result: { status: number; body?: unknown }, requestId: string): Answer {
  if (result.body !== undefined) {
    return jsonAnswer(result.status, result.body);
  }
  // 501 says that this kind of invoke is not served; anything else from 500 on makes Teams ask again.
  if ((result.status >= 200 && result.status < 300) || result.status === 501) {
    return { status: result.status, body: '' };
  }
  return errorAnswer(refusedActivity(result.status), requestId);
}

function refusedActivity(status: number): AppError {
  switch (status) {
    case 401:
      return new AppError('unauthenticated', 'Expected a valid token of the Bot Framework.');
    case 403:
      return new AppError('forbidden', 'This activity is not accepted here.');
    default:
      return status < 500
        ? new AppError('invalid_request', 'This is not an activity that can be processed.')
        : new AppError('internal', 'The activity could not be processed.');
  }
}

function probeRoutes(deps: RouteDependencies): readonly Route[] {
  const probe = (path: string, handle: Route['handle']): Route => ({
    method: 'GET',
    path,
    isProbe: true,
    operation: undefined,
    handle,
  });
  return [
    probe('/livez', async () => jsonAnswer(200, { status: 'alive' })),
    probe('/readyz', async ({ requestId }) => {
      if (deps.draining.aborted) {
        return edgeProblemAnswer('not_ready', requestId, { checks: { server: 'draining' } });
      }
      const { isReady, checks } = await deps.isReady();
      return isReady
        ? jsonAnswer(200, { status: 'ready', checks })
        : edgeProblemAnswer('not_ready', requestId, { checks });
    }),
    probe('/metrics', async (exchange) => {
      deps.guard.admitMetricsReader(exchange);
      const { registry } = deps.metrics;
      return { status: 200, contentType: registry.contentType, body: await registry.metrics() };
    }),
  ];
}
