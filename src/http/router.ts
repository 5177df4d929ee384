// Routing by restify, and nothing else by restify: it reads no body, formats no answer and listens on no port.

import type { IncomingMessage } from 'node:http';
import { createServer, type Request, type Response } from 'restify';
import { AppError } from '../domain/errors.ts';
import type { Exchange } from './exchange.ts';
import type { Route } from './route.ts';

/** What becomes of a request: one of the two is called, once. */
export interface RouterCallbacks {
  onRoute(exchange: Exchange, route: Route, parameters: Readonly<Record<string, string>>): Promise<void>;
  /** @param headers go with the answer: `Allow` when the path exists for other methods */
  onNoRoute(exchange: Exchange, error: AppError, headers: Readonly<Record<string, string>>): void;
}

/** Finds the route of a request; `path` is plain, and undefined stands for a path that does not exist. */
export type Router = (exchange: Exchange, path: string | undefined) => void;

/** A path that no route has. */
const NOWHERE = '/-';

const REGISTER = { GET: 'get', POST: 'post', PUT: 'put', PATCH: 'patch', DELETE: 'del', OPTIONS: 'opts' } as const;

/** Builds the router; restify stays inside. */
export function createRouter(routes: readonly Route[], callbacks: RouterCallbacks): Router {
  const restify = createServer({ name: '', handleUncaughtExceptions: false });
  const exchanges = new WeakMap<IncomingMessage, Exchange>();
  for (const route of routes) {
    // restify tells handlers with and without a callback apart by the number of parameters.
    const handle = async (request: Request, _response: Response) =>
      callbacks.onRoute(exchangeOf(exchanges, request), route, request.params);
    restify[REGISTER[route.method]](route.path, handle);
  }
  // The fourth argument, a callback, is not taken: calling it makes restify answer as well.
  restify.on('restifyError', (request: Request, response: Response) => {
    const found = response.getHeader('Allow');
    const allow = typeof found === 'string' ? found.split(', ').filter((method) => method !== 'OPTIONS') : undefined;
    const error = allow ? refuseMethod(allow) : new AppError('not_found', 'There is nothing at this path.');
    callbacks.onNoRoute(exchangeOf(exchanges, request), error, allow ? { Allow: allow.join(', ') } : {});
  });
  return (exchange, path) => {
    const { request, response } = exchange;
    exchanges.set(request, exchange);
    // restify builds a URL of these two outside of any handler: one that does not parse would end the process.
    request.url = path ?? NOWHERE;
    request.headers.host = 'localhost';
    restify.server.emit('request', request, response);
  };
}

/** What whoever takes another method is told. @param allowed the methods that there are */
export function refuseMethod(allowed: readonly string[]): AppError {
  return new AppError('method_not_allowed', `Expected one of these methods: ${allowed.join(', ')}.`);
}

function exchangeOf(exchanges: WeakMap<IncomingMessage, Exchange>, request: IncomingMessage): Exchange {
  const exchange = exchanges.get(request);
  if (!exchange) {
    throw new AppError('internal', 'restify passed on a request that it was not given');
  }
  return exchange;
}
