// What an expression gives, with the data that it stands in.

import type { Expression } from './expression.ts';
import { FUNCTIONS, type FunctionContext } from './functions.ts';
import { elementOf, isMissing, isTrue, memberOf } from './values.ts';

/** What names mean at a place of a template. */
export interface Scope {
  /** `$root`: all of the data. */
  readonly root: unknown;
  /** `$data`: the part of it that a name without `$` is looked up in. */
  readonly data: unknown;
  /** `$index`: the place in the innermost repetition, from 0. */
  readonly index?: number;
}

/** Never throws but for what exceeds the budget; what is not there is undefined or null. */
export function evaluate(context: FunctionContext, scope: Scope, expression: Expression): unknown {
  const { budget } = context;
  budget.spend(1);
  switch (expression.kind) {
    case 'constant':
      return expression.value;
    case 'name':
      return readName(context, scope, expression.name);
    case 'member':
      return memberOf(evaluate(context, scope, expression.of), expression.name, budget);
    case 'element': {
      const index = evaluate(context, scope, expression.index);
      return elementOf(evaluate(context, scope, expression.of), index, budget);
    }
    default:
      return evaluateCall(context, scope, expression);
  }
}

/** An expression that calls a function. */
export type Call = Extract<Expression, { kind: 'call' }>;

/** Which of its arguments a call gives, where it gives one of them as it is; undefined for what does not choose. */
export function chooseArgument(context: FunctionContext, scope: Scope, { name, args }: Call): Expression | undefined {
  const [first, second, third] = args;
  if (name === 'if' && first) {
    return isTrue(evaluate(context, scope, first)) ? second : third;
  }
  return name === 'coalesce'
    ? (args.find((one) => !isMissing(evaluate(context, scope, one))) ?? args.at(-1))
    : undefined;
}

function evaluateCall(context: FunctionContext, scope: Scope, call: Call): unknown {
  const { name, args } = call;
  switch (name) {
    case 'if': {
      const chosen = chooseArgument(context, scope, call);
      return chosen && evaluate(context, scope, chosen);
    }
    case 'coalesce':
      // Each argument once: with the one above, a row of them would take twice as long for each one more.
      return firstPresent(args, (one) => evaluate(context, scope, one));
    case 'and':
      return args.every((one) => isTrue(evaluate(context, scope, one)));
    case 'or':
      return args.some((one) => isTrue(evaluate(context, scope, one)));
    default: {
      const values = args.map((one) => evaluate(context, scope, one));
      context.budget.spend(values.reduce<number>((sum, value) => sum + lengthOf(value), 0));
      const result = FUNCTIONS[name](values, context);
      context.budget.spend(lengthOf(result));
      return result;
    }
  }
}

function firstPresent(args: readonly Expression[], read: (one: Expression) => unknown): unknown {
  for (const one of args) {
    const value = read(one);
    if (!isMissing(value)) {
      return value;
    }
  }
  return undefined;
}

function lengthOf(value: unknown): number {
  return typeof value === 'string' ? value.length : 1;
}

function readName({ budget }: FunctionContext, scope: Scope, name: string): unknown {
  switch (name) {
    case '$data':
      return scope.data;
    case '$root':
      return scope.root;
    case '$index':
      return scope.index;
    default:
      return memberOf(scope.data, name, budget);
  }
}
