// Lists that are read page by page: a part of the store contract.

import type { DeliveryState } from '../../../src/domain/delivery.ts';
import type { Store } from '../../../src/store/store.ts';
import { addProducer, installPerson, queueNotification } from '../../support/store-fixtures.ts';

const NOW = Date.UTC(2026, 0, 1);

export function describePagesContract(openedStore: () => Store): void {
  describe('pages', () => {
    const people = (count: number) =>
      Promise.all(
        Array.from({ length: count }, (_, at) => installPerson(openedStore(), { index: at + 1, nowMs: NOW })),
      );
    const endDelivery = (id: number) => openedStore().write((tx) => tx.undelivered.cancel([id], NOW));

    test('deliveries of a notification come in the order of their chats, those of others never', async () => {
      const store = openedStore();
      const producerId = await addProducer(store);
      const to = await people(3);
      const notificationId = await queueNotification(store, { producerId, to: to.toReversed(), nowMs: NOW });
      await queueNotification(store, { producerId, to, nowMs: NOW });
      const chats = to.map(({ conversationId }) => conversationId).toSorted((left, right) => left - right);
      const page = async (after = 0, end?: number) => {
        const rows = await store.read.pages.listDeliveries({ notificationId, after, end }, 2);
        return rows.map(({ conversationId }) => conversationId);
      };
      const [one = 0, two = 0, three] = chats;
      expect(await page()).toEqual([one, two]);
      expect(await page(two)).toEqual([three]);
      expect(await page(one, two)).toEqual([two]);
      expect(await store.read.pages.findDelivery({ notificationId, after: one }, 2)).toBe(three);
      expect(await store.read.pages.findDelivery({ notificationId, after: one }, 3)).toBeUndefined();
    });

    test('deliveries are chosen by their state', async () => {
      const store = openedStore();
      const producerId = await addProducer(store);
      const notificationId = await queueNotification(store, { producerId, to: await people(3), nowMs: NOW });
      const [, second] = await store.read.pages.listDeliveries({ notificationId, after: 0 }, 10);
      await endDelivery(second?.id ?? 0);
      const listed = async (plain: readonly DeliveryState[], changing: readonly DeliveryState[] = []) => {
        const states = { plain, changing };
        return (await store.read.pages.listDeliveries({ notificationId, after: 0, states }, 10)).map(({ id }) => id);
      };
      const [first, , third] = await listed(['queued', 'cancelled']);
      expect(await listed(['cancelled'])).toEqual([second?.id]);
      expect(await listed(['queued', 'leased'])).toEqual([first, third]);
      expect(await listed([], ['queued'])).toEqual([]);
    });

    test('what of a notification waits or is on its way is found chat by chat, until there is nothing', async () => {
      const store = openedStore();
      const producerId = await addProducer(store);
      const to = await people(2);
      const notificationId = await queueNotification(store, { producerId, to, nowMs: NOW });
      const [first = 0, second = 0] = to.map(({ conversationId }) => conversationId);
      const deliveries = await store.read.pages.listDeliveries({ notificationId, after: 0 }, 10);
      expect(await store.read.pages.findOpen(notificationId, 0)).toBe(first);
      await endDelivery(deliveries[0]?.id ?? 0);
      expect(await store.read.pages.findOpen(notificationId, first)).toBe(second);
      await endDelivery(deliveries[1]?.id ?? 0);
      expect(await store.read.pages.findOpen(notificationId, 0)).toBeUndefined();
    });

    test('notifications of a producer come newest first, also of one instant, those of others never', async () => {
      const store = openedStore();
      const [producerId, other] = [await addProducer(store), await addProducer(store, 'billing')];
      const queue = (ms: number, producer = producerId) =>
        queueNotification(store, { producerId: producer, to: [], nowMs: NOW + ms });
      const [late, first, second, early] = [await queue(2), await queue(1), await queue(1), await queue(0)];
      await queue(1, other);
      const list = async (page: object, limit = 10) =>
        (await store.read.pages.listNotifications({ producerId, ...page }, limit)).map(({ id }) => id);
      expect(await list({})).toEqual([late, second, first, early]);
      expect(await list({ after: { createdAtMs: NOW + 1, id: second } }, 1)).toEqual([first]);
      expect(await list({ sinceMs: NOW + 1, untilMs: NOW + 2 })).toEqual([second, first]);
      expect(await list({ end: { createdAtMs: NOW + 1, id: second } })).toEqual([late, second]);
      expect(await store.read.pages.findNotification({ producerId }, 3)).toEqual({ id: first, createdAtMs: NOW + 1 });
      expect(await list({ key: 'disk/db1' })).toEqual([]);
      expect(await list({ state: 'open' })).toEqual([]);
    });
  });
}
