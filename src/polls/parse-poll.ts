// What is asked, and between what one chooses: read from a message such as `poll Lunch? | Pizza | Sushi`. Pure.

import { toVisible } from '../domain/literal.ts';
import { withoutMentionTags } from '../domain/mention-tags.ts';
import { POLL_LIMITS } from '../domain/poll.ts';
import { type PollEnd, type PollOption, readLeadingOptions, readTrailingOptions } from './poll-options.ts';

/** A poll as somebody wrote it. */
export interface WrittenPoll {
  /** One line of plain text, and so are the choices. */
  readonly question: string;
  /** Each once. */
  readonly choices: readonly string[];
  readonly isSeveral: boolean;
  readonly isAnonymous: boolean;
  /** Absent when it is closed by hand. */
  readonly end?: PollEnd;
}

/** `usage`: it is not a question with 2 to 10 choices, or ends at a time that does not exist. */
export type ParsedPoll =
  | { readonly kind: 'poll'; readonly poll: WrittenPoll }
  | { readonly kind: 'usage' }
  | { readonly kind: 'tooLong'; readonly maxLength: number };

const { minChoices, maxChoices, maxQuestionLength, maxChoiceLength } = POLL_LIMITS;
/** In UTF-16 units, of a question and all of its choices. */
const MAX_LENGTH = maxQuestionLength + maxChoices * maxChoiceLength;
/** What is longer than this with its mentions is not even looked at. */
const MAX_RAW_LENGTH = 3 * MAX_LENGTH;

/** Of the six languages. */
const WORDS = 'poll|umfrage|abstimmung|encuesta|votaci[oó]n|sondage|投票|アンケート|استطلاع|تصويت';
const START = new RegExp(`^\\s*/?(?:${WORDS})(?![\\p{L}\\p{N}_'’])[\\s:：]*`, 'iu');
const BETWEEN = /[|｜\n]/;
/** What begins a line of a list; a number may be a date. */
const BULLET = /^[-*•–] /;
/** Something that can be seen. */
const VISIBLE = /[^\s\p{C}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** Whether a message asks for a poll. */
export function startsAsPoll(text: string): boolean {
  return START.test(text);
}

/** Reads any text as a poll. */
export function parsePoll(text: string): ParsedPoll {
  if (text.length > MAX_RAW_LENGTH) {
    return { kind: 'tooLong', maxLength: MAX_LENGTH };
  }
  const written = withoutMentionTags(toVisible(text)).replace(START, '');
  const parts = written.split(BETWEEN).map(toLine).filter(isFilled);
  const { parts: said, options } = takeTrailing(takeLeading({ parts, options: [] }));
  const [question = '', ...choices] = said;
  const each = distinct(choices);
  if (each.length < minChoices || each.length > maxChoices || options.some(({ kind }) => kind === 'bad')) {
    return { kind: 'usage' };
  }
  if (question.length > maxQuestionLength) {
    return { kind: 'tooLong', maxLength: maxQuestionLength };
  }
  return each.some((choice) => choice.length > maxChoiceLength)
    ? { kind: 'tooLong', maxLength: maxChoiceLength }
    : { kind: 'poll', poll: { question, choices: each, ...heldAs(options) } };
}

function toLine(part: string): string {
  return part.replace(/\s+/g, ' ').trim().replace(BULLET, '');
}

function isFilled(part: string): boolean {
  return VISIBLE.test(part);
}

/** Case and width of letters make no other choice. */
function distinct(choices: readonly string[]): readonly string[] {
  const byName = Map.groupBy(choices, (choice) => choice.normalize('NFKC').toLowerCase());
  return [...byName.values()].flatMap(([first]) => first ?? []);
}

interface Taken {
  readonly parts: readonly string[];
  readonly options: readonly PollOption[];
}

/** Before the question, or in a part of their own before it. */
function takeLeading(taken: Taken): Taken {
  const [first = '', ...others] = taken.parts;
  const { options, rest } = readLeadingOptions(first);
  return options.length === 0 ? taken : without(taken, { options, parts: rest === '' ? others : [rest, ...others] });
}

/** Behind the last choice, or in a part of their own behind it; where another choice ends so, too, they are what one chooses. */
function takeTrailing(taken: Taken): Taken {
  const last = taken.parts.at(-1) ?? '';
  const others = taken.parts.slice(0, -1);
  const { options, rest } = readTrailingOptions(last);
  const isChoice = options.length === 0 || others.slice(1).some((part) => readTrailingOptions(part).options.length > 0);
  return isChoice ? taken : without(taken, { options, parts: rest === '' ? others : [...others, rest] });
}

/** Where too little would be left to choose, they are no options. */
function without(taken: Taken, { options, parts }: Taken): Taken {
  return parts.length <= minChoices ? taken : { parts, options: [...taken.options, ...options] };
}

function heldAs(options: readonly PollOption[]): Pick<WrittenPoll, 'isSeveral' | 'isAnonymous' | 'end'> {
  const has = (kind: PollOption['kind']) => options.some((option) => option.kind === kind);
  const end = options.findLast((option) => option.kind === 'for' || option.kind === 'until');
  return { isSeveral: has('several'), isAnonymous: has('anonymous'), ...(end && { end }) };
}
