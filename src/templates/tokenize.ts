// An expression as words: numbers, texts, names and signs.

/** A word of an expression. */
export interface Token {
  readonly kind: 'number' | 'text' | 'name' | 'sign' | 'end';
  /** Of a text: what it says, without its quotes. */
  readonly value: string;
}

/** An expression that cannot be read. `expected` says what was looked for, and never quotes data. */
export interface Unreadable {
  readonly expected: string;
}

const NUMBER = /\d+(?:\.\d+)?/y;
const NAME = /[$@_\p{L}][\p{L}\p{N}_]*/uy;
const TEXT = /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/sy;
const SIGN = /==|!=|<=|>=|&&|\|\||\?\?|[-+*/%&!<>()[\].,?:]/y;
const BLANK = /\s+/y;

/** @param source at most as long as an expression may be */
export function tokenize(source: string): readonly Token[] | Unreadable {
  const tokens: Token[] = [];
  let at = skip(BLANK, source, 0);
  while (at < source.length) {
    const token = readToken(source, at);
    if (token === undefined) {
      return { expected: `names, numbers, texts in quotes and operators, found "${source.charAt(at)}"` };
    }
    tokens.push(token.kind === 'text' ? { kind: 'text', value: unquote(token.value) } : token);
    at = skip(BLANK, source, at + token.value.length);
  }
  return [...tokens, { kind: 'end', value: '' }];
}

function readToken(source: string, at: number): Token | undefined {
  for (const [kind, pattern] of [
    ['number', NUMBER],
    ['name', NAME],
    ['text', TEXT],
    ['sign', SIGN],
  ] as const) {
    const end = skip(pattern, source, at);
    if (end > at) {
      return { kind, value: source.slice(at, end) };
    }
  }
  return undefined;
}

/** Where a match that begins at `at` ends; `at` when there is none. */
function skip(pattern: RegExp, source: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(source) ? pattern.lastIndex : at;
}

function unquote(quoted: string): string {
  return quoted.slice(1, -1).replace(/\\(.)/gs, (_, char: string) => ESCAPES.get(char) ?? char);
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['n', '\n'],
  ['t', '\t'],
]);
