// Instants as their readers see them.

import { createTimeWriters } from '../../../../src/teams/cards/time-text.ts';

const AT_MS = Date.UTC(2026, 10, 28, 7, 14, 59);
const writers = createTimeWriters();

test.each([
  ['en-US', 'America/New_York', 'Sat, Nov 28, 2026, 2:14 AM EST', 'Nov 28, 2:14 AM'],
  ['en-GB', 'Europe/Berlin', 'Sat, 28 Nov 2026, 08:14 CET', '28 Nov, 8:14'],
  ['de-DE', 'Europe/Berlin', 'Sa., 28. Nov. 2026, 08:14 MEZ', '28. Nov., 8:14'],
  ['ja-JP', 'Asia/Tokyo', '2026年11月28日(土) 16:14 JST', '11月28日 16:14'],
])('a reader in %s and %s reads the time of their own clock', (locale, timeZone, full, short) => {
  const write = writers({ locale, timeZone });
  expect(write(AT_MS, 'full').normalize('NFKC')).toBe(full.normalize('NFKC'));
  expect(write(AT_MS, 'short').normalize('NFKC')).toBe(short.normalize('NFKC'));
});

test('summer time is told from winter time', () => {
  const write = writers({ locale: 'en-GB', timeZone: 'Europe/Berlin' });
  expect(write(Date.UTC(2026, 6, 1, 12), 'full')).toBe('Wed, 1 Jul 2026, 14:00 CEST');
});

test.each([undefined, '', 'Mars/Olympus', 'Europe/Berlin\u0000', '+99:00', 'x'.repeat(100)])(
  'the zone %j is unknown: the time is UTC and says so',
  (timeZone) => {
    expect(writers({ locale: 'en-US', timeZone })(AT_MS, 'full').normalize('NFKC')).toBe(
      'Sat, Nov 28, 2026, 7:14 AM UTC',
    );
  },
);

test.each([undefined, '', 'german!', 'xx-YY', 'en_US', 'de-DE\u0000', 'x'.repeat(100)])(
  'the language %j is unknown: the time is written in English',
  (locale) => {
    expect(writers({ locale, timeZone: 'UTC' })(AT_MS, 'full').normalize('NFKC')).toBe(
      'Sat, Nov 28, 2026, 7:14 AM UTC',
    );
  },
);

test('more readers than formatters are kept all get theirs', () => {
  const zones = Intl.supportedValuesOf('timeZone').slice(0, 200);
  const write = () => zones.map((timeZone) => writers({ locale: 'en', timeZone })(AT_MS, 'full'));
  expect(write()).toEqual(write());
});
