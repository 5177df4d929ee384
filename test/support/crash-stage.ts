// The service as operators run it, in processes of its own, beside a sandbox in the test's process.

import { randomBytes } from 'node:crypto';
import { systemClock } from '../../src/domain/clock.ts';
import type { NotificationStatus } from '../../src/notifications/notification-status.ts';
import { addKey, addProducer } from '../../src/producers/administer.ts';
import { syntheticPerson } from '../../src/sandbox/organisation.ts';
import { createSandbox, type Sandbox } from '../../src/sandbox/sandbox.ts';
import { Arrivals } from './arrivals.ts';
import { type CrashDatabase, type CrashEngine, SQLITE } from './crash-engine.ts';
import { policyOf } from './crash-plan.ts';
import type { CrashBooks } from './crash-verdict.ts';
import { CRASH_MAIN, Replica } from './replica.ts';
import { APP_ID } from './store-fixtures.ts';
import { createTemporaryFolder } from './temporary-folder.ts';
import { until } from './until.ts';

const APP_SECRET = 'canary-app-secret-7f3a9';

export interface CrashStageOptions {
  readonly peopleCount: number;
  readonly engine?: CrashEngine;
  /** The entry file of the service when it is not the one of these tests. */
  readonly mainPath?: string;
  /** How long other replicas wait for one that was killed; a minute when absent. */
  readonly leaseMs?: number | undefined;
  /** Whether the sandbox has Teams' rate limits; it is faster without. */
  readonly hasRateLimits?: boolean;
}

export class CrashStage {
  readonly sandbox: Sandbox;
  readonly arrivals: Arrivals;
  readonly database: CrashDatabase;
  readonly replicas: readonly Replica[];
  /** The first replica; the only one on an engine for one process. */
  readonly service: Replica;
  readonly #peopleCount: number;
  readonly #apiKey: string;
  readonly #folder = createTemporaryFolder();
  readonly #disposal = new AbortController();

  private constructor(
    { sandbox, database, apiKey }: { sandbox: Sandbox; database: CrashDatabase; apiKey: string },
    { peopleCount, engine = SQLITE, mainPath = CRASH_MAIN, leaseMs, hasRateLimits = false }: CrashStageOptions,
  ) {
    this.sandbox = sandbox;
    this.arrivals = new Arrivals(sandbox);
    this.database = database;
    this.#apiKey = apiKey;
    this.#peopleCount = peopleCount;
    const cwd = this.#folder.path;
    const env = { ...this.#env(hasRateLimits), ...(leaseMs !== undefined && { LEASE_MS: String(leaseMs) }) };
    const create = (number: number) => new Replica({ name: String(number).padStart(8, '0'), mainPath, cwd, env });
    this.service = create(1);
    this.replicas = [this.service, ...Array.from({ length: engine.replicas - 1 }, (_, index) => create(index + 2))];
  }

  /** The sandbox runs and the database is there; no replica is started. */
  static async create(options: CrashStageOptions): Promise<CrashStage> {
    const { peopleCount, engine = SQLITE, hasRateLimits = false } = options;
    const sandbox = createSandbox({ appId: APP_ID, appSecret: APP_SECRET, hasRateLimits, peopleCount });
    await sandbox.start();
    const database = await engine.prepare();
    const apiKey = await database.use(async (store) => {
      const deps = { store, clock: systemClock, randomBytes };
      await addProducer(deps, 'ci');
      return (await addKey(deps, { producer: 'ci', scopes: ['send', 'read'], recipients: [] })).text;
    });
    return new CrashStage({ sandbox, database, apiKey }, options);
  }

  /** Everybody installs the bot, by way of the first replica, and has been welcomed. */
  async installEverybody(): Promise<void> {
    this.sandbox.setBotEndpoint(`${await this.service.ready}/api/messages`);
    for (let index = 0; index < this.#peopleCount; index++) {
      await this.sandbox.people.install(`p${index}`);
    }
    // An activity that met a service still without its keys is sent again a little later.
    await this.database.use((store) =>
      until(
        () => store.read.installations.countReachable(undefined),
        (lanes) => lanes.reduce((sum, { count }) => sum + count, 0) === this.#peopleCount,
        45_000,
      ),
    );
    await this.untilDrained();
  }

  /** Aborted when nobody will answer any more. */
  get disposed(): AbortSignal {
    return this.#disposal.signal;
  }

  /** The recipient that is the person of this number; numbers go round. */
  recipient(number: number): string {
    return `aad:${syntheticPerson(number % this.#peopleCount).aadObjectId}`;
  }

  /** @throws TypeError when the replica is not there, or dies before it has answered */
  async post(notification: unknown, key: string, replica = this.service): Promise<Response> {
    return this.#fetch(replica, '/api/v1/notifications', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify(notification),
    });
  }

  /** Of a dialog; `body` begins one. */
  async dialog(path: string, body?: unknown): Promise<Record<string, unknown>> {
    const headers = { 'content-type': 'application/json' };
    const init = body === undefined ? {} : { method: 'POST', headers, body: JSON.stringify(body) };
    const response = await this.#fetch(this.service, `/api/v1/dialogs${path}`, init);
    return (await response.json()) as Record<string, unknown>;
  }

  async getStatus(id: string, replica = this.service): Promise<NotificationStatus> {
    return (await (await this.#fetch(replica, `/api/v1/notifications/${id}`)).json()) as NotificationStatus;
  }

  /** What is known of these notifications, for the judge. */
  async readBooks(
    { accepted }: { readonly accepted: ReadonlyMap<number, string> },
    interrupted: ReadonlySet<string>,
  ): Promise<CrashBooks> {
    const statuses = new Map<number, NotificationStatus>();
    for (const [number, id] of accepted) {
      statuses.set(number, await this.getStatus(id));
    }
    return { accepted, interrupted, statuses, policyOf, arrived: this.arrivals.requestIds };
  }

  /** @param timeoutMs pauses only, without the time that looking takes */
  async untilDrained(timeoutMs = 45_000): Promise<void> {
    await this.database.use((store) =>
      until(store.read.deliveries.countOpen, (counts) => counts.length === 0, timeoutMs),
    );
  }

  async dispose(): Promise<void> {
    this.#disposal.abort();
    for (const replica of this.replicas) {
      replica.send('SIGKILL');
    }
    await Promise.all(this.replicas.map((replica) => replica.exited));
    await this.sandbox.stop();
    await this.database.dispose();
    this.#folder.remove();
  }

  async #fetch(replica: Replica, path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { ...init.headers, authorization: `Bearer ${this.#apiKey}` };
    return fetch(`${await replica.ready}${path}`, { ...init, headers });
  }

  #env(hasRateLimits: boolean): Readonly<Record<string, string>> {
    return {
      DATABASE_URL: this.database.url,
      MicrosoftAppId: APP_ID,
      MicrosoftAppPassword: APP_SECRET,
      MicrosoftAppTenantId: this.sandbox.organisation.tenantId,
      SANDBOX_URL: this.sandbox.url,
      // A stand-in that is held up for a moment sees more than a second of requests in one: there is room for that.
      LANE_RATE_PER_SECOND: hasRateLimits ? '30' : '45',
      KEY_REQUESTS_PER_SECOND: '10000',
      KEY_BURST: '100000',
    };
  }
}
