// Claims on PostgreSQL by several processes at the same time.

import type { ClaimedDelivery, ClaimInput } from '../../../src/store/delivery-queue.ts';
import {
  openPostgresStore,
  type PostgresStore,
  type PostgresStoreOptions,
} from '../../../src/store/postgres/postgres-store.ts';
import { PostgresServer } from '../../support/postgres.ts';
import { addProducer, installPerson, queueNotification, toEveryone } from '../../support/store-fixtures.ts';

const NOW = Date.UTC(2026, 0, 1);

let server: PostgresServer;

beforeAll(async () => {
  server = await PostgresServer.start();
});

afterAll(() => server.dispose());

describe('several processes', () => {
  let database: string;
  const stores: PostgresStore[] = [];

  const open = async (lead?: PostgresStoreOptions['lead']) => {
    const store = await openPostgresStore({ url: server.url(database), isServer: true, ...(lead && { lead }) });
    stores.push(store);
    return store;
  };

  beforeEach(async () => {
    database = await server.createDatabase();
  });

  afterEach(async () => {
    await Promise.all(stores.splice(0).map((store) => store.close()));
  });

  const claim = (store: PostgresStore, owner: string, input: Partial<ClaimInput> = {}) =>
    store.write((tx) => tx.queue.claim({ ...INPUT, owner, ...input }));

  const fill = async (store: PostgresStore, lanes: number, people: number) => {
    const producerId = await addProducer(store);
    const to = [];
    for (let lane = 0; lane < lanes; lane++) {
      const tenantId = `${String(lane).padStart(8, '0')}-1111-4111-8111-111111111111`;
      for (let index = 0; index < people; index++) {
        to.push(await installPerson(store, { index, nowMs: NOW, tenantId }));
      }
    }
    await queueNotification(store, { producerId, to, nowMs: NOW });
  };

  const NO_LEAD: PostgresStoreOptions['lead'] = { measure: (work) => work(0) };

  test('begin in one transaction what begins at the same time', async () => {
    const store = await open(NO_LEAD);
    await fill(store, 1, 5);
    const claimed = await claim(store, 'one');
    const start = { operation: 'post', requestId: 'r', nowMs: NOW, leaseUntilMs: NOW + 60_000 } as const;
    const begin = (deliveryId: number) =>
      store.writeOne((tx) => tx.queue.beginAttempt({ deliveryId, owner: 'one' }, start));
    expect(await Promise.all(claimed.map(({ id }) => begin(id)))).toEqual([1, 1, 1, 1, 1]);
    const transactions = 'SELECT count(*)::int AS attempts, count(DISTINCT xmin::text)::int AS count FROM attempt';
    expect(await server.query(database, transactions)).toEqual([{ attempts: 5, count: 1 }]);
  });

  test('claim each delivery once, and the slots of a lane stay one interval apart without a gap', async () => {
    const claimers = [await open(NO_LEAD), await open(NO_LEAD), await open(NO_LEAD), await open(NO_LEAD)];
    await fill(claimers[0] as PostgresStore, 12, 10);
    const claimed: ClaimedDelivery[] = [];
    for (let round = 0; round < 20; round++) {
      const found = await Promise.all(
        claimers.map((store, index) =>
          claim(store, `owner-${index}`, { nowMs: NOW + round * 100, limit: 15, quantum: 3 }),
        ),
      );
      claimed.push(...found.flat());
    }
    expect(claimed).toHaveLength(120);
    expect(new Set(claimed.map(({ id }) => id)).size).toBe(120);
    for (const slots of slotsByLane(claimed)) {
      for (const [index, slot] of slots.slice(1).entries()) {
        expect(slot - (slots[index] ?? 0)).toBeGreaterThanOrEqual(25);
      }
    }
    const [stats] = await server.query(
      database,
      'SELECT deadlocks::int FROM pg_stat_database WHERE datname = current_database()',
    );
    expect(stats).toEqual({ deadlocks: 0 });
  });

  test('pass over a lane that another one is claiming from, and over no other', async () => {
    const [one, other] = [await open(NO_LEAD), await open(NO_LEAD)];
    await fill(one, 2, 1);
    const found: (readonly ClaimedDelivery[])[] = [];
    await one.write(async (tx) => {
      found.push(await tx.queue.claim({ ...INPUT, owner: 'one', limit: 1 }));
      found.push(await claim(other, 'other'));
    });
    const lanes = found.flat().map(({ laneId }) => laneId);
    expect(lanes).toHaveLength(2);
    expect(new Set(lanes).size).toBe(2);
  });

  test('put notifications into a lane while it is being claimed from', async () => {
    const [one, other] = [await open(NO_LEAD), await open(NO_LEAD)];
    await fill(one, 1, 1);
    const person = await installPerson(one, { index: 7, nowMs: NOW, tenantId: '00000000-1111-4111-8111-111111111111' });
    const producerId = await addProducer(one, 'another');
    await one.write(async (tx) => {
      await tx.queue.claim({ ...INPUT, owner: 'one' });
      await queueNotification(other, { producerId, to: [person], nowMs: NOW });
    });
    expect(await claim(one, 'one', { nowMs: NOW + 400 })).toHaveLength(1);
  });

  test('expand one broadcast once', async () => {
    const [one, other] = [await open(), await open()];
    await fill(one, 1, 3);
    const producerId = await addProducer(one, 'broadcaster');
    const notificationId = await queueNotification(one, { producerId, to: [], nowMs: NOW });
    await one.write((tx) => tx.notifications.startFanout(toEveryone(notificationId)));
    const looked: number[] = [];
    await one.write(async (tx) => {
      looked.push(await tx.queue.expandFanout(NOW, 10));
      looked.push(await other.write((otherTx) => otherTx.queue.expandFanout(NOW, 10)));
    });
    expect(looked).toEqual([3, 0]);
  });

  test('recover a delivery once', async () => {
    const [one, other] = [await open(NO_LEAD), await open(NO_LEAD)];
    await fill(one, 1, 1);
    await claim(one, 'gone');
    const late = NOW + 60_001;
    await one.write(async (tx) => {
      expect(await tx.queue.listAbandoned(late, 10)).toHaveLength(1);
      expect(await other.write((otherTx) => otherTx.queue.listAbandoned(late, 10))).toEqual([]);
    });
  });

  test('begin their slots behind the time that a claim takes', async () => {
    const store = await open({ measure: (work) => work(150) });
    await fill(store, 1, 20);
    const claimed = await claim(store, 'one');
    expect(claimed.map(({ slotAtMs }) => slotAtMs - NOW)).toEqual(
      Array.from({ length: 10 }, (_, index) => 150 + index * 25),
    );
  });

  test('are not held up by a lane whose clock was left far ahead', async () => {
    const store = await open(NO_LEAD);
    await fill(store, 1, 1);
    await server.query(database, 'UPDATE lane SET next_slot_us = $1', [(NOW + 3_600_000) * 1_000]);
    expect(await claim(store, 'one')).toMatchObject([{ slotAtMs: NOW }]);
    const [lane] = await server.query(database, 'SELECT next_slot_us FROM lane');
    expect(lane).toEqual({ next_slot_us: String((NOW + 25) * 1_000) });
  });
});

const INPUT = {
  nowMs: NOW,
  leaseMs: 60_000,
  limit: 50,
  quantum: 20,
  horizonMs: 400,
  closedOrigins: [],
  isClosedToRetries: false,
};

function slotsByLane(claimed: readonly ClaimedDelivery[]): readonly number[][] {
  const slots = new Map<number, number[]>();
  for (const { laneId, slotAtMs } of claimed) {
    slots.set(laneId, [...(slots.get(laneId) ?? []), slotAtMs]);
  }
  return Array.from(slots.values(), (list) => list.sort((left, right) => left - right));
}
