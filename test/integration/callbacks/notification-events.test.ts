// What is written down of a notification itself: accepted, over, recalled.

import { recallNotification } from '../../../src/notifications/change-notification.ts';
import { silentLogger } from '../../../src/telemetry/logger.ts';
import { type Notifications, openNotifications } from '../notifications/accept-fixture.ts';

let notifications: Notifications;

beforeEach(async () => {
  notifications = await openNotifications();
  await notifications.install(1);
  await notifications.store.write((tx) =>
    tx.webhookEndpoints.insert({
      publicId: 'whe_1',
      producerId: notifications.ci,
      url: 'https://example.com/',
      events: null,
      description: null,
      secret: 'sealed',
      createdAtMs: 0,
    }),
  );
});

afterEach(() => notifications.close());

const told = () =>
  notifications
    .readRows('SELECT type, notification_public_id FROM status_event ORDER BY id')
    .map((row) => [row['type'], row['notification_public_id']]);

const ask = async (fields: object = {}, asking = {}) =>
  (await notifications.ask({ to: ['person1@contoso.com'], ...fields }, asking)).answer.id;

test('a notification is accepted once, however often it is posted with the same idempotency key', async () => {
  const id = await ask({}, { idempotencyKey: 'one' });
  await ask({}, { idempotencyKey: 'one' });
  expect(told()).toEqual([['notification.accepted', id]]);
});

test('a thing that is over is told once, by the notification that said so', async () => {
  const opened = await ask({ key: 'disk/db1' });
  const over = await ask({ key: 'disk/db1', state: 'resolved' });
  const again = await ask({ key: 'disk/db1', state: 'resolved' });
  const unheard = await ask({ key: 'disk/db2', state: 'resolved' });
  expect(told()).toEqual([
    ['notification.accepted', opened],
    ['notification.accepted', over],
    ['notification.resolved', over],
    ['notification.accepted', again],
    ['notification.accepted', unheard],
  ]);
});

test('a recall is told once, however often it is asked for', async () => {
  const id = await ask();
  const { store, clock, ci: producerId } = notifications;
  for (let count = 0; count < 2; count++) {
    await recallNotification({ store, clock, logger: silentLogger }, { id, producerId });
  }
  expect(told()).toEqual([
    ['notification.accepted', id],
    ['notification.recalled', id],
  ]);
});

test('a producer without a webhook has nothing written down', async () => {
  const producerId = await notifications.addProducer('other');
  await ask({ key: 'disk/db1' }, { producerId });
  await ask({ key: 'disk/db1', state: 'resolved' }, { producerId });
  expect(told()).toEqual([]);
});
