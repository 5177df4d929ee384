// The delivery queue on either engine, made anew for each test of a block and taken away after it.

import { DeliveryFixture } from './delivery-fixture.ts';
import { PostgresServer } from './postgres.ts';
import { PostgresDeliveryFixture } from './postgres-delivery-fixture.ts';

/** @returns gives the queue of the test that runs */
export function useSqliteQueue(): () => DeliveryFixture {
  let queue: DeliveryFixture;
  beforeEach(async () => {
    queue = await DeliveryFixture.create();
  });
  afterEach(() => queue.dispose());
  return () => queue;
}

/** The same on a PostgreSQL of its own. */
export function usePostgresQueue(): () => PostgresDeliveryFixture {
  let server: PostgresServer;
  let queue: PostgresDeliveryFixture;
  beforeAll(async () => {
    server = await PostgresServer.start();
  });
  beforeEach(async () => {
    queue = await PostgresDeliveryFixture.create(server);
  });
  afterEach(() => queue.dispose());
  afterAll(() => server.dispose());
  return () => queue;
}
