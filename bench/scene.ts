// A database with a crowd in it, a stand-in for the Connector, and services that are watched from inside.

import { join } from 'node:path';
import { type Child, startChild } from './child-process.ts';
import type { Database, Engine } from './engine.ts';
import { RECEIVER_TENANT_ID, type Receiver } from './receiver.ts';
import type { Resources } from './resources.ts';
import { seedCrowd } from './seed.ts';
import { APP_ID, SERVICE_FLAGS, SOURCE_MAIN, serviceEnv } from './stage.ts';
import { type Observation, readObservation, type WatchOptions, watchFlags } from './watch.ts';

export interface WatchedService extends Child {
  /** Asks it to stop, waits, and gives what was seen in it. */
  endAndTell(): Promise<Observation>;
}

export interface Scene<Connector extends Receiver = Receiver> {
  readonly database: Database;
  readonly receiver: Connector;
  /** Of a producer that may send to one and to all. */
  readonly apiKey: string;
  /** One more process on this database; ends with the benchmark. */
  startService(options?: Partial<WatchOptions>): Promise<WatchedService>;
}

export interface SceneOptions<Connector extends Receiver> {
  readonly engine: Engine;
  readonly receiver: Connector;
  readonly peopleCount: number;
  readonly tenantCount: number;
}

/** Nothing of the service runs yet. */
export async function openScene<Connector extends Receiver>(
  resources: Resources,
  options: SceneOptions<Connector>,
): Promise<Scene<Connector>> {
  const { engine, receiver } = options;
  const database = await engine.createDatabase(resources);
  const apiKey = await seedCrowd(database, { ...options, appId: APP_ID, serviceUrl: receiver.serviceUrl });
  const env = serviceEnv({
    databaseUrl: database.url,
    standInUrl: receiver.url,
    appSecret: receiver.appSecret,
    tenantId: RECEIVER_TENANT_ID,
  });
  return {
    database,
    receiver,
    apiKey,
    async startService({ hasStalls = false } = {}) {
      const folder = resources.folder();
      const path = join(folder, 'observation.json');
      const flags = [...SERVICE_FLAGS, ...watchFlags(path, { hasStalls })];
      const service = await startChild({ file: SOURCE_MAIN, flags, cwd: folder, env });
      resources.defer(() => service.end());
      return Object.assign(service, {
        async endAndTell() {
          await service.end();
          return readObservation(path);
        },
      });
    },
  };
}
