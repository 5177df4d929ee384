// A running server with made-up use cases, and ways to talk to it.

import { once } from 'node:events';
import { connect } from 'node:net';
import { systemClock } from '../../../src/domain/clock.ts';
import { createHttpServer, type HttpServerDependencies, type HttpServerOptions } from '../../../src/http/server.ts';
import type { Grant, Scope } from '../../../src/producers/grant.ts';
import { createLogger } from '../../../src/telemetry/logger.ts';
import { createMetrics } from '../../../src/telemetry/metrics.ts';

export const NOTIFICATIONS = '/api/v1/notifications';

export function grantOf(keyId: string, scopes: readonly Scope[] = ['send', 'read', 'broadcast']): Grant {
  return { keyId, producerId: 1, producerName: 'ci', scopes, recipients: [] };
}

const KEYS: Readonly<Record<string, Grant>> = {
  'Bearer key-1': grantOf('k1'),
  'Bearer key-2': grantOf('k2'),
  'Bearer reader': grantOf('k3', ['read']),
  'Bearer sender': grantOf('k4', ['send']),
  'Bearer officer': grantOf('k5', ['people']),
};

export interface TestServer {
  readonly port: number;
  readonly url: string;
  readonly server: ReturnType<typeof createHttpServer>;
  /** What the use cases were called with. */
  readonly calls: { accepted: unknown[]; activities: unknown[]; authenticated: unknown[] };
  readonly logLines: string[];
  /** Moves what the server takes for now; timers go by real time. */
  advance(ms: number): void;
  post(path: string, init?: RequestInit): Promise<Response>;
}

/** They say what they were asked. */
const madeUpWebhooks = new Proxy({} as HttpServerDependencies['webhooks'], {
  get: (_target, operation) => async (input: object) => ({ id: 'whe_1', operation, ...input }),
});

/** They say what they were asked. */
const madeUpTopics = new Proxy({} as HttpServerDependencies['topics'], {
  get: (_target, operation) => async (input: object) => ({ operation, ...input }),
});

/** They say what they were asked. */
const madeUpPolls = new Proxy({} as HttpServerDependencies['polls'], {
  get: (_target, operation) => async (input: object) =>
    operation === 'exportPoll' ? partsOf('choice,votes\r\n') : { id: 'pol_1', operation, ...input },
});

/** They say what they were asked. */
const madeUpDialogs = new Proxy({} as HttpServerDependencies['dialogs'], {
  get: (_target, operation) => async (input: object) =>
    operation === 'beginDialog'
      ? { dialog: { id: 'dlg_1', ...input }, isReplay: false }
      : { id: 'dlg_1', operation, ...input },
});

/** Nobody's hook is here. */
const madeUpHooks = new Proxy({} as HttpServerDependencies['hooks'], {
  get: (_target, operation) => async (input: object) =>
    operation === 'openHook' ? undefined : { id: 'hook_1', operation, ...input },
});

async function* partsOf(text: string): AsyncGenerator<string> {
  yield* text;
}

const running: TestServer['server'][] = [];

/** To be called after each test. */
export async function stopServers(): Promise<void> {
  await Promise.all(running.splice(0).map((server) => server.stop(0)));
}

export async function startServer(
  overrides: Partial<HttpServerDependencies> = {},
  options: Partial<HttpServerOptions> = {},
): Promise<TestServer> {
  let offsetMs = 0;
  const logLines: string[] = [];
  const calls: TestServer['calls'] = { accepted: [], activities: [], authenticated: [] };
  const server = createHttpServer(
    {
      logger: createLogger('debug', { write: (line) => logLines.push(line) }),
      metrics: createMetrics(async () => ({ depths: [], oldestDueAgeMs: 0 })),
      clock: { ...systemClock, nowMs: () => Date.now() + offsetMs },
      async receiveActivity(request) {
        calls.activities.push(request);
        return { status: 200 };
      },
      async authenticate(authorization) {
        calls.authenticated.push(authorization);
        return authorization === undefined ? undefined : KEYS[authorization];
      },
      async acceptNotification(input) {
        calls.accepted.push(input);
        return { status: 202, body: { id: 'ntf_1' }, location: `${NOTIFICATIONS}/ntf_1`, isReplay: false };
      },
      tryNotification: async ({ json }) => ({ dryRun: true, json }),
      getNotification: async ({ id }) => ({ id }),
      listNotifications: async ({ producerId, query }) => ({ producerId, query }),
      listDeliveriesOf: async ({ producerId, id, query }) => ({ producerId, id, query }),
      listResponsesTo: async ({ producerId, id, query }) => ({ producerId, id, query }),
      listDeliveries: async ({ producerId, query }) => ({ producerId, query }),
      editNotification: async (input) => ({ edited: input }),
      recallNotification: async (input) => ({ recalled: input }),
      redeliverNotification: async (input) => ({ redelivered: input }),
      redeliverDelivery: async (input) => ({ redelivered: input }),
      cancelNotification: async (input) => ({ cancelled: input }),
      cancelDelivery: async (input) => ({ cancelled: input }),
      exportPerson: async ({ json }) => partsOf(JSON.stringify(json)),
      erasePerson: async () => ({}),
      putTemplate: async ({ name, ...template }) => ({ isNew: name === 'new', template }),
      listTemplates: async (input) => ({ listed: input }),
      getTemplate: async (input) => ({ got: input }),
      removeTemplate: async () => undefined,
      previewTemplate: async (input) => ({ previewed: input }),
      topics: madeUpTopics,
      polls: madeUpPolls,
      dialogs: madeUpDialogs,
      webhooks: madeUpWebhooks,
      hooks: madeUpHooks,
      isReady: async () => ({ isReady: true, checks: { store: 'ok' } }),
      ...overrides,
    },
    {
      host: '127.0.0.1',
      port: 0,
      maxBodyBytes: 65_536,
      trustedProxies: [],
      keyRatePerSecond: 1_000,
      keyBurst: 1_000,
      failuresPerMinute: 1_000,
      maxConnections: 1_000,
      ...options,
    },
  );
  running.push(server);
  const { port } = await server.start();
  const url = `http://127.0.0.1:${port}`;
  return {
    port,
    url,
    server,
    calls,
    logLines,
    advance(ms) {
      offsetMs += ms;
    },
    post: (path, init = {}) =>
      fetch(`${url}${path}`, {
        method: 'POST',
        body: '{}',
        ...init,
        headers: { authorization: 'Bearer key-1', 'content-type': 'application/json', ...init.headers },
      }),
  };
}

export interface RawAnswer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
  /** Everything that came until the connection ended. */
  readonly text: string;
}

/** Opens a connection, writes these bytes and leaves the rest to the caller. */
export async function openConnection(port: number, bytes: string | Uint8Array = '') {
  const socket = connect(port, '127.0.0.1');
  const errors: Error[] = [];
  socket.on('error', (error) => errors.push(error));
  const received: Buffer[] = [];
  socket.on('data', (chunk) => received.push(chunk));
  await once(socket, 'connect');
  socket.write(bytes);
  const read = (): RawAnswer => {
    const text = Buffer.concat(received).toString('utf8');
    const [head = '', ...rest] = text.split('\r\n\r\n');
    return { status: Number(head.split(' ')[1] ?? 0), head, body: rest.join('\r\n\r\n'), text };
  };
  return {
    socket,
    errors,
    /** Resolves with the first bytes of an answer. */
    async firstAnswer(): Promise<RawAnswer> {
      if (received.length === 0) {
        await once(socket, 'data');
      }
      return read();
    },
    /** Resolves when the server has ended the connection. */
    async closed(): Promise<RawAnswer> {
      if (!socket.closed) {
        await once(socket, 'close');
      }
      return read();
    },
  };
}

/** Writes these bytes and gives what came until the server ended the connection. */
export async function sendRaw(port: number, bytes: string | Uint8Array): Promise<RawAnswer> {
  const connection = await openConnection(port, bytes);
  return connection.closed();
}

/** The members that every answer other than success has. */
export async function readProblem(response: Response): Promise<Record<string, unknown>> {
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  const problem = JSON.parse(await response.text());
  expect(problem).toMatchObject({
    type: expect.stringMatching(/^urn:bellhop:problem:[a-z_]+$/),
    title: expect.any(String),
    status: response.status,
    detail: expect.any(String),
    requestId: response.headers.get('x-request-id'),
  });
  return problem;
}
