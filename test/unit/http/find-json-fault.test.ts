import fc from 'fast-check';
import { findJsonFault } from '../../../src/http/find-json-fault.ts';

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('the place where a text stops being JSON', () => {
  test.each([
    ['[1,]', 3],
    ['{"a" 1}', 5],
    ['{1:2}', 1],
    ['[1}', 2],
    ['01', 1],
    ['"a\tb"', 0],
    ['[1', 2],
  ])('is the first token that cannot stand there: %j', (text, offset) => {
    expect(findJsonFault(text)).toBe(offset);
  });

  test('exists exactly when JSON.parse refuses a heap of tokens', () => {
    const pieces = [
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"',
      '1',
      '-',
      '0',
      '.5',
      'e+1',
      'true',
      'nul',
      ' ',
      '\\u00',
      '\\',
      '\u0001',
      '\u00a0',
    ];
    const heap = fc.array(fc.constantFrom(...pieces)).map((parts) => parts.join(''));
    const agrees = (text: string) => expect(findJsonFault(text) === undefined).toBe(isJson(text));
    fc.assert(fc.property(fc.oneof(heap, fc.string()), agrees), { numRuns: 5_000 });
  });

  test('exists exactly when JSON.parse refuses a document with one character changed', () => {
    const document = fc.tuple(fc.json(), fc.nat(), fc.string({ maxLength: 2 }));
    fc.assert(
      fc.property(document, ([text, position, piece]) => {
        const at = position % text.length;
        const changed = text.slice(0, at) + piece + text.slice(at + 1);
        expect(findJsonFault(changed) === undefined).toBe(isJson(changed));
      }),
      { numRuns: 2_000 },
    );
  });
});
