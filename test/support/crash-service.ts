// The entry file of the service in the kill tests: its requests carry the name of the replica that makes them, and its
// leases may be shorter, so that nobody waits a minute for a replica that is gone.

import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config/config.ts';

const { REPLICA_NAME = '', LEASE_MS: leaseMs, ...env } = process.env;
const config = loadConfig(env, (path) => readFileSync(path, 'utf8'));
const app = createApp(config, {
  randomUuid: () => `${REPLICA_NAME}${randomUUID().slice(REPLICA_NAME.length)}`,
  ...(leaseMs !== undefined && { leaseMs: Number(leaseMs) }),
});
await app.start();
