// A template at work: from its stored text and data to a card that may be sent.

import { AppError, type Fault } from '../domain/errors.ts';
import { faultyRequest } from '../domain/parse-request.ts';
import type { TemplateRow } from '../store/statements/templates.ts';
import { type Expansion, expandTemplate } from './expand.ts';
import { type CompiledTemplate, compileTemplate, describeExcess, type JsonObject } from './template.ts';

/** Everything that keeps a card from being sent, each with its place, which begins with `pointer`. */
export type CheckCard = (card: unknown, pointer: string) => readonly Fault[];

/** Compiled templates that are kept: reading a large one takes longer than expanding it. */
const MAX_COMPILED = 100;

/** Gives a function that compiles a stored template, and remembers the latest ones. */
export function createTemplateReader(): (row: TemplateRow) => CompiledTemplate {
  const compiled = new Map<string, CompiledTemplate>();
  return ({ body }) => {
    const template = compiled.get(body) ?? compileTemplate(JSON.parse(body));
    compiled.delete(body);
    compiled.set(body, template);
    const [oldest] = compiled.keys();
    if (compiled.size > MAX_COMPILED && oldest !== undefined) {
      compiled.delete(oldest);
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
