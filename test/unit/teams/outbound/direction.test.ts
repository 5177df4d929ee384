// Texts of both directions.

import { isolate, isRightToLeft } from '../../../../src/teams/cards/direction.ts';

test('the first letter decides, and the next text where there is none', () => {
  expect(isRightToLeft('שלום world')).toBe(true);
  expect(isRightToLeft('hello עולם')).toBe(false);
  expect(isRightToLeft('(42) …', 'مرحبا')).toBe(true);
  expect(isRightToLeft('\u200fDisk')).toBe(true);
  expect(isRightToLeft('\u200eشبكة')).toBe(false);
  expect(isRightToLeft('42', '')).toBe(false);
});

test('only what holds letters from right to left is kept apart', () => {
  expect(isolate('monitoring')).toBe('monitoring');
  expect(isolate('db1 مراقبة')).toBe('\u2068db1 مراقبة\u2069');
});
