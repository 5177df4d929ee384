// How many retries there may be.

import { RetryBudget } from '../../../src/delivery/retry-budget.ts';

const START_MS = Date.UTC(2026, 0, 1);

/** @returns how many retries were free at this instant */
function takeAll(budget: RetryBudget, nowMs: number): number {
  let taken = 0;
  while (taken < 10_000 && budget.takeRetry(nowMs)) {
    taken += 1;
  }
  return taken;
}

function afterFirsts(count: number): RetryBudget {
  const budget = new RetryBudget();
  for (let index = 0; index < count; index++) {
    budget.countFirst(START_MS);
  }
  return budget;
}

test.each([
  [0, 10],
  [100, 10],
  [110, 11],
  [1_000, 100],
])('after %i first attempts %i retries may be made', (firsts, retries) => {
  expect(takeAll(afterFirsts(firsts), START_MS)).toBe(retries);
});

test('what was taken comes back a minute later, and first attempts count for a minute', () => {
  const budget = afterFirsts(1_000);
  expect(takeAll(budget, START_MS)).toBe(100);
  expect(takeAll(budget, START_MS + 59_999)).toBe(0);
  expect(takeAll(budget, START_MS + 60_000)).toBe(10);
});

test('a retry that got through gives its place back, and only its own', () => {
  const budget = afterFirsts(0);
  takeAll(budget, START_MS);
  budget.giveBack(START_MS);
  expect(takeAll(budget, START_MS + 1_000)).toBe(1);
  budget.giveBack(START_MS - 3_600_000);
  expect(budget.hasRoom(START_MS + 1_000)).toBe(false);
});

test.each([-86_400_000, -3_600_000, 3_600_000, 315_360_000_000])(
  'a clock that jumps by %i ms neither blocks retries nor frees more than a full budget',
  (jumpMs) => {
    const budget = afterFirsts(500);
    takeAll(budget, START_MS);
    expect(takeAll(budget, START_MS + jumpMs)).toBe(10);
  },
);
