// When requests leave: in their slots, whatever stalls, and each request in a slot of its own.

import { Pacer } from '../../../src/delivery/pacer.ts';
import type { Store } from '../../../src/store/store.ts';
import { DeliveryFixture } from '../../support/delivery-fixture.ts';
import { inTurn, succeed } from '../../support/scripted-sender.ts';
import { createSeededRandom } from '../../support/seeded-random.ts';
import type { InstalledPerson } from '../../support/store-fixtures.ts';
import { storeWithWrite } from '../../support/store-with-write.ts';
import { settled } from '../../support/waiting.ts';

const INTERVAL_MS = 25;
/** floor((1 s + the tolerance of 100 ms) / interval) + 1 */
const MOST_IN_A_SECOND = 45;

let fixture: DeliveryFixture;

beforeEach(async () => {
  fixture = await DeliveryFixture.create();
});

afterEach(() => fixture.dispose());

const installMany = async (count: number): Promise<InstalledPerson[]> => {
  const people = [];
  for (let index = 0; index < count; index++) {
    people.push(await fixture.install(index, { intervalUs: INTERVAL_MS * 1_000 }));
  }
  return people;
};

const isOpen = () => fixture.states().some((state) => state !== 'sent');

/** Moves the clock, by each of these steps at once, until everything is sent. @returns the instants of all requests */
async function passUntilSent(nextStepMs: () => number): Promise<readonly number[]> {
  for (let steps = 0; steps % 20 !== 0 || isOpen(); steps++) {
    if (steps > 20_000) {
      throw new Error(`the states stay ${fixture.states().join(', ')}`);
    }
    fixture.clock.advance(nextStepMs());
    await settled(6);
  }
  return fixture.sender.requests.map((request) => request.atMs);
}

const mostInASecond = (instants: readonly number[]) =>
  Math.max(...instants.map((start) => instants.filter((at) => at >= start && at < start + 1_000).length));

const smallestGap = (instants: readonly number[]) =>
  Math.min(...instants.slice(1).map((at, index) => at - (instants[index] ?? 0)));

const meanGap = (instants: readonly number[]) => ((instants.at(-1) ?? 0) - (instants[0] ?? 0)) / (instants.length - 1);

/** The store with a disk on which every write takes this long, during which nothing else happens. */
const storeOnSlowDisk = (writeMs: () => number): Store =>
  storeWithWrite(fixture.store, async (work) => {
    const result = await fixture.store.write(work);
    fixture.clock.advance(writeMs());
    return result;
  });

describe('the requests of a lane', () => {
  test.each([1, 2, 3, 4])('keep the bound of any second under random stalls of the process (seed %i)', async (seed) => {
    const random = createSeededRandom(seed);
    await fixture.queue(await installMany(150));
    await fixture.createDispatcher().start();
    const instants = await passUntilSent(() => Math.round(random() < 0.05 ? 50 + random() * 600 : 1 + random() * 10));
    expect(instants).toHaveLength(150);
    expect(mostInASecond(instants)).toBeLessThanOrEqual(MOST_IN_A_SECOND);
    expect(smallestGap(instants)).toBeGreaterThanOrEqual(0.8 * INTERVAL_MS);
  });

  test.each([1, 2])('keep the bound under random stalls of the disk (seed %i)', async (seed) => {
    const random = createSeededRandom(seed);
    const store = storeOnSlowDisk(() => Math.round(random() < 0.1 ? 500 * random() : 0));
    await fixture.queue(await installMany(100));
    await fixture.createDispatcher({ store }).start();
    const instants = await passUntilSent(() => 5);
    expect(instants).toHaveLength(100);
    expect(mostInASecond(instants)).toBeLessThanOrEqual(MOST_IN_A_SECOND);
    expect(smallestGap(instants)).toBeGreaterThanOrEqual(0.8 * INTERVAL_MS);
  });

  test.each([
    [100, [0, 125, 145]],
    [150, [0, 175, 200]],
  ])('leave late by up to 100 ms, and beyond that in new slots (late by %i ms)', async (lateMs, expected) => {
    await fixture.queue(await installMany(3));
    await fixture.createDispatcher().start();
    await fixture.untilStates('sent', 'leased', 'leased');
    const startMs = fixture.clock.nowMs();
    fixture.clock.advance(INTERVAL_MS + lateMs);
    await settled();
    const instants = await passUntilSent(() => 1);
    expect(instants.map((at) => at - startMs)).toEqual(expected);
  });

  test('leave also when every single write takes longer than the tolerance', async () => {
    const store = storeOnSlowDisk(() => 150);
    await fixture.queue(await installMany(5));
    await fixture.createDispatcher({ store }).start();
    expect(await passUntilSent(() => 5)).toHaveLength(5);
  });

  test('take a slot each when a chat has to be opened first', async () => {
    const people = await installMany(20);
    for (const person of people) {
      fixture.forgetChat(person);
    }
    fixture.sender.script = (request) =>
      request.operation === 'post'
        ? { kind: 'delivered', activityId: '1' }
        : { kind: 'created', conversationId: `a:new-${request.place}` };
    await fixture.queue(people);
    await fixture.createDispatcher().start();
    const instants = await passUntilSent(() => 5);
    expect(instants).toHaveLength(40);
    expect(smallestGap(instants)).toBeGreaterThanOrEqual(INTERVAL_MS);
  });

  test('go out no more when the chat is open and its lane was held back meanwhile; no attempt is used up', async () => {
    const [person] = await installMany(1);
    if (person === undefined) {
      throw new Error('nobody');
    }
    fixture.forgetChat(person);
    fixture.sender.script = async (request) => {
      if (request.operation === 'create_conversation') {
        await fixture.store.write((tx) => tx.lanes.block(person.laneId, request.atMs + 30_000));
        return { kind: 'created', conversationId: 'a:new' };
      }
      return { kind: 'delivered', activityId: '1' };
    };
    await fixture.queue([person]);
    await fixture.createDispatcher().start();
    await fixture.pass(29_000);
    expect(fixture.deliveries()).toMatchObject([{ state: 'queued', attempts: 1, failures: 0 }]);
    await fixture.passToStates('sent');
    expect(fixture.sender.requests.map((request) => request.operation)).toEqual(['create_conversation', 'post']);
  });
});

test('a request whose attempt has begun is held back by a 429 that comes before it is written', async () => {
  const clock = fixture.clock;
  const pacer = new Pacer({ store: fixture.store, clock });
  const turn = { laneId: 1, intervalMs: INTERVAL_MS, slotAtMs: clock.nowMs() };
  const latestMs = clock.nowMs() + 60_000;
  pacer.holdBack(1, 30_000);
  pacer.holdBack(1, 1_000);
  expect(await pacer.untilSend(turn, latestMs)).toBe(false);
  expect(await pacer.untilSend({ ...turn, laneId: 2 }, latestMs)).toBe(true);
  clock.advance(30_000);
  expect(await pacer.untilSend({ ...turn, slotAtMs: clock.nowMs() }, latestMs)).toBe(true);
});

describe('an attempt whose commit took so long that no request can be made', () => {
  test('is on record as postponed, and the delivery goes out later without a failure', async () => {
    const [person] = await installMany(1);
    let isStalled = false;
    const store = storeWithWrite(fixture.store, async (work) => {
      const result = await fixture.store.write(work);
      if (!isStalled && fixture.states().includes('sending')) {
        isStalled = true;
        fixture.clock.advance(20_000);
      }
      return result;
    });
    await fixture.queue(person ? [person] : []);
    await fixture.createDispatcher({ store }).start();
    await passUntilSent(() => 5);
    expect(fixture.attempts().map((row) => row['outcome'])).toEqual(['postponed', 'delivered']);
    expect(fixture.sender.requests).toHaveLength(1);
    expect(fixture.deliveries()).toMatchObject([{ failures: 0, attempts: 2 }]);
  });
});

test('a lane that keeps meeting 429 has its slots further apart from then on', async () => {
  const isRefused = [0, 1_000, 2_000, 3_000];
  const startMs = fixture.clock.nowMs();
  fixture.sender.script = (request) => {
    const isTime = request.atMs - startMs >= (isRefused[0] ?? Number.POSITIVE_INFINITY);
    return isTime && isRefused.shift() !== undefined
      ? { kind: 'throttled', reason: 'throttled', scope: 'conversation' }
      : succeed(request);
  };
  await fixture.queue(await installMany(200));
  await fixture.createDispatcher().start();
  const instants = await passUntilSent(() => 5);
  expect(isRefused).toEqual([]);
  expect(meanGap(instants.slice(0, 30))).toBe(INTERVAL_MS);
  expect(meanGap(instants.slice(-30))).toBeGreaterThan(1.5 * INTERVAL_MS);
});

test('one chat that is throttled again and again does not slow down its lane', async () => {
  fixture.sender.script = inTurn(
    ...Array.from({ length: 10 }, () => ({ kind: 'throttled', reason: 'throttled', scope: 'conversation' }) as const),
  );
  await fixture.queue(await installMany(1));
  await fixture.createDispatcher().start();
  await fixture.passToStates('sent');
  expect(fixture.rows('SELECT slow_factor FROM lane')).toMatchObject([{ slow_factor: 1 }]);
});
