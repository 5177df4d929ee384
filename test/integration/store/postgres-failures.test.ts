// A PostgreSQL that fails: writes are refused, the process lives on, and everything goes on by itself afterwards.

import { openPostgresStore, type PostgresStore } from '../../../src/store/postgres/postgres-store.ts';
import { PostgresServer } from '../../support/postgres.ts';
import { addProducer } from '../../support/store-fixtures.ts';
import { until } from '../../support/until.ts';

let server: PostgresServer;
let database: string;
let store: PostgresStore;

beforeAll(async () => {
  server = await PostgresServer.start();
});

beforeEach(async () => {
  database = await server.createDatabase();
  store = await openPostgresStore({ url: server.url(database), isServer: true });
});

afterEach(() => store.close());

afterAll(() => server.dispose());

const UNAVAILABLE = { code: 'store_unavailable', retryAfterMs: expect.any(Number) };
const insert = (name: string) => store.write((tx) => tx.producers.insert(name, null, 0));

/** Ends every connection of the store, as a failover does. */
const cutConnections = () =>
  server.query('postgres', 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [database]);

/** Begins as many transactions as there are connections; they end when they are left. */
async function holdAllConnections() {
  const { promise: left, resolve: leave } = Promise.withResolvers<void>();
  const begun = Array.from({ length: 10 }, () => Promise.withResolvers<void>());
  const holding = begun.map(({ resolve }) =>
    store.write(() => {
      resolve();
      return left;
    }),
  );
  await Promise.all(begun.map(({ promise }) => promise));
  return { holding, leave };
}

test('a connection that is cut in the middle of a transaction refuses it, and the next one works', async () => {
  const cut = store.write(async (tx) => {
    await tx.producers.insert('half', null, 0);
    await cutConnections();
    await tx.producers.insert('whole', null, 0);
  });
  await expect(cut).rejects.toMatchObject(UNAVAILABLE);
  await insert('next');
  expect((await store.read.producers.list()).map(({ name }) => name)).toEqual(['next']);
});

test('idle connections that are cut disturb nobody', async () => {
  await insert('one');
  await cutConnections();
  await until(
    () => insert('two').catch(() => undefined),
    (producer) => producer !== undefined,
  );
});

test('a server that is down refuses reads and writes, and is used again once it is back', async () => {
  await insert('before');
  await server.halt();
  expect(await store.isWritable()).toBe(false);
  await expect(insert('meanwhile')).rejects.toMatchObject(UNAVAILABLE);
  await expect(store.read.producers.list()).rejects.toMatchObject(UNAVAILABLE);
  await server.resume();
  await until(() => store.isWritable(), Boolean);
  await insert('after');
  expect((await store.read.producers.list()).map(({ name }) => name)).toEqual(['after', 'before']);
});

test('a database that has become read-only is not writable, and says so at each write', async () => {
  await server.query(database, `ALTER DATABASE ${database} SET default_transaction_read_only = on`);
  await cutConnections();
  await until(
    () => store.read.producers.list().catch(() => undefined),
    (list) => list !== undefined,
  );
  expect(await store.isWritable()).toBe(false);
  await expect(insert('no')).rejects.toMatchObject(UNAVAILABLE);
});

test('as many callers as there is room for wait for a connection, and the others are refused at once', async () => {
  const { holding, leave } = await holdAllConnections();
  const waiting = Array.from({ length: 1_000 }, () => store.write(async () => undefined));
  await expect(insert('late')).rejects.toMatchObject({ ...UNAVAILABLE, message: expect.stringContaining('Too many') });
  leave();
  await Promise.all([...holding, ...waiting]);
});

test('who waited in vain for a connection is refused', async () => {
  const { holding, leave } = await holdAllConnections();
  await expect(insert('late')).rejects.toMatchObject(UNAVAILABLE);
  leave();
  await Promise.all(holding);
});

test('two transactions that lock each other out both take effect', async () => {
  const [one, other] = [await addProducer(store, 'one'), await addProducer(store, 'other')];
  expect(one).not.toBe(other);
  const hasFirst = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
  const both = Promise.all(hasFirst.map(({ promise }) => promise));
  const disable = (first: string, second: string, has: () => void) =>
    store.write(async (tx) => {
      await tx.producers.setDisabled(first, 1);
      has();
      await both;
      await tx.producers.setDisabled(second, 1);
    });
  await Promise.all([disable('one', 'other', hasFirst[0].resolve), disable('other', 'one', hasFirst[1].resolve)]);
});

test('a work that meets a row which another has just made is run again and finds it', async () => {
  const profile = { tenantId: 't', aadObjectId: 'a' };
  const hasLooked = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
  const both = Promise.all(hasLooked.map(({ promise }) => promise));
  const know = (looked: () => void) =>
    store.write(async (tx) => {
      const known = await tx.people.findId(profile);
      looked();
      await both;
      return known ?? tx.people.insert(profile, 0);
    });
  const [one, other] = await Promise.all([know(hasLooked[0].resolve), know(hasLooked[1].resolve)]);
  expect(one).toBe(other);
});

test('text that PostgreSQL cannot hold is stored without the character', async () => {
  await insert('with \0 inside');
  expect((await store.read.producers.list())[0]?.name).toBe('with \uFFFD inside');
});

test('an empty list of names is nobody', async () => {
  expect(await store.read.names.listUnresolved({ nameKeys: [] })).toEqual([]);
});
