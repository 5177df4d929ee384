// From a text of a template to its parts: what stands as it is, and what is worked out.

import type { Fault } from '../domain/errors.ts';
import type { Placeholder } from './expression.ts';
import { parseExpression } from './parse-expression.ts';

/**
 * The escape for a placeholder that is none; or one up to its end, texts in quotes included. An end that is not there is
 * looked for in all of the line.
 */
const PLACEHOLDER = /\\\$\{|\$\{((?:[^{}'"\r\n]|'(?:[^'\\\r\n]|\\.)*'|"(?:[^"\\\r\n]|\\.)*")*)(\}?)/g;

/** Whether a text has anything to work out. */
export function hasPlaceholder(text: string): boolean {
  return text.includes('${');
}

/**
 * Splits a text. `\${` stands for `${` itself.
 *
 * @param faults where what cannot be read is added
 */
export function compileText(text: string, pointer: string, faults: Fault[]): readonly (string | Placeholder)[] {
  const parts: (string | Placeholder)[] = [];
  let end = 0;
  for (const match of text.matchAll(PLACEHOLDER)) {
    const [whole, source = '', close] = match;
    if (whole.startsWith('\\')) {
      parts.push(text.slice(end, match.index), '${');
      end = match.index + whole.length;
      continue;
    }
    parts.push(text.slice(end, match.index));
    end = match.index + whole.length;
    if (close === '') {
      faults.push({ pointer, detail: 'Expected } after ${, on the same line and without { in between' });
      // Looking for the end of each of many could take the square of their number.
      break;
    }
    parts.push(...compilePlaceholder(source, pointer, faults));
  }
  return [...parts, text.slice(end)].filter((part) => part !== '');
}

function compilePlaceholder(source: string, pointer: string, faults: Fault[]): readonly Placeholder[] {
  const expression = parseExpression(source);
  if ('expected' in expression) {
    faults.push({ pointer, detail: `Expected ${expression.expected}, in \${${source}}` });
    return [];
  }
  return [{ expression, source }];
}
