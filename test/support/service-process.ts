// The service as an operator runs it: a process of its own, beside a sandbox in the test's process.

import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { systemClock } from '../../src/domain/clock.ts';
import { addKey, addProducer } from '../../src/producers/administer.ts';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import type { Store } from '../../src/store/store.ts';
import { APP_ID } from './store-fixtures.ts';
import { createTemporaryFolder, type TemporaryFolder } from './temporary-folder.ts';

const APP_SECRET = 'canary-app-secret-7f3a9';
const MAIN = join(import.meta.dirname, '..', '..', 'src', 'main.ts');
const START_TIMEOUT_MS = 15_000;

/** How a process ended: by itself with a code, or by a signal. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export class ServiceProcess {
  readonly sandbox: Sandbox;
  readonly databasePath: string;
  /** Every line of the log so far, over all starts. */
  readonly log: string[] = [];
  readonly #folder: TemporaryFolder;
  readonly #apiKey: string;
  readonly #listeners = new Set<(line: string) => void>();
  #child: ChildProcess | undefined;
  #exited: Promise<Exit> = Promise.resolve({ code: 0, signal: null });
  #port = 0;

  private constructor(parts: { sandbox: Sandbox; folder: TemporaryFolder; databasePath: string; apiKey: string }) {
    this.sandbox = parts.sandbox;
    this.#folder = parts.folder;
    this.databasePath = parts.databasePath;
    this.#apiKey = parts.apiKey;
  }

  /** The sandbox runs; the service does not yet. Rate limits are off, to be fast. */
  static async create(peopleCount: number): Promise<ServiceProcess> {
    const folder = createTemporaryFolder();
    const sandbox = createSandbox({ appId: APP_ID, appSecret: APP_SECRET, hasRateLimits: false, peopleCount });
    await sandbox.start();
    const databasePath = join(folder.path, 'bellhop.db');
    const store = openSqliteStore({ path: databasePath, isServer: false });
    const deps = { store, clock: systemClock, randomBytes };
    await addProducer(deps, 'ci');
    const { text } = await addKey(deps, { producer: 'ci', scopes: ['send', 'read'], recipients: [] });
    await store.close();
    return new ServiceProcess({ sandbox, folder, databasePath, apiKey: text });
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Resolves when the service says that it is ready; each start has the port of the first one. */
  async start(): Promise<void> {
    const child = spawn(process.execPath, [MAIN], {
      cwd: this.#folder.path,
      env: this.#env(),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    this.#child = child;
    this.#exited = once(child, 'exit').then(([code, signal]) => ({ code, signal }));
    createInterface({ input: child.stdout }).on('line', (line) => {
      this.log.push(line);
      for (const listener of this.#listeners) {
        listener(line);
      }
    });
    const ready = JSON.parse(await this.nextLine('"msg":"ready"'));
    this.#port = ready.port;
    this.sandbox.setBotEndpoint(`${this.url}/api/messages`);
  }

  /** The next line of the log that contains `part`. */
  nextLine(part: string): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const listener = (line: string) => {
      if (line.includes(part)) {
        resolve(line);
      }
    };
    this.#listeners.add(listener);
    const timer = setTimeout(() => reject(new Error(`No line with ${part} in the log`)), START_TIMEOUT_MS);
    return promise.finally(() => {
      clearTimeout(timer);
      this.#listeners.delete(listener);
    });
  }

  send(signal: NodeJS.Signals): void {
    this.#child?.kill(signal);
  }

  /** How the process of the latest start ended, once it did. */
  get exited(): Promise<Exit> {
    return this.#exited;
  }

  /** @throws TypeError when the service is not there, or dies before it has answered */
  post(notification: unknown, idempotencyKey: string): Promise<Response> {
    return fetch(`${this.url}/api/v1/notifications`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${this.#apiKey}`,
        'content-type': 'application/json',
        'idempotency-key': idempotencyKey,
      },
      body: JSON.stringify(notification),
    });
  }

  /** Looks into the database beside the service. */
  async look<T>(work: (store: Store) => Promise<T>): Promise<T> {
    const store = openSqliteStore({ path: this.databasePath, isServer: false });
    try {
      return await work(store);
    } finally {
      await store.close();
    }
  }

  async dispose(): Promise<void> {
    this.send('SIGKILL');
    await this.#exited;
    await this.sandbox.stop();
    this.#folder.remove();
  }

  #env(): NodeJS.ProcessEnv {
    return {
      PORT: String(this.#port),
      DATABASE_URL: `sqlite:${this.databasePath}`,
      MicrosoftAppId: APP_ID,
      MicrosoftAppPassword: APP_SECRET,
      MicrosoftAppTenantId: this.sandbox.organisation.tenantId,
      SANDBOX_URL: this.sandbox.url,
      LANE_RATE_PER_SECOND: '45',
      KEY_REQUESTS_PER_SECOND: '10000',
      KEY_BURST: '100000',
    };
  }
}
