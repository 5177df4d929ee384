// What stands between `${` and `}`: expressions as a tree, and everything that one may call.

/** A part of a template that is worked out from data. */
export type Expression =
  | { readonly kind: 'constant'; readonly value: string | number | boolean | null }
  /** A member of the data at hand, or one of `$data`, `$root` and `$index`. */
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'member'; readonly of: Expression; readonly name: string }
  | { readonly kind: 'element'; readonly of: Expression; readonly index: Expression }
  | { readonly kind: 'call'; readonly name: FunctionName; readonly args: readonly Expression[] };

/** An expression and how its author wrote it. */
export interface Placeholder {
  readonly expression: Expression;
  /** Without `${` and `}`. */
  readonly source: string;
}

const ANY = Number.POSITIVE_INFINITY;

/**
 * How many arguments each function takes, from and to. All take time in proportion to what they are given and give no
 * more than that: nothing counts, repeats, replaces, matches patterns, makes things up or reaches anything.
 */
export const FUNCTION_ARITIES = {
  if: [3, 3],
  coalesce: [1, ANY],
  exists: [1, 1],
  empty: [1, 1],
  not: [1, 1],
  and: [1, ANY],
  or: [1, ANY],
  equals: [2, 2],
  greater: [2, 2],
  greaterOrEquals: [2, 2],
  less: [2, 2],
  lessOrEquals: [2, 2],
  contains: [2, 2],
  startsWith: [2, 2],
  endsWith: [2, 2],
  concat: [1, ANY],
  join: [2, 2],
  length: [1, 1],
  count: [1, 1],
  toUpper: [1, 1],
  toLower: [1, 1],
  trim: [1, 1],
  substring: [2, 3],
  string: [1, 1],
  int: [1, 1],
  float: [1, 1],
  add: [2, 2],
  sub: [2, 2],
  mul: [2, 2],
  div: [2, 2],
  mod: [2, 2],
  round: [1, 2],
  floor: [1, 1],
  ceiling: [1, 1],
  formatNumber: [2, 3],
  formatDateTime: [1, 3],
  uriComponent: [1, 1],
  /** Ours: the text is markdown of somebody who is trusted, and not to be escaped. */
  markdown: [1, 1],
} as const satisfies Readonly<Record<string, readonly [number, number]>>;

/** What an expression may call. */
export type FunctionName = keyof typeof FUNCTION_ARITIES;

/** @param name as its author wrote it; members of JavaScript's own objects are none of ours */
export function isFunctionName(name: string): name is FunctionName {
  return Object.hasOwn(FUNCTION_ARITIES, name);
}

/** Names that reach into JavaScript's prototypes. */
export const FORBIDDEN_NAMES: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** The names with a dollar sign that mean something: the data at hand, all of the data, the place in a repetition. */
export const RESERVED_NAMES: ReadonlySet<string> = new Set(['$data', '$root', '$index']);
