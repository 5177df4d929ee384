// From the card of a template to what can be expanded, or to everything in it that is not allowed.

import type { Fault } from '../domain/errors.ts';
import { compileText, hasPlaceholder } from './compile-text.ts';
import { FORBIDDEN_NAMES, type Placeholder } from './expression.ts';
import { isOpaque, type Position, placeOf } from './places.ts';
import type { TextTemplate, ValueTemplate } from './text.ts';

/** A part of a card that can be expanded. */
export type CardNode =
  | { readonly kind: 'constant'; readonly value: string | number | boolean | null }
  | { readonly kind: 'text'; readonly text: TextTemplate }
  | { readonly kind: 'value'; readonly value: ValueTemplate }
  | { readonly kind: 'list'; readonly items: readonly CardNode[] }
  | ObjectNode;

/** An object of a card: there once, for each element of a list, or under a condition. */
export interface ObjectNode {
  readonly kind: 'object';
  readonly pointer: string;
  readonly members: readonly (readonly [string, CardNode])[];
  /** `$data`: what the object is about; a list repeats it. */
  readonly data?: Placeholder;
  /** `$when`: whether it is there. */
  readonly when?: Placeholder;
}

/** Bounds of a card in a template. */
export const CARD_LIMITS = { maxDepth: 32, maxRepetitions: 2 } as const;

interface Place extends Position {
  readonly pointer: string;
  readonly depth: number;
  /** Objects with `$data` around it. */
  readonly repetitions: number;
  readonly isShown: boolean;
}

/** @param faults where what is not allowed is added; what is returned is then of no use */
export function compileCard(card: unknown, pointer: string, faults: Fault[]): CardNode {
  return compile(card, { pointer, type: '', parent: '', key: '', depth: 0, repetitions: 0, isShown: true }, faults);
}

function compile(value: unknown, place: Place, faults: Fault[]): CardNode {
  if (typeof value === 'string') {
    return compileString(value, place, faults);
  }
  if (typeof value !== 'object' || value === null) {
    return { kind: 'constant', value: typeof value === 'number' || typeof value === 'boolean' ? value : null };
  }
  const inner = { ...place, depth: place.depth + 1 };
  if (inner.depth > CARD_LIMITS.maxDepth) {
    faults.push({ pointer: place.pointer, detail: `Expected at most ${CARD_LIMITS.maxDepth} levels` });
    return NOTHING;
  }
  if (Array.isArray(value)) {
    const items = value.map((item, index) => compile(item, { ...inner, pointer: `${place.pointer}/${index}` }, faults));
    return { kind: 'list', items };
  }
  return compileObject(value as Readonly<Record<string, unknown>>, inner, faults);
}

const NOTHING: CardNode = { kind: 'constant', value: null };

function compileString(value: string, place: Place, faults: Fault[]): CardNode {
  if (!hasPlaceholder(value)) {
    return { kind: 'constant', value };
  }
  const { pointer, isShown, key } = place;
  if (key === 'type') {
    faults.push({ pointer, detail: 'Expected a type without ${: what the parts of a card are is not for data to say' });
    return NOTHING;
  }
  const parts = compileText(value, pointer, faults);
  const [first] = parts;
  const kind = isShown ? placeOf(place) : 'raw';
  return kind === 'raw' && parts.length === 1 && typeof first === 'object'
    ? { kind: 'value', value: { pointer, placeholder: first } }
    : { kind: 'text', text: { pointer, place: kind, parts } };
}

function compileObject(value: Readonly<Record<string, unknown>>, place: Place, faults: Fault[]): CardNode {
  const { pointer } = place;
  const data = compileControl(value, '$data', { pointer, faults });
  const when = compileControl(value, '$when', { pointer, faults });
  const repetitions = place.repetitions + (data ? 1 : 0);
  if (data && repetitions > CARD_LIMITS.maxRepetitions) {
    const detail = `Expected at most ${CARD_LIMITS.maxRepetitions} $data inside one another`;
    faults.push({ pointer: `${pointer}/$data`, detail });
  }
  const type = typeof value['type'] === 'string' ? value['type'] : place.type;
  const members = Object.entries(value)
    .filter(([key]) => key !== '$data' && key !== '$when')
    .map(([key, member]) => {
      const inner = {
        ...place,
        ...{ type, parent: place.key, key, repetitions },
        pointer: `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`,
        isShown: place.isShown && !isOpaque(key),
      };
      checkKey(key, inner.pointer, faults);
      return [key, compile(member, inner, faults)] as const;
    });
  return { kind: 'object', pointer, members, ...(data && { data }), ...(when && { when }) };
}

/** `$data` or `$when` of an object: one placeholder and nothing else. */
function compileControl(
  value: Readonly<Record<string, unknown>>,
  key: '$data' | '$when',
  { pointer, faults }: { readonly pointer: string; readonly faults: Fault[] },
): Placeholder | undefined {
  if (!Object.hasOwn(value, key)) {
    return undefined;
  }
  const text = value[key];
  const known = faults.length;
  const parts = typeof text === 'string' ? compileText(text, `${pointer}/${key}`, faults) : [];
  const [first] = parts;
  if (parts.length === 1 && typeof first === 'object') {
    return first;
  }
  if (faults.length === known) {
    const example = key === '$data' ? 'items' : 'count > 0';
    faults.push({ pointer: `${pointer}/${key}`, detail: `Expected one expression, such as "\${${example}}"` });
  }
  return undefined;
}

function checkKey(key: string, pointer: string, faults: Fault[]): void {
  if (hasPlaceholder(key)) {
    faults.push({ pointer, detail: 'Expected a member name without ${: only values can be worked out' });
  } else if (FORBIDDEN_NAMES.has(key) || (key.startsWith('$') && key !== '$schema')) {
    faults.push({ pointer, detail: 'Expected another member name; $data and $when are those with a meaning' });
  }
}
