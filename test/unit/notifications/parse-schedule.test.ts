// The fields `at` and `timeZone` of a request, and when they are too early or too late.

import fc from 'fast-check';
import { dueAtMsFor, requireTimely, spanOf } from '../../../src/notifications/schedule.ts';
import { faultsOf, parse, pointersOf, SMALLEST } from './requests.ts';

const NOW = Date.UTC(2026, 10, 28, 12);
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const iso = (ms: number) => new Date(ms).toISOString();

describe('at', () => {
  test('with an offset is an instant, and without one each person\u2019s own time', () => {
    expect(parse({ at: '2026-12-01T09:00:00+01:00' })).toMatchObject({
      at: { kind: 'instant', atMs: Date.UTC(2026, 11, 1, 8) },
    });
    expect(parse({ at: '2026-12-01T09:00', timeZone: 'Europe/Berlin' })).toMatchObject({
      at: { kind: 'local', localAt: '2026-12-01T09:00:00' },
      timeZone: 'Europe/Berlin',
    });
  });

  test.each(['', 'tomorrow', '2026-02-30T09:00', '2026-12-01', 5, null, {}, ['2026-12-01T09:00Z'], Date.now()])(
    'is not %j',
    (at) => expect(pointersOf({ at })).toEqual(['/at']),
  );

  test('stands with no key: what is told of a thing is told when it happens', () => {
    expect(pointersOf({ at: '2026-12-01T09:00Z', key: 'disk-full/db1' })).toEqual(['/at']);
  });
});

describe('timeZone', () => {
  test.each(['', 'Mars/Base', '+01:00', 'W. Europe Standard Time', 5, null, {}])('is not %j', (timeZone) => {
    expect(pointersOf({ at: '2026-12-01T09:00', timeZone })).toEqual(['/timeZone']);
  });

  test('is wrong without a local time', () => {
    expect(pointersOf({ timeZone: 'Europe/Berlin' })).toEqual(['/timeZone']);
    expect(pointersOf({ at: '2026-12-01T09:00Z', timeZone: 'Europe/Berlin' })).toEqual(['/timeZone']);
  });
});

test('whatever the two fields hold, they are taken or told as faults of theirs (10 000 runs)', () => {
  const at = fc.oneof(fc.anything(), fc.string(), fc.constantFrom('2026-12-01T09:00', '2026-12-01T09:00Z'));
  const timeZone = fc.oneof(fc.anything(), fc.string(), fc.constantFrom('UTC', 'Europe/Berlin'));
  fc.assert(
    fc.property(fc.record({ at, timeZone }, { requiredKeys: [] }), (fields) =>
      faultsOf({ ...SMALLEST, ...fields }).every(({ pointer }) => pointer === '/at' || pointer === '/timeZone'),
    ),
    { numRuns: 10_000 },
  );
});

describe('a time', () => {
  const isTimely = (at: string) => {
    try {
      requireTimely(parse({ at }), NOW);
      return true;
    } catch (error) {
      expect(error).toMatchObject({ code: 'invalid_request', faults: [{ pointer: '/at' }] });
      return false;
    }
  };
  const wall = (ms: number) => iso(ms).slice(0, 19);

  test('that is an instant may be a minute ago and 366 days ahead', () => {
    const limits = [-MINUTE_MS, -MINUTE_MS - 1_000, 366 * DAY_MS, 366 * DAY_MS + 1_000];
    expect(limits.map((ms) => isTimely(iso(NOW + ms)))).toEqual([true, false, true, false]);
  });

  test('that is a local one may be past for all but the last zone on earth, and is not farther ahead for it', () => {
    const last = -12 * HOUR_MS;
    const limits = [last - MINUTE_MS, last - MINUTE_MS - 1_000, last + 366 * DAY_MS, last + 366 * DAY_MS + 1_000];
    expect(limits.map((ms) => isTimely(wall(NOW + ms)))).toEqual([true, false, true, false]);
  });

  test('that is past is now; a local one for those only for whom it is past', () => {
    const local = parse({ at: wall(NOW) });
    expect(dueAtMsFor(parse({ at: iso(NOW - 1_000) }), null, NOW)).toBe(NOW);
    expect(dueAtMsFor(local, 'Asia/Tokyo', NOW)).toBe(NOW);
    expect(dueAtMsFor(local, 'America/New_York', NOW)).toBe(NOW + 5 * HOUR_MS);
    expect(dueAtMsFor(parse({}), 'America/New_York', NOW)).toBeUndefined();
  });

  test('where nobody knows the zone of a person is the one that was given, or UTC', () => {
    const at = wall(NOW + DAY_MS);
    expect(dueAtMsFor(parse({ at }), null, NOW)).toBe(NOW + DAY_MS);
    expect(dueAtMsFor(parse({ at, timeZone: 'Asia/Tokyo' }), 'Mars/Base', NOW)).toBe(NOW + 15 * HOUR_MS);
  });
});

test('a notification lasts from the first to the last of those whom it is for', () => {
  const at = iso(NOW + DAY_MS);
  const local = at.slice(0, 19);
  const named = { dueAtMs: [NOW + 3, NOW + 1, NOW + 2], isBroadcast: false };
  expect(spanOf(parse({ at: local }), named, NOW)).toEqual({ firstMs: NOW + 1, lastMs: NOW + 3 });
  const everyone = { dueAtMs: [], isBroadcast: true };
  expect(spanOf(parse({ at }), everyone, NOW)).toEqual({ firstMs: NOW + DAY_MS, lastMs: NOW + DAY_MS });
  expect(spanOf(parse({ at: local }), everyone, NOW)).toEqual({
    firstMs: NOW + 10 * HOUR_MS,
    lastMs: NOW + 36 * HOUR_MS,
  });
  expect(spanOf(parse({}), everyone, NOW)).toBeUndefined();
});

test('what has happened may be ahead as far as clocks differ, five minutes', () => {
  const check = (ms: number) => () => requireTimely(parse({ occurredAt: iso(NOW + ms) }), NOW);
  expect(check(5 * MINUTE_MS)).not.toThrow();
  expect(check(5 * MINUTE_MS + 1)).toThrow(
    expect.objectContaining({ faults: [expect.objectContaining({ pointer: '/occurredAt' })] }),
  );
});
