// The one HTTP server of the sandbox: hands each request to the part that answers it.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { AppError, type ErrorCode } from '../domain/errors.ts';
import type { Connector } from './connector.ts';
import type { Control } from './control.ts';
import { sendAnswer } from './exchange.ts';
import { Identity } from './identity.ts';
import { isLocalCaller } from './local-callers.ts';
import { answerPage } from './page/page-routes.ts';

export const CONNECTOR_PATH = '/teams/';
export const CONTROL_PATH = '/sandbox/';

/** Longer than any client keeps a connection: the caller shall be the one to close it. */
const KEEP_ALIVE_MS = 120_000;

/** The parts that answer, and the port on which they are asked. */
export interface Routes {
  readonly connector: Connector;
  readonly control: Control;
  readonly identity: Identity;
  readonly port: number;
}

/** Listens, and answers with 503 until `open` is called with the parts. */
export interface HttpServer {
  readonly port: number;
  open(routes: Routes): void;
  close(): Promise<void>;
}

/** Rejects with the error of the operating system when the port is taken. */
export async function listen(host: string, port: number): Promise<HttpServer> {
  let routes: Routes | undefined;
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    if (!routes) {
      sendAnswer(response, { status: 503, text: '' });
      return;
    }
    dispatch(routes, request, response).catch((error: unknown) => answerError(response, error));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return {
    port: portOf(server),
    open: (opened) => {
      routes = opened;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') {
    throw new AppError('internal', 'The sandbox listens on no port');
  }
  return address.port;
}

async function dispatch(routes: Routes, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = (request.url ?? '/').split('?')[0] ?? '/';
  if (path.startsWith(CONNECTOR_PATH)) {
    return routes.connector.handle(request, response, path.slice(CONNECTOR_PATH.length));
  }
  if (Identity.hasPath(path)) {
    return routes.identity.handle(request, response, path);
  }
  if (!isLocalCaller(request, routes.port)) {
    throw new AppError('forbidden', "Only the sandbox's own page and local programs may do this");
  }
  if (path.startsWith(CONTROL_PATH)) {
    return routes.control.handle(request, response, path.slice(CONTROL_PATH.length));
  }
  return answerPage(request, response, path);
}

const STATUS: Partial<Record<ErrorCode, number>> = {
  invalid_request: 400,
  config_invalid: 400,
  forbidden: 403,
  not_found: 404,
};

function answerError(response: ServerResponse, error: unknown): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const known = error instanceof AppError ? error : new AppError('internal', 'The sandbox has an error of its own');
  const json = { error: { code: known.code, message: known.message } };
  sendAnswer(response, { status: STATUS[known.code] ?? 500, json });
}
