// Texts of a template: what its author wrote, with values of the data in between.

import { toLine, toMarkdown, toVisible } from '../domain/literal.ts';
import { chooseArgument, evaluate, type Scope } from './evaluate.ts';
import type { Expression, Placeholder } from './expression.ts';
import type { FunctionContext } from './functions.ts';
import { isMissing, textOf } from './values.ts';

/**
 * What a place of a card makes of text. `markdown` and `plain`: it is shown, with and without markdown. `raw`: it is an
 * address, a choice between named looks or the data of an action, and is not shown.
 */
export type Place = 'markdown' | 'plain' | 'raw';

/** A text with placeholders. */
export interface TextTemplate {
  readonly pointer: string;
  readonly place: Place;
  readonly parts: readonly (string | Placeholder)[];
}

/** What texts are put together with. */
export interface TextContext extends FunctionContext {
  /** Told of each placeholder that has nothing to show, and of its place in the template. */
  warn(pointer: string, detail: string): void;
}

/**
 * Puts a text together. What the author wrote stays as it is, also in quotes inside of placeholders; what comes from the
 * data is literal, unless it is marked by `markdown()`.
 */
export function renderText(context: TextContext, scope: Scope, { pointer, place, parts }: TextTemplate): string {
  let text = '';
  for (const part of parts) {
    const shown = typeof part === 'string' ? part : render({ ...context, place }, scope, part.expression);
    if (shown === undefined && typeof part !== 'string') {
      context.warn(pointer, `\${${part.source}} has nothing to show: it is missing, a list or an object`);
    }
    const added = typeof part === 'string' ? part : `${joint(place, text, shown ?? '')}${shown ?? ''}`;
    context.budget.grow(added.length);
    text += added;
  }
  return text;
}

interface RenderContext extends FunctionContext {
  readonly place: Place;
}

/** The text of an expression at its place; undefined when there is none. */
function render(context: RenderContext, scope: Scope, expression: Expression): string | undefined {
  if (expression.kind === 'constant') {
    return textOf(expression.value);
  }
  if (expression.kind === 'call') {
    const chosen = chooseArgument(context, scope, expression);
    if (chosen) {
      return render(context, scope, chosen);
    }
    if (expression.name === 'markdown' && context.place === 'markdown') {
      const text = textOf(evaluate(context, scope, expression));
      return text === undefined ? undefined : toVisible(text);
    }
    if (expression.name === 'concat' || (expression.name === 'add' && isOfText(context, scope, expression))) {
      return joinArguments(context, scope, expression.args);
    }
  }
  const text = textOf(evaluate(context, scope, expression));
  return text === undefined ? undefined : toLiteral(context, text);
}

function joinArguments(context: RenderContext, scope: Scope, args: readonly Expression[]): string {
  let text = '';
  for (const one of args) {
    const shown = render(context, scope, one) ?? '';
    text += joint(context.place, text, shown) + shown;
  }
  return text;
}

function isOfText(context: RenderContext, scope: Scope, expression: Expression): boolean {
  return typeof evaluate(context, scope, expression) === 'string';
}

/** Steps for each character that is made literal. */
const STEPS_A_CHARACTER = 12;

function toLiteral({ place, budget }: RenderContext, text: string): string {
  budget.spend(text.length * STEPS_A_CHARACTER);
  switch (place) {
    case 'markdown':
      return toMarkdown(text);
    case 'plain':
      return toLine(text);
    default:
      return text.toWellFormed();
  }
}

/** Adaptive Cards look for functions after two braces; the last of one part and the first of the next must not be two. */
function joint(place: Place, before: string, value: string): string {
  if (place === 'raw' || !before.endsWith('{') || !value.startsWith('{')) {
    return '';
  }
  return place === 'markdown' ? '\\' : ' ';
}

/** The value of a placeholder that is all that its place holds: it keeps its type, but no list and no object. */
export function readValue(context: TextContext, scope: Scope, { pointer, placeholder }: ValueTemplate): unknown {
  const value = evaluate(context, scope, placeholder.expression);
  const text = textOf(value);
  if (text === undefined) {
    const what = isMissing(value) ? 'missing' : 'a list or an object, which belongs into $data';
    context.warn(pointer, `\${${placeholder.source}} is ${what}`);
    return undefined;
  }
  context.budget.grow(text.length);
  return typeof value === 'string' ? value.toWellFormed() : value;
}

/** A place that holds one placeholder and nothing else. */
export interface ValueTemplate {
  readonly pointer: string;
  readonly placeholder: Placeholder;
}
