// How far words are apart.

import fc from 'fast-check';
import { editDistance, findNearest } from '../../../src/preferences/edit-distance.ts';

const RUNS = { numRuns: 10_000 };
const word = fc.stringMatching(/^[a-c]{0,8}$/);

/** The same without bounds, as the definition has it. */
function slow(left: string, right: string): number {
  if (left === '' || right === '') {
    return left.length + right.length;
  }
  const isSwapped = left.length > 1 && right.length > 1 && left.at(-1) === right.at(-2) && left.at(-2) === right.at(-1);
  return Math.min(
    slow(left.slice(0, -1), right) + 1,
    slow(left, right.slice(0, -1)) + 1,
    slow(left.slice(0, -1), right.slice(0, -1)) + (left.at(-1) === right.at(-1) ? 0 : 1),
    isSwapped ? slow(left.slice(0, -2), right.slice(0, -2)) + 1 : Number.POSITIVE_INFINITY,
  );
}

test('it is what its definition says, up to two', () => {
  const short = fc.stringMatching(/^[a-c]{0,5}$/);
  fc.assert(
    fc.property(short, short, (left, right) => {
      expect(editDistance(left, right)).toBe(Math.min(3, slow(left, right)));
    }),
    RUNS,
  );
});

test('it is the same from both ends, and 0 for the same word only', () => {
  fc.assert(
    fc.property(word, word, (left, right) => {
      expect(editDistance(left, right)).toBe(editDistance(right, left));
      expect(editDistance(left, right) === 0).toBe(left === right);
    }),
    RUNS,
  );
});

test('the nearest of several is found, and of those that are as near the first', () => {
  expect(findNearest('deplyos', ['builds', 'deploy', 'deploys'])).toBe('deploys');
  expect(findNearest('cat', ['bat', 'rat'])).toBe('bat');
});

test('short words have to be nearer: they are all alike', () => {
  expect(findNearest('ab', ['cd', 'a', 'b'])).toBeUndefined();
  expect(findNearest('wy', ['why'])).toBe('why');
  expect(findNearest('my', ['why'])).toBeUndefined();
});

test('of very long words nothing is guessed', () => {
  const long = 'x'.repeat(65);
  expect(findNearest(long, [long])).toBeUndefined();
  expect(findNearest('', ['a'])).toBeUndefined();
});
