// A template at work: from its stored text and data to a card that may be sent.

import { AppError, type Fault } from '../domain/errors.ts';
import { faultyRequest } from '../domain/parse-request.ts';
import type { TemplateRow } from '../store/statements/templates.ts';
import { type Expansion, expandTemplate } from './expand.ts';
import { type CompiledTemplate, compileTemplate, describeExcess, type JsonObject } from './template.ts';

/** Everything that keeps a card from being sent, each with its place, which begins with `pointer`. */
export type CheckCard = (card: unknown, pointer: string) => readonly Fault[];

/**
 * Compiled templates that are kept, and how long they may be as they were written, in UTF-16 units: reading a large one
 * takes longer than expanding it, and it can take sixty times as much memory as its text.
 */
const MAX_COMPILED = { templates: 100, units: 1_000_000 } as const;

/** Gives a function that compiles a stored template, and remembers the latest ones. */
export function createTemplateReader(): (row: TemplateRow) => CompiledTemplate {
  const compiled = new Map<string, CompiledTemplate>();
  let units = 0;
  const forget = (body: string) => {
    units -= compiled.delete(body) ? body.length : 0;
  };
  return ({ body }) => {
    const template = compiled.get(body) ?? compileTemplate(JSON.parse(body));
    forget(body);
    compiled.set(body, template);
    units += body.length;
    for (const oldest of compiled.keys()) {
      if (compiled.size <= MAX_COMPILED.templates && units <= MAX_COMPILED.units) {
        break;
      }
      forget(oldest);
    }
    return template;
  };
}

/**
 * Makes a card that may be sent.
 *
 * @throws AppError `invalid_request` with the places in the template, and `/data` for data that is too large; what the
 *   card may not hold is told at `/card`
 */
export function makeCard(checkCard: CheckCard, template: CompiledTemplate, data: JsonObject): Expansion {
  const excess = describeExcess(data);
  if (excess !== undefined) {
    throw new AppError('invalid_request', 'The data is too large', { faults: [{ pointer: '/data', detail: excess }] });
  }
  const expansion = expandTemplate(template, data);
  const faults = checkCard(expansion.card, '');
  if (faults.length > 0) {
    throw faultyRequest(
      'card',
      faults.map(({ pointer, detail }) => ({
        pointer: '/card',
        detail: `The card that is made has a fault at ${pointer === '' ? 'its root' : pointer}: ${detail}`,
      })),
    );
  }
  return expansion;
}
