// Where a process can die, in one process: on a file, and on a server that others may share.

import { DeliveryFixture } from '../../support/delivery-fixture.ts';
import { PostgresServer } from '../../support/postgres.ts';
import { PostgresDeliveryFixture } from '../../support/postgres-delivery-fixture.ts';
import { describeCrashPoints } from './crash-points-contract.ts';

describe('on SQLite', () => describeCrashPoints(() => DeliveryFixture.create()));

describe('on PostgreSQL', () => {
  let server: PostgresServer;

  beforeAll(async () => {
    server = await PostgresServer.start();
  });

  afterAll(() => server.dispose());

  describeCrashPoints(() => PostgresDeliveryFixture.create(server));
});
