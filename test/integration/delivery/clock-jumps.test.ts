// Somebody sets the clock of the machine: nothing goes out early, nothing is stuck, and nothing is sent twice.

import { followWall } from '../../../src/delivery/follow-wall.ts';
import { Pacer } from '../../../src/delivery/pacer.ts';
import { createSteadyClock, type SteadyClock } from '../../../src/domain/clock.ts';
import type { Outcome } from '../../../src/domain/delivery.ts';
import { AppError } from '../../../src/domain/errors.ts';
import { silentLogger } from '../../../src/telemetry/logger.ts';
import { DeliveryFixture } from '../../support/delivery-fixture.ts';
import { createGate, inTurn, succeed } from '../../support/scripted-sender.ts';
import { storeWithWrite } from '../../support/store-with-write.ts';
import { eventually } from '../../support/waiting.ts';

const HOUR_MS = 3_600_000;
const JUMPS = [HOUR_MS, -HOUR_MS, -24 * HOUR_MS, 10 * 365 * 24 * HOUR_MS];
const INTERVAL_US = 25_000;

let fixture: DeliveryFixture;
let steady: SteadyClock;

beforeEach(async () => {
  fixture = await DeliveryFixture.create();
  steady = createSteadyClock(fixture.clock, () => fixture.clock.elapsedMs());
});

afterEach(() => fixture.dispose());

const start = () => fixture.createDispatcher({ clock: steady, wall: steady }).start();

describe.each(JUMPS)('a clock that is set by %i ms', (jumpMs) => {
  test('makes nobody come back before their Retry-After, and nobody much later', async () => {
    const throttled: Outcome = { kind: 'throttled', reason: 'throttled', scope: 'conversation', retryAfterMs: 40_000 };
    fixture.sender.script = inTurn(throttled);
    await fixture.queue([await fixture.install(1)]);
    await start();
    await fixture.untilAttempts(1);
    const beganAtMs = fixture.clock.elapsedMs();
    await fixture.pass(5_000);
    fixture.clock.set(jumpMs);
    await fixture.pass(34_900);
    expect(fixture.sender.posts).toHaveLength(1);
    await fixture.passToStates('sent');
    expect(fixture.clock.elapsedMs() - beganAtMs).toBeLessThan(43_000);
  });

  test('neither stops a lane nor makes it faster, and expires nothing that has time left', async () => {
    const people = [];
    for (let index = 0; index < 100; index++) {
      people.push(await fixture.install(index, { intervalUs: INTERVAL_US }));
    }
    await start();
    await fixture.queue(people, { ttlMs: 60_000 });
    await fixture.pass(1_000, 25);
    const before = fixture.sender.posts.length;
    fixture.clock.set(jumpMs);
    await fixture.pass(1_000, 25);
    expect(fixture.sender.posts.length - before).toBeLessThanOrEqual(50);
    await fixture.pass(4_000, 25);
    expect(fixture.states()).toEqual(people.map(() => 'sent'));
    expect(fixture.attempts()).toHaveLength(100);
  });

  test('takes no lease from a request that is under way', async () => {
    const gate = createGate();
    fixture.sender.script = gate.script;
    await fixture.queue([await fixture.install(1)]);
    await start();
    await eventually(() => fixture.sender.posts.length === 1, 'the request is under way');
    fixture.clock.set(jumpMs);
    await fixture.pass(20_000, 500);
    gate.open();
    await fixture.untilStates('sent');
    expect(fixture.sender.posts).toHaveLength(1);
  });

  test('lets nobody have more than ten notifications in a minute, and the rest right after it', async () => {
    const sentAtMs: number[] = [];
    fixture.sender.script = (request) => {
      sentAtMs.push(fixture.clock.elapsedMs());
      return succeed(request);
    };
    const person = await fixture.install(1);
    for (let count = 0; count < 12; count++) {
      await fixture.queue([person]);
    }
    await start();
    await fixture.pass(2_000);
    fixture.clock.set(jumpMs);
    await fixture.pass(70_000, 100);
    expect(sentAtMs).toHaveLength(12);
    const spans = sentAtMs.slice(10).map((atMs, index) => atMs - (sentAtMs[index] ?? 0));
    expect(Math.min(...spans)).toBeGreaterThanOrEqual(60_000);
    expect(Math.max(...spans)).toBeLessThan(63_000);
    for (const [index, atMs] of sentAtMs.slice(4).entries()) {
      expect(atMs - (sentAtMs[index] ?? 0)).toBeGreaterThan(600);
    }
  });

  test('while a delivery waits for its slot neither sends it early nor forgets it', async () => {
    const people = [
      await fixture.install(1, { intervalUs: 300_000 }),
      await fixture.install(2, { intervalUs: 300_000 }),
    ];
    await start();
    await fixture.queue(people);
    await fixture.untilAttempts(1);
    const firstAtMs = fixture.clock.elapsedMs();
    fixture.sender.script = (request) => {
      expect(fixture.clock.elapsedMs() - firstAtMs).toBeGreaterThanOrEqual(240);
      return succeed(request);
    };
    fixture.clock.set(jumpMs);
    await fixture.pass(3_000, 10);
    expect(fixture.states()).toEqual(['sent', 'sent']);
  });

  test('is left alone where several dispatchers share the store', async () => {
    const throttled: Outcome = { kind: 'throttled', reason: 'throttled', scope: 'conversation', retryAfterMs: 40_000 };
    fixture.sender.script = inTurn(throttled);
    await fixture.queue([await fixture.install(1)]);
    await fixture.createDispatcher({ clock: steady, wall: steady, isAlone: false }).start();
    await fixture.untilAttempts(1);
    const [before] = fixture.deliveries();
    fixture.clock.set(jumpMs);
    await fixture.pass(3_000);
    expect(fixture.deliveries()).toEqual([before]);
    expect(steady.jumpMs()).toBe(jumpMs);
  });

  test('lets new messages go out at once', async () => {
    await fixture.queue([await fixture.install(1)]);
    await start();
    await fixture.untilStates('sent');
    fixture.clock.set(jumpMs);
    await fixture.pass(1_000);
    await fixture.queue([await fixture.install(2)]);
    await fixture.pass(1_000);
    expect(fixture.states()).toEqual(['sent', 'sent']);
  });

  test('is written into the log once', async () => {
    await start();
    fixture.clock.set(jumpMs);
    await fixture.pass(5_000);
    expect(fixture.log.filter((line) => line.includes('clock'))).toHaveLength(1);
  });
});

test('a slot from before the clock was set back is given up for one of the new time', async () => {
  const { laneId } = await fixture.install(1, { intervalUs: INTERVAL_US });
  const pacer = new Pacer({ store: fixture.store, clock: fixture.clock });
  const turn = { laneId, intervalMs: 25, slotAtMs: fixture.clock.nowMs() + 24 * HOUR_MS };
  expect(await pacer.untilSlot(turn)).toBe(true);
  expect(turn.slotAtMs).toBe(fixture.clock.nowMs());
});

test('a store that cannot be written leaves the clock where it was, to follow later', async () => {
  fixture.clock.set(HOUR_MS);
  const store = storeWithWrite(fixture.store, async (work) => {
    await fixture.store.write(work);
    throw new AppError('store_unavailable', 'the commit was lost');
  });
  const beforeMs = steady.nowMs();
  const following = followWall({ store, logger: silentLogger, wall: steady });
  await expect(following).rejects.toMatchObject({ code: 'store_unavailable' });
  expect([steady.nowMs(), steady.jumpMs(), steady.followedMs]).toEqual([beforeMs, HOUR_MS, 0]);
});
