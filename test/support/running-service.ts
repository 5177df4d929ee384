// The whole service beside the sandbox, in one test process: real HTTP, a real database file, really signed tokens.

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type App, type AppOverrides, createApp } from '../../src/app.ts';
import { type Client, createClient } from '../../src/client/client.ts';
import { loadConfig } from '../../src/config/config.ts';
import { systemClock } from '../../src/domain/clock.ts';
import { addKey, addProducer, type NewKeyWish } from '../../src/producers/administer.ts';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { openStore } from '../../src/store/open-store.ts';
import { checkAnswers } from './checked-answers.ts';
import { APP_ID } from './store-fixtures.ts';
import { createTemporaryFolder, type TemporaryFolder } from './temporary-folder.ts';

const APP_SECRET = 'canary-app-secret-7f3a9';

export interface RunningService {
  readonly sandbox: Sandbox;
  readonly folder: TemporaryFolder;
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  /** A key of the producer `ci` that may send, read and broadcast. */
  readonly apiKey: string;
  /** Our client, with that key. */
  readonly client: Client;
  /** Every log line so far, as JSON text. */
  readonly log: readonly string[];
  readonly databasePath: string;
  /** Its settings. */
  readonly env: Readonly<Record<string, string>>;
  readonly appId: string;
  createKey(wish?: Partial<NewKeyWish>): Promise<string>;
  post(notification: unknown, headers?: Readonly<Record<string, string>>): Promise<Response>;
  getStatus(id: string): Promise<Record<string, unknown>>;
  /** Ends the service, as SIGTERM does, and starts it again on the same data and port. */
  restart(changes?: { readonly env?: Readonly<Record<string, string>>; between?(): Promise<void> }): Promise<void>;
  /** Another process of the same service, for the same sandbox, on a port of its own. @returns its address and its end */
  startBeside(): Promise<{ readonly url: string; stop(): Promise<unknown> }>;
  stop(): Promise<void>;
}

export interface RunningServiceOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly overrides?: AppOverrides;
  readonly sandbox?: { readonly hasRateLimits?: boolean; readonly peopleCount?: number };
}

/** Starts both; `stop()` in `afterEach` leaves nothing behind. */
export async function startService(options: RunningServiceOptions = {}): Promise<RunningService> {
  const folder = createTemporaryFolder();
  const sandbox = createSandbox({ appId: APP_ID, appSecret: APP_SECRET, ...options.sandbox });
  await sandbox.start();
  const databasePath = join(folder.path, 'bellhop.db');
  const log: string[] = [];
  let env = {
    PORT: '0',
    DATABASE_URL: `sqlite:${databasePath}`,
    MicrosoftAppId: APP_ID,
    MicrosoftAppPassword: APP_SECRET,
    MicrosoftAppTenantId: sandbox.organisation.tenantId,
    SANDBOX_URL: sandbox.url,
    ...options.env,
  };
  const start = async (port: string): Promise<{ app: App; port: number }> => {
    const config = loadConfig({ ...env, PORT: port }, () => '');
    const app = createApp(config, { logDestination: { write: (line) => log.push(line) }, ...options.overrides });
    return { app, port: (await app.start()).port };
  };
  let running = await start(env.PORT);
  const url = `http://127.0.0.1:${running.port}`;
  const answers = checkAnswers(url);
  sandbox.setBotEndpoint(`${url}/api/messages`);
  const createKey = (wish: Partial<NewKeyWish> = {}) => makeKey(env.DATABASE_URL, wish);
  await makeProducer(env.DATABASE_URL);
  const apiKey = await createKey();
  return {
    sandbox,
    folder,
    url,
    apiKey,
    client: createClient({ url, key: apiKey }),
    log,
    databasePath,
    env,
    appId: APP_ID,
    createKey,
    post: (notification, headers = {}) =>
      fetch(`${url}/api/v1/notifications`, {
        method: 'POST',
        headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json', ...headers },
        body: typeof notification === 'string' ? notification : JSON.stringify(notification),
      }),
    async getStatus(id) {
      const response = await fetch(`${url}/api/v1/notifications/${id}`, {
        headers: { authorization: `Bearer ${apiKey}` },
      });
      return (await response.json()) as Record<string, unknown>;
    },
    async restart(changes = {}) {
      await running.app.stop();
      await changes.between?.();
      env = { ...env, ...changes.env };
      running = await start(String(running.port));
    },
    async startBeside() {
      const beside = await start('0');
      return { url: `http://127.0.0.1:${beside.port}`, stop: () => beside.app.stop() };
    },
    async stop() {
      await running.app.stop();
      await sandbox.stop();
      folder.remove();
      answers.stop();
      expect(answers.findings).toEqual([]);
    },
  };
}

async function withTool<T>(url: string, work: (deps: Parameters<typeof addKey>[0]) => Promise<T>): Promise<T> {
  const { store, clock } = await openStore(url, { isServer: false, clock: systemClock });
  try {
    return await work({ store, clock, randomBytes });
  } finally {
    await store.close();
  }
}

async function makeProducer(url: string): Promise<void> {
  await withTool(url, (deps) => addProducer(deps, 'ci'));
}

function makeKey(url: string, wish: Partial<NewKeyWish>): Promise<string> {
  const usual: NewKeyWish = { producer: 'ci', scopes: ['send', 'read', 'broadcast'], recipients: [] };
  return withTool(url, async (deps) => (await addKey(deps, { ...usual, ...wish })).text);
}
