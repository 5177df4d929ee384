// The listening socket: limits, time-outs, and an end that lets answers go out.

import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Clock } from '../domain/clock.ts';
import { AppError } from '../domain/errors.ts';

export interface ListenerOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly maxConnections: number;
  /** A whole request has to arrive within this time; default 15 s. */
  readonly requestTimeoutMs?: number;
  /** Its head within this; default 5 s. */
  readonly headersTimeoutMs?: number;
  /** How long a connection stays open between two requests; default 5 s. */
  readonly keepAliveTimeoutMs?: number;
  /** How often slow requests are looked for; default 1 s. */
  readonly checkIntervalMs?: number;
}

export interface ListenerCallbacks {
  onRequest(request: IncomingMessage, response: ServerResponse): void;
  /** The connection brought something that is not a request; the callee answers and ends it. */
  onMalformed(socket: Duplex, error: Error): void;
}

export interface Listener {
  /** @throws AppError `config_invalid` when the address cannot be had */
  start(): Promise<{ readonly port: number }>;
  /** Stops listening, lets requests finish for `graceMs`, then cuts the connections that are left. */
  stop(graceMs: number): Promise<void>;
}

/** Builds the server; nothing listens before `start()`. */
export function createListener(
  deps: { readonly clock: Clock },
  options: ListenerOptions,
  callbacks: ListenerCallbacks,
): Listener {
  const { requestTimeoutMs = 15_000, headersTimeoutMs = 5_000 } = options;
  const server = createServer({
    connectionsCheckingInterval: options.checkIntervalMs ?? 1_000,
    requestTimeout: requestTimeoutMs,
    headersTimeout: headersTimeoutMs,
    keepAliveTimeout: options.keepAliveTimeoutMs ?? 5_000,
    maxHeaderSize: 16_384,
    insecureHTTPParser: false,
    // Asked for by the callee, which answers with a problem document.
    requireHostHeader: false,
  });
  server.maxConnections = options.maxConnections;
  // Also a connection that takes no answer comes to an end.
  server.setTimeout(2 * requestTimeoutMs);
  const connections = trackConnections(server, callbacks.onMalformed);
  const onRequest = (request: IncomingMessage, response: ServerResponse) => {
    connections.begin(response);
    callbacks.onRequest(request, response);
  };
  server.on('request', onRequest);
  // Without these two, Node.js itself would ask for the body before the caller is known, or answer 417.
  server.on('checkContinue', onRequest);
  server.on('checkExpectation', onRequest);
  return {
    start: () => listen(server, options),
    stop: (graceMs) => close({ server, clock: deps.clock, connections }, graceMs),
  };
}

interface Connections {
  /** Notes that this answer is owed. */
  begin(response: ServerResponse): void;
  closeIdle(): void;
  allClosed(): Promise<void>;
}

/** Knows the answers that each connection waits for. Node.js does not count a connection that never sent a byte. */
function trackConnections(server: Server, onMalformed: ListenerCallbacks['onMalformed']): Connections {
  const owed = new Map<Duplex, Set<ServerResponse>>();
  server.on('connection', (socket) => {
    owed.set(socket, new Set());
    socket.once('close', () => owed.delete(socket));
  });
  server.on('clientError', (error, socket) => {
    const [current, next] = owed.get(socket) ?? [];
    // The error belongs to the body of the one request in flight. Otherwise, what is written now would be taken for
    // a part of another answer.
    const isExpected = !current || (!next && !current.headersSent && !current.req.complete);
    if (socket.writable && isExpected) {
      onMalformed(socket, error);
    } else {
      socket.destroy();
    }
  });
  return {
    begin(response) {
      const responses = owed.get(response.req.socket);
      responses?.add(response);
      response.once('close', () => responses?.delete(response));
    },
    closeIdle() {
      for (const [socket, responses] of owed) {
        if (responses.size === 0) {
          socket.destroy();
        }
      }
    },
    async allClosed() {
      await Promise.all([...owed.keys()].map((socket) => once(socket, 'close')));
    },
  };
}

async function listen(server: Server, { host, port }: ListenerOptions): Promise<{ port: number }> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(port, host, resolve);
  try {
    await promise;
  } catch (cause) {
    throw new AppError('config_invalid', `Expected to listen on ${host}:${port}, but it cannot be had.`, { cause });
  } finally {
    server.off('error', reject);
  }
  const address = server.address();
  return { port: typeof address === 'object' && address !== null ? address.port : port };
}

async function close(
  { server, clock, connections }: { server: Server; clock: Clock; connections: Connections },
  graceMs: number,
): Promise<void> {
  const cancel = clock.after(graceMs, () => server.closeAllConnections());
  server.close();
  connections.closeIdle();
  await connections.allClosed();
  cancel();
}
