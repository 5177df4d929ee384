// Servers on the loopback that record what reaches them, and answer as a test says.

import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import { createServer as createRawServer, type Socket } from 'node:net';

export interface RecordedRequest {
  readonly method: string;
  /** As it was written, before any decoding. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface LocalServer {
  readonly url: string;
  readonly connectionCount: number;
  close(): Promise<void>;
}

export interface RecordingServer extends LocalServer {
  readonly requests: readonly RecordedRequest[];
}

/** An HTTP server that answers each request by `answer`, and keeps what it was asked. */
export async function startRecordingServer(
  answer: (request: RecordedRequest, index: number) => Answer | Promise<Answer>,
): Promise<RecordingServer> {
  const requests: RecordedRequest[] = [];
  const server = await startHttpServer(async (message, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of message) {
      chunks.push(chunk);
    }
    const { method = '', url = '', headers } = message;
    const request = { method, path: url, headers, body: Buffer.concat(chunks).toString('utf8') };
    const { status, headers: answerHeaders, body } = await answer(request, requests.push(request) - 1);
    response.writeHead(status, answerHeaders);
    response.end(body);
  });
  return {
    ...server,
    requests,
    get connectionCount() {
      return server.connectionCount;
    },
  };
}

export async function startHttpServer(listener: RequestListener): Promise<LocalServer> {
  const server = createServer(listener);
  let connectionCount = 0;
  server.on('connection', () => {
    connectionCount += 1;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: urlOf(server.address()),
    get connectionCount() {
      return connectionCount;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

/** A TCP server that hands over each socket once a whole request head has arrived; the test does the rest. */
export async function startRawServer(onRequest: (socket: Socket) => void): Promise<LocalServer> {
  const sockets = new Set<Socket>();
  let connectionCount = 0;
  const server = createRawServer((socket) => {
    connectionCount += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // Clients are expected to break off.
    socket.on('error', () => socket.destroy());
    socket.once('data', () => onRequest(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: urlOf(server.address()),
    get connectionCount() {
      return connectionCount;
    },
    async close() {
      for (const socket of sockets) {
        socket.destroy();
      }
      await new Promise((done) => server.close(done));
    },
  };
}

function urlOf(address: ReturnType<ReturnType<typeof createRawServer>['address']>): string {
  if (typeof address === 'object' && address) {
    return `http://127.0.0.1:${address.port}/`;
  }
  throw new Error('Expected a server that listens on a port');
}
