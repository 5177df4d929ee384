// A running sandbox with a small recording bot, for the tests of this folder.

import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { SandboxOptions } from '../../../src/sandbox/options.ts';
import { createSandbox, type Sandbox } from '../../../src/sandbox/sandbox.ts';

export const APP_ID = '11111111-2222-4333-8444-555555555555';
export const APP_SECRET = 'the-secret-of-the-sandbox-bot';

export interface ReceivedActivity {
  readonly headers: IncomingHttpHeaders;
  readonly activity: Readonly<Record<string, unknown>>;
}

/** Takes every activity; `answer` decides what it says. */
export class FakeBot {
  readonly received: ReceivedActivity[] = [];
  answer: (activity: ReceivedActivity['activity']) => { status: number; body?: string } = () => ({ status: 200 });
  #server: Server | undefined;
  #port = 0;

  get endpoint(): string {
    return `http://127.0.0.1:${this.#port}/api/messages`;
  }

  async start(): Promise<void> {
    this.#server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) {
        chunks.push(chunk);
      }
      const activity = JSON.parse(Buffer.concat(chunks).toString());
      this.received.push({ headers: request.headers, activity });
      const { status, body } = this.answer(activity);
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(body);
    });
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    this.#port = typeof address === 'object' && address ? address.port : 0;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server) {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    }
  }

  ofType(type: string): ReceivedActivity['activity'][] {
    return this.received.map(({ activity }) => activity).filter((activity) => activity['type'] === type);
  }
}

export interface Fixture {
  readonly sandbox: Sandbox;
  readonly bot: FakeBot;
  readonly close: () => Promise<void>;
}

export async function startFixture(options: Partial<SandboxOptions> = {}): Promise<Fixture> {
  const bot = new FakeBot();
  await bot.start();
  const sandbox = createSandbox({ appId: APP_ID, appSecret: APP_SECRET, botEndpoint: bot.endpoint, ...options });
  await sandbox.start();
  return {
    sandbox,
    bot,
    close: async () => {
      await sandbox.stop();
      await bot.stop();
    },
  };
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: Record<string, unknown>;
  /** `error.code` of a documented error. */
  readonly code: unknown;
}

/** Calls the Connector as a bot does, with a good token unless told otherwise. */
export async function call(
  sandbox: Sandbox,
  request: string,
  options: { readonly body?: unknown; readonly headers?: Record<string, string>; readonly signal?: AbortSignal } = {},
): Promise<Reply> {
  const [method = 'GET', path = ''] = request.split(' ');
  const { body } = options;
  const authorization = options.headers?.['authorization'] ?? `Bearer ${sandbox.tokens.issue()}`;
  const response = await fetch(`${sandbox.serviceUrl}${path}`, {
    method,
    redirect: 'manual',
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json; charset=utf-8' }),
      ...options.headers,
      authorization,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    ...(options.signal && { signal: options.signal }),
  });
  const text = await response.text();
  const json = parse(text);
  const error = json['error'];
  return {
    status: response.status,
    headers: response.headers,
    text,
    json,
    code: typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined,
  };
}

function parse(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

/** A message with one Adaptive Card, as bots should send it. */
export function cardActivity(card: Record<string, unknown> = {}): Record<string, unknown> {
  const content = { type: 'AdaptiveCard', version: '1.5', body: [{ type: 'TextBlock', text: 'Hello' }], ...card };
  return {
    type: 'message',
    summary: 'Hello',
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content }],
  };
}

/** The body of a request that opens a 1:1 chat. */
export function createBody(sandbox: Sandbox, memberId: string): Record<string, unknown> {
  const { tenantId } = sandbox.organisation;
  return {
    isGroup: false,
    bot: { id: `28:${APP_ID}` },
    members: [{ id: memberId }],
    tenantId,
    channelData: { tenant: { id: tenantId } },
  };
}
