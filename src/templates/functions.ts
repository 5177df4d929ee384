// What the functions of expressions do with values. None of them throws; what cannot be worked out is missing.

import type { Budget } from './budget.ts';
import type { FunctionName } from './expression.ts';
import { type Formats, formatDateTime, formatNumber } from './formats.ts';
import { isEqual, isMissing, isTrue, memberOf, STEPS_A_KEY, textOf } from './values.ts';

/** What functions work with beside their arguments. */
export interface FunctionContext {
  readonly budget: Budget;
  readonly formats: Formats;
}

/** Functions whose arguments are all worked out first. */
export type EagerFunctionName = Exclude<FunctionName, 'if' | 'coalesce' | 'and' | 'or'>;

type Apply = (args: readonly unknown[], context: FunctionContext) => unknown;

/** Steps for what asks the tables of languages. */
const STEPS_A_FORMAT = 1_000;

/** By name. */
export const FUNCTIONS: Readonly<Record<EagerFunctionName, Apply>> = {
  exists: ([value]) => !isMissing(value),
  empty: ([value], { budget }) => sizeOf(value, budget) === 0,
  not: ([value]) => !isTrue(value),
  equals: ([left, right]) => isEqual(left, right),
  greater: ([left, right]) => compare(left, right, (difference) => difference > 0),
  greaterOrEquals: ([left, right]) => compare(left, right, (difference) => difference >= 0),
  less: ([left, right]) => compare(left, right, (difference) => difference < 0),
  lessOrEquals: ([left, right]) => compare(left, right, (difference) => difference <= 0),
  contains: ([where, what], { budget }) => contains(where, what, budget),
  startsWith: ([text, start]) => withTexts([text, start], (whole, part) => whole.startsWith(part)),
  endsWith: ([text, end]) => withTexts([text, end], (whole, part) => whole.endsWith(part)),
  concat: (args, { budget }) => joinTexts(args, '', budget),
  join: ([list, separator], { budget }) =>
    Array.isArray(list) ? joinTexts(list, textOf(separator) ?? '', budget) : undefined,
  length: ([value], { budget }) => sizeOf(value, budget),
  count: ([value], { budget }) => sizeOf(value, budget),
  toUpper: ([text]) => withText(text, (whole) => whole.toUpperCase()),
  toLower: ([text]) => withText(text, (whole) => whole.toLowerCase()),
  trim: ([text]) => withText(text, (whole) => whole.trim()),
  substring: ([text, start, length]) => withText(text, (whole) => substring(whole, start, length)),
  string: ([value]) => textOf(value) ?? (isMissing(value) ? undefined : JSON.stringify(value)),
  int: ([value]) => toNumber(value, Math.trunc),
  float: ([value]) => toNumber(value, (number) => number),
  add: ([left, right], { budget }) =>
    typeof left === 'string' || typeof right === 'string'
      ? joinTexts([left, right], '', budget)
      : withNumbers(left, right, (a, b) => a + b),
  sub: ([left, right]) => withNumbers(left, right, (a, b) => a - b),
  mul: ([left, right]) => withNumbers(left, right, (a, b) => a * b),
  div: ([left, right]) => withNumbers(left, right, divide),
  mod: ([left, right]) => withNumbers(left, right, (a, b) => a % b),
  round: ([value, digits]) => round(value, digits ?? 0),
  floor: ([value]) => (typeof value === 'number' ? Math.floor(value) : undefined),
  ceiling: ([value]) => (typeof value === 'number' ? Math.ceil(value) : undefined),
  formatNumber(args, { budget, formats }) {
    budget.spend(STEPS_A_FORMAT);
    return formatNumber(formats, args);
  },
  formatDateTime(args, { budget, formats }) {
    budget.spend(STEPS_A_FORMAT);
    return formatDateTime(formats, args);
  },
  uriComponent: ([text]) => withText(text, (whole) => encodeURIComponent(whole.toWellFormed())),
  markdown: ([text]) => text,
};

function withText<T>(value: unknown, work: (text: string) => T): T | undefined {
  const text = textOf(value);
  return text === undefined ? undefined : work(text);
}

function withTexts(values: readonly unknown[], work: (left: string, right: string) => boolean): boolean {
  const [left, right] = values.map(textOf);
  return left !== undefined && right !== undefined && work(left, right);
}

function withNumbers(left: unknown, right: unknown, work: (a: number, b: number) => number): number | undefined {
  return typeof left === 'number' && typeof right === 'number' ? finite(work(left, right)) : undefined;
}

/** JSON has no other numbers. */
function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}

/** As in Adaptive Expressions, whole numbers make a whole number. */
function divide(left: number, right: number): number {
  const quotient = left / right;
  return Number.isInteger(left) && Number.isInteger(right) ? Math.floor(quotient) : quotient;
}

function compare(left: unknown, right: unknown, holds: (difference: number) => boolean): boolean {
  if (typeof left === 'number' && typeof right === 'number') {
    return holds(left - right);
  }
  return typeof left === 'string' && typeof right === 'string' && holds(left < right ? -1 : left > right ? 1 : 0);
}

function contains(where: unknown, what: unknown, budget: Budget): boolean {
  if (Array.isArray(where)) {
    budget.spend(where.length);
    return where.some((item) => isEqual(item, what));
  }
  if (typeof where === 'string') {
    // Searching for a long text in a long one can take the product of their lengths.
    budget.spend((where.length * (textOf(what)?.length ?? 0)) / 16);
    return typeof what === 'string' && where.includes(what);
  }
  return typeof what === 'string' && !isMissing(memberOf(where, what, budget));
}

/** Paid for before it is made: what is joined may be larger than all of the data. */
function joinTexts(values: readonly unknown[], separator: string, budget: Budget): string {
  let joined = '';
  for (const [place, value] of values.entries()) {
    const part = `${place === 0 ? '' : separator}${textOf(value) ?? ''}`;
    budget.spend(part.length + 1);
    joined += part;
  }
  return joined;
}

function sizeOf(value: unknown, budget: Budget): number {
  if (typeof value === 'string' || Array.isArray(value)) {
    return value.length;
  }
  if (isMissing(value)) {
    return 0;
  }
  if (typeof value !== 'object') {
    return 1;
  }
  const { length } = Object.keys(value);
  budget.spend(length * STEPS_A_KEY);
  return length;
}

function substring(text: string, start: unknown, length: unknown): string | undefined {
  if (typeof start !== 'number') {
    return undefined;
  }
  const from = Math.max(0, Math.floor(start));
  return typeof length === 'number' ? text.slice(from, from + Math.max(0, Math.floor(length))) : text.slice(from);
}

function toNumber(value: unknown, work: (number: number) => number): number | undefined {
  const text = typeof value === 'string' ? value.trim() : value;
  const number = typeof text === 'number' || (typeof text === 'string' && /^[-+]?\d/.test(text)) ? Number(text) : NaN;
  return finite(work(number));
}

function round(value: unknown, digits: unknown): number | undefined {
  if (typeof value !== 'number' || typeof digits !== 'number' || !(digits >= 0 && digits <= 15)) {
    return undefined;
  }
  const factor = 10 ** Math.floor(digits);
  return finite(Math.round(value * factor) / factor);
}
