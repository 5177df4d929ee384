// What every store must write down of notifications whose producers have a webhook, and how the messages are claimed.

import type { DeliveryState } from '../../../src/domain/delivery.ts';
import { STATUS_EVENT_TYPES } from '../../../src/domain/status-event.ts';
import { forgetPerson } from '../../../src/store/forget-person.ts';
import type { Store } from '../../../src/store/store.ts';
import {
  addProducer,
  type InstalledPerson,
  installPerson,
  queueNotification,
  toEveryone,
} from '../../support/store-fixtures.ts';

const NOW = Date.UTC(2026, 0, 1);
const OWNER = 'dispatcher-1';
const LATER = { dueAtMs: NOW, failures: 0, isReduced: false, activityId: null, nowMs: NOW + 5 };

/** @param open the store of the test that runs */
export function describeStatusEventsContract(open: () => Store): void {
  let producerId: number;
  let ana: InstalledPerson;
  let ben: InstalledPerson;

  beforeEach(async () => {
    producerId = await addProducer(open());
    ana = await installPerson(open(), { index: 1, nowMs: NOW, intervalUs: 1 });
    ben = await installPerson(open(), { index: 2, nowMs: NOW, intervalUs: 1 });
  });

  const addWebhook = (owner = producerId, publicId = `whe_${owner}`) =>
    open().write((tx) =>
      tx.webhookEndpoints.insert({
        publicId,
        producerId: owner,
        url: 'https://example.com/',
        events: null,
        description: null,
        secret: 'sealed',
        createdAtMs: NOW,
      }),
    );

  const queue = (to: readonly InstalledPerson[] = [ana, ben], ttlMs?: number) =>
    queueNotification(open(), { producerId, to, nowMs: NOW, ...(ttlMs !== undefined && { ttlMs }) });

  /** The events since the last look. */
  const take = async () => (await open().write((tx) => tx.statusEvents.takeWaiting(100))).map(({ type }) => type);

  const claim = (nowMs = NOW) =>
    open().write((tx) =>
      tx.queue.claim({
        nowMs,
        owner: OWNER,
        leaseMs: 60_000,
        limit: 100,
        quantum: 20,
        horizonMs: 400,
        closedOrigins: [],
        isClosedToRetries: false,
      }),
    );

  const deliveryIds = async (notificationId: number) =>
    (await open().read.deliveries.listOfNotification(notificationId, 100)).map(({ id }) => id);

  const begin = async () => {
    const [first, second] = await claim();
    for (const claimed of [first, second]) {
      const lease = { deliveryId: claimed?.id ?? 0, owner: OWNER };
      const start = { operation: 'post', requestId: 'r', nowMs: NOW, leaseUntilMs: NOW + 60_000 } as const;
      await open().writeOne((tx) => tx.queue.beginAttempt(lease, start));
    }
    return [first, second].map((claimed) => ({ deliveryId: claimed?.id ?? 0, owner: OWNER }));
  };

  describe('one event', () => {
    beforeEach(async () => {
      await addWebhook();
      await queue();
      expect(await take()).toEqual(['notification.accepted']);
    });

    test('for each of two deliveries whose attempts end in one statement, whatever they came to', async () => {
      const leases = await begin();
      const outcome = { number: 1, reason: null, httpStatus: 201, correlationId: null, nowMs: NOW + 5 };
      const ends: readonly DeliveryState[] = ['sent', 'failed'];
      await Promise.all(
        leases.map((lease, at) =>
          open().writeOne((tx) =>
            tx.queue.endAttempt(
              lease,
              { ...outcome, outcome: 'delivered' },
              { ...LATER, state: ends[at] ?? 'sent', reason: at === 1 ? 'forbidden' : null },
            ),
          ),
        ),
      );
      expect((await take()).sort()).toEqual(['delivery.failed', 'delivery.sent']);
    });

    test.each(['sent', 'failed', 'held', 'expired', 'suppressed'] as const)(
      'for a delivery that is released as %s',
      async (state) => {
        const [lease] = await begin();
        await open().write((tx) =>
          tx.queue.release(lease ?? { deliveryId: 0, owner: '' }, { ...LATER, state, reason: null }),
        );
        expect(await take()).toEqual([`delivery.${state}`]);
        expect(STATUS_EVENT_TYPES).toContain(`delivery.${state}`);
      },
    );

    test('for each delivery whose time to live ends', async () => {
      await open().write((tx) => tx.queue.expireDue(NOW + 86_400_000));
      expect(await take()).toEqual(['delivery.expired', 'delivery.expired']);
    });

    test('for what waits for somebody who removes the app, and their name is gone from it', async () => {
      const { conversationId, personId } = ana;
      await open().write((tx) => forgetPerson(tx, { conversationId, personId, reason: 'uninstalled', nowMs: NOW }));
      const events = await open().write((tx) => tx.statusEvents.takeWaiting(100));
      expect(events.map(({ type }) => type)).toEqual(['delivery.failed']);
      const [claimed] = await claimMessages(events.map(({ id }) => id));
      expect(claimed?.event).toMatchObject({ reason: 'uninstalled', recipient: null });
    });

    test('for a delivery that is sent again and fails again, and none for going back into the queue', async () => {
      await open().write((tx) => tx.queue.expireDue(NOW + 86_400_000));
      await take();
      const ids = await deliveryIds(1);
      await open().write((tx) => tx.undelivered.requeue(ids, { nowMs: NOW, expiresAtMs: NOW + 1 }));
      expect(await take()).toEqual([]);
      await open().write((tx) => tx.queue.expireDue(NOW + 1));
      expect(await take()).toEqual(['delivery.expired', 'delivery.expired']);
    });

    test('when an undelivered one cannot be sent again, and none for another reason', async () => {
      await open().write((tx) => tx.queue.expireDue(NOW + 86_400_000));
      await take();
      const [id = 0] = await deliveryIds(1);
      await open().write((tx) => tx.undelivered.fail([id], 'not_installed', NOW));
      await open().write((tx) => tx.undelivered.fail([id], 'uninstalled', NOW));
      expect(await take()).toEqual(['delivery.failed']);
    });
  });

  describe('no event', () => {
    test('is written for a producer without a webhook, whatever happens', async () => {
      const other = await addProducer(open(), 'other');
      await addWebhook(other);
      await queue();
      const [lease] = await begin();
      await open().write((tx) =>
        tx.queue.release(lease ?? { deliveryId: 0, owner: '' }, { ...LATER, state: 'sent', reason: null }),
      );
      await open().write((tx) => tx.queue.expireDue(NOW + 86_400_000));
      expect(await open().read.statusEvents.listOldest(producerId, 10)).toEqual([]);
    });

    test('is written while the only webhook is disabled or deleted', async () => {
      const { id } = await addWebhook();
      await open().write((tx) => tx.webhookHealth.disable(id, 'operator', NOW));
      await queue();
      await open().write((tx) => tx.webhookHealth.enable(id));
      await open().write((tx) => tx.webhookEndpoints.delete(id, NOW));
      await queue();
      expect(await take()).toEqual([]);
      expect(await open().read.webhookEndpoints.list(producerId)).toEqual([]);
    });

    test('is written for what is withdrawn, claimed or given back', async () => {
      await addWebhook();
      const notificationId = await queue();
      await take();
      const [first] = await claim();
      await open().write((tx) => tx.queue.giveBack({ deliveryId: first?.id ?? 0, owner: OWNER }));
      const ids = await deliveryIds(notificationId);
      await open().write((tx) => tx.undelivered.cancel(ids, NOW));
      expect(await take()).toEqual([]);
    });

    test('stays of a transaction that is undone', async () => {
      await addWebhook();
      await queue();
      await take();
      const failing = open().write(async (tx) => {
        await tx.queue.expireDue(NOW + 86_400_000);
        throw new Error('changed my mind');
      });
      await expect(failing).rejects.toThrow();
      expect(await take()).toEqual([]);
    });
  });

  describe('an edit', () => {
    const SENT = { ...LATER, state: 'sent', activityId: '1:message', reason: null } as const;
    const release = async (update: Parameters<Store['read']['queue']['release']>[1]) => {
      const [lease] = await begin();
      await open().write((tx) => tx.queue.release(lease ?? { deliveryId: 0, owner: '' }, update));
    };

    beforeEach(() => addWebhook());

    test.each(['sent', 'failed'] as const)(
      'of a message that is in the chat tells nothing once it is %s',
      async (state) => {
        const notificationId = await queue([ana]);
        await release(SENT);
        expect(await take()).toEqual(['notification.accepted', 'delivery.sent']);
        const ids = await deliveryIds(notificationId);
        const times = { nowMs: NOW, expiresAtMs: NOW + 1_000 };
        await open().write((tx) => tx.messageChanges.queue(ids, 'update', times));
        await release({ ...SENT, state });
        expect(await open().read.deliveries.countOfNotification(notificationId)).toMatchObject([{ state, count: 1 }]);
        expect(await take()).toEqual([]);
      },
    );

    test('by a later notification of the same key tells that this one was sent', async () => {
      const notificationId = await queue([]);
      const { laneId, conversationId, email } = ana;
      const row = { notificationId, laneId, conversationId, recipient: email, nowMs: NOW, expiresAtMs: NOW + 1_000 };
      await open().write((tx) =>
        tx.deliveries.insert({ ...row, priority: 'normal', operation: 'update', isQuiet: true }),
      );
      await release(SENT);
      expect(await take()).toEqual(['notification.accepted', 'delivery.sent']);
    });
  });

  test('the deliveries of a broadcast are watched as their notification is', async () => {
    await addWebhook();
    const notificationId = await queue([]);
    await open().write((tx) => tx.notifications.startFanout(toEveryone(notificationId)));
    await open().write((tx) => tx.queue.expandFanout(NOW, 100));
    await take();
    await open().write((tx) => tx.queue.expireDue(NOW + 86_400_000));
    expect(await take()).toEqual(['delivery.expired', 'delivery.expired']);
  });

  test('what happens to a notification is recorded when it is watched, and only then', async () => {
    const unwatched = await queue([]);
    await addWebhook();
    const watched = await queue([]);
    await take();
    for (const notificationId of [unwatched, watched]) {
      await open().write((tx) => tx.statusEvents.record({ type: 'notification.recalled', notificationId, nowMs: NOW }));
    }
    expect(await take()).toEqual(['notification.recalled']);
  });

  /** Makes a message of each event, and claims them. */
  const claimMessages = async (eventIds: readonly number[], owner = 'sender-1') => {
    const [webhook] = await open().read.webhookEndpoints.list(producerId);
    const endpointId = webhook?.id ?? 0;
    const keys = eventIds.map((eventId) => ({ endpointId, eventId }));
    await open().write((tx) => tx.webhookMessages.insert(keys, NOW));
    return open().write((tx) =>
      tx.webhookMessages.claim({ endpointId, owner, nowMs: NOW, leaseUntilMs: NOW + 60_000, limit: 2 }),
    );
  };

  describe('messages', () => {
    let eventIds: readonly number[];
    let endpointId: number;

    beforeEach(async () => {
      endpointId = (await addWebhook()).id;
      await queue();
      await open().write((tx) => tx.queue.expireDue(NOW + 86_400_000));
      eventIds = (await open().write((tx) => tx.statusEvents.takeWaiting(100))).map(({ id }) => id);
    });

    const update = { httpStatus: 204, error: null, answer: '', dueAtMs: NOW, nowMs: NOW } as const;

    test('are claimed once, as many as are wanted, with what they say', async () => {
      const first = await claimMessages(eventIds);
      const second = await claimMessages(eventIds, 'sender-2');
      expect([first.length, second.length]).toEqual([2, 1]);
      expect(await open().read.webhookMessages.countUnderWay(endpointId, NOW)).toBe(3);
      const told = [...first, ...second].map(({ event }) => [event.type, event.recipient]);
      expect(told.sort()).toEqual([
        ['delivery.expired', ana.email],
        ['delivery.expired', ben.email],
        ['notification.accepted', null],
      ]);
      expect([...first, ...second].every(({ event }) => /^[0-9a-f]{32}$/.test(event.publicId))).toBe(true);
    });

    test('are finished by the owner of their lease only, and come due again when it has ended', async () => {
      const [message] = await claimMessages(eventIds.slice(0, 1));
      const lease = message ?? { endpointId, eventId: 0, owner: '' };
      const stranger = { ...lease, owner: 'sender-2' };
      expect(await open().write((tx) => tx.webhookMessages.finish(stranger, { ...update, state: 'failed' }))).toBe(
        false,
      );
      expect(await open().read.webhookEndpoints.listDue(NOW)).toEqual([]);
      expect(await open().read.webhookEndpoints.listDue(NOW + 60_000)).toMatchObject([{ id: endpointId }]);
      expect(await open().read.webhookMessages.countUnderWay(endpointId, NOW + 60_000)).toBe(0);
      expect(await open().write((tx) => tx.webhookMessages.finish(lease, { ...update, state: 'delivered' }))).toBe(
        true,
      );
      expect(await open().read.webhookEndpoints.listDue(NOW + 60_000)).toEqual([]);
      const [row] = await open().read.webhookMessages.list(endpointId, { state: 'delivered', limit: 10 });
      expect(row).toMatchObject({ attempts: 1, httpStatus: 204 });
    });

    test('are queued again from the beginning, whether they were there or not', async () => {
      const [message] = await claimMessages(eventIds.slice(0, 1));
      const lease = message ?? { endpointId, eventId: 0, owner: '' };
      await open().write((tx) => tx.webhookMessages.finish(lease, { ...update, state: 'failed' }));
      const range = { producerId, sinceMs: NOW, untilMs: NOW + 86_400_001 };
      const [first, ...others] = await open().read.statusEvents.listRange(range, 10);
      expect(await open().read.statusEvents.listRange({ ...range, ...(first && { after: first }) }, 10)).toEqual(
        others,
      );
      const keys = [first, ...others].map((event) => ({ endpointId, eventId: event?.id ?? 0 }));
      await open().write((tx) => tx.webhookMessages.requeue(keys, NOW));
      const rows = await open().read.webhookMessages.list(endpointId, { state: 'queued', limit: 10 });
      expect(rows.map(({ attempts }) => attempts)).toEqual([0, 0, 0]);
    });

    test('go when their events do', async () => {
      await claimMessages(eventIds);
      await open().write((tx) => tx.statusEvents.delete(eventIds));
      expect(await open().read.webhookMessages.list(endpointId, { limit: 10 })).toEqual([]);
      expect(await open().read.statusEvents.listOldest(producerId, 10)).toEqual([]);
    });

    test('tell nothing of another producer whose rows have got the ids of those they were about', async () => {
      const [{ id: notificationId = 0 } = {}] = await open().read.retention.listAfter(0, 1);
      const other = await addProducer(open(), 'other');
      await open().write(async (tx) => {
        await tx.retention.deleteDeliveries([notificationId], 10);
        await tx.retention.deleteNotifications([notificationId]);
      });
      await queueNotification(open(), { producerId: other, to: [ana, ben], nowMs: NOW });
      const claimed = [...(await claimMessages(eventIds)), ...(await claimMessages(eventIds, 'sender-2'))];
      expect(claimed.map(({ event }) => [event.recipient, event.key])).toEqual(Array(3).fill([null, null]));
    });

    test('keep the row of their webhook, so that the next one does not get its id', async () => {
      await claimMessages(eventIds);
      await open().write(async (tx) => {
        await tx.webhookEndpoints.delete(endpointId, NOW);
        await tx.webhookEndpoints.forgetDeletedBefore(NOW + 1);
      });
      const next = await addWebhook(await addProducer(open(), 'other'));
      expect(await open().read.webhookMessages.list(next.id, { limit: 10 })).toEqual([]);
      await open().write(async (tx) => {
        await tx.statusEvents.delete(eventIds);
        await tx.webhookEndpoints.forgetDeletedBefore(NOW + 1);
      });
      expect((await addWebhook(producerId)).id).not.toBe(next.id);
    });

    test('of a disabled producer, of a blocked and of a disabled webhook are not due', async () => {
      await open().write((tx) => tx.webhookMessages.insert([{ endpointId, eventId: eventIds[0] ?? 0 }], NOW));
      const isDue = async () => (await open().read.webhookEndpoints.listDue(NOW)).length > 0;
      expect(await isDue()).toBe(true);
      await open().write((tx) => tx.producers.setDisabled('ci', NOW));
      expect(await isDue()).toBe(false);
      await open().write((tx) => tx.producers.setDisabled('ci', null));
      await open().write((tx) => tx.webhookHealth.block(endpointId, NOW + 1));
      expect(await isDue()).toBe(false);
      await open().write((tx) => tx.webhookHealth.countFailure(endpointId, NOW));
      expect(await open().write((tx) => tx.webhookHealth.countSuccess(endpointId))).toBe(1);
      expect(await isDue()).toBe(true);
      await open().write((tx) => tx.webhookHealth.disable(endpointId, 'gone', NOW));
      expect(await isDue()).toBe(false);
    });
  });
}
