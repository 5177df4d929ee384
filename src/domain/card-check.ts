// Whether an Adaptive Card of somebody else's making may be sent: what it is made of, where it leads, how large it is.

import { CARD_PARTS, type CardPart, type Place, ROOT_CARD, TYPES_AT } from './card-parts.ts';
import type { Fault } from './errors.ts';
import { findFaults, findNear, toPointer } from './parse-request.ts';

/** Bounds of a card; Teams' store allows six actions on one. */
export const CARD_LIMITS = { maxActions: 6, maxDepth: 16, maxElements: 500, maxFaults: 100 } as const;

/** Said of what Adaptive Cards know and this service does not send. */
const REFUSED_TYPES: readonly { readonly pattern: RegExp; readonly detail: string }[] = [
  { pattern: /^Input\./, detail: 'Inputs are not sent: nothing takes what a person enters' },
  {
    pattern: /^Action\.(Submit|Execute)$/,
    detail: 'This action is not sent: nothing takes it. Lead to a page with Action.OpenUrl',
  },
  { pattern: /^Media$/, detail: 'Media are not sent: Teams does not show them' },
];
const REFUSED_FIELDS: Readonly<Record<string, string>> = {
  refresh: 'Not sent: nothing answers a card that refreshes itself',
  authentication: 'Not sent: a card may not ask people to sign in',
};

/**
 * Everything that keeps a card from being sent, each with its place; nothing when it may be sent. Pure; never throws.
 * The size of the message around it is not looked at.
 *
 * @param pointer where the card stands in the request: `/card`
 */
export function checkCard(card: unknown, pointer: string): readonly Fault[] {
  const check = new CardCheck();
  check.visitCard(card, { place: 'card', pointer, depth: 1 });
  return check.faults.slice(0, CARD_LIMITS.maxFaults);
}

/** A part on the way through the card. */
interface Visit {
  readonly place: Place;
  readonly pointer: string;
  /** Elements around it, itself included; the card is the first. */
  readonly depth: number;
}

type Json = Readonly<Record<string, unknown>>;

/** One way through a card, from its root to its last element, with what was found on it. */
class CardCheck {
  readonly faults: Fault[] = [];
  #elements = 0;
  /** Of the card that the way is in; one that a button shows counts for itself. */
  #actions = 0;

  /** The card itself, or one that a button shows. */
  visitCard(card: unknown, visit: Visit): void {
    const outerActions = this.#actions;
    const [elementsBefore, faultsBefore] = [this.#elements, this.faults.length];
    this.#actions = 0;
    this.#visit(card, visit);
    const { maxActions } = CARD_LIMITS;
    if (this.#actions > maxActions) {
      this.#report(visit.pointer, `Expected at most ${maxActions} actions on a card, found ${this.#actions}`);
    }
    if (this.#elements === elementsBefore + 1 && this.faults.length === faultsBefore) {
      this.#report(visit.pointer, 'Expected a card with at least one element or action');
    }
    this.#actions = outerActions;
  }

  #visit(value: unknown, visit: Visit): void {
    this.#elements += 1;
    const { maxElements, maxDepth } = CARD_LIMITS;
    if (this.#elements > maxElements) {
      this.#reportOnce(maxElements + 1, visit.pointer, `Expected at most ${maxElements} elements in all`);
      return;
    }
    if (visit.depth > maxDepth) {
      this.#report(visit.pointer, `Expected at most ${maxDepth} elements inside one another`);
      return;
    }
    if (!isObject(value)) {
      this.#report(visit.pointer, 'Expected an object');
      return;
    }
    const part = this.#partOf(value, visit);
    if (part) {
      this.#visitPart(value, part, visit);
    }
  }

  /** What the object is by its type; undefined, and a fault, when it may not stand there. */
  #partOf({ type }: Json, { place, pointer }: Visit): CardPart | undefined {
    const { types, isTypeOptional } = TYPES_AT[place];
    const name = type === undefined && isTypeOptional ? types[0] : type;
    if (typeof name === 'string' && types.includes(name)) {
      return place === 'card' ? ROOT_CARD : CARD_PARTS[name];
    }
    this.#report(`${pointer}/type`, describeType(name, types));
    return undefined;
  }

  #visitPart(value: Json, part: CardPart, visit: Visit): void {
    const { own, refused } = splitFields(value);
    for (const field of refused) {
      this.#report(`${visit.pointer}/${field}`, REFUSED_FIELDS[field] ?? '');
    }
    for (const { pointer, detail } of findFaults(part.schema, own)) {
      this.#report(`${visit.pointer}${pointer}`, detail);
    }
    for (const [field, place] of Object.entries(part.children)) {
      this.#visitChildren(own[field], { place, pointer: visit.pointer + toPointer([field]), depth: visit.depth + 1 });
    }
    const { fallback } = own;
    if (fallback !== undefined && !isDrop(fallback)) {
      this.#visit(fallback, { ...visit, pointer: `${visit.pointer}/fallback`, depth: visit.depth + 1 });
    }
  }

  /** One part, or each of a list; what is neither, the schema has told. */
  #visitChildren(value: unknown, visit: Visit): void {
    if (visit.place === 'selectAction' && value !== undefined) {
      this.#visit(value, visit);
    } else if (visit.place === 'shownCard' && value !== undefined) {
      this.visitCard(value, visit);
    } else if (Array.isArray(value)) {
      // What stands in for an action where it is not known is no further one.
      this.#actions += visit.place === 'action' ? value.length : 0;
      for (const [index, item] of value.entries()) {
        this.#visitItem(item, { ...visit, pointer: `${visit.pointer}/${index}` });
      }
    }
  }

  #visitItem(item: unknown, visit: Visit): void {
    if (visit.place !== 'inline' || typeof item !== 'string') {
      this.#visit(item, visit);
      return;
    }
    // A string is short for a run of text.
    this.#visit({ type: 'TextRun', text: item }, visit);
  }

  #report(pointer: string, detail: string): void {
    if (this.faults.length < CARD_LIMITS.maxFaults) {
      this.faults.push({ pointer, detail });
    }
  }

  #reportOnce(count: number, pointer: string, detail: string): void {
    if (this.#elements === count) {
      this.#report(pointer, detail);
    }
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isDrop(fallback: unknown): boolean {
  return typeof fallback === 'string' && fallback.toLowerCase() === 'drop';
}

/** What is refused by name is told by its own reason, not as unknown. */
function splitFields(value: Json): { readonly own: Json; readonly refused: readonly string[] } {
  const refused = Object.keys(value).filter((field) => Object.hasOwn(REFUSED_FIELDS, field));
  if (refused.length === 0) {
    return { own: value, refused };
  }
  const own = Object.fromEntries(Object.entries(value).filter(([field]) => !refused.includes(field)));
  return { own, refused };
}

function describeType(name: unknown, types: readonly string[]): string {
  const expected = types.map((type) => `"${type}"`).join(', ');
  if (typeof name !== 'string') {
    return name === undefined ? `Expected one of ${expected}, it is missing` : `Expected one of ${expected}`;
  }
  const refused = REFUSED_TYPES.find(({ pattern }) => pattern.test(name));
  if (refused) {
    return refused.detail;
  }
  const near = findNear(name, types);
  return near ? `Unknown type. Did you mean "${near}"?` : `Expected one of ${expected}`;
}
