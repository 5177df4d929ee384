// Times as people write them: what is read, and which instant a local time is in each zone.

import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { instantFor, instantOf, instantsOnEarth, isTimeZone, parseAskedTime } from '../../../src/domain/local-time.ts';
import { wallTimeIn } from '../../support/wall-time.ts';

const iso = (ms: number) => new Date(ms).toISOString();
const pad = (value: number, length = 2) => String(value).padStart(length, '0');

describe('a time with an offset is an instant', () => {
  test.each([
    ['2026-12-01T09:00:00+01:00', '2026-12-01T08:00:00.000Z'],
    ['2026-12-01T09:00+01:00', '2026-12-01T08:00:00.000Z'],
    ['2026-12-01T09:00Z', '2026-12-01T09:00:00.000Z'],
    ['2026-12-01t09:00:30z', '2026-12-01T09:00:30.000Z'],
    ['2026-12-01T09:00:00.123456789-05:30', '2026-12-01T14:30:00.123Z'],
    ['2026-12-01T09:00:00-00:00', '2026-12-01T09:00:00.000Z'],
    ['2028-02-29T23:59:59+23:59', '2028-02-29T00:00:59.000Z'],
  ])('%s', (text, expected) => {
    expect(parseAskedTime(text)).toEqual({ kind: 'instant', atMs: Date.parse(expected) });
  });
});

test.each([
  ['2026-12-01T09:00', '2026-12-01T09:00:00'],
  ['2026-12-01T09:00:30', '2026-12-01T09:00:30'],
  ['2026-12-01t09:00:30.25', '2026-12-01T09:00:30.25'],
])('a time without an offset is a local one: %s', (text, localAt) => {
  expect(parseAskedTime(text)).toEqual({ kind: 'local', localAt });
});

test.each([
  '',
  'tomorrow',
  '2026-12-01',
  '09:00',
  '2026-12-01 09:00',
  '2026-12-01T9:00',
  '2026-12-01T24:00',
  '2026-12-01T09:60',
  '2026-12-01T23:59:60Z',
  '2026-02-29T09:00',
  '2026-02-29T09:00Z',
  '2026-13-01T09:00',
  '2026-00-01T09:00Z',
  '2026-12-01T09:00+24:00',
  '2026-12-01T09:00+01:60',
  '2026-12-01T09:00+0100',
  '2026-12-01T09:00+01',
  '2026-12-01T09:00[Europe/Berlin]',
  '2026-12-01T09:00Z[u-ca=hebrew]',
  '+002026-12-01T09:00Z',
  '2026-12-01T09:00:00.0000000001Z',
  ' 2026-12-01T09:00Z',
  '2026-12-01T09:00Z\n',
  '20261201T0900Z',
  '\u0662026-12-01T09:00',
])('%j is no time', (text) => {
  expect(parseAskedTime(text)).toBeUndefined();
});

test('every date and time is read as it is written, with every offset (10 000 runs)', () => {
  const parts = fc.record({
    dayMs: fc.integer({ min: Date.UTC(1900, 0, 1), max: Date.UTC(2999, 11, 31) }),
    hasSeconds: fc.boolean(),
    offsetMinutes: fc.integer({ min: -1_439, max: 1_439 }),
    isInstant: fc.boolean(),
  });
  fc.assert(
    fc.property(parts, ({ dayMs, hasSeconds, offsetMinutes, isInstant }) => {
      const wall = new Date(dayMs).toISOString().slice(0, hasSeconds ? 19 : 16);
      const minutes = Math.abs(offsetMinutes);
      const offset = `${offsetMinutes < 0 ? '-' : '+'}${pad(Math.trunc(minutes / 60))}:${pad(minutes % 60)}`;
      const wallMs = Date.parse(`${wall}Z`);
      const expected = isInstant
        ? { kind: 'instant', atMs: wallMs - offsetMinutes * 60_000 }
        : { kind: 'local', localAt: hasSeconds ? wall : `${wall}:00` };
      return isDeepStrictEqual(parseAskedTime(isInstant ? `${wall}${offset}` : wall), expected);
    }),
    { numRuns: 10_000 },
  );
});

test('whatever text it is given, it gives a time that exists or none (10 000 runs)', () => {
  const almost = fc
    .array(fc.constantFrom('2026', '12', '31', '02', '29', '-', 'T', ':', '00', '60', '99', '.', 'Z', '+', '[', ' '), {
      maxLength: 16,
    })
    .map((pieces) => pieces.join(''));
  const numbers = fc
    .tuple(...[99, 99, 99, 99, 99].map((max) => fc.nat(max)))
    .map(
      ([month = 0, day = 0, hour = 0, minute = 0, offset = 0]) =>
        `2026-${pad(month)}-${pad(day)}T${pad(hour)}:${pad(minute)}+${pad(offset)}:00`,
    );
  fc.assert(
    fc.property(fc.oneof(almost, numbers, fc.string(), fc.string({ unit: 'binary' })), (text) => {
      const time = parseAskedTime(text);
      return (
        time === undefined ||
        (time.kind === 'instant'
          ? Number.isSafeInteger(time.atMs)
          : isDeepStrictEqual(parseAskedTime(time.localAt), time) &&
            Number.isSafeInteger(instantOf(time.localAt, 'UTC')))
      );
    }),
    { numRuns: 10_000 },
  );
});

describe('a time zone', () => {
  test.each(['Europe/Berlin', 'europe/berlin', 'America/Argentina/Buenos_Aires', 'Etc/GMT+12', 'UTC', 'EST5EDT'])(
    'is %s',
    (name) => expect(isTimeZone(name)).toBe(true),
  );

  test.each(['', 'Europe', 'Mars/Base', '+01:00', '-05', 'W. Europe Standard Time', 'Europe/Berlin ', '../UTC', '\0'])(
    'is not %j',
    (name) => expect(isTimeZone(name)).toBe(false),
  );

  test('is never an error, whatever text it is (10 000 runs)', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.string({ unit: 'binary' })),
        (text) => typeof isTimeZone(text) === 'boolean',
      ),
      { numRuns: 10_000 },
    );
  });
});

describe('when the clocks change', () => {
  test.each([
    ['is left out moves forward', 'Europe/Berlin', '2026-03-29T02:30', '2026-03-29T01:30:00.000Z'],
    ['is the first that exists again stays', 'Europe/Berlin', '2026-03-29T03:00', '2026-03-29T01:00:00.000Z'],
    ['is the last before the change stays', 'Europe/Berlin', '2026-03-29T01:59:59', '2026-03-29T00:59:59.000Z'],
    ['comes twice is the first', 'Europe/Berlin', '2026-10-25T02:30', '2026-10-25T00:30:00.000Z'],
    ['comes once after that is the only one', 'Europe/Berlin', '2026-10-25T03:00', '2026-10-25T02:00:00.000Z'],
    ['is left out moves forward', 'America/New_York', '2026-03-08T02:30', '2026-03-08T07:30:00.000Z'],
    ['comes twice is the first', 'America/New_York', '2026-11-01T01:30', '2026-11-01T05:30:00.000Z'],
    [
      'is left out by half an hour moves by that',
      'Australia/Lord_Howe',
      '2026-10-04T02:15',
      '2026-10-03T15:45:00.000Z',
    ],
    ['comes twice in half an hour is the first', 'Australia/Lord_Howe', '2026-04-05T01:45', '2026-04-04T14:45:00.000Z'],
    ['is on a day that was left out is a day later', 'Pacific/Apia', '2011-12-30T12:00', '2011-12-30T22:00:00.000Z'],
  ])('a local time that %s: %s %s', (_what, timeZone, localAt, expected) => {
    expect(iso(instantOf(localAt, timeZone))).toBe(expected);
  });
});

test('in every zone it is the wanted time at that instant, the first of two, or just behind the gap (10 000 runs)', () => {
  const zones = fc.constantFrom(...Intl.supportedValuesOf('timeZone'));
  const minutes = fc.integer({ min: Date.UTC(2010, 0, 1) / 60_000, max: Date.UTC(2040, 0, 1) / 60_000 });
  // Changes of the clocks fall on weekends of these months, at night: half of the times are near them.
  const nearChange = fc
    .tuple(fc.integer({ min: 2010, max: 2039 }), fc.constantFrom(2, 3, 9, 10), fc.nat(31), fc.nat(4 * 60))
    .map(([year, month, day, minute]) => Date.UTC(year, month, day, 0, minute) / 60_000);
  fc.assert(
    fc.property(zones, fc.oneof(minutes, nearChange), (timeZone, minute) => {
      const wantedMs = minute * 60_000;
      const atMs = instantOf(new Date(wantedMs).toISOString().slice(0, 16), timeZone);
      const offsetsMs = [-26, 26].map((hours) => offsetMs(atMs + hours * 3_600_000, timeZone));
      const fitting = offsetsMs
        .map((offset) => wantedMs - offset)
        .filter((candidate) => wallTimeIn(candidate, timeZone) === wantedMs);
      const gapMs = (offsetsMs[1] ?? 0) - (offsetsMs[0] ?? 0);
      return fitting.length > 0
        ? atMs === Math.min(...fitting)
        : gapMs > 0 && wallTimeIn(atMs, timeZone) === wantedMs + gapMs;
    }),
    { numRuns: 10_000 },
  );
});

const offsetMs = (atMs: number, timeZone: string) => wallTimeIn(atMs, timeZone) - atMs;

test('no zone has a local time before the first or after the last instant on earth', () => {
  for (const localAt of ['2026-01-15T09:00', '2026-07-15T09:00']) {
    const { firstMs, lastMs } = instantsOnEarth(localAt);
    const instants = Intl.supportedValuesOf('timeZone').map((timeZone) => instantOf(localAt, timeZone));
    expect(Math.min(...instants)).toBe(firstMs);
    expect(Math.max(...instants)).toBeLessThanOrEqual(lastMs);
    expect(instantOf(localAt, 'Etc/GMT+12')).toBe(lastMs);
  }
});

test('a person whose zone is unknown or does not exist is where the fallback is', () => {
  const inBerlin = instantOf('2026-12-01T09:00', 'Europe/Berlin');
  expect(instantFor('2026-12-01T09:00', 'America/New_York', 'Europe/Berlin')).toBe(inBerlin + 6 * 3_600_000);
  for (const timeZone of [null, '', 'Mars/Base', 'W. Europe Standard Time', '+01:00']) {
    expect(instantFor('2026-12-01T09:00', timeZone, 'Europe/Berlin')).toBe(inBerlin);
  }
});
