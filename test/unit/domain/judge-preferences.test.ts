// Whether a message goes to a person now, later or never.

import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { judge, quietEndMs } from '../../../src/domain/judge-preferences.ts';
import type { DeferReason, JudgedMessage, Preferences, QuietHours } from '../../../src/domain/preferences.ts';

const MESSAGE: JudgedMessage = { source: 'CI', key: 'build-7', passesQuiet: false };
const URGENT: JudgedMessage = { ...MESSAGE, passesQuiet: true };
const NIGHT: QuietHours = { fromMinute: 18 * 60, toMinute: 8 * 60, withWeekends: false };
const HOUR_MS = 3_600_000;

const instant = (local: string, timeZone = 'UTC') =>
  Temporal.PlainDateTime.from(local).toZonedDateTime(timeZone).epochMilliseconds;

/** The judgement at a local time, with the end as the local time that it is there. */
function judgedAt(local: string, preferences: Preferences, message = MESSAGE, timeZone = 'UTC') {
  const judgement = judge(preferences, message, { nowMs: instant(local, timeZone), timeZone });
  if (judgement.kind !== 'defer') {
    return judgement;
  }
  const end = Temporal.Instant.fromEpochMilliseconds(judgement.untilMs).toZonedDateTimeISO(timeZone);
  return `${judgement.reason} until ${end.toPlainDateTime().toString({ smallestUnit: 'minute' })}`;
}

describe('opt-out and mutes', () => {
  test('who said nothing gets everything', () => {
    expect(judgedAt('2026-11-30T03:00', {})).toEqual({ kind: 'send' });
  });

  test('who has opted out gets nothing, not even what passes quiet hours', () => {
    const preferences = { optedOutAtMs: 1, mutes: [{ kind: 'source', name: 'ci', untilMs: null }] } as const;
    expect(judgedAt('2026-11-30T03:00', preferences, URGENT)).toEqual({ kind: 'suppress', reason: 'opted_out' });
  });

  test.each([
    ['source', 'ci', 'suppress'],
    ['source', 'build-7', 'send'],
    ['key', 'BUILD-7', 'suppress'],
    ['key', 'ci', 'send'],
  ] as const)('the %s %s is muted whatever the case of its letters: %s', (kind, name, expected) => {
    const judgement = judgedAt('2026-11-30T12:00', { mutes: [{ kind, name, untilMs: null }] }, URGENT);
    expect(judgement).toMatchObject({ kind: expected });
  });

  test('a mute ends at its instant', () => {
    const untilMs = instant('2026-11-30T12:00');
    const mutes = [{ kind: 'source', name: 'CI', untilMs }] as const;
    expect(judge({ mutes }, MESSAGE, { nowMs: untilMs - 1, timeZone: 'UTC' }).kind).toBe('suppress');
    expect(judge({ mutes }, MESSAGE, { nowMs: untilMs, timeZone: 'UTC' }).kind).toBe('send');
  });
});

describe('quiet hours', () => {
  test.each([
    ['before they begin', '2026-12-01T17:59:59', { kind: 'send' }],
    ['at their beginning', '2026-12-01T18:00', 'quiet_hours until 2026-12-02T08:00'],
    ['before midnight', '2026-12-01T23:59', 'quiet_hours until 2026-12-02T08:00'],
    ['after midnight', '2026-12-02T00:00', 'quiet_hours until 2026-12-02T08:00'],
    ['at their end', '2026-12-02T08:00', { kind: 'send' }],
  ])('%s', (_, local, expected) => {
    expect(judgedAt(local, { quietHours: NIGHT })).toEqual(expected);
  });

  test('they may lie within a day', () => {
    const quietHours = { fromMinute: 12 * 60, toMinute: 13 * 60, withWeekends: false };
    expect(judgedAt('2026-12-01T12:30', { quietHours })).toBe('quiet_hours until 2026-12-01T13:00');
    expect(judgedAt('2026-12-01T13:00', { quietHours })).toEqual({ kind: 'send' });
  });

  test('they are those of the zone of the person', () => {
    const moment = { nowMs: instant('2026-12-01T12:00'), timeZone: 'Asia/Tokyo' };
    expect(judge({ quietHours: NIGHT }, MESSAGE, moment)).toEqual({
      kind: 'defer',
      reason: 'quiet_hours',
      untilMs: instant('2026-12-02T08:00', 'Asia/Tokyo'),
    });
  });

  // 2026-12-04 is a Friday.
  test.each([
    ['on Friday night', '2026-12-04T18:00', 'quiet_hours until 2026-12-07T08:00'],
    ['on Saturday at noon', '2026-12-05T12:00', 'quiet_hours until 2026-12-07T08:00'],
    ['on Sunday at noon', '2026-12-06T12:00', 'quiet_hours until 2026-12-07T08:00'],
    ['on Monday at noon', '2026-12-07T12:00', { kind: 'send' }],
  ])('a weekend is one with its nights: %s', (_, local, expected) => {
    expect(judgedAt(local, { quietHours: { ...NIGHT, withWeekends: true } })).toEqual(expected);
  });

  test('a weekend without nights that join it ends on Monday at midnight', () => {
    const quietHours = { fromMinute: 60, toMinute: 120, withWeekends: true };
    expect(judgedAt('2026-12-05T00:00', { quietHours })).toBe('quiet_hours until 2026-12-07T00:00');
  });

  test('an end that the clocks leave out comes as much later', () => {
    const quietHours = { fromMinute: 22 * 60, toMinute: 150, withWeekends: false };
    expect(judgedAt('2026-03-29T00:30', { quietHours }, MESSAGE, 'Europe/Berlin')).toBe(
      'quiet_hours until 2026-03-29T03:30',
    );
  });

  test('an end that comes twice counts once', () => {
    const quietHours = { fromMinute: 22 * 60, toMinute: 150, withWeekends: false };
    const moment = (utc: string) => ({ nowMs: instant(utc), timeZone: 'Europe/Berlin' });
    expect(quietEndMs(quietHours, moment('2026-10-25T00:15'))).toBe(instant('2026-10-25T00:30'));
    expect(quietEndMs(quietHours, moment('2026-10-25T01:15'))).toBeUndefined();
  });

  test('what passes them goes through, and only then', () => {
    expect(judgedAt('2026-12-01T20:00', { quietHours: NIGHT }, URGENT)).toEqual({ kind: 'through' });
    expect(judgedAt('2026-12-01T12:00', { quietHours: NIGHT }, URGENT)).toEqual({ kind: 'send' });
  });
});

describe('the digest of the day', () => {
  const digestMinute = 9 * 60;

  test.each([
    ['before it', '2026-12-01T08:00', 'daily_digest until 2026-12-01T09:00'],
    ['at its minute, what is new', '2026-12-01T09:00', 'daily_digest until 2026-12-02T09:00'],
    ['after it', '2026-12-01T10:00', 'daily_digest until 2026-12-02T09:00'],
  ])('%s', (_, local, expected) => {
    expect(judgedAt(local, { digestMinute })).toEqual(expected);
  });

  test('what waited for it goes out at its minute', () => {
    const waited = { ...MESSAGE, deferredFor: 'daily_digest' } as const;
    expect(judgedAt('2026-12-01T09:00', { digestMinute }, waited)).toEqual({ kind: 'send' });
  });

  test('what may pass quiet hours does not wait for it', () => {
    expect(judgedAt('2026-12-01T10:00', { digestMinute }, URGENT)).toEqual({ kind: 'send' });
  });

  test('what waited for the night waits for it, too', () => {
    const waited = { ...MESSAGE, deferredFor: 'quiet_hours' } as const;
    const preferences = { digestMinute, quietHours: NIGHT };
    expect(judgedAt('2026-12-01T20:00', preferences)).toBe('quiet_hours until 2026-12-02T08:00');
    expect(judgedAt('2026-12-02T08:00', preferences, waited)).toBe('daily_digest until 2026-12-02T09:00');
  });

  test('in quiet hours it comes at their end', () => {
    const preferences = { digestMinute: 7 * 60, quietHours: NIGHT };
    expect(judgedAt('2026-12-01T12:00', preferences)).toBe('daily_digest until 2026-12-02T08:00');
  });
});

describe('whatever somebody has said', () => {
  const ZONES = [
    'UTC',
    'Europe/Berlin',
    'America/New_York',
    'Australia/Lord_Howe',
    'Asia/Kathmandu',
    'Pacific/Apia',
    'America/Santiago',
    'Africa/Cairo',
  ];
  const minute = fc.integer({ min: 0, max: 1_439 });
  const quietHours = fc
    .record({ fromMinute: minute, toMinute: minute, withWeekends: fc.boolean() })
    .filter(({ fromMinute, toMinute }) => fromMinute !== toMinute);
  const preferences: fc.Arbitrary<Preferences> = fc.record({ quietHours, digestMinute: minute }, { requiredKeys: [] });
  const moment = fc.record({
    // Around the changes of the clocks as often as elsewhere.
    nowMs: fc.integer({ min: instant('2024-01-01T00:00'), max: instant('2030-01-01T00:00') }),
    timeZone: fc.constantFrom(...ZONES),
  });
  const RUNS = { numRuns: 10_000 };

  test('it is put off twice at the most, to a later instant that is not quiet, and never sent in quiet hours', () => {
    fc.assert(
      fc.property(preferences, moment, fc.boolean(), (said, start, passesQuiet) => {
        let at = start;
        let deferredFor: DeferReason | undefined;
        for (let times = 0; times <= 2; times++) {
          const isQuiet = said.quietHours !== undefined && quietEndMs(said.quietHours, at) !== undefined;
          const judgement = judge(said, { ...MESSAGE, passesQuiet, deferredFor }, at);
          if (judgement.kind !== 'defer') {
            expect(judgement).toEqual({ kind: isQuiet ? 'through' : 'send' });
            expect(isQuiet && !passesQuiet).toBe(false);
            return;
          }
          expect(passesQuiet).toBe(false);
          expect(isQuiet && times > 0).toBe(false);
          const { reason, untilMs } = judgement;
          const waitMs = untilMs - at.nowMs;
          expect(waitMs).toBeGreaterThan(0);
          // Three days of a weekend and its nights, and a day until the digest; clocks may be set back meanwhile.
          expect(waitMs).toBeLessThanOrEqual((reason === 'quiet_hours' ? 96 : 120) * HOUR_MS + 2 * HOUR_MS);
          at = { ...at, nowMs: untilMs };
          deferredFor = reason;
        }
        throw new Error('put off three times');
      }),
      RUNS,
    );
  });

  test('the wall clock agrees, but in the hours around a change of the clocks', () => {
    fc.assert(
      fc.property(quietHours, moment, (said, { nowMs, timeZone }) => {
        const local = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(timeZone);
        const offsets = [-14, -6, 0, 6, 14].map((hours) => local.add({ hours }).offset);
        fc.pre(new Set(offsets).size === 1);
        const { fromMinute, toMinute, withWeekends } = said;
        const now = local.hour * 60 + local.minute;
        const isNight =
          fromMinute < toMinute ? now >= fromMinute && now < toMinute : now >= fromMinute || now < toMinute;
        const isQuiet = isNight || (withWeekends && local.dayOfWeek >= 6);
        expect(quietEndMs(said, { nowMs, timeZone }) !== undefined).toBe(isQuiet);
      }),
      RUNS,
    );
  });
});
