// Templates with little in them, and what becomes of them.

import { AppError } from '../../../src/domain/errors.ts';
import { type Expansion, expandTemplate } from '../../../src/templates/expand.ts';
import { compileTemplate, type JsonObject } from '../../../src/templates/template.ts';

/** An element of a card with this text. */
export function textBlock(text: string, more: JsonObject = {}): JsonObject {
  return { type: 'TextBlock', text, ...more };
}

/** Expands a card that has these elements. */
export function expandBody(body: unknown, data: JsonObject = {}): Expansion {
  return expandTemplate(compileTemplate({ card: { type: 'AdaptiveCard', body }, summary: 'Hello' }), data);
}

/** The elements that come out. */
export function bodyOf(body: unknown, data: JsonObject = {}): unknown {
  return expandBody(body, data).card['body'];
}

/** What a placeholder gives where its type is kept. */
export function resultOf(expression: string, data: JsonObject = {}): unknown {
  const [element] = bodyOf([{ type: 'Image', height: `\${${expression}}` }], data) as [JsonObject];
  return element['height'];
}

/** What a TextBlock with this text says. */
export function textOf(text: string, data: JsonObject = {}): unknown {
  const [element] = bodyOf([textBlock(text)], data) as [JsonObject];
  return element['text'];
}

/** The faults that `work` is refused with; none when it is not. */
export function faultsOf(work: () => unknown): AppError['faults'] {
  try {
    work();
    return [];
  } catch (error) {
    if (error instanceof AppError && error.code === 'invalid_request') {
      return error.faults;
    }
    throw error;
  }
}
