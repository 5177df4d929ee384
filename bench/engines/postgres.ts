// PostgreSQL as an engine of the benchmarks: a server of its own, started from the programs that the tests use.

import { openPostgresStore } from '../../src/store/postgres/postgres-store.ts';
import { PostgresServer } from '../../test/support/postgres.ts';
import type { Engine } from '../engine.ts';

/** Durable as it comes: each commit waits for the disk. */
export const postgresEngine: Engine = {
  name: 'postgres',
  isShared: true,
  async createDatabase(resources) {
    const server = await PostgresServer.start();
    resources.defer(() => server.dispose());
    const name = await server.createDatabase();
    const url = server.url(name);
    return {
      url,
      openStore: () => openPostgresStore({ url, isServer: false }),
      async run(statements) {
        await server.query(name, ['BEGIN', ...statements, 'COMMIT'].join(';\n'));
        // What autovacuum would do within a minute.
        await server.query(name, 'ANALYZE');
      },
      count: async (query) => Number((await server.query(name, query))[0]?.['count']),
    };
  },
};
