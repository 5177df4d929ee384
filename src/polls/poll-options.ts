// How a poll is to be held, as people write it: `anonymous`, `several`, `for 2h`, `until 17:00`. Pure.

/** When it closes: after a time, or at a time of day, minutes after midnight. */
export type PollEnd =
  | { readonly kind: 'for'; readonly ms: number }
  | { readonly kind: 'until'; readonly minute: number };

/** `bad`: a time that does not exist, or one too far ahead. */
export type PollOption = { readonly kind: 'anonymous' | 'several' | 'bad' } | PollEnd;

/** What was read, and what is left of the text. */
export interface ReadOptions {
  readonly options: readonly PollOption[];
  readonly rest: string;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** For how long a poll can be open that is to close by itself. */
const MAX_SPAN_MS = 30 * DAY_MS;

const UNITS: readonly (readonly [RegExp, number])[] = [
  [/^m(?:in(?:ute)?s?)?$/, MINUTE_MS],
  [/^h(?:(?:ou)?rs?)?$/, HOUR_MS],
  [/^d(?:ays?)?$/, DAY_MS],
  [/^w(?:eeks?)?$/, 7 * DAY_MS],
];
const SPAN = /^for (\d{1,5}) ?([a-z]+)$/;
const TIME = /^until (\d{1,2})(?:[:.h](\d{2}))? ?([ap])?\.?(?:m\.?)?$/;
/** Without minutes and half of the day it is rather a number than a time. */
const IS_TIME = /[:.h]\d{2}|[ap]\.?m\.?$/;

/** Words of the longest option, `for 2 hours`. */
const MAX_WORDS = 3;

/** Those with which a text begins. */
export function readLeadingOptions(text: string): ReadOptions {
  return read(text.split(' '), (words, count) => [words.slice(0, count), words.slice(count)]);
}

/** Those with which a text ends. */
export function readTrailingOptions(text: string): ReadOptions {
  return read(text.split(' '), (words, count) => [words.slice(-count), words.slice(0, -count)]);
}

/** @returns the words of an option, and the others */
type Take = (words: readonly string[], count: number) => readonly [readonly string[], readonly string[]];

function read(all: readonly string[], take: Take): ReadOptions {
  const options: PollOption[] = [];
  let words = all;
  for (let count = MAX_WORDS; count > 0; count--) {
    const [some, others] = take(words, count);
    const option = some.length === count ? readOption(some.join(' ')) : undefined;
    if (option) {
      options.push(option);
      words = others;
      count = MAX_WORDS + 1;
    }
  }
  return { options, rest: options.length > 0 ? words.join(' ').replace(/[\s,;(]+$/, '') : words.join(' ') };
}

function readOption(text: string): PollOption | undefined {
  const plain = text
    .toLowerCase()
    .replace(/^[(,;]/, '')
    .replace(/[,;:.)]$/, '');
  switch (plain) {
    case 'anonymous':
    case 'anonymously':
      return { kind: 'anonymous' };
    case 'several':
    case 'multiple':
      return { kind: 'several' };
    default:
      return readSpan(plain) ?? readTime(plain);
  }
}

function readSpan(text: string): PollOption | undefined {
  const [, count, unit = ''] = SPAN.exec(text) ?? [];
  const unitMs = UNITS.find(([word]) => word.test(unit))?.[1];
  if (count === undefined || unitMs === undefined) {
    return undefined;
  }
  const ms = Number(count) * unitMs;
  return ms > 0 && ms <= MAX_SPAN_MS ? { kind: 'for', ms } : { kind: 'bad' };
}

function readTime(text: string): PollOption | undefined {
  const [, hour, minute = '0', half] = IS_TIME.test(text) ? (TIME.exec(text) ?? []) : [];
  if (hour === undefined) {
    return undefined;
  }
  const hours = half === undefined ? Number(hour) : toFullHours(Number(hour), half);
  return hours !== undefined && hours < 24 && Number(minute) < 60
    ? { kind: 'until', minute: hours * 60 + Number(minute) }
    : { kind: 'bad' };
}

/** @param half of the day, `a` or `p` */
function toFullHours(hours: number, half: string): number | undefined {
  return hours < 1 || hours > 12 ? undefined : (hours % 12) + (half === 'p' ? 12 : 0);
}
