// Texts of both directions.

import { directionOf, isolate, isolateLine, rtlOf } from '../../../../src/teams/cards/direction.ts';

const LEFT = { isRightToLeft: false };
const RIGHT = { isRightToLeft: true };

test.each([
  [['שלום world'], LEFT, RIGHT],
  [['hello עולם'], RIGHT, LEFT],
  [['(42) …', 'مرحبا'], LEFT, RIGHT],
  [['\u200fDisk'], LEFT, RIGHT],
  [['\u200eشبكة'], RIGHT, LEFT],
  [['42', ''], LEFT, LEFT],
  [['42', ''], RIGHT, RIGHT],
])('the first letter of %j decides, and the own texts where there is none', (contents, texts, direction) => {
  expect(directionOf(contents, texts)).toEqual(direction);
});

test('a card says how it runs when the Teams of its reader may run the other way', () => {
  expect([rtlOf(LEFT, LEFT), rtlOf(RIGHT, LEFT)]).toEqual([undefined, true]);
  expect([rtlOf(LEFT, RIGHT), rtlOf(RIGHT, RIGHT)]).toEqual([false, true]);
});

test('in a line from left to right only what holds letters from right to left is kept apart', () => {
  expect(isolate('monitoring', LEFT)).toBe('monitoring');
  expect(isolate('db1 مراقبة', LEFT)).toBe('\u2068db1 مراقبة\u2069');
});

test('in a line from right to left every part is kept apart: brackets would change places', () => {
  expect(isolate('monitoring (1)', RIGHT)).toBe('\u2068monitoring (1)\u2069');
});

test('a line is kept apart on a card of the other direction only', () => {
  expect([isolateLine('a', LEFT, LEFT), isolateLine('ب', RIGHT, RIGHT)]).toEqual(['a', 'ب']);
  expect(isolateLine('ب', RIGHT, LEFT)).toBe('\u2067ب\u2069');
  expect(isolateLine('a', LEFT, RIGHT)).toBe('\u2066a\u2069');
});
