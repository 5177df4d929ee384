// The PostgreSQL store keeps the contract.

import { openPostgresStore } from '../../../src/store/postgres/postgres-store.ts';
import { PostgresServer } from '../../support/postgres.ts';
import { describeStoreContract } from './store-contract.ts';

let server: PostgresServer;

beforeAll(async () => {
  server = await PostgresServer.start();
});

afterAll(() => server.dispose());

describeStoreContract('PostgreSQL', () => {
  let database: string;
  let url: string;
  // Slots begin at once: how long a claim takes is no matter of the contract.
  const open = () => openPostgresStore({ url, isServer: true, lead: { measure: (claim) => claim(0) } });
  return {
    async open() {
      database = await server.createDatabase();
      url = server.url(database);
      return open();
    },
    async reopen(store) {
      await store.close();
      return open();
    },
    run: (sql) => server.query(database, sql),
    dispose: async () => undefined,
  };
});
