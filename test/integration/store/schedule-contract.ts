// What every store must do with what is due later: deliveries, and broadcasts that begin at a time.

import { instantOf } from '../../../src/domain/local-time.ts';
import type { ClaimedDelivery, ClaimInput } from '../../../src/store/delivery-queue.ts';
import type { FanoutSchedule } from '../../../src/store/statements/fanouts.ts';
import type { Store } from '../../../src/store/store.ts';
import {
  addProducer,
  type InstalledPerson,
  installPerson,
  type PersonOptions,
  queueNotification,
  toEveryone,
} from '../../support/store-fixtures.ts';

const NOW = Date.UTC(2026, 0, 1);
const HOUR_MS = 3_600_000;
const TOMORROW = NOW + 24 * HOUR_MS;
const OWNER = 'dispatcher-1';

/** @param open the store of the test that runs */
export function describeScheduleContract(open: () => Store): void {
  let producerId: number;

  beforeEach(async () => {
    producerId = await addProducer(open());
  });

  const install = (index: number, options: Partial<PersonOptions> = {}) =>
    installPerson(open(), { index, nowMs: NOW, intervalUs: 1, ...options });

  const queue = (to: readonly InstalledPerson[], scheduledAtMs?: number, ttlMs = HOUR_MS) =>
    queueNotification(open(), { producerId, to, nowMs: NOW, ttlMs, ...(scheduledAtMs && { scheduledAtMs }) });

  const claim = (nowMs: number, input: Partial<ClaimInput> = {}) => {
    const usual = { owner: OWNER, leaseMs: 60_000, limit: 100, quantum: 20, horizonMs: 400 };
    const gate = { closedOrigins: [], isClosedToRetries: false };
    return open().write((tx) => tx.queue.claim({ ...usual, ...gate, nowMs, ...input }));
  };

  const send = async ({ id: deliveryId }: ClaimedDelivery, nowMs: number) => {
    const lease = { deliveryId, owner: OWNER };
    const start = { operation: 'post', requestId: 'r', nowMs, leaseUntilMs: nowMs + 60_000 } as const;
    await open().write(async (tx) => {
      await tx.queue.beginAttempt(lease, start);
      await tx.queue.release(lease, { ...SENT, dueAtMs: nowMs, nowMs });
    });
  };

  describe('a delivery', () => {
    test('is not claimed before its instant, and the store tells when that is', async () => {
      await queue([await install(1)], TOMORROW);
      const { queue: reading } = open().read;
      expect(await reading.nextDueAtMs()).toBe(TOMORROW);
      expect([await reading.hasDue(TOMORROW - 1), await claim(TOMORROW - 1)]).toEqual([false, []]);
      expect(await reading.hasDue(TOMORROW)).toBe(true);
      expect(await claim(TOMORROW)).toMatchObject([{ expiresAtMs: TOMORROW + HOUR_MS }]);
    });

    test('does not hold up what is for the same chat today, and goes before it once both are due', async () => {
      const person = await install(1);
      const tomorrowId = await queue([person], TOMORROW);
      await queue([person]);
      const [tomorrow] = await open().read.deliveries.listOfNotification(tomorrowId, 1);
      const [today] = await claim(NOW);
      expect(today?.id).not.toBe(tomorrow?.id);
      await send(today ?? missing(), NOW);
      await queue([person], TOMORROW);
      expect(await claim(TOMORROW)).toMatchObject([{ id: tomorrow?.id }]);
    });

    test('is not pulled forward when its chat has no room, and is put off with everything else when that is later', async () => {
      const person = await install(1);
      const soon = NOW + 30_000;
      await queue([person], TOMORROW);
      await queue([person], soon);
      for (let count = 0; count < 11; count++) {
        await queue([person]);
      }
      for (let count = 0; count < 10; count++) {
        const [one] = await claim(NOW + count * 1_000);
        await send(one ?? missing(), NOW + count * 1_000);
      }
      expect(await claim(NOW + 20_000)).toEqual([]);
      // The eleventh in a minute waits until a minute after the first, and so does what comes due before that.
      expect(await open().read.queue.hasDue(soon)).toBe(false);
      expect(await open().read.queue.nextDueAtMs()).toBe(NOW + 60_000);
      for (const nowMs of [NOW + 60_000, NOW + 61_000]) {
        const [one] = await claim(nowMs);
        await send(one ?? missing(), nowMs);
      }
      expect(await open().read.queue.nextDueAtMs()).toBe(TOMORROW);
    });

    test('of which more than ten come due at once for one person still wait for their turn', async () => {
      const person = await install(1);
      for (let count = 0; count < 12; count++) {
        await queue([person], TOMORROW);
      }
      let sent = 0;
      for (let second = 0; second < 59; second++) {
        for (const one of await claim(TOMORROW + second * 1_000)) {
          await send(one, TOMORROW + second * 1_000);
          sent += 1;
        }
      }
      expect(sent).toBe(10);
    });

    test('counts as waiting, and not as waiting before what goes now', async () => {
      const person = await install(1);
      await queue([person], TOMORROW);
      await queue([person]);
      const { deliveries, lanes } = open().read;
      expect([await deliveries.hasWaiting(person.conversationId, 2), await deliveries.countOpen()]).toEqual([
        true,
        [{ state: 'queued', count: 2 }],
      ]);
      const wish = { priority: 'bulk', max: 100, nowMs: NOW } as const;
      expect(await lanes.listOutlooks([person.laneId], wish)).toMatchObject([{ waiting: 1 }]);
    });

    test('ends at the end of its time to live, and is sent again at once', async () => {
      const id = await queue([await install(1)], TOMORROW);
      const expire = (nowMs: number) => open().write((tx) => tx.queue.expireDue(nowMs));
      expect([await expire(TOMORROW + HOUR_MS - 1), await expire(TOMORROW + HOUR_MS)]).toEqual([0, 1]);
      const nowMs = TOMORROW + 2 * HOUR_MS;
      const rows = await open().read.deliveries.listOfNotification(id, 1);
      const ids = rows.map((row) => row.id);
      await open().write((tx) => tx.undelivered.requeue(ids, { nowMs, expiresAtMs: nowMs + HOUR_MS }));
      expect(await open().read.deliveries.listOfNotification(id, 1)).toMatchObject([{ scheduledAtMs: null }]);
      expect(await claim(nowMs)).toHaveLength(1);
    });
  });

  describe('a broadcast', () => {
    const broadcast = async (schedule: FanoutSchedule) => {
      const id = await queue([]);
      await open().write((tx) => tx.notifications.startFanout(toEveryone(id, { schedule })));
      return id;
    };
    const expand = (nowMs: number, chunk = 10) => open().write((tx) => tx.queue.expandFanout(nowMs, chunk));
    const rowsOf = (id: number) => open().read.deliveries.listOfNotification(id, 100);

    test('begins at its instant and not before, and the store tells when that is', async () => {
      await install(1);
      const id = await broadcast({ startsAtMs: TOMORROW, ttlMs: HOUR_MS });
      const { queue: reading, notifications } = open().read;
      expect(await reading.nextDueAtMs()).toBe(TOMORROW);
      expect([await reading.hasDue(TOMORROW - 1), await expand(TOMORROW - 1)]).toEqual([false, 0]);
      expect(await notifications.hasOpenFanout(TOMORROW - 1)).toBe(false);
      await install(2);
      expect([await reading.hasDue(TOMORROW), await notifications.hasOpenFanout(TOMORROW)]).toEqual([true, true]);
      expect([await expand(TOMORROW), await expand(TOMORROW)]).toEqual([2, 0]);
      expect([await reading.hasDue(TOMORROW - 1), await reading.nextDueAtMs()]).toEqual([false, TOMORROW]);
      expect(await rowsOf(id)).toHaveLength(2);
      expect(await claim(TOMORROW)).toMatchObject(Array(2).fill({ expiresAtMs: TOMORROW + HOUR_MS }));
    });

    test('that begins later does not stand before one that has begun', async () => {
      await install(1);
      const later = await broadcast({ startsAtMs: TOMORROW, ttlMs: HOUR_MS });
      const now = await queue([]);
      await open().write((tx) => tx.notifications.startFanout(toEveryone(now)));
      expect([await expand(NOW), await expand(NOW)]).toEqual([1, 0]);
      expect([(await rowsOf(now)).length, (await rowsOf(later)).length]).toEqual([1, 0]);
      expect(await open().read.queue.hasDue(NOW)).toBe(true);
      await claim(NOW);
      expect(await open().read.queue.hasDue(TOMORROW - 1)).toBe(false);
    });

    test('that is stopped before it begins reaches nobody', async () => {
      await install(1);
      const id = await broadcast({ startsAtMs: TOMORROW, ttlMs: HOUR_MS });
      expect(await open().write((tx) => tx.notifications.stopFanout(id))).toBe(true);
      expect([await expand(TOMORROW), await open().read.queue.nextDueAtMs()]).toEqual([0, undefined]);
    });

    test('at a local time is due for each person in their own zone, and elsewhere in the zone that was given', async () => {
      const zones = ['Europe/Berlin', 'America/New_York', 'Pacific/Kiritimati', 'Mars/Base', 'O\'Brien"', undefined];
      for (const [index, timeZone] of zones.entries()) {
        await install(index, timeZone ? { timeZone } : {});
      }
      const localAt = '2026-01-02T09:00:00';
      const there = (timeZone: string) => instantOf(localAt, timeZone);
      const startsAtMs = there('Pacific/Kiritimati');
      const id = await broadcast({ startsAtMs, ttlMs: HOUR_MS, local: { localAt, timeZone: 'Asia/Tokyo' } });
      expect([await expand(startsAtMs, 4), await expand(startsAtMs, 4)]).toEqual([4, 2]);
      const scheduled = (await rowsOf(id)).map((row) => row.scheduledAtMs);
      const tokyo = there('Asia/Tokyo');
      expect(scheduled).toEqual([there('Europe/Berlin'), there('America/New_York'), null, tokyo, tokyo, tokyo]);
      const counts = [];
      for (const nowMs of [startsAtMs, tokyo - 1, tokyo, there('Europe/Berlin'), there('America/New_York')]) {
        const claimed = await claim(nowMs);
        counts.push(claimed.length);
        expect(claimed.map((one) => one.expiresAtMs)).toEqual(claimed.map(() => nowMs + HOUR_MS));
      }
      expect(counts).toEqual([1, 0, 3, 1, 1]);
    });

    test('at a local time that was past for some when it was accepted reaches those at once, with all its time to live', async () => {
      await install(1, { timeZone: 'Pacific/Auckland' });
      await install(2, { timeZone: 'America/New_York' });
      // In Auckland it is 13:00 at this moment, in New York 19:00 of the day before.
      const localAt = '2026-01-01T09:00:00';
      const local = { localAt, timeZone: 'UTC' };
      await broadcast({ startsAtMs: instantOf(localAt, 'Etc/GMT-14'), ttlMs: HOUR_MS, local });
      const nowMs = NOW + 2_000;
      expect([await expand(nowMs), await expand(nowMs)]).toEqual([2, 0]);
      expect(await claim(nowMs)).toMatchObject([{ expiresAtMs: nowMs + HOUR_MS }]);
      expect(await open().read.queue.nextDueAtMs()).toBe(instantOf(localAt, 'America/New_York'));
    });
  });
}

const SENT = { state: 'sent', failures: 0, isReduced: false, reason: null, activityId: '1' } as const;

function missing(): never {
  throw new Error('nothing was claimed');
}
