// Others are told at once, and not too often.

import { WorkNotifier } from '../../../src/store/postgres/work-notifier.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { settled } from '../../support/waiting.ts';

function createFixture() {
  const timers = new ManualClock(0);
  const told: number[] = [];
  const notifier = new WorkNotifier({
    timers,
    async tell() {
      told.push(timers.nowMs());
    },
  });
  const pass = async (ms: number) => {
    timers.advance(ms);
    await settled(4);
  };
  return { timers, told, notifier, pass };
}

test('the first signal is told at once, and all that follow within 50 ms once', async () => {
  const { told, notifier, pass } = createFixture();
  notifier.signal();
  await pass(0);
  await pass(10);
  notifier.signal();
  notifier.signal();
  await pass(39);
  expect(told).toEqual([0]);
  await pass(1);
  expect(told).toEqual([0, 50]);
  await pass(1_000);
  expect(told).toEqual([0, 50]);
});

test('what was signalled before the end is told, and nothing after it', async () => {
  const { timers, told, notifier, pass } = createFixture();
  notifier.signal();
  await pass(0);
  notifier.signal();
  const closed = notifier.close();
  await pass(0);
  await closed;
  expect(told).toEqual([0, 0]);
  notifier.signal();
  await pass(100);
  expect(told).toHaveLength(2);
  expect(timers.pendingTimers).toBe(0);
});

test('a signal that could not be told does not end the telling', async () => {
  const timers = new ManualClock(0);
  let tries = 0;
  const notifier = new WorkNotifier({
    timers,
    async tell() {
      tries += 1;
      throw new Error('down');
    },
  });
  notifier.signal();
  await settled(4);
  timers.advance(50);
  await settled(4);
  notifier.signal();
  await settled(4);
  expect(tries).toBe(2);
});
