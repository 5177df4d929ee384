// Lifecycles, edits and recalls on PostgreSQL.

import { PostgresServer } from '../../support/postgres.ts';
import { PostgresDeliveryFixture } from '../../support/postgres-delivery-fixture.ts';
import { describeKeptKeysContract } from './kept-keys-contract.ts';
import { describeLifecycleContract } from './lifecycle-contract.ts';
import { describeMeetingsContract } from './meetings-contract.ts';

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

describe('messages that change', () => describeLifecycleContract(() => queue));

describeKeptKeysContract(() => queue);

describe('what meets a change under way', () => describeMeetingsContract(() => queue));
