// What is scheduled goes out at its instant: with a moved clock, with a clock that somebody sets, and on PostgreSQL.

import { createSteadyClock } from '../../../src/domain/clock.ts';
import { instantOf } from '../../../src/domain/local-time.ts';
import type { FanoutSchedule } from '../../../src/store/statements/fanouts.ts';
import { DeliveryFixture } from '../../support/delivery-fixture.ts';
import { PostgresServer } from '../../support/postgres.ts';
import { PostgresDeliveryFixture } from '../../support/postgres-delivery-fixture.ts';
import { toEveryone } from '../../support/store-fixtures.ts';
import { storeWithWrite } from '../../support/store-with-write.ts';
import { eventually } from '../../support/waiting.ts';

const HOUR_MS = 3_600_000;

describe('with a clock that is moved', () => {
  let fixture: DeliveryFixture;

  beforeEach(async () => {
    fixture = await DeliveryFixture.create();
  });

  afterEach(() => fixture.dispose());

  const broadcast = async (schedule: FanoutSchedule) => {
    const id = await fixture.queue([]);
    await fixture.store.write((tx) => tx.notifications.startFanout(toEveryone(id, { schedule })));
    fixture.store.signalWork();
  };

  test('a delivery goes out at its instant, to the very moment', async () => {
    const scheduledAtMs = fixture.clock.nowMs() + 10_350;
    await fixture.queue([await fixture.install(1)], { scheduledAtMs });
    await fixture.createDispatcher().start();
    await fixture.pass(10_340, 10);
    expect(fixture.sender.posts).toEqual([]);
    await fixture.pass(60, 10);
    expect(fixture.sender.posts.map(({ atMs }) => atMs)).toEqual([scheduledAtMs]);
  });

  test('an idle dispatcher looks once a second, however much is scheduled', async () => {
    await fixture.queue([await fixture.install(1)], { scheduledAtMs: fixture.clock.nowMs() + HOUR_MS });
    await broadcast({ startsAtMs: fixture.clock.nowMs() + HOUR_MS, ttlMs: HOUR_MS });
    const { queue } = fixture.store.read;
    let looks = 0;
    const hasDue = (nowMs: number) => {
      looks += 1;
      return queue.hasDue(nowMs);
    };
    const { write } = fixture.store;
    const store = {
      ...storeWithWrite(fixture.store, write.bind(fixture.store)),
      read: { ...fixture.store.read, queue: { ...queue, hasDue } },
    };
    await fixture.createDispatcher({ store }).start();
    await fixture.pass(10_000, 100);
    expect(looks).toBeLessThanOrEqual(12);
  });

  test('a broadcast begins at its instant and reaches who has the bot then', async () => {
    await fixture.install(1);
    const startsAtMs = fixture.clock.nowMs() + 5_000;
    await broadcast({ startsAtMs, ttlMs: HOUR_MS });
    await fixture.createDispatcher().start();
    await fixture.pass(4_900);
    expect(fixture.deliveries()).toEqual([]);
    await fixture.install(2);
    await fixture.passToStates('sent', 'sent');
    expect(fixture.sender.posts.map(({ atMs }) => atMs)).toEqual([startsAtMs, startsAtMs]);
  });

  test('a broadcast at a local time reaches each person at that time of theirs', async () => {
    await fixture.install(1, { timeZone: 'Asia/Kathmandu' });
    await fixture.install(2, { timeZone: 'Asia/Kolkata' });
    const localAt = '2026-01-01T06:00:00';
    const startsAtMs = instantOf(localAt, 'Etc/GMT-14');
    await broadcast({ startsAtMs, ttlMs: HOUR_MS, local: { localAt, timeZone: 'UTC' } });
    await fixture.createDispatcher().start();
    await fixture.pass(HOUR_MS / 2, 1_000);
    expect(fixture.sender.posts.map(({ atMs }) => atMs)).toEqual([
      instantOf(localAt, 'Asia/Kathmandu'),
      instantOf(localAt, 'Asia/Kolkata'),
    ]);
  });

  describe('that somebody sets', () => {
    const start = async () => {
      const steady = createSteadyClock(fixture.clock, () => fixture.clock.elapsedMs());
      await fixture.createDispatcher({ clock: steady, wall: steady }).start();
    };

    test('forward, past its instant, it goes out', async () => {
      const scheduledAtMs = fixture.clock.nowMs() + HOUR_MS;
      await fixture.queue([await fixture.install(1)], { scheduledAtMs });
      await start();
      await fixture.pass(2_000);
      fixture.clock.set(HOUR_MS - 1_000);
      await fixture.pass(2_500);
      expect(fixture.states()).toEqual(['sent']);
    });

    test('back, it waits for its date', async () => {
      const scheduledAtMs = fixture.clock.nowMs() + 10_000;
      await fixture.queue([await fixture.install(1)], { scheduledAtMs });
      await broadcast({ startsAtMs: scheduledAtMs, ttlMs: HOUR_MS });
      await start();
      await fixture.pass(5_000);
      fixture.clock.set(-60_000);
      await fixture.pass(64_000, 500);
      expect(fixture.states()).toEqual(['queued']);
      await fixture.pass(2_500);
      expect(fixture.states()).toEqual(['sent', 'sent']);
      expect(fixture.clock.nowMs() - scheduledAtMs).toBeLessThan(2_000);
    });
  });
});

describe('on PostgreSQL', () => {
  let server: PostgresServer;
  let fixture: PostgresDeliveryFixture;

  beforeAll(async () => {
    server = await PostgresServer.start();
    fixture = await PostgresDeliveryFixture.create(server);
  });

  afterAll(async () => {
    await fixture.dispose();
    await server.dispose();
  });

  test('a delivery and a broadcast go out within the second', async () => {
    const scheduledAtMs = fixture.clock.nowMs() + 5_000;
    const person = await fixture.install(1);
    await fixture.queue([person], { scheduledAtMs });
    const id = await fixture.queue([]);
    await fixture.store.write((tx) =>
      tx.notifications.startFanout(toEveryone(id, { schedule: { startsAtMs: scheduledAtMs, ttlMs: HOUR_MS } })),
    );
    await fixture.createDispatcher({ isAlone: false }).start();
    await fixture.pass(4_500);
    expect(fixture.sender.posts).toEqual([]);
    await fixture.pass(1_400, 100);
    await eventually(() => fixture.sender.posts.length === 2, 'both have gone out');
    for (const { atMs } of fixture.sender.posts) {
      expect(atMs).toBeGreaterThanOrEqual(scheduledAtMs);
      expect(atMs).toBeLessThan(scheduledAtMs + 1_000);
    }
  });
});
