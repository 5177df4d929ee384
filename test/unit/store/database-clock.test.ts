// The database's clock is believed as far as its answers allow, and goes on evenly without them.

import { DatabaseClock } from '../../../src/store/postgres/database-clock.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { settled } from '../../support/waiting.ts';

const HOUR_MS = 3_600_000;

/** A database `aheadMs` ahead of this process; each answer is on the way for as long as the test says. */
function createFixture() {
  const timers = new ManualClock(0);
  const network = { toMs: 0, backMs: 0, isDown: false };
  const database = { aheadMs: HOUR_MS };
  const clock = new DatabaseClock({
    timers,
    elapsedMs: () => timers.nowMs(),
    async ask() {
      // The timer that asks has ended before the answer moves the time.
      await Promise.resolve();
      if (network.isDown) {
        throw new Error('down');
      }
      timers.advance(network.toMs);
      const answerMs = timers.nowMs() + database.aheadMs;
      timers.advance(network.backMs);
      return answerMs;
    },
  });
  const errorMs = () => clock.nowMs() - (timers.nowMs() + database.aheadMs);
  const pass = async (seconds: number) => {
    for (let second = 0; second < seconds; second++) {
      timers.advance(1_000);
      await settled(4);
    }
  };
  return { clock, timers, network, database, errorMs, pass };
}

test('is known from the start, at most half of the way off', async () => {
  const { clock, network, errorMs } = createFixture();
  network.backMs = 80;
  await clock.start();
  expect(errorMs()).toBe(-40);
  await clock.stop();
});

test('is believed from the answer that came fastest, until eight later ones have come', async () => {
  const { clock, network, errorMs, pass } = createFixture();
  await clock.start();
  network.toMs = 60;
  await pass(7);
  expect(errorMs()).toBe(0);
  await pass(1);
  expect(errorMs()).toBe(30);
  await clock.stop();
});

test('goes on evenly while the database cannot be asked, and is asked again', async () => {
  const { clock, timers, network, database, errorMs, pass } = createFixture();
  await clock.start();
  network.isDown = true;
  await pass(5);
  expect(clock.nowMs()).toBe(timers.nowMs() + HOUR_MS);
  network.isDown = false;
  database.aheadMs += 500;
  await pass(1);
  expect(errorMs()).toBe(0);
  await clock.stop();
});

test('is followed at once when it was set: older answers contradict it', async () => {
  const { clock, network, database, errorMs, pass } = createFixture();
  await clock.start();
  database.aheadMs = -HOUR_MS;
  network.backMs = 20;
  await pass(1);
  expect(errorMs()).toBe(-10);
  await clock.stop();
});

test('cannot be started without an answer, and asks nothing once it is stopped', async () => {
  const { clock, timers, network } = createFixture();
  network.isDown = true;
  await expect(clock.start()).rejects.toThrow('down');
  network.isDown = false;
  await clock.start();
  await clock.stop();
  expect(timers.pendingTimers).toBe(0);
});
