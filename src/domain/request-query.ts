// Query parameters: what each may hold, and what is said when it does not.

import { z } from 'zod';
import { AppError } from './errors.ts';

/** The parameters of a request as they came, by name. */
export type Query = Readonly<Record<string, string>>;

/** An instant in UTC, in epoch milliseconds once it is parsed. */
export const instantParameter = parameter(
  { expected: 'an instant in UTC, such as 2026-01-31T08:00:00Z', parse: parseInstantMs },
  { format: 'date-time', examples: ['2026-01-31T08:00:00Z'] },
);

/** How many a page of a list holds, `defaultLimit` when absent. */
export const pageLimit = (maxLimit: number, defaultLimit: number) =>
  z
    .string()
    .optional()
    .meta({ type: 'integer', minimum: 1, maximum: maxLimit, default: defaultLimit })
    .transform((text = String(defaultLimit), context) => {
      const limit = /^\d{1,3}$/.test(text) ? Number(text) : 0;
      return limit >= 1 && limit <= maxLimit ? limit : refuse(context, `a whole number from 1 to ${maxLimit}`);
    });

/** The place where the page before has ended. */
export const cursor = <Place extends object | number>(parse: (text: string) => Place | undefined) =>
  parameter({ expected: 'the nextCursor of an earlier answer', parse }, {}).optional();

/** A parameter that is read from its text. */
export function parameter<Value extends object | number | string>(
  { expected, parse }: { readonly expected: string; readonly parse: (text: string) => Value | undefined },
  meta: z.core.GlobalMeta,
) {
  return z
    .string()
    .meta(meta)
    .transform((text, context) => parse(text) ?? refuse(context, expected));
}

/** A place in a list that goes by instant and row. */
export interface TimedPlace {
  readonly atMs: number;
  readonly id: number;
}

/** The cursor of a place. */
export function toTimedCursor({ atMs, id }: TimedPlace): string {
  return `${atMs}-${id}`;
}

/** @returns undefined for what is no cursor */
export function parseTimedCursor(text: string): TimedPlace | undefined {
  const match = /^(\d{1,15})-(\d{1,15})$/.exec(text);
  return match ? { atMs: Number(match[1]), id: Number(match[2]) } : undefined;
}

/** The cursor of a list that goes by row. @returns undefined for what is no cursor */
export function parseRowCursor(text: string): number | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** @throws AppError `invalid_request` with the first thing that is wrong; values are never quoted */
export function parseQuery<Shape extends z.core.$ZodLooseShape>(
  schema: z.ZodObject<Shape>,
  query: Query,
): z.output<z.ZodObject<Shape>> {
  const result = schema.safeParse(query);
  if (result.success) {
    return result.data;
  }
  const [issue] = result.error.issues;
  const name = String(issue?.path[0] ?? '');
  const expected = issue?.code === 'invalid_value' ? oneOf(issue.values) : issue?.message;
  throw new AppError(
    'invalid_request',
    issue?.code === 'unrecognized_keys'
      ? `Expected no query parameters but ${Object.keys(schema.shape).join(', ')}.`
      : `Expected the query parameter \`${name}\` to be ${expected}.`,
  );
}

function oneOf(values: readonly unknown[]): string {
  return values.length === 1 ? `\`${String(values[0])}\`` : `one of ${values.join(', ')}`;
}

function refuse(context: z.core.$RefinementCtx, expected: string): never {
  context.addIssue({ code: 'custom', message: expected });
  return z.NEVER;
}

function parseInstantMs(text: string): number | undefined {
  const ms = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?Z$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}
