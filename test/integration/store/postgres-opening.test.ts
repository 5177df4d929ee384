// Opening a PostgreSQL: what is made, what is refused, and in which words.

import { POSTGRES_MIGRATIONS } from '../../../src/store/postgres/migrations.ts';
import { openPostgresStore } from '../../../src/store/postgres/postgres-store.ts';
import { PostgresServer } from '../../support/postgres.ts';

let server: PostgresServer;

beforeAll(async () => {
  server = await PostgresServer.start();
});

afterAll(() => server.dispose());

const open = (url: string) => openPostgresStore({ url, isServer: true });

/** @returns the refusal */
const refusal = (url: string): Promise<Error> =>
  open(url).then(
    async (store) => {
      await store.close();
      throw new Error('It was opened');
    },
    (error) => error,
  );

test('an empty database gets its tables once, however many processes start at the same time', async () => {
  const database = await server.createEmptyDatabase();
  const stores = await Promise.all(Array.from({ length: 4 }, () => open(server.url(database))));
  await Promise.all(stores.map((store) => store.write((tx) => tx.lanes.ensure(LANE))));
  const steps = POSTGRES_MIGRATIONS.map(({ id }) => ({ id: String(id) }));
  expect(await server.query(database, 'SELECT id FROM schema_migration ORDER BY id')).toEqual(steps);
  expect(await server.query(database, 'SELECT count(*)::int AS lanes FROM lane')).toEqual([{ lanes: 1 }]);
  await Promise.all(stores.map((store) => store.close()));
});

const LANE = { appId: 'a', tenantId: 't', intervalUs: 25_000 };

test('a newer schema is refused and left as it is', async () => {
  const database = await server.createDatabase();
  await server.query(database, `INSERT INTO schema_migration VALUES (999, 'from the future', 0)`);
  expect(await refusal(server.url(database))).toMatchObject({ code: 'store_newer_schema' });
});

test('a migration that fails leaves nothing behind', async () => {
  const database = await server.createEmptyDatabase();
  await server.query(database, 'CREATE TABLE seen_activity (digest text)');
  expect(await refusal(server.url(database))).toMatchObject({ code: 'internal' });
  const tables = await server.query(database, `SELECT tablename FROM pg_tables WHERE schemaname = 'public'`);
  expect(tables).toEqual([{ tablename: 'seen_activity' }]);
});

describe('a server that does not keep what it commits is refused:', () => {
  test.each(['fsync', 'full_page_writes'])('%s = off', async (name) => {
    const database = await server.createDatabase();
    await server.set(name, 'off');
    try {
      expect(await refusal(server.url(database))).toMatchObject({
        code: 'store_unavailable',
        message: expect.stringContaining(`${name} = off`),
      });
    } finally {
      await server.set(name, 'on');
    }
  });

  test('synchronous_commit = off, also when it is off for this database only', async () => {
    const database = await server.createDatabase();
    await server.query(database, `ALTER DATABASE ${database} SET synchronous_commit = off`);
    expect((await refusal(server.url(database))).message).toContain('synchronous_commit = off');
  });
});

test('a database that cannot be written is refused', async () => {
  const database = await server.createDatabase();
  await server.query(database, `ALTER DATABASE ${database} SET default_transaction_read_only = on`);
  expect((await refusal(server.url(database))).message).toContain('read-only');
});

describe('the refusal says what to do, and does not tell the password:', () => {
  const SECRET = 'do-not-tell';

  test.each([
    [
      'a wrong password',
      () => `postgres://bellhop:${SECRET}@127.0.0.1:${server.port}/postgres`,
      'refuses the password',
    ],
    ['an unknown database', () => server.url('nowhere'), 'no database of this name'],
    ['a port where nobody listens', () => `postgres://bellhop:${SECRET}@127.0.0.1:1/x`, 'nobody listens'],
    ['a host that does not exist', () => `postgres://bellhop:${SECRET}@bellhop.invalid/x`, 'Correct the host'],
  ])('%s', async (_name, url, remedy) => {
    const error = await refusal(url());
    expect(error).toMatchObject({ code: 'store_unavailable', message: expect.stringContaining(remedy) });
    expect(`${error.message} ${error.stack} ${JSON.stringify(error.cause)}`).not.toContain(SECRET);
  });
});
