import fc from 'fast-check';
import { createTokenBuckets } from '../../../src/http/token-buckets.ts';

function createBuckets(options: { capacity: number; tokensPerSecond: number; maxBuckets?: number }) {
  let nowMs = 1_000_000;
  const clock = { nowMs: () => nowMs, after: () => () => undefined };
  const advance = (ms: number) => {
    nowMs += ms;
  };
  return { buckets: createTokenBuckets({ clock }, options), advance };
}

describe('a token bucket', () => {
  test('gives its burst at once, and then one token for each interval', () => {
    const { buckets, advance } = createBuckets({ capacity: 2, tokensPerSecond: 4 });
    expect([buckets.take('a'), buckets.take('a'), buckets.take('a')]).toEqual([0, 0, 250]);
    advance(249);
    expect(buckets.take('a')).toBe(1);
    advance(1);
    expect([buckets.take('a'), buckets.take('a')]).toEqual([0, 250]);
  });

  test('belongs to one key', () => {
    const { buckets } = createBuckets({ capacity: 1, tokensPerSecond: 1 });
    expect([buckets.take('a'), buckets.take('b'), buckets.take('a')]).toEqual([0, 0, 1_000]);
  });

  test('stays as it is when the clock goes back', () => {
    const { buckets, advance } = createBuckets({ capacity: 1, tokensPerSecond: 1 });
    buckets.take('a');
    advance(-5_000);
    expect(buckets.take('a')).toBe(1_000);
  });

  test('never gives more than its burst and its pace, whatever the callers do', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 700 }), { maxLength: 200 }), (pauses) => {
        const { buckets, advance } = createBuckets({ capacity: 3, tokensPerSecond: 2 });
        let given = 0;
        for (const pause of pauses) {
          advance(pause);
          given += buckets.take('a') === 0 ? 1 : 0;
        }
        const elapsedMs = pauses.reduce((sum, pause) => sum + pause, 0);
        expect(given).toBeLessThanOrEqual(3 + (elapsedMs * 2) / 1_000 + 1e-6);
      }),
    );
  });

  test('is forgotten first when it was used longest ago, so that memory has a bound', () => {
    const { buckets } = createBuckets({ capacity: 1, tokensPerSecond: 1, maxBuckets: 2 });
    for (const key of ['a', 'b', 'a', 'c']) {
      buckets.take(key);
    }
    expect(['a', 'c', 'b'].map((key) => buckets.take(key) > 0)).toEqual([true, true, false]);
  });
});
