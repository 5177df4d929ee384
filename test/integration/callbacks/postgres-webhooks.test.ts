// Webhooks on PostgreSQL: two processes share the work, and each message is sent once.

import { openPostgresStore } from '../../../src/store/postgres/postgres-store.ts';
import type { Store } from '../../../src/store/store.ts';
import { PostgresServer } from '../../support/postgres.ts';
import { eventually } from '../../support/waiting.ts';
import { WebhookFixture } from '../../support/webhook-fixture.ts';

let server: PostgresServer;
let stores: readonly Store[];
let fixture: WebhookFixture;

beforeAll(async () => {
  server = await PostgresServer.start();
});

afterAll(() => server.dispose());

beforeEach(async () => {
  const url = server.url(await server.createDatabase());
  const store = await openPostgresStore({ url, isServer: false });
  stores = [store, await openPostgresStore({ url, isServer: false })];
  fixture = await WebhookFixture.open(store);
});

afterEach(async () => {
  await fixture.dispose();
  await Promise.all(stores.map((store) => store.close()));
});

const startBoth = () => stores.map((store) => fixture.startSender({ store }));

test('two processes send each of many messages once, and never more than eight at a time', async () => {
  const { id, secret } = await fixture.register();
  let [underWay, most] = [0, 0];
  fixture.answer = async () => {
    underWay += 1;
    most = Math.max(most, underWay);
    await new Promise((resolve) => setImmediate(resolve));
    underWay -= 1;
    return { status: 204 };
  };
  for (let count = 0; count < 40; count++) {
    await fixture.accept();
  }
  startBoth();
  await fixture.untilMessages(id, 'delivered', 40);
  expect(fixture.verified(secret)).toHaveLength(40);
  expect(new Set(fixture.ids).size).toBe(40);
  expect(most).toBeLessThanOrEqual(8);
});

test('two processes send one probe to a receiver that fails, and go on once it is well', async () => {
  const { id } = await fixture.register();
  fixture.answer = () => ({ status: 500 });
  for (let count = 0; count < 12; count++) {
    await fixture.accept();
  }
  startBoth();
  await eventually(() => fixture.log.some((line) => line.includes('one message at a time')), 'the circuit has opened');
  const isQuiet = async () => (await fixture.list(id)).reduce((sum, { attempts }) => sum + attempts, 0);
  await eventually(async () => (await isQuiet()) === fixture.receiver.requests.length, 'all attempts are recorded');
  const before = fixture.receiver.requests.length;
  await fixture.pass(3_600_000);
  await eventually(async () => (await isQuiet()) > before, 'a probe is recorded');
  await fixture.pass(1_000);
  expect(fixture.receiver.requests).toHaveLength(before + 1);
  fixture.answer = () => ({ status: 204 });
  const isClosed = () => fixture.log.some((line) => line.includes('takes messages again'));
  for (let hours = 0; !isClosed(); hours++) {
    expect(hours).toBeLessThan(48);
    await fixture.pass(3_600_000);
    // What an hour makes due takes both processes some statements; each of these reads takes them as long as one.
    for (let reads = 0; reads < 200 && !isClosed(); reads++) {
      await fixture.list(id);
    }
  }
});

test('of secrets that are exchanged at the same time the last two sign', async () => {
  const { id, secret } = await fixture.register();
  const secretsOf = async () => {
    const [webhook] = (await stores[0]?.read.webhookEndpoints.list()) ?? [];
    return [webhook?.secret, webhook?.previousSecret];
  };
  const [first] = await secretsOf();
  expect(secret).not.toBe(first);
  // A connection for each, so that they do meet.
  await Promise.all([1, 2, 3, 4].map(() => fixture.register()));
  const { producerId } = fixture;
  await Promise.all([1, 2, 3, 4].map(() => fixture.manage.rotateSecret({ producerId, id, json: {} })));
  expect(new Set([first, ...(await secretsOf())]).size).toBe(3);
});

test('what a process leaves behind is sent by another one when its lease has ended', async () => {
  const { id } = await fixture.register();
  await fixture.accept();
  const [webhook] = (await stores[0]?.read.webhookEndpoints.list()) ?? [];
  const [event] = (await stores[0]?.write((tx) => tx.statusEvents.takeWaiting(1))) ?? [];
  const nowMs = fixture.clock.nowMs();
  const endpointId = webhook?.id ?? 0;
  await stores[0]?.write(async (tx) => {
    await tx.webhookMessages.insert([{ endpointId, eventId: event?.id ?? 0 }], nowMs);
    await tx.webhookMessages.claim({ endpointId, owner: 'dead', nowMs, leaseUntilMs: nowMs + 60_000, limit: 1 });
  });
  startBoth();
  await fixture.pass(59_000);
  expect(fixture.receiver.requests).toEqual([]);
  await fixture.pass(2_000);
  await fixture.untilMessages(id, 'delivered');
  expect(fixture.receiver.requests).toHaveLength(1);
});
