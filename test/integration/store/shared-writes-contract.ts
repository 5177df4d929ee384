// What every store must do with writes of one call that come at the same time: they may share a transaction, no more.

import type { Lease } from '../../../src/store/delivery-queue.ts';
import type { Store } from '../../../src/store/store.ts';
import { addProducer, installPerson, queueNotification } from '../../support/store-fixtures.ts';

const NOW = Date.UTC(2026, 0, 1);
const OWNER = 'dispatcher-1';
const START = { operation: 'post', nowMs: NOW, leaseUntilMs: NOW + 60_000 } as const;
const END = { number: 1, outcome: 'delivered', reason: null, httpStatus: 201, correlationId: null, nowMs: NOW + 5 };
const SENT = { state: 'sent', failures: 0, isReduced: false, dueAtMs: NOW, reason: null, nowMs: NOW + 5 } as const;

/** @param open gives the store of the test */
export function describeSharedWritesContract(open: () => Store): void {
  describe('writes of one call', () => {
    let laneId: number;
    let notificationId: number;

    /** Leases of as many deliveries, all of one owner. */
    const lease = async (count: number): Promise<readonly Lease[]> => {
      const to = [];
      for (let index = 0; index < count; index++) {
        to.push(await installPerson(open(), { index, nowMs: NOW }));
      }
      laneId = to[0]?.laneId ?? 0;
      notificationId = await queueNotification(open(), { producerId: await addProducer(open()), to, nowMs: NOW });
      const input = { nowMs: NOW, owner: OWNER, leaseMs: 60_000, limit: 100, quantum: 20, horizonMs: 400 };
      const claimed = await open().write((tx) =>
        tx.queue.claim({ ...input, closedOrigins: [], isClosedToRetries: false }),
      );
      return claimed.map(({ id }) => ({ deliveryId: id, owner: OWNER }));
    };

    const begin = (held: Lease) =>
      open().writeOne((tx) => tx.queue.beginAttempt(held, { ...START, requestId: `request-${held.deliveryId}` }));

    const end = (held: Lease) =>
      open().writeOne((tx) =>
        tx.queue.endAttempt(
          held,
          { ...END, correlationId: `cv-${held.deliveryId}` },
          { ...SENT, activityId: `activity-${held.deliveryId}` },
        ),
      );

    const stranger = (held: Lease | undefined): Lease => ({ deliveryId: held?.deliveryId ?? 0, owner: 'dispatcher-2' });

    const states = async () =>
      (await open().read.deliveries.listOfNotification(notificationId, 100)).map(({ state }) => state);

    test('each is answered for itself: who lost the lease is alone in that', async () => {
      const leases = await lease(3);
      const [first, ...others] = leases;
      const asked = [stranger(first), ...leases];
      expect(await Promise.all(asked.map(begin))).toEqual([undefined, 1, 1, 1]);
      expect(await Promise.all([stranger(first), ...others].map(end))).toEqual([false, true, true]);
      expect(await states()).toEqual(['sending', 'sent', 'sent']);
    });

    test('each keeps its own record', async () => {
      const leases = await lease(3);
      await Promise.all(leases.map(begin));
      await Promise.all(leases.slice(1).map(end));
      const attempts = await open().read.attempts.list(leases.map(({ deliveryId }) => deliveryId));
      const ended = { outcome: 'delivered', httpStatus: 201, finishedAtMs: NOW + 5 };
      expect(attempts).toMatchObject(
        leases.map(({ deliveryId }, index) => ({
          ...{ deliveryId, number: 1, requestId: `request-${deliveryId}` },
          ...(index === 0 ? { outcome: null } : { ...ended, correlationId: `cv-${deliveryId}` }),
        })),
      );
    });

    test('a 429 of the lane lets none of them begin', async () => {
      const leases = await lease(2);
      await open().write((tx) => tx.lanes.block(laneId, NOW + 1_000));
      expect(await Promise.all(leases.map(begin))).toEqual([undefined, undefined]);
      expect(await states()).toEqual(['leased', 'leased']);
    });

    test('one that throws is undone alone', async () => {
      const [first, second] = await lease(2);
      const failing = open().writeOne(async (tx) => {
        await tx.queue.beginAttempt(first ?? stranger(undefined), { ...START, requestId: 'undone' });
        throw new Error('changed its mind');
      });
      const [failed, begun] = await Promise.allSettled([failing, begin(second ?? stranger(undefined))]);
      expect(failed).toMatchObject({ status: 'rejected', reason: { message: 'changed its mind' } });
      expect(begun).toEqual({ status: 'fulfilled', value: 1 });
      expect(await states()).toEqual(['leased', 'sending']);
    });

    test('slots that are taken at the same time are one interval apart', async () => {
      await lease(1);
      const wish = { laneId, nowMs: NOW, earliestMs: NOW, latestMs: NOW + 75 };
      const take = () => open().writeOne((tx) => tx.queue.reserveSlot(wish));
      expect(await Promise.all([take(), take(), take(), take()])).toEqual([NOW + 25, NOW + 50, NOW + 75, undefined]);
    });

    test('a store that is closed refuses them', async () => {
      const [first] = await lease(1);
      await open().close();
      await expect(begin(first ?? stranger(undefined))).rejects.toMatchObject({ code: 'store_unavailable' });
    });
  });
}
