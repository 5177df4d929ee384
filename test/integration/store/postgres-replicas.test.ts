// Several processes on one PostgreSQL: they wake one another, and none undoes what another does.

import { randomBytes } from 'node:crypto';
import { createAcceptance } from '../../../src/notifications/accept-notification.ts';
import { ensureBotProducer } from '../../../src/producers/administer.ts';
import { forgetPerson } from '../../../src/store/forget-person.ts';
import { openPostgresStore, type PostgresStore } from '../../../src/store/postgres/postgres-store.ts';
import type { Store } from '../../../src/store/store.ts';
import { createCardComposer } from '../../../src/teams/cards/composer.ts';
import { silentLogger } from '../../../src/telemetry/logger.ts';
import { createMetrics } from '../../../src/telemetry/metrics.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { noTemplates } from '../../support/no-templates.ts';
import { Pooler } from '../../support/pooler.ts';
import { PostgresServer } from '../../support/postgres.ts';
import { addProducer, installPerson } from '../../support/store-fixtures.ts';
import { storeWithWrite } from '../../support/store-with-write.ts';
import { until } from '../../support/until.ts';

const clock = new ManualClock();
const NOW = clock.nowMs();

let server: PostgresServer;
let database: string;
let one: PostgresStore;
let other: PostgresStore;

beforeAll(async () => {
  server = await PostgresServer.start();
});

beforeEach(async () => {
  database = await server.createDatabase();
  one = await openPostgresStore({ url: server.url(database), isServer: true });
  other = await openPostgresStore({ url: server.url(database), isServer: true });
});

afterEach(() => Promise.all([one.close(), other.close()]));

afterAll(() => server.dispose());

const nextWork = (store: PostgresStore) =>
  new Promise<void>((resolve) => {
    const cancel = store.onWork(() => {
      cancel();
      resolve();
    });
  });

const count = async (table: string) =>
  (await server.query(database, `SELECT count(*)::int AS rows FROM ${table}`))[0]?.['rows'];

/** How many transactions wait for a named lock. */
const countWaiting = async () => {
  const sql = `SELECT count(*)::int AS rows FROM pg_locks WHERE locktype = 'advisory' AND NOT granted`;
  return (await server.query(database, sql))[0]?.['rows'];
};

describe('a signal', () => {
  test('wakes the other process', async () => {
    const woken = nextWork(other);
    one.signalWork();
    await woken;
  });

  test('of a command-line tool wakes the servers, though the tool ends at once', async () => {
    const woken = Promise.all([nextWork(one), nextWork(other)]);
    const tool = await openPostgresStore({ url: server.url(database), isServer: false });
    tool.signalWork();
    await tool.close();
    await woken;
  });

  test('is heard again after the connection that listens was cut', async () => {
    const missed = nextWork(other);
    await server.query(
      'postgres',
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND query LIKE 'LISTEN%'`,
      [database],
    );
    // Who listens again looks at once: something may have been missed.
    await missed;
    const woken = nextWork(other);
    one.signalWork();
    await woken;
  });
});

describe('at the same time', () => {
  const acceptOn = (store: Store) => {
    const metrics = createMetrics(async () => ({ depths: [], oldestDueAgeMs: 0 }));
    const deps = {
      store,
      clock,
      metrics,
      logger: silentLogger,
      composer: createCardComposer(),
      fillTemplate: noTemplates,
      randomBytes,
    };
    return createAcceptance(deps, { maxBacklog: 1_000 }).accept;
  };

  const ask = (producerId: number, to: string, body = '{}') => ({
    sender: { producerId, producerName: 'ci', rights: { canSend: true, canBroadcast: true, recipients: [] } },
    json: { title: 'Deploy finished', to },
    body: Buffer.from(body),
    idempotencyKey: 'k',
  });

  test('eight requests with one idempotency key make one notification and get the same answer', async () => {
    const { email } = await installPerson(one, { index: 1, nowMs: NOW });
    const producerId = await addProducer(one);
    const accepts = [acceptOn(one), acceptOn(other)];
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) => accepts[index % 2]?.(ask(producerId, email))),
    );
    expect(new Set(answers.map((accepted) => JSON.stringify(accepted?.answer))).size).toBe(1);
    expect(answers.filter((accepted) => accepted?.isReplay === false)).toHaveLength(1);
    expect([await count('notification'), await count('delivery'), await count('idempotency')]).toEqual([1, 1, 1]);
  });

  test('who is erased while somebody names them leaves no name behind', async () => {
    const { conversationId, personId, email } = await installPerson(one, { index: 1, nowMs: NOW });
    const producerId = await addProducer(one);
    let erased: Promise<unknown> = Promise.resolve();
    // Another process erases the person when all has been written and nothing committed.
    const write: PostgresStore['write'] = (work) =>
      one.write(async (tx) => {
        const result = await work(tx);
        erased = other.write((otherTx) =>
          forgetPerson(otherTx, { conversationId, personId, reason: 'uninstalled', nowMs: NOW }),
        );
        await Promise.race([erased, until(countWaiting, (waiting) => waiting === 1)]);
        return result;
      });
    await acceptOn(storeWithWrite(one, write))(ask(producerId, email));
    await erased;
    const named = await server.query(database, 'SELECT recipient FROM delivery WHERE recipient IS NOT NULL');
    expect(named).toEqual([]);
    const bodies = await server.query(database, 'SELECT body FROM idempotency');
    expect(JSON.stringify(bodies)).not.toContain(email);
  });

  test('two processes take no question to the roster twice', async () => {
    const { personId } = await installPerson(one, { index: 1, nowMs: NOW });
    await one.write((tx) => tx.lookups.request(personId, NOW));
    const taken = await Promise.all(
      [one, other, one, other].map((store) => store.write((tx) => tx.lookups.claim(NOW, NOW + 60_000, 10))),
    );
    expect(taken.flat()).toHaveLength(1);
  });

  test('processes that start find one producer of the bot', async () => {
    const ids = await Promise.all([one, other, one, other].map((store) => ensureBotProducer({ store, clock })));
    expect(new Set(ids).size).toBe(1);
  });

  test('two signs of the same 429 slow a lane down once', async () => {
    const { laneId } = await installPerson(one, { index: 1, nowMs: NOW });
    await Promise.all([one, other, one, other].map((store) => store.write((tx) => tx.lanes.slowDown(laneId, NOW, 0))));
    const again = NOW + 1_000;
    await Promise.all(
      [one, other, one, other].map((store) => store.write((tx) => tx.lanes.slowDown(laneId, again, 0))),
    );
    expect(await server.query(database, 'SELECT slow_factor FROM lane')).toEqual([{ slow_factor: 1.25 }]);
  });
});

test('all processes go by the clock of the database', async () => {
  const [row] = await server.query(database, 'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now');
  for (const store of [one, other]) {
    expect(Math.abs(store.clock.nowMs() - Number(row?.['now']))).toBeLessThan(10_000);
  }
});

describe('behind a connection pooler', () => {
  let pooler: Pooler;
  let store: PostgresStore;

  beforeEach(async () => {
    pooler = await Pooler.start(server.port);
    store = await openPostgresStore({ url: server.url(database, pooler.port), isServer: true });
  });

  afterEach(async () => {
    await store.close();
    await pooler.stop();
  });

  test('nothing is used that outlives a transaction, and the operator is told', async () => {
    await installPerson(store, { index: 1, nowMs: NOW });
    await store.write((tx) => tx.queue.claim({ ...CLAIM, nowMs: NOW }));
    expect(await store.isWritable()).toBe(true);
    const heard = pooler.heard.join('');
    expect(heard).toContain('SET LOCAL statement_timeout');
    expect(heard).not.toMatch(/LISTEN|SET statement_timeout|bellhop_\d|statement_timeout\0/);
    expect(store.warnings).toEqual([expect.stringContaining('pooler')]);
    expect(one.warnings).toEqual([]);
  });

  test('its work wakes the others', async () => {
    const woken = nextWork(one);
    store.signalWork();
    await woken;
  });
});

const CLAIM = {
  owner: 'one',
  leaseMs: 60_000,
  limit: 10,
  quantum: 10,
  horizonMs: 400,
  closedOrigins: [],
  isClosedToRetries: false,
};
