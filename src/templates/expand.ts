// From a template and data to a card. Ends by itself after a bounded amount of work, and reaches nothing but the data.

import type { Advice } from '../domain/card-advice.ts';
import { AppError } from '../domain/errors.ts';
import { clip, toLine } from '../domain/literal.ts';
import { NOTIFICATION_LIMITS as LIMITS } from '../domain/notification.ts';
import { Budget, EXPANSION_LIMITS } from './budget.ts';
import type { CardNode, ObjectNode } from './compile-card.ts';
import { evaluate, type Scope } from './evaluate.ts';
import type { CompiledTemplate, JsonObject } from './template.ts';
import { readValue, renderText, type TextContext } from './text.ts';
import { isMissing } from './values.ts';

/** A card, made from a template. */
export interface ExpandedCard {
  readonly card: JsonObject;
  readonly summary: string;
  readonly title: string;
}

/** The same, with what the data lacks. */
export interface Expansion extends ExpandedCard {
  /** Placeholders that show nothing, each once, with its place in the template; at most 50. */
  readonly warnings: readonly Advice[];
}

const MAX_WARNINGS = 50;

/** Units that a member of an object, or an element of a list, takes beside what it says. */
const UNITS_A_PART = 4;

/** Of the quotes around a text, and of the brackets around a list: what says nothing takes room as well. */
const UNITS_AROUND = 2;

/**
 * Expands a template. What the data lacks shows as nothing and is listed, because a message that says less is better
 * than none. Pure.
 *
 * @param data at most `TEMPLATE_LIMITS` large and deep
 * @throws AppError `invalid_request` when the card would be too large, take too long or be no single object
 */
export function expandTemplate(template: CompiledTemplate, data: JsonObject): Expansion {
  const warnings = new Map<string, Advice>();
  const context: TextContext = {
    budget: new Budget(),
    formats: { numbers: new Map(), names: new Map() },
    warn(pointer, detail) {
      if (warnings.size < MAX_WARNINGS) {
        warnings.set(`${pointer} ${detail}`, { code: 'missing_data', pointer, detail });
      }
    },
  };
  const scope: Scope = { root: data, data };
  const [summary = '', title = ''] = [template.summary, template.title].map((text) =>
    clip(toLine(renderText(context, scope, text)), LIMITS.maxSummaryLength),
  );
  const shown = summary || title || SILENT;
  return {
    card: requireCard(expand(context, scope, template.card)),
    summary: shown,
    title: title || shown,
    warnings: [...warnings.values()],
  };
}

/** Said by a toast for which the data has nothing. */
const SILENT = '…';

function requireCard(made: Expanded): JsonObject {
  const [card] = made;
  if (made.length !== 1 || typeof card !== 'object' || card === null || Array.isArray(card)) {
    throw new AppError('invalid_request', 'The template makes no card', {
      faults: [
        { pointer: '/card', detail: `With this data, expected $data and $when to make one card, found ${made.length}` },
      ],
    });
  }
  // Counted as it grew, but for what JSON has to escape.
  if (JSON.stringify(card).length > EXPANSION_LIMITS.maxUnits) {
    throw new AppError('invalid_request', 'The template makes too much of the data', {
      faults: [
        { pointer: '/card', detail: `With this data, the card is larger than ${EXPANSION_LIMITS.maxUnits} characters` },
      ],
    });
  }
  return card as JsonObject;
}

/** What became of one part of a template: nothing, one value, or one for each repetition. */
type Expanded = readonly unknown[];

function expand(context: TextContext, scope: Scope, node: CardNode): Expanded {
  switch (node.kind) {
    case 'constant':
      context.budget.grow(typeof node.value === 'string' ? node.value.length + UNITS_AROUND : UNITS_A_PART);
      return [node.value];
    case 'text':
      context.budget.visit(node.text.pointer);
      return [renderText(context, scope, node.text)];
    case 'value': {
      context.budget.visit(node.value.pointer);
      const value = readValue(context, scope, node.value);
      return value === undefined ? [] : [value];
    }
    case 'list':
      context.budget.grow(UNITS_AROUND);
      return [node.items.flatMap((item) => expand(context, scope, item))];
    default:
      return expandObject(context, scope, node);
  }
}

function expandObject(context: TextContext, scope: Scope, node: ObjectNode): Expanded {
  return scopesOf(context, scope, node).flatMap((inner) => {
    context.budget.visit(node.pointer);
    if (node.when && evaluate(context, inner, node.when.expression) !== true) {
      return [];
    }
    context.budget.grow(UNITS_A_PART);
    const members = node.members.flatMap(([key, member]) => {
      context.budget.grow(key.length + UNITS_A_PART);
      const made = expand(context, inner, member);
      return made.length === 0 ? [] : [[key, made.length === 1 ? made[0] : made] as const];
    });
    return [Object.fromEntries(members)];
  });
}

/** What the object is about: once, or one for each element of a list. */
function scopesOf(context: TextContext, scope: Scope, { data, pointer }: ObjectNode): readonly Scope[] {
  if (!data) {
    return [scope];
  }
  context.budget.visit(pointer);
  const value = evaluate(context, scope, data.expression);
  if (isMissing(value)) {
    context.warn(`${pointer}/$data`, `\${${data.source}} is missing`);
    return [];
  }
  if (!Array.isArray(value)) {
    return [{ ...scope, data: value }];
  }
  context.budget.spend(value.length);
  return value.map((one, index) => ({ root: scope.root, data: one, index }));
}
