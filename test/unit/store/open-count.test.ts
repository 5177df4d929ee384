// How often what is open is counted.

import { createOpenCount } from '../../../src/store/open-count.ts';
import type { StateCount } from '../../../src/store/statements/deliveries.ts';
import type { Statements } from '../../../src/store/store.ts';
import { ManualClock } from '../../support/manual-clock.ts';

/** A store that only knows how many deliveries wait, and how often it was asked. */
function createCounted(waiting: number, minBelievedMs = 0) {
  const clock = new ManualClock();
  const asked = { times: 0, waiting };
  const deliveries: Pick<Statements['deliveries'], 'countOpen'> = {
    async countOpen(): Promise<readonly StateCount[]> {
      asked.times += 1;
      return [{ state: 'queued', count: asked.waiting }];
    },
  };
  const store = { read: { deliveries } as unknown as Statements };
  return { asked, clock, count: createOpenCount({ store, clock }, minBelievedMs) };
}

test('a small queue is counted anew each time', async () => {
  const { asked, clock, count } = createCounted(0);
  expect(await count()).toEqual([{ state: 'queued', count: 0 }]);
  asked.waiting = 7;
  clock.advance(1);
  expect(await count()).toEqual([{ state: 'queued', count: 7 }]);
});

test.each([
  [50_000, 1_000],
  [1_000_000, 20_000],
  [100_000_000, 30_000],
])('a count of %i is believed for %i ms', async (waiting, believedMs) => {
  const { asked, clock, count } = createCounted(waiting);
  await count();
  clock.advance(believedMs - 1);
  await count();
  expect(asked.times).toBe(1);
  clock.advance(1);
  await count();
  expect(asked.times).toBe(2);
});

test('a count is believed for as long as was asked for, however small it is', async () => {
  const { asked, clock, count } = createCounted(3, 1_000);
  await count();
  clock.advance(999);
  await count();
  expect(asked.times).toBe(1);
});

test('a clock that was set back does not freeze the last count', async () => {
  const { asked, clock, count } = createCounted(1_000_000);
  await count();
  clock.advance(-3_600_000);
  await count();
  expect(asked.times).toBe(2);
});
