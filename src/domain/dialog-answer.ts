// What people answer to a question, and where it leads. Pure.

import { Temporal } from 'temporal-polyfill';
import {
  DIALOG_LIMITS,
  type DialogAnswer,
  type DialogDefinition,
  type DialogProblem,
  type DialogQuestion,
} from './dialog.ts';
import { assertNever } from './errors.ts';
import { toVisible } from './literal.ts';

/**
 * What somebody does about the question that was asked last. `text`: they wrote it. `entered`: it stood in the input of
 * the card; left empty it leaves out a question that may be left out. `choice`: the index of what was pressed.
 */
export type DialogInput =
  | { readonly kind: 'text' | 'entered'; readonly text: string }
  | { readonly kind: 'choice'; readonly index: number }
  | { readonly kind: 'skip' }
  | { readonly kind: 'back' }
  | { readonly kind: 'cancel' };

/** An input that is meant as an answer. */
export type AnswerInput = Exclude<DialogInput, { readonly kind: 'back' | 'cancel' }>;

/** An answer as it is kept, or why it is none. */
export type ReadAnswer =
  | { readonly kind: 'answer'; readonly answer: DialogAnswer }
  | { readonly kind: 'problem'; readonly problem: DialogProblem };

/** Reads any input as the answer to a question. Never throws. */
export function readAnswer(question: DialogQuestion, input: AnswerInput): ReadAnswer {
  switch (input.kind) {
    case 'skip':
      return leaveOut(question);
    case 'choice':
      return toChoice(question.kind === 'choice' ? question.choices?.[input.index] : undefined);
    case 'entered':
    case 'text': {
      const text = toVisible(input.text).trim();
      if (text === '') {
        return input.kind === 'entered' ? leaveOut(question) : problem('empty');
      }
      return readText(question, text);
    }
    default:
      return assertNever(input);
  }
}

/** @returns the question that comes after this answer; undefined when it was the last one */
export function questionAfter(
  { questions }: DialogDefinition,
  question: DialogQuestion,
  answer: DialogAnswer,
): DialogQuestion | undefined {
  const [, target] = Object.entries(question.next ?? {}).find(([choice]) => choice === answer) ?? [];
  return target === undefined
    ? questions[questions.findIndex(({ id }) => id === question.id) + 1]
    : questions.find(({ id }) => id === target);
}

function leaveOut(question: DialogQuestion): ReadAnswer {
  return question.isOptional ? { kind: 'answer', answer: null } : problem('empty');
}

function readText(question: DialogQuestion, text: string): ReadAnswer {
  switch (question.kind) {
    case 'text': {
      const { maxLength = DIALOG_LIMITS.maxAnswerLength } = question;
      return text.length > maxLength ? problem('too_long') : { kind: 'answer', answer: text };
    }
    case 'choice':
      return toChoice(findChoice(question.choices ?? [], text));
    case 'number':
      return readNumber(question, text);
    case 'date': {
      const date = readDate(toPlain(text));
      return date === undefined ? problem('not_a_date') : { kind: 'answer', answer: date };
    }
    default:
      return assertNever(question.kind);
  }
}

function toChoice(choice: string | undefined): ReadAnswer {
  return choice === undefined ? problem('not_a_choice') : { kind: 'answer', answer: choice };
}

function problem(what: DialogProblem): ReadAnswer {
  return { kind: 'problem', problem: what };
}

/** In its own words, in whatever case, or by its number from 1. */
function findChoice(choices: readonly string[], text: string): string | undefined {
  const key = toComparable(text);
  const [, number] = /^#?(\d{1,3})[.)]?$/.exec(key) ?? [];
  return (
    choices.find((choice) => choice === text) ??
    choices.find((choice) => toComparable(choice) === key) ??
    choices.find((choice) => toComparable(choice) === key.replace(/(?<=.)[.!。]+$/u, '')) ??
    (number === undefined ? undefined : choices[Number(number) - 1])
  );
}

function toComparable(text: string): string {
  return toPlain(text).toLowerCase().replace(/\s+/g, ' ').trim();
}

const NUMBER = /^[+-]?(?:\d{1,15}(?:[.,]\d{0,15})?|[.,]\d{1,15})$/;
/** `1,000`: a thousand for one reader and one for another, so nobody can know. */
const DOUBTFUL = /^[+-]?[1-9]\d{0,2},\d{3}$/;

function readNumber({ min = -Infinity, max = Infinity }: DialogQuestion, text: string): ReadAnswer {
  const plain = toPlain(text)
    .replace(/\u2212/g, '-')
    .replace(/\u066b/g, ',');
  if (!NUMBER.test(plain) || DOUBTFUL.test(plain)) {
    return problem('not_a_number');
  }
  // No minus zero.
  const number = Number(plain.replace(',', '.')) + 0;
  return number < min || number > max ? problem('out_of_range') : { kind: 'answer', answer: number };
}

/** Where the day and the month cannot be taken for one another. */
const DATES: readonly RegExp[] = [
  /^(?<year>\d{4})-(?<month>\d{1,2})-(?<day>\d{1,2})$/,
  /^(?<year>\d{4})[/.](?<month>\d{1,2})[/.](?<day>\d{1,2})$/,
  /^(?<year>\d{4})年(?<month>\d{1,2})月(?<day>\d{1,2})日$/,
  /^(?<day>\d{1,2})\. ?(?<month>\d{1,2})\. ?(?<year>\d{4})$/,
];

/** Words that stand for a day are not read: which day it is depends on where the reader is. */
function readDate(text: string): string | undefined {
  const { groups } = DATES.map((form) => form.exec(text)).find((match) => match !== null) ?? {};
  const { year, month, day } = groups ?? {};
  try {
    const parts = { year: Number(year), month: Number(month), day: Number(day) };
    return Temporal.PlainDate.from(parts, { overflow: 'reject' }).toString();
  } catch {
    return undefined;
  }
}

/** Without marks that show nothing, and with the digits of all the languages of the bot as ASCII ones. */
function toPlain(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => String((digit.codePointAt(0) ?? 0) & 0xf))
    .trim();
}
