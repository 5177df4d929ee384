// Withdrawing what has not gone out.

import { cancelNotification, cancelOne } from '../../../src/delivery/cancel.ts';
import { silentLogger } from '../../../src/telemetry/logger.ts';
import { createMetrics } from '../../../src/telemetry/metrics.ts';
import { DeliveryFixture } from '../../support/delivery-fixture.ts';
import { createGate } from '../../support/scripted-sender.ts';
import { toEveryone } from '../../support/store-fixtures.ts';

let queue: DeliveryFixture;
const metrics = createMetrics(async () => ({ depths: [], oldestDueAgeMs: 0 }));

beforeEach(async () => {
  queue = await DeliveryFixture.create();
});

afterEach(() => queue.dispose());

const deps = () => ({ store: queue.store, clock: queue.clock, logger: silentLogger, metrics });
const cancel = (id: number) => cancelOne(deps(), { id: `dlv_${id}`, producerId: queue.producerId });
const publicIdOf = (id: number) =>
  String(queue.rows('SELECT public_id FROM notification WHERE id = ?', id)[0]?.['public_id']);

test('what waits is cancelled once, and never goes out', async () => {
  await queue.queue([await queue.install(1)]);
  expect(await cancel(1)).toEqual({ cancelled: 1, untouched: 0 });
  expect(await cancel(1)).toEqual({ cancelled: 0, untouched: 1 });
  await queue.createDispatcher().start();
  await queue.pass(2_000);
  expect(queue.states()).toEqual(['cancelled']);
  expect(queue.sender.requests).toEqual([]);
});

test('what is claimed and waits for its send slot is cancelled too', async () => {
  await queue.queue([await queue.install(1, { intervalUs: 200_000 }), await queue.install(2, { intervalUs: 200_000 })]);
  await queue.createDispatcher().start();
  await queue.untilStates('sent', 'leased');
  expect(await cancel(2)).toEqual({ cancelled: 1, untouched: 0 });
  await queue.pass(2_000);
  expect(queue.states()).toEqual(['sent', 'cancelled']);
  expect(queue.sender.posts).toHaveLength(1);
});

test('what is on its way ends by its own outcome', async () => {
  const gate = createGate();
  queue.sender.script = gate.script;
  await queue.queue([await queue.install(1)]);
  await queue.createDispatcher().start();
  await queue.untilStates('sending');
  expect(await cancel(1)).toEqual({ cancelled: 0, untouched: 1 });
  gate.open();
  await queue.untilStates('sent');
});

test('of a notification, everything that waits is cancelled and nothing else', async () => {
  const people = await Promise.all(Array.from({ length: 450 }, (_, at) => queue.install(at + 1)));
  const id = await queue.queue(people);
  await queue.queue(people.slice(0, 1));
  await queue.store.write((tx) => tx.undelivered.cancel([7], 0));
  const cancelled = await cancelNotification(deps(), { id: publicIdOf(id), producerId: queue.producerId });
  expect(cancelled).toEqual({ cancelled: 449, untouched: 1, isBroadcastStopped: false });
  expect(queue.states()).toEqual([...Array(450).fill('cancelled'), 'queued']);
});

test('a broadcast that is cancelled reaches nobody else', async () => {
  await queue.install(1);
  const id = await queue.queue([]);
  await queue.store.write((tx) => tx.notifications.startFanout(toEveryone(id)));
  const cancelled = await cancelNotification(deps(), { id: publicIdOf(id) });
  expect(cancelled).toEqual({ cancelled: 0, untouched: 0, isBroadcastStopped: true });
  await queue.createDispatcher().start();
  await queue.pass(2_000);
  expect(queue.states()).toEqual([]);
});

test('nothing of another producer can be cancelled', async () => {
  const id = await queue.queue([await queue.install(1)]);
  const producerId = queue.producerId + 1;
  const notFound = { code: 'not_found' };
  await expect(cancelOne(deps(), { id: 'dlv_1', producerId })).rejects.toMatchObject(notFound);
  await expect(cancelNotification(deps(), { id: publicIdOf(id), producerId })).rejects.toMatchObject(notFound);
  expect(queue.states()).toEqual(['queued']);
});
