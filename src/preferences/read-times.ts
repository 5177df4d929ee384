// Times as people write them in commands: windows, times of day, spans. Pure.

import type { QuietHours } from '../domain/preferences.ts';
import { COMMAND_LIMITS, type MuteTime } from './command.ts';

const TIME = '(\\d{1,2})(?:[:.h](\\d{2}))? ?(?:h|uhr|hrs)? ?(?:([ap])\\.?m\\.?)?';
const WINDOW = new RegExp(`^(?:from )?${TIME} ?(?:-|~|to|until|bis) ?${TIME}$`);
const TIME_OF_DAY = new RegExp(`^(?:daily )?(?:at )?${TIME}$`);
const WEEKENDS = /[ ,+&]*(?:and |with )?weekends?$/;

/** @returns undefined for what is no window of the day, or one without an end */
export function readQuietHours(text: string): QuietHours | undefined {
  const plain = toPlain(text);
  const hours = plain.replace(WEEKENDS, '');
  const match = WINDOW.exec(hours);
  if (!match) {
    return undefined;
  }
  const [, fromHour, fromPart, fromHalf, toHour, toPart, toHalf] = match;
  // Who writes "6-8pm" means the evening, and "6pm-8" the morning: nobody can know.
  if ((fromHalf === undefined) !== (toHalf === undefined)) {
    return undefined;
  }
  const fromMinute = toMinute(fromHour, fromPart, fromHalf);
  const toMinuteOfDay = toMinute(toHour, toPart, toHalf);
  return fromMinute === undefined || toMinuteOfDay === undefined || fromMinute === toMinuteOfDay
    ? undefined
    : { fromMinute, toMinute: toMinuteOfDay, withWeekends: hours !== plain };
}

/** @returns minutes after midnight; undefined for what is no time of day */
export function readTimeOfDay(text: string): number | undefined {
  const match = TIME_OF_DAY.exec(toPlain(text));
  return match ? toMinute(match[1], match[2], match[3]) : undefined;
}

/** Whether something is to be switched off. */
export function isOff(text: string): boolean {
  return toPlain(text) === 'off';
}

const MINUTE_MS = 60_000;
const UNITS: readonly (readonly [RegExp, number])[] = [
  [/^m(in|ins|inutes?)?$/, MINUTE_MS],
  [/^h(rs?|ours?)?$/, 60 * MINUTE_MS],
  [/^d(ays?)?$/, 24 * 60 * MINUTE_MS],
  [/^w(eeks?)?$/, 7 * 24 * 60 * MINUTE_MS],
];

/** @returns `bad` for a span that is too short or too long, undefined for what is none */
export function readMuteTime(text: string): MuteTime | 'bad' | undefined {
  const plain = toPlain(text);
  if (plain === 'today' || plain === 'always') {
    return { kind: plain };
  }
  const [, count, unit = ''] = /^(\d{1,9}) ?([a-z]+)$/.exec(plain) ?? [];
  const unitMs = UNITS.find(([word]) => word.test(unit))?.[1];
  if (count === undefined || unitMs === undefined) {
    return undefined;
  }
  const ms = Number(count) * unitMs;
  return ms > 0 && ms <= COMMAND_LIMITS.maxMuteMs ? { kind: 'for', ms } : 'bad';
}

/** In small letters, with the digits, dashes and blanks of English. */
function toPlain(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\p{Cf}/gu, '')
    .replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) & 0xf))
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .replaceAll('\u301c', '~')
    .replace(/\s+/g, ' ')
    .trim();
}

/** @param half of the day, `a` or `p`; undefined where hours go to 24 */
function toMinute(hourText = '', minuteText = '0', half?: string): number | undefined {
  const minutes = Number(minuteText);
  const hours = half === undefined ? Number(hourText) : toFullHours(Number(hourText), half);
  if (hours === undefined || minutes > 59 || hours > 24 || (hours === 24 && minutes > 0)) {
    return undefined;
  }
  return (hours % 24) * 60 + minutes;
}

function toFullHours(hours: number, half: string): number | undefined {
  return hours < 1 || hours > 12 ? undefined : (hours % 12) + (half === 'p' ? 12 : 0);
}
