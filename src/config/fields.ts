// Fields of the settings: how the text of one environment variable becomes a value, or a message that says the remedy.

import { z } from 'zod';

/** Trimmed text; the fallback when the variable is absent or blank. */
export function word(fallback: string) {
  return z
    .string()
    .optional()
    .transform((value) => value?.trim() || fallback);
}

/** A whole number within bounds, both included. */
export function integer({
  fallback,
  min,
  max,
}: {
  readonly fallback: number;
  readonly min: number;
  readonly max: number;
}) {
  return word(String(fallback)).transform((value, context) => {
    const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
    if (!(number >= min && number <= max)) {
      context.addIssue({ code: 'custom', message: `Expected a whole number from ${min} to ${max}, got "${value}"` });
      return z.NEVER;
    }
    return number;
  });
}

/** One of the options: compared without case, given back as it is spelt here. */
export function choice<const T extends string>(options: readonly T[], fallback: T) {
  return word(fallback).transform((value, context): T => {
    const found = options.find((option) => option.toLowerCase() === value.toLowerCase());
    if (found === undefined) {
      const expected = options.map((option) => (option === '' ? 'nothing' : option)).join(', ');
      context.addIssue({ code: 'custom', message: `Expected one of ${expected}, got "${value}"` });
      return z.NEVER;
    }
    return found;
  });
}

/** Values separated by commas, trimmed and in lower case; each must be right. */
export function list(isRight: (one: string) => boolean, message: string) {
  return word('')
    .transform((value) =>
      value
        .split(',')
        .map((one) => one.trim().toLowerCase())
        .filter(Boolean),
    )
    .refine((values) => values.every(isRight), message);
}
