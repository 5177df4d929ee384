// The service as a child process, its prepared database, and the sandbox in this process.

import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { createSandbox, type Sandbox } from '../src/sandbox/sandbox.ts';
import { type Child, startChild } from './child-process.ts';
import { populate } from './database.ts';
import type { Database, Engine } from './engine.ts';
import { sqliteEngine } from './engines/sqlite.ts';
import type { Resources } from './resources.ts';

/** What `npm start` runs. */
export const SOURCE_MAIN = fileURLToPath(new URL('../src/main.ts', import.meta.url));
/** What `npm start` and the container give Node.js. */
export const SERVICE_FLAGS = ['--max-semi-space-size=4', '--heap-growing-percent=50'];
/** Opens what the services of one run have sealed. */
export const ENCRYPTION_KEY = randomBytes(32).toString('base64');
/** The app registration of the benchmarks; it exists nowhere else. */
export const APP_ID = 'be1c0000-0000-4000-8000-00000000b077';

export interface Stage {
  readonly sandbox: Sandbox;
  readonly database: Database;
  /** Of a producer that may send. */
  readonly apiKey: string;
  /**
   * Starts the service on this database, by default from its sources; it ends with the benchmark.
   * @param flags more of them for Node.js
   */
  startService(mainPath?: string, flags?: readonly string[]): Promise<Child>;
}

export interface StageOptions {
  readonly peopleCount: number;
  /** How many of them the database knows already; all when absent. */
  readonly knownCount?: number;
  readonly tenantCount: number;
  /** SQLite when absent. */
  readonly engine?: Engine;
}

/** A sandbox that takes messages at any pace unless it is told to keep the limits, for people `person0@contoso.com` and so on, all with the bot installed. */
export async function openSandbox(
  resources: Resources,
  peopleCount: number,
  { hasRateLimits = false } = {},
): Promise<Sandbox & { appSecret: string }> {
  const appSecret = randomBytes(24).toString('base64url');
  const sandbox = createSandbox({
    appId: APP_ID,
    appSecret,
    peopleCount,
    hasRateLimits,
    // The sandbox shares a process with the measurement: it shall not grow under it.
    maxLedgerEntries: 10,
    maxMessagesPerConversation: 2,
  });
  await sandbox.start();
  resources.defer(() => sandbox.stop());
  for (let index = 0; index < peopleCount; index++) {
    sandbox.people.installQuietly(`p${index}`);
  }
  return Object.assign(sandbox, { appSecret });
}

/** Opens the sandbox and fills a database; nothing of the service runs yet. */
export async function openStage(resources: Resources, options: StageOptions): Promise<Stage> {
  const sandbox = await openSandbox(resources, options.peopleCount);
  const folder = resources.folder();
  const database = await (options.engine ?? sqliteEngine).createDatabase(resources);
  const peopleCount = options.knownCount ?? options.peopleCount;
  const population = { ...options, peopleCount, appId: APP_ID, serviceUrl: sandbox.serviceUrl };
  const apiKey = await populate(database, population);
  const env = serviceEnv({
    databaseUrl: database.url,
    standInUrl: sandbox.url,
    appSecret: sandbox.appSecret,
    tenantId: sandbox.organisation.tenantId,
  });
  return {
    sandbox,
    database,
    apiKey,
    async startService(mainPath = SOURCE_MAIN, flags = []) {
      const service = await startChild({ file: mainPath, flags: [...SERVICE_FLAGS, ...flags], cwd: folder, env });
      resources.defer(() => service.end());
      return service;
    },
  };
}

/** Settings of a service that takes this stand-in for Teams. */
export function serviceEnv(wiring: {
  readonly databaseUrl: string;
  readonly standInUrl: string;
  readonly appSecret: string;
  readonly tenantId: string;
}): Readonly<Record<string, string>> {
  return {
    HOST: '127.0.0.1',
    PORT: '0',
    DATABASE_URL: wiring.databaseUrl,
    MicrosoftAppId: APP_ID,
    MicrosoftAppPassword: wiring.appSecret,
    MicrosoftAppTenantId: wiring.tenantId,
    SANDBOX_URL: wiring.standInUrl,
    ENCRYPTION_KEY,
    // One key sends everything here: its pace is not what is measured.
    KEY_REQUESTS_PER_SECOND: '10000',
    KEY_BURST: '100000',
    // Neither is the limit on what may wait.
    MAX_BACKLOG: '100000000',
  };
}
