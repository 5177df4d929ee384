// What every store must do to pace: slots of lanes, room in conversations, the shares of priorities.

import { PRIORITIES, type Priority } from '../../../src/domain/notification.ts';
import type { ClaimedDelivery, ClaimInput } from '../../../src/store/delivery-queue.ts';
import type { Store } from '../../../src/store/store.ts';
import { addProducer, type InstalledPerson, installPerson, queueNotification } from '../../support/store-fixtures.ts';

const NOW = Date.UTC(2026, 0, 1);
const OWNER = 'dispatcher-1';
const ANY_TIME = { earliestMs: 0, latestMs: Number.MAX_SAFE_INTEGER / 1_000 };

/** @param open the store of the test that runs; @param restart gives it anew, as after a restart */
export function describePacingContract(open: () => Store, restart: () => Promise<Store>): void {
  let producerId: number;

  beforeEach(async () => {
    producerId = await addProducer(open());
  });

  const install = (index: number, options: { tenantId?: string; intervalUs?: number } = {}) =>
    installPerson(open(), { index, nowMs: NOW, ...options });

  const queue = async (to: readonly InstalledPerson[], priority: Priority = 'normal', nowMs = NOW) =>
    queueNotification(open(), { producerId, to, priority, nowMs });

  const queueReply = async ({ laneId, conversationId }: InstalledPerson) => {
    const notificationId = await queue([]);
    const delivery = { notificationId, laneId, conversationId, recipient: null, nowMs: NOW, expiresAtMs: NOW + 1e9 };
    await open().write((tx) => tx.deliveries.insert({ ...delivery, priority: 'urgent', isQuiet: true }));
  };

  const claim = (nowMs: number, input: Partial<ClaimInput> = {}) => {
    const usual = { owner: OWNER, leaseMs: 60_000, limit: 100, quantum: 20, horizonMs: 400 };
    const gate = { closedOrigins: [], isClosedToRetries: false };
    return open().write((tx) => tx.queue.claim({ ...usual, ...gate, nowMs, ...input }));
  };

  const send = async (claimed: ClaimedDelivery, nowMs: number) => {
    const lease = { deliveryId: claimed.id, owner: OWNER };
    const start = { operation: 'post', requestId: 'r', nowMs, leaseUntilMs: nowMs + 60_000 } as const;
    const number = (await open().writeOne((tx) => tx.queue.beginAttempt(lease, start))) ?? 0;
    await open().writeOne((tx) =>
      tx.queue.endAttempt(lease, { ...DELIVERED, number, nowMs }, { ...SENT, dueAtMs: nowMs, nowMs }),
    );
  };

  /** Claims and sends at each of these instants. @returns how many each found */
  const sendAll = async (instants: readonly number[]) => {
    const found = [];
    for (const nowMs of instants) {
      const claimed = await claim(nowMs);
      for (const one of claimed) {
        await send(one, nowMs);
      }
      found.push(claimed.length);
    }
    return found;
  };

  describe('slots that are asked for', () => {
    const reserve = (laneId: number, nowMs: number, window: { earliestMs: number; latestMs: number } = ANY_TIME) =>
      open().write((tx) =>
        tx.queue.reserveSlot({ laneId, nowMs, ...window, earliestMs: Math.max(nowMs, window.earliestMs) }),
      );

    test('are one interval apart, also from those of claims', async () => {
      const person = await install(1);
      await queue([person]);
      expect((await claim(NOW))[0]).toMatchObject({ slotAtMs: NOW, intervalMs: 25 });
      expect([await reserve(person.laneId, NOW), await reserve(person.laneId, NOW)]).toEqual([NOW + 25, NOW + 50]);
      await queue([await install(2)]);
      expect((await claim(NOW))[0]?.slotAtMs).toBe(NOW + 75);
    });

    test('are not before the earliest instant and not had after the latest', async () => {
      const { laneId } = await install(1);
      expect(await reserve(laneId, NOW, { earliestMs: NOW + 100, latestMs: NOW + 1_000 })).toBe(NOW + 100);
      expect(await reserve(laneId, NOW, { earliestMs: NOW, latestMs: NOW + 124 })).toBeUndefined();
      expect(await reserve(laneId, NOW, { earliestMs: NOW, latestMs: NOW + 125 })).toBe(NOW + 125);
    });

    test('are not had while a 429 holds the lane back', async () => {
      const { laneId } = await install(1);
      await open().write((tx) => tx.lanes.block(laneId, NOW + 1_000));
      expect(await reserve(laneId, NOW + 999)).toBeUndefined();
      expect(await reserve(laneId, NOW + 1_000)).toBe(NOW + 1_000);
    });

    test('are of no use once a 429 holds the lane back: no attempt begins, and the lease is still there', async () => {
      await queue([await install(1)]);
      const [claimed] = await claim(NOW);
      if (!claimed) {
        throw new Error('nothing was claimed');
      }
      await open().write((tx) => tx.lanes.pause(claimed.laneId, NOW, 1_000));
      const lease = { deliveryId: claimed.id, owner: OWNER };
      const begin = (nowMs: number) =>
        open().write((tx) =>
          tx.queue.beginAttempt(lease, { operation: 'post', requestId: 'r', nowMs, leaseUntilMs: nowMs + 60_000 }),
        );
      expect(await begin(NOW + 999)).toBeUndefined();
      expect(await begin(NOW + 1_000)).toBe(1);
    });

    test('are to be had in a lane whose interval is longer than a claim looks ahead', async () => {
      await queue([await install(1, { intervalUs: 1_000_000 }), await install(2, { intervalUs: 1_000_000 })]);
      expect(await claim(NOW)).toHaveLength(1);
      expect(await claim(NOW + 700)).toEqual([]);
      expect(await claim(NOW + 800)).toMatchObject([{ slotAtMs: NOW + 1_000 }]);
    });
  });

  describe('a lane that keeps meeting 429', () => {
    test('has slots further apart, also after a restart, and comes back to its rate', async () => {
      const { laneId } = await install(1);
      for (let second = 0; second < 4; second++) {
        await open().write((tx) => tx.lanes.slowDown(laneId, NOW + second * 1_000, 0));
      }
      const store = await restart();
      const gapAt = async (nowMs: number) => {
        const slot = () =>
          store.write((tx) => tx.queue.reserveSlot({ laneId, nowMs, earliestMs: nowMs, latestMs: nowMs + 1_000 }));
        const first = (await slot()) ?? 0;
        return ((await slot()) ?? 0) - first;
      };
      expect(await gapAt(NOW + 4_000)).toBeCloseTo(25 * 1.25 ** 3, 1);
      expect(await gapAt(NOW + 600_000)).toBe(25);
    });
  });

  describe('one conversation', () => {
    test('gets four posts at once and then one each 700 ms; what waits keeps its order', async () => {
      const person = await install(1);
      for (let count = 0; count < 6; count++) {
        await queue([person]);
      }
      expect(await sendAll([0, 1, 2, 3, 4].map((ms) => NOW + ms))).toEqual([1, 1, 1, 1, 0]);
      expect(await sendAll([699, 700, 1_399, 1_400].map((ms) => NOW + ms))).toEqual([0, 1, 0, 1]);
    });

    test('gets ten notifications a minute; what exceeds them waits, without being looked at, and urgent goes first', async () => {
      const person = await install(1);
      for (let count = 0; count < 12; count++) {
        await queue([person]);
      }
      await sendAll(Array.from({ length: 10 }, (_, index) => NOW + index * 1_000));
      expect(await claim(NOW + 20_000)).toEqual([]);
      expect(await open().read.queue.hasDue(NOW + 59_999)).toBe(false);
      expect(await open().read.queue.nextDueAtMs()).toBe(NOW + 60_000);
      const urgentId = await queue([person], 'urgent', NOW + 30_000);
      expect(await claim(NOW + 30_000)).toEqual([]);
      const [first] = await claim(NOW + 60_000);
      const urgent = await open().read.deliveries.listOfNotification(urgentId, 1);
      expect(first?.id).toBe(urgent[0]?.id);
    });

    test('gets the answers to what the person wrote, whatever else waits', async () => {
      const person = await install(1);
      for (let count = 0; count < 12; count++) {
        await queue([person], 'urgent');
      }
      await sendAll(Array.from({ length: 10 }, (_, index) => NOW + index * 1_000));
      await queueReply(person);
      expect(await sendAll([NOW + 20_000, NOW + 20_001])).toEqual([1, 0]);
      expect(await sendAll([NOW + 60_000])).toEqual([1]);
    });

    test('that has no room holds nobody else back', async () => {
      const [busy, free] = [await install(1), await install(2)];
      for (let count = 0; count < 50; count++) {
        await queue([busy]);
      }
      await sendAll(Array.from({ length: 10 }, (_, index) => NOW + index * 1_000));
      await queue([free]);
      expect((await claim(NOW + 10_000)).map((row) => row.conversationId)).toEqual([free.conversationId]);
    });
  });

  describe('inside a lane', () => {
    test('urgent fills the lane, but of twenty slots normal has three and bulk has one', async () => {
      const people = [];
      for (let index = 0; index < 300; index++) {
        people.push(await install(index));
      }
      await queue(people.slice(0, 200), 'urgent');
      await queue(people.slice(200, 250), 'normal');
      await queue(people.slice(250), 'bulk');
      const order: ClaimedDelivery[] = [];
      for (let round = 0; round < 20; round++) {
        order.push(...(await claim(NOW + round * 400, { quantum: 10 })));
      }
      const priorityOf = new Map(
        people.map(({ conversationId }, index) => [conversationId, index < 200 ? 0 : index < 250 ? 1 : 2]),
      );
      const counts = PRIORITIES.map(
        (_, priority) => order.filter((row) => priorityOf.get(row.conversationId) === priority).length,
      );
      expect(counts).toEqual([160, 30, 10]);
    });
  });

  describe('between lanes', () => {
    test('fifty take turns, whatever the length of their queues', async () => {
      const lanes: InstalledPerson[][] = [];
      for (let lane = 0; lane < 50; lane++) {
        const tenantId = `${String(lane).padStart(8, '0')}-1111-4111-8111-111111111111`;
        const people = [];
        for (let index = 0; index < (lane === 0 ? 100 : 10); index++) {
          people.push(await install(index, { tenantId }));
        }
        lanes.push(people);
      }
      await queue(lanes.flat());
      const servedOf = new Map(lanes.map(([one]) => [one?.laneId, 0]));
      for (let round = 0; round < 50; round++) {
        for (const { laneId } of await claim(NOW + round, { quantum: 2, limit: 8 })) {
          servedOf.set(laneId, (servedOf.get(laneId) ?? 0) + 1);
        }
        // Nobody is more than two turns ahead of anybody else.
        const served = [...servedOf.values()];
        expect(Math.max(...served) - Math.min(...served)).toBeLessThanOrEqual(2 * 2);
      }
      expect(Math.min(...servedOf.values())).toBeGreaterThanOrEqual(6);
    });
  });

  test('a question that was given back unasked is due again and has used up no attempt', async () => {
    const { personId } = await install(1);
    await open().write((tx) => tx.lookups.request(personId, NOW));
    const take = (nowMs: number) => open().write((tx) => tx.lookups.claim(nowMs, nowMs + 60_000, 10));
    await take(NOW);
    await open().write((tx) => tx.lookups.giveBack(personId, NOW + 5_000));
    expect(await take(NOW + 4_999)).toEqual([]);
    expect(await take(NOW + 5_000)).toMatchObject([{ personId, attempts: 0 }]);
  });
}

const DELIVERED = { outcome: 'delivered', reason: null, httpStatus: 201, correlationId: null };
const SENT = { state: 'sent', failures: 0, isReduced: false, reason: null, activityId: '1' } as const;
