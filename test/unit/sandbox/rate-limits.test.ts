// The documented limits, counted with a clock that the test moves.

import type { Clock } from '../../../src/domain/clock.ts';
import { createRateLimits, type LimitGroup } from '../../../src/sandbox/rate-limits.ts';

function setUp() {
  let nowMs = 1_000_000;
  const clock: Clock = { nowMs: () => nowMs, after: () => () => undefined };
  const limits = createRateLimits(clock);
  return {
    limits,
    advance: (ms: number) => {
      nowMs += ms;
    },
    /** Requests admitted of `count` that come at the same instant. */
    burst: (group: LimitGroup, count: number, id = 'chat') =>
      Array.from({ length: count }, () => limits.admit(group, id)).filter((waitMs) => waitMs === 0).length,
  };
}

/** Asks every `everyMs` during `spanMs`, and tells how many were admitted. */
function flood(group: LimitGroup, spanMs: number, everyMs: number): number {
  const { limits, advance } = setUp();
  let admitted = 0;
  for (let passedMs = 0; passedMs < spanMs; passedMs += everyMs) {
    admitted += limits.admit(group, 'chat') === 0 ? 1 : 0;
    advance(everyMs);
  }
  return admitted;
}

test.each([
  ['send', 7],
  ['create', 7],
  ['members', 14],
  ['conversations', 14],
  ['allMembers', 5],
] as const)('%s admits %i requests of one conversation in one instant', (group, count) => {
  expect(setUp().burst(group, 20)).toBe(count);
});

test.each([
  ['send', 2_000, 8],
  ['send', 30_000, 60],
  ['send', 3_600_000, 1_800],
  ['create', 30_000, 60],
  ['members', 2_000, 16],
  ['members', 30_000, 120],
  ['members', 3_600_000, 3_600],
  ['allMembers', 60_000, 5],
] as const)('%s admits, in %i ms, %i requests at most', (group, spanMs, count) => {
  expect(flood(group, spanMs, 100)).toBe(count);
});

test('fifty requests a second are admitted for all conversations together', () => {
  const { limits, advance } = setUp();
  const waits = Array.from({ length: 60 }, (_, at) => limits.admit('send', `chat-${at}`));
  expect(waits.filter((waitMs) => waitMs === 0)).toHaveLength(50);
  expect(waits.at(-1)).toBe(1_000);
  advance(1_000);
  expect(limits.admit('send', 'chat-60')).toBe(0);
});

test('the wait that is told is exact: one millisecond earlier is too early', () => {
  const { limits, advance, burst } = setUp();
  burst('send', 7);
  advance(300);
  expect(limits.admit('send', 'chat')).toBe(700);
  advance(699);
  expect(limits.admit('send', 'chat')).toBe(1);
  advance(1);
  expect(limits.admit('send', 'chat')).toBe(0);
});

test('refused requests are not counted', () => {
  const { advance, burst } = setUp();
  burst('send', 500);
  advance(2_000);
  expect(burst('send', 500)).toBe(7);
});

test('posts and roster reads of one conversation do not take from each other', () => {
  const { burst } = setUp();
  expect(burst('send', 7)).toBe(7);
  expect(burst('members', 14)).toBe(14);
});

test('a second message of the same request counts as well', () => {
  const { limits, burst } = setUp();
  limits.count('send', 'chat');
  expect(burst('send', 10)).toBe(6);
});
