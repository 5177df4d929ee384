// Instants of requests.

import fc from 'fast-check';
import { parseInstantMs } from '../../../src/domain/instant.ts';

test.each([
  ['2026-01-31T08:00:00Z', Date.UTC(2026, 0, 31, 8)],
  ['2026-01-31T08:00Z', Date.UTC(2026, 0, 31, 8)],
  ['2026-01-31T08:00:00.5Z', Date.UTC(2026, 0, 31, 8, 0, 0, 500)],
  ['2026-01-31T08:00:00.123456789+00:00', Date.UTC(2026, 0, 31, 8, 0, 0, 123)],
  ['2026-01-31T08:00:00+05:45', Date.UTC(2026, 0, 31, 2, 15)],
  ['2024-02-29T23:59:59-08:00', Date.UTC(2024, 2, 1, 7, 59, 59)],
  ['2000-01-01T00:00:00Z', Date.UTC(2000, 0, 1)],
  ['2100-12-31T23:59:59Z', Date.UTC(2100, 11, 31, 23, 59, 59)],
])('%s is %i', (value, atMs) => {
  expect(parseInstantMs(value)).toBe(atMs);
});

test.each([
  '',
  '2026',
  '2026-01-31',
  '2026-01-31T08:00:00',
  '2026-01-31 08:00:00Z',
  '2026-01-31T08:00:00z',
  '2026-01-31T08:00:00.Z',
  '2026-01-31T08:00:00+0100',
  '2026-01-31T08:00:00+24:00',
  '2026-01-31T08:00:00+01:60',
  '2026-02-30T08:00:00Z',
  '2025-02-29T08:00:00Z',
  '2026-13-01T08:00:00Z',
  '2026-00-10T08:00:00Z',
  '2026-01-00T08:00:00Z',
  '2026-01-31T24:00:00Z',
  '2026-01-31T08:60:00Z',
  '2026-01-31T08:00:60Z',
  '1999-12-31T23:59:59Z',
  '2101-01-01T00:00:00Z',
  '+012026-01-31T08:00:00Z',
  '2026-01-31T08:00:00Z\n',
  '1769846400',
])('%j is none', (value) => {
  expect(parseInstantMs(value)).toBeUndefined();
});

test('each millisecond of a hundred years is read as it was written', () => {
  const anyInstant = fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2100, 11, 31) });
  fc.assert(fc.property(anyInstant, (atMs) => expect(parseInstantMs(new Date(atMs).toISOString())).toBe(atMs)));
});
