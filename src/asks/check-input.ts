// What somebody entered beside an action: whether it is what was asked for.

import { ASK_LIMITS, type AskedInput } from '../domain/ask.ts';
import { assertNever } from '../domain/errors.ts';

/** A text, a date as `2026-11-28`, or a choice; a number. */
export type Entered = string | number;

/** `value` is null where nothing was entered, or nothing was asked for. */
export type CheckedInput =
  | { readonly kind: 'good'; readonly value: Entered | null }
  | { readonly kind: 'bad'; readonly label: string };

const NOTHING: CheckedInput = { kind: 'good', value: null };

/** As clients write numbers: with a point, and without a power of ten. */
const NUMBER = /^[+-]?\d{1,15}(?:\.\d{1,15})?$/;
const DATE = /^(\d{4})-(\d\d)-(\d\d)$/;

/** Pure. @param entered as the client of a person sent it */
export function checkInput(asked: AskedInput | undefined, entered: unknown): CheckedInput {
  if (!asked) {
    return NOTHING;
  }
  const bad = { kind: 'bad', label: asked.label } as const;
  const text = typeof entered === 'string' ? entered.trim() : entered;
  if (text === undefined || text === null || text === '') {
    return asked.isRequired ? bad : NOTHING;
  }
  const value = read(asked, text);
  return value === undefined ? bad : { kind: 'good', value };
}

function read({ kind, choices }: AskedInput, entered: unknown): Entered | undefined {
  if (kind === 'number') {
    return readNumber(entered);
  }
  if (typeof entered !== 'string' || entered.length > ASK_LIMITS.maxInputLength) {
    return undefined;
  }
  switch (kind) {
    case 'text':
      return entered;
    case 'date':
      return isDate(entered) ? entered : undefined;
    case 'choice':
      return choices?.find((choice) => choice.trim() === entered);
    default:
      return assertNever(kind);
  }
}

/** Clients send the text of the field. */
function readNumber(entered: unknown): number | undefined {
  if (typeof entered === 'string') {
    return NUMBER.test(entered) ? Number(entered) : undefined;
  }
  return typeof entered === 'number' && Number.isFinite(entered) ? entered : undefined;
}

/** A day that is in the calendar. */
function isDate(text: string): boolean {
  const [year = 0, month = 0, day = 0] = DATE.exec(text)?.slice(1).map(Number) ?? [];
  const date = new Date(Date.UTC(year, month - 1, day));
  return day > 0 && date.getUTCDate() === day && date.getUTCMonth() === month - 1;
}
