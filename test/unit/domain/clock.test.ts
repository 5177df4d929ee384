// The system's clock, and waits with a limit.

import { jest } from '@jest/globals';
import { createSteadyClock, systemClock, within } from '../../../src/domain/clock.ts';
import { ManualClock } from '../../support/manual-clock.ts';

const DAY_MS = 24 * 3_600_000;

describe('the system clock', () => {
  beforeEach(() => {
    jest.useFakeTimers({ now: Date.UTC(2026, 0, 1) });
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  test('tells the wall-clock time in milliseconds', () => {
    expect(systemClock.nowMs()).toBe(Date.UTC(2026, 0, 1));
  });

  test('calls once after the delay, and not before', () => {
    const action = jest.fn();
    systemClock.after(1_000, action);
    jest.advanceTimersByTime(999);
    expect(action).not.toHaveBeenCalled();
    jest.advanceTimersByTime(10_000);
    expect(action).toHaveBeenCalledTimes(1);
  });

  test('does not call after a cancel, however often it is cancelled', () => {
    const action = jest.fn();
    const cancel = systemClock.after(1_000, action);
    cancel();
    cancel();
    jest.advanceTimersByTime(DAY_MS);
    expect(action).not.toHaveBeenCalled();
  });

  test.each([2 ** 31, 90 * DAY_MS, Number.POSITIVE_INFINITY])(
    'does not call at once for a delay of %d ms',
    (delayMs) => {
      const action = jest.fn();
      const cancel = systemClock.after(delayMs, action);
      jest.advanceTimersByTime(20 * DAY_MS);
      expect(action).not.toHaveBeenCalled();
      cancel();
    },
  );

  test('does not keep the process alive', () => {
    const setTimer = jest.spyOn(globalThis, 'setTimeout');
    const cancel = systemClock.after(1_000, () => undefined);
    const timer = setTimer.mock.results[0]?.value as NodeJS.Timeout;
    expect(timer.hasRef()).toBe(false);
    cancel();
  });
});

describe('a wait with a limit', () => {
  test('gives the result of the work, and leaves no timer behind', async () => {
    const clock = new ManualClock();
    expect(await within(clock, 1_000, Promise.resolve('done'))).toBe('done');
    expect(clock.pendingTimers).toBe(0);
  });

  test('gives up when the time is over', async () => {
    const clock = new ManualClock();
    const waiting = within(clock, 1_000, new Promise(() => undefined));
    clock.advance(1_000);
    expect(await waiting).toBeUndefined();
  });

  test('fails as the work fails, and leaves no timer behind', async () => {
    const clock = new ManualClock();
    await expect(within(clock, 1_000, Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(clock.pendingTimers).toBe(0);
  });
});

describe('a steady clock', () => {
  const create = () => {
    const wall = new ManualClock();
    return { wall, steady: createSteadyClock(wall, () => wall.elapsedMs()), startMs: wall.nowMs() };
  };

  test('goes with the wall clock', () => {
    const { wall, steady, startMs } = create();
    wall.advance(90_000);
    expect([steady.nowMs() - startMs, steady.jumpMs()]).toEqual([90_000, 0]);
  });

  test.each([DAY_MS, -DAY_MS])('goes on evenly when the wall clock is set by %i ms, until it is to follow', (byMs) => {
    const { wall, steady, startMs } = create();
    wall.set(byMs);
    wall.advance(500);
    expect([steady.nowMs() - startMs, steady.jumpMs()]).toEqual([500, byMs]);
    steady.follow(byMs);
    expect([steady.nowMs(), steady.jumpMs(), steady.followedMs]).toEqual([wall.nowMs(), 0, byMs]);
  });

  test('follows small corrections as soon as it is asked for jumps', () => {
    const { wall, steady } = create();
    wall.set(-199);
    expect(steady.jumpMs()).toBe(0);
    expect(steady.nowMs()).toBe(wall.nowMs());
  });
});
