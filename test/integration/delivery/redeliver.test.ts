// Sending again what did not arrive.

import { redeliverNotification, redeliverOne, redeliverRange } from '../../../src/delivery/redeliver.ts';
import { silentLogger } from '../../../src/telemetry/logger.ts';
import { DeliveryFixture } from '../../support/delivery-fixture.ts';
import { inTurn } from '../../support/scripted-sender.ts';
import type { InstalledPerson } from '../../support/store-fixtures.ts';

const HOUR_MS = 3_600_000;

let queue: DeliveryFixture;

beforeEach(async () => {
  queue = await DeliveryFixture.create();
});

afterEach(() => queue.dispose());

const deps = () => ({ store: queue.store, clock: queue.clock, logger: silentLogger });
const redeliver = (id: number) => redeliverOne(deps(), { id: `dlv_${id}`, producerId: queue.producerId }, HOUR_MS);
const publicIdOf = (id: number) =>
  String(queue.rows('SELECT public_id FROM notification WHERE id = ?', id)[0]?.['public_id']);

/** Writes beside the service, as an earlier life of the rows would have left them. */
async function end(id: number, state: 'failed' | 'held' | 'expired' | 'sent', reason = 'unavailable'): Promise<void> {
  await queue.store.write(async (tx) => {
    const nowMs = queue.clock.nowMs();
    const gate = { closedOrigins: [], isClosedToRetries: false };
    const amount = { leaseMs: 1, limit: 1, quantum: 1, horizonMs: 1_000 };
    const [claimed] = await tx.queue.claim({ nowMs, owner: 'o', ...amount, ...gate });
    expect(claimed?.id).toBe(id);
    const update = { state, failures: 3, isReduced: false, dueAtMs: nowMs, reason, activityId: null, nowMs };
    await tx.queue.release({ deliveryId: id, owner: 'o' }, update);
  });
}

const removeApp = ({ conversationId }: InstalledPerson) =>
  queue.store.write(async (tx) => {
    const installation = await tx.installations.findByConversation(conversationId);
    await tx.installations.setLost(Number(installation?.id), 'removed', 'uninstalled');
    await tx.conversations.erase(conversationId);
  });

test.each(['failed', 'held', 'expired'] as const)(
  'what is %s goes back into the queue, due at once, as if new',
  async (state) => {
    await queue.queue([await queue.install(1)], { ttlMs: 60_000 });
    await end(1, state);
    queue.clock.advance(2 * HOUR_MS);
    const nowMs = queue.clock.nowMs();
    expect(await redeliver(1)).toEqual({ redelivered: 1, untouched: 0, unreachable: 0 });
    expect(queue.deliveries()[0]).toMatchObject({
      state: 'queued',
      reason: null,
      failures: 0,
      due_at_ms: nowMs,
      expires_at_ms: nowMs + HOUR_MS,
      notification_id: 1,
    });
  },
);

test('it is sent again, by a new attempt whose number goes on', async () => {
  await queue.queue([await queue.install(1)]);
  queue.sender.script = inTurn({ kind: 'rejected', reason: 'forbidden' });
  await queue.createDispatcher().start();
  await queue.untilStates('failed');
  await redeliver(1);
  await queue.untilStates('sent');
  expect(queue.attempts().map(({ number, outcome }) => [number, outcome])).toEqual([
    [1, 'rejected'],
    [2, 'delivered'],
  ]);
});

test('what was tried before does not count against it', async () => {
  await queue.queue([await queue.install(1)]);
  const lost = { kind: 'unknown', reason: 'server_error', maxResends: 1 } as const;
  queue.sender.script = inTurn(lost, lost, lost);
  await queue.createDispatcher().start();
  await queue.passToStates('failed');
  expect(queue.sender.posts).toHaveLength(2);
  await redeliver(1);
  await queue.passToStates('sent');
  expect(queue.sender.posts).toHaveLength(4);
});

test('what arrives proves that a person who was out of reach can be reached again', async () => {
  const ana = await queue.install(1);
  await queue.queue([ana]);
  queue.sender.script = inTurn({ kind: 'gone', reason: 'blocked_by_user', isUninstalled: false });
  await queue.createDispatcher().start();
  await queue.untilStates('failed');
  const installation = () => queue.rows('SELECT state, reason, generation FROM installation')[0];
  expect(installation()).toMatchObject({ state: 'unreachable', reason: 'blocked_by_user' });
  await redeliver(1);
  await queue.untilStates('sent');
  expect(installation()).toEqual({ state: 'active', reason: null, generation: 1 });
  expect(await queue.store.read.people.findReachable({ kind: 'address', address: ana.email })).toMatchObject([
    { installation: 'active' },
  ]);
});

test('asking again changes nothing, and says so', async () => {
  await queue.queue([await queue.install(1)]);
  await end(1, 'failed');
  await redeliver(1);
  const before = queue.deliveries();
  queue.clock.advance(1_000);
  expect(await redeliver(1)).toEqual({ redelivered: 0, untouched: 1, unreachable: 0 });
  expect(queue.deliveries()).toEqual(before);
});

test('whoever has removed the bot meanwhile stays without it, and the reason says why', async () => {
  const ana = await queue.install(1);
  await queue.queue([ana]);
  await end(1, 'expired', 'expired');
  await removeApp(ana);
  expect(await redeliver(1)).toEqual({ redelivered: 0, untouched: 0, unreachable: 1 });
  const before = queue.deliveries();
  expect(before[0]).toMatchObject({ state: 'failed', reason: 'uninstalled' });
  queue.clock.advance(1_000);
  expect(await redeliver(1)).toEqual({ redelivered: 0, untouched: 0, unreachable: 1 });
  expect(queue.deliveries()).toEqual(before);
});

test('what has arrived stays sent, also when the bot was removed since', async () => {
  const ana = await queue.install(1);
  await queue.queue([ana]);
  await end(1, 'sent');
  await removeApp(ana);
  expect(await redeliver(1)).toEqual({ redelivered: 0, untouched: 1, unreachable: 0 });
  expect(queue.states()).toEqual(['sent']);
});

test('of a notification, all that did not arrive is sent again and the rest is counted', async () => {
  const people = [await queue.install(1), await queue.install(2), await queue.install(3), await queue.install(4)];
  const id = await queue.queue(people);
  await end(1, 'failed');
  await end(2, 'held');
  await end(3, 'sent');
  const named = { id: publicIdOf(id), producerId: queue.producerId };
  expect(await redeliverNotification(deps(), named, HOUR_MS)).toEqual({ redelivered: 2, untouched: 2, unreachable: 0 });
  expect(await redeliverNotification(deps(), named, HOUR_MS)).toEqual({ redelivered: 0, untouched: 4, unreachable: 0 });
  expect(queue.states()).toEqual(['queued', 'queued', 'sent', 'queued']);
});

test('of a range, what fits is sent again, over many pages', async () => {
  const people: InstalledPerson[] = [];
  for (let index = 1; index <= 450; index++) {
    people.push(await queue.install(index));
  }
  await queue.queue(people);
  for (let id = 1; id <= 450; id++) {
    await end(id, id % 10 === 0 ? 'held' : 'failed');
  }
  expect(await redeliverRange(deps(), { state: 'failed' }, HOUR_MS)).toMatchObject({ redelivered: 405 });
  expect(
    new Set(queue.rows("SELECT id % 10 AS rest FROM delivery WHERE state = 'held'").map(({ rest }) => rest)),
  ).toEqual(new Set([0]));
});

test('a range begins and ends at its instants', async () => {
  await queue.queue([await queue.install(1), await queue.install(2), await queue.install(3)]);
  const startMs = queue.clock.nowMs();
  for (const id of [1, 2, 3]) {
    await end(id, 'failed');
    queue.clock.advance(1_000);
  }
  const range = { sinceMs: startMs + 1_000, untilMs: startMs + 2_000 };
  expect(await redeliverRange(deps(), range, HOUR_MS)).toMatchObject({ redelivered: 1 });
  expect(queue.states()).toEqual(['failed', 'queued', 'failed']);
});

test.each(['dlv_1', 'dlv_2', 'dlv_0', 'dlv_1.5', '1', '', 'dlv_999999999999999999'])(
  '%j of another producer, or of nobody, does not exist',
  async (id) => {
    await queue.queue([await queue.install(1)]);
    await end(1, 'failed');
    const asked = redeliverOne(deps(), { id, producerId: queue.producerId + 1 }, HOUR_MS);
    await expect(asked).rejects.toMatchObject({ code: 'not_found' });
    expect(queue.states()).toEqual(['failed']);
  },
);
