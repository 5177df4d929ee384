// The HTTP edge: the webhook API, the endpoint of Teams and the probes, behind one server.

import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../domain/clock.ts';
import { AppError } from '../domain/errors.ts';
import { describeError, type Logger } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { recordWhenDone } from './access-log.ts';
import { type Answer, edgeProblemAnswer, errorAnswer, writeAnswer } from './answer.ts';
import { createClientAddressReader } from './client-address.ts';
import type { Exchange } from './exchange.ts';
import { createGuard, type GuardDependencies, type GuardOptions } from './guard.ts';
import { createListener, type Listener, type ListenerCallbacks, type ListenerOptions } from './listener.ts';
import { answerMalformed } from './malformed-request.ts';
import { hasOneHost } from './request-head.ts';
import { readRequestTarget } from './request-target.ts';
import { createRouter, type Router } from './router.ts';
import { createRoutes, type UseCases } from './routes.ts';
import { writeParts } from './write-parts.ts';

export interface HttpServerDependencies extends UseCases, GuardDependencies {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly clock: Clock;
  /** Makes request ids. */
  readonly randomUUID?: () => string;
}

export interface HttpServerOptions extends ListenerOptions, GuardOptions {
  /** The longest body of the webhook API. */
  readonly maxBodyBytes: number;
  /** IP addresses and CIDR ranges whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly string[];
  /** Refuse activities without `Authorization` before reading them; default true. */
  readonly isActivityTokenRequired?: boolean;
}

export interface HttpServer extends Listener {
  /** Says "not ready" to load balancers and ends each connection with its next answer. Requests are still served. */
  drain(): void;
}

/**
 * Nothing listens before `start()`; `stop()` drains first.
 *
 * @throws AppError `config_invalid` when a trusted proxy is neither an address nor a range
 */
export function createHttpServer(deps: HttpServerDependencies, options: HttpServerOptions): HttpServer {
  const { clock } = deps;
  const draining = new AbortController();
  const respond = (exchange: Exchange, answer: Answer) =>
    writeAnswer({ clock, isLast: draining.signal.aborted }, exchange, answer);
  const guard = createGuard(deps, options);
  const routes = createRoutes(
    { ...deps, guard, draining: draining.signal },
    { maxBodyBytes: options.maxBodyBytes, isActivityTokenRequired: options.isActivityTokenRequired ?? true },
  );
  const router = createRouter(routes, {
    async onRoute(exchange, route, parameters) {
      exchange.route = route.path;
      exchange.isProbe = route.isProbe;
      try {
        const answer = await route.handle(exchange, parameters);
        await (answer.parts ? writeParts(exchange, answer, answer.parts) : respond(exchange, answer));
      } catch (error) {
        respond(exchange, failureAnswer(deps.logger, exchange, error));
      }
    },
    onNoRoute: (exchange, error, headers) => respond(exchange, errorAnswer(error, exchange.requestId, headers)),
  });
  const listener = createListener(deps, options, listenerCallbacks(deps, options, router));
  const drain = () => {
    draining.abort();
  };
  return {
    start: listener.start,
    drain,
    stop(graceMs) {
      drain();
      return listener.stop(graceMs);
    },
  };
}

function listenerCallbacks(
  deps: HttpServerDependencies,
  options: HttpServerOptions,
  router: Router,
): ListenerCallbacks {
  const newRequestId = deps.randomUUID ?? randomUUID;
  const readClientAddress = createClientAddressReader(options.trustedProxies);
  return {
    onRequest(request: IncomingMessage, response: ServerResponse) {
      const target = readRequestTarget(request.url ?? '');
      const forwardedFor = request.headers['x-forwarded-for'];
      const exchange: Exchange = {
        request,
        response,
        requestId: newRequestId(),
        startedAtMs: deps.clock.nowMs(),
        clientAddress: readClientAddress(request.socket.remoteAddress, String(forwardedFor ?? '')),
        query: target?.query,
        route: 'none',
        isProbe: false,
      };
      recordWhenDone(deps, exchange);
      if (!hasOneHost(request)) {
        const answer = edgeProblemAnswer('malformed_http', exchange.requestId);
        writeAnswer({ clock: deps.clock, isLast: true }, exchange, answer);
        return;
      }
      router(exchange, target?.path);
    },
    onMalformed(socket, error) {
      const requestId = newRequestId();
      const status = answerMalformed(socket, error, requestId);
      deps.metrics.httpRequests.inc({ route: 'none', method: 'none', status: String(status) });
      deps.logger.debug({ requestId, status }, 'malformed request refused');
    },
  };
}

/** What our own side caused is written down, once, here; the caller gets the request id to ask about it. */
function failureAnswer(logger: Logger, exchange: Exchange, error: unknown): Answer {
  const { requestId, route } = exchange;
  const appError = error instanceof AppError ? error : new AppError('internal', 'Unexpected error', { cause: error });
  const answer = errorAnswer(appError, requestId);
  if (answer.status >= 500) {
    const { code } = appError;
    const cause = appError.cause === undefined ? undefined : describeError(appError.cause);
    const level = answer.status === 500 ? 'error' : 'warn';
    logger[level]({ requestId, route, code, error: describeError(appError), cause }, 'request failed');
  }
  return answer;
}
