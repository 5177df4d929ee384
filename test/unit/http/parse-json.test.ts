import { jest } from '@jest/globals';
import fc from 'fast-check';
import { AppError } from '../../../src/domain/errors.ts';
import { JSON_LIMITS, parseJson } from '../../../src/http/parse-json.ts';

const bytes = (text: string) => Buffer.from(text, 'utf8');

function refusal(body: Uint8Array): AppError {
  try {
    parseJson(body);
  } catch (error) {
    if (error instanceof AppError) {
      return error;
    }
    throw error;
  }
  throw new Error('Expected a refusal');
}

const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);

/** An array of arrays with this many values in all. */
function flat(nodes: number): string {
  const rows: number[][] = [];
  for (let left = nodes - 1; left > 0; left -= 100) {
    rows.push(Array(Math.min(100, left) - 1).fill(0));
  }
  return JSON.stringify(rows);
}

describe('a JSON body', () => {
  test('is what JSON.parse makes of it', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const text = JSON.stringify(value);
        fc.pre(!/"(__proto__|constructor|prototype)":/.test(text));
        expect(parseJson(bytes(text))).toEqual(JSON.parse(text));
      }),
    );
  });

  test('may begin with a byte order mark', () => {
    expect(parseJson(Buffer.from([0xef, 0xbb, 0xbf, 0x7b, 0x7d]))).toEqual({});
  });

  test('is refused when it is not UTF-8, instead of being mended', () => {
    expect(refusal(Buffer.from([0x22, 0xff, 0x22]))).toMatchObject({ code: 'invalid_json' });
  });

  test.each([
    ['', 'ends too early at line 1, column 1'],
    ['{"a":', 'ends too early at line 1, column 6'],
    ['hello', 'not valid JSON at line 1, column 1'],
    ['{\n  "a": 1,\n}', 'not valid JSON at line 3, column 1'],
    ['[1,\n secret]', 'not valid JSON at line 2, column 2'],
    ['{"a":1} x', 'not valid JSON at line 1, column 9'],
  ])('that is not JSON is refused with the place and without the text: %j', (text, place) => {
    const error = refusal(bytes(text));
    expect(error.code).toBe('invalid_json');
    expect(error.message).toContain(place);
    expect(error.message).not.toContain('secret');
    expect(error.cause).toBeUndefined();
  });

  test('refuses every hostile megabyte', () => {
    const size = 1_048_576;
    const filled = ['[', '[1,', '{"a":', '"', ' ', '\n', '1,', '"\\n', '{"":[', '\\'].map((piece) =>
      piece.repeat(size / piece.length),
    );
    const closed = [`[${'1,'.repeat(size / 2)}1]`, `"${'\\n'.repeat(size / 2)}"`, `[${'[],'.repeat(size / 3)}1 x]`];
    for (const text of [...filled, ...closed]) {
      expect(refusal(bytes(text))).toBeInstanceOf(AppError);
    }
  });

  test('far beyond the limits is not even parsed', () => {
    const parse = jest.spyOn(JSON, 'parse');
    expect(refusal(bytes('['.repeat(1_048_576)))).toBeInstanceOf(AppError);
    expect(parse).not.toHaveBeenCalled();
    parse.mockRestore();
  });
});

describe('the structure of a JSON body', () => {
  const { maxDepth, maxArrayLength, maxNodes, maxStringLength, maxKeyLength } = JSON_LIMITS;
  const limits: [string, (size: number) => string, number, string][] = [
    ['levels', nested, maxDepth, '/0'.repeat(maxDepth)],
    ['elements of an array', (size) => JSON.stringify({ a: Array(size).fill(0) }), maxArrayLength, '/a'],
    ['values in all', flat, maxNodes, ''],
    ['characters of a string', (size) => JSON.stringify(['x'.repeat(size)]), maxStringLength, '/0'],
    ['characters of a name', (size) => JSON.stringify({ a: { ['k'.repeat(size)]: 1 } }), maxKeyLength, '/a'],
  ];

  test.each(limits)('has a limit on %s: it is taken, one more is refused with its place', (_, make, limit, pointer) => {
    expect(() => parseJson(bytes(make(limit)))).not.toThrow();
    const error = refusal(bytes(make(limit + 1)));
    expect(error.code).toBe('invalid_request');
    expect(error.faults.map((fault) => fault.pointer)).toEqual([pointer]);
  });

  test.each(['__proto__', 'constructor', 'prototype'])('may not name %s anywhere', (name) => {
    const error = refusal(bytes(`{"a/b~c":[{"${name}":{"isAdmin":true}}]}`));
    expect(error.faults[0]?.pointer).toBe(`/a~1b~0c/0/${name}`);
    expect('isAdmin' in {}).toBe(false);
  });

  test('is measured the same for every document', () => {
    const depthOf = (node: unknown): number =>
      typeof node === 'object' && node !== null ? 1 + Math.max(0, ...Object.values(node).map(depthOf)) : 0;
    const { document } = fc.letrec<{ document: unknown; leaf: unknown }>((tie) => ({
      leaf: fc.constantFrom(1, null, 'x', [], {}),
      document: fc.oneof(
        { depthSize: 'max', maxDepth: 40 },
        tie('leaf'),
        fc.array(tie('document'), { minLength: 1, maxLength: 2 }),
      ),
    }));
    fc.assert(
      fc.property(fc.nat({ max: 36 }), document, (levels, inner) => {
        const text = '[{"a":'.repeat(levels) + JSON.stringify(inner) + '}]'.repeat(levels);
        const isWithin = depthOf(JSON.parse(text)) <= maxDepth;
        expect(tryParse(text)).toBe(isWithin);
      }),
    );
  });
});

function tryParse(text: string): boolean {
  try {
    parseJson(bytes(text));
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(AppError);
    return false;
  }
}
