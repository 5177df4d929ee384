// PostgreSQL as an engine of the benchmarks: a server of its own, started from the programs that the tests use.

import pg from 'pg';
import { openPostgresStore } from '../../src/store/postgres/postgres-store.ts';
import { PostgresServer } from '../../test/support/postgres.ts';
import { readFamilyCpuMs } from '../child-process.ts';
import type { Engine } from '../engine.ts';

/** Durable as it comes: each commit waits for the disk. */
export const postgresEngine: Engine = {
  name: 'postgres',
  isShared: true,
  async createDatabase(resources) {
    const server = await PostgresServer.start();
    resources.defer(() => server.dispose());
    const url = server.url(await server.createDatabase());
    // Kept open: a new connection costs the server more than most queries.
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    resources.defer(() => client.end());
    return {
      url,
      openStore: () => openPostgresStore({ url, isServer: false }),
      async run(statements) {
        await client.query(['BEGIN', ...statements, 'COMMIT'].join(';\n'));
        // What autovacuum would do within a minute.
        await client.query('ANALYZE');
      },
      count: async (query) => Number((await client.query(query)).rows[0]?.count),
      serverCpuMs: () => readFamilyCpuMs(server.pid ?? 0),
    };
  },
};
