// From the text of an expression to its tree, by the grammar of Adaptive Expressions as far as templates may use it.

import {
  type Expression,
  FORBIDDEN_NAMES,
  FUNCTION_ARITIES,
  type FunctionName,
  isFunctionName,
  RESERVED_NAMES,
} from './expression.ts';
import { type Token, tokenize, type Unreadable } from './tokenize.ts';

/** Bounds of one expression. */
export const EXPRESSION_LIMITS = { maxLength: 1_000, maxDepth: 24 } as const;

/**
 * Operators of two sides by strength, weakest first, and what each means. Microsoft's grammar binds `==` closer than `<`.
 *
 * @see https://github.com/microsoft/botbuilder-js/blob/main/libraries/adaptive-expressions/src/parser/ExpressionAntlrParser.g4
 */
const BINARY: readonly Readonly<Partial<Record<string, FunctionName>>>[] = [
  { '??': 'coalesce' },
  { '||': 'or' },
  { '&&': 'and' },
  { '<': 'less', '<=': 'lessOrEquals', '>': 'greater', '>=': 'greaterOrEquals' },
  { '&': 'concat' },
  { '==': 'equals', '!=': 'equals' },
  { '+': 'add', '-': 'sub' },
  { '*': 'mul', '/': 'div', '%': 'mod' },
];

/** Pure. Takes time in proportion to the length of `source`. */
export function parseExpression(source: string): Expression | Unreadable {
  if (source.length > EXPRESSION_LIMITS.maxLength) {
    return { expected: `at most ${EXPRESSION_LIMITS.maxLength} characters between \${ and }` };
  }
  const tokens = tokenize(source);
  return 'expected' in tokens ? tokens : new Parser(tokens).parse();
}

/** Unwinds the parser; it never leaves this file. */
class Stop extends Error {
  readonly expected: string;

  constructor(expected: string) {
    super(expected);
    this.expected = expected;
  }
}

/** Reads words from left to right; used once. */
class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  parse(): Expression | Unreadable {
    try {
      const expression = this.#choice();
      return this.#peek().kind === 'end' ? expression : { expected: 'an operator or the end' };
    } catch (error) {
      if (error instanceof Stop) {
        return { expected: error.expected };
      }
      throw error;
    }
  }

  #choice(): Expression {
    this.#depth += 1;
    if (this.#depth > EXPRESSION_LIMITS.maxDepth) {
      throw new Stop(`at most ${EXPRESSION_LIMITS.maxDepth} brackets, calls and signs inside one another`);
    }
    const condition = this.#binary(0);
    let expression = condition;
    if (this.#take('?')) {
      const then = this.#choice();
      this.#require(':');
      expression = call('if', [condition, then, this.#choice()]);
    }
    this.#depth -= 1;
    return expression;
  }

  #binary(level: number): Expression {
    const operators = BINARY[level];
    if (!operators) {
      return this.#unary();
    }
    let left = this.#binary(level + 1);
    for (let length = 2; ; length++) {
      const { kind, value } = this.#peek();
      const name = kind === 'sign' && Object.hasOwn(operators, value) ? operators[value] : undefined;
      if (name === undefined) {
        return left;
      }
      if (length > EXPRESSION_LIMITS.maxDepth) {
        throw new Stop(`at most ${EXPRESSION_LIMITS.maxDepth} operators in a row`);
      }
      this.#at += 1;
      const both = call(name, [left, this.#binary(level + 1)]);
      left = value === '!=' ? call('not', [both]) : both;
    }
  }

  #unary(): Expression {
    const sign = ['!', '-', '+'].find((one) => this.#take(one));
    if (sign === undefined) {
      return this.#path(this.#primary());
    }
    this.#depth += 1;
    if (this.#depth > EXPRESSION_LIMITS.maxDepth) {
      throw new Stop(`at most ${EXPRESSION_LIMITS.maxDepth} brackets, calls and signs inside one another`);
    }
    const operand = this.#unary();
    this.#depth -= 1;
    return sign === '!' ? call('not', [operand]) : call(sign === '-' ? 'sub' : 'add', [ZERO, operand]);
  }

  #primary(): Expression {
    const { kind, value } = this.#peek();
    this.#at += 1;
    switch (kind) {
      case 'number':
        return { kind: 'constant', value: Number(value) };
      case 'text':
        return { kind: 'constant', value };
      case 'name':
        return this.#take('(') ? this.#call(value) : named(value);
      default:
        break;
    }
    if (kind !== 'sign' || value !== '(') {
      throw new Stop(`a name, a number or a text, found ${kind === 'end' ? 'the end' : `"${value}"`}`);
    }
    const inner = this.#choice();
    this.#require(')');
    return inner;
  }

  #call(name: string): Expression {
    const args: Expression[] = [];
    while (!this.#take(')')) {
      if (args.length > 0) {
        this.#require(',');
      }
      args.push(this.#choice());
    }
    if (!isFunctionName(name)) {
      throw new Stop(`one of the functions ${Object.keys(FUNCTION_ARITIES).join(', ')}, found "${name}"`);
    }
    const [min, max] = FUNCTION_ARITIES[name];
    if (args.length < min || args.length > max) {
      const most = max === min ? '' : Number.isFinite(max) ? ` to ${max}` : ' or more';
      throw new Stop(`${min}${most} argument(s) of ${name}, found ${args.length}`);
    }
    return call(name, args);
  }

  /** What follows a value: `.name` and `[index]`. */
  #path(start: Expression): Expression {
    let expression = start;
    for (let length = 1; ; length++) {
      if (length > EXPRESSION_LIMITS.maxDepth) {
        throw new Stop(`a path of at most ${EXPRESSION_LIMITS.maxDepth} steps`);
      }
      if (this.#take('.')) {
        const { kind, value } = this.#peek();
        if (kind !== 'name') {
          throw new Stop('a name after "."');
        }
        this.#at += 1;
        expression = { kind: 'member', of: expression, name: allowed(value) };
      } else if (this.#take('[')) {
        expression = { kind: 'element', of: expression, index: this.#choice() };
        this.#require(']');
      } else if (this.#take('(')) {
        throw new Stop('functions to be called by their name alone');
      } else {
        return expression;
      }
    }
  }

  #peek(): Token {
    return this.#tokens[this.#at] ?? END;
  }

  #take(sign: string): boolean {
    const { kind, value } = this.#peek();
    const isThere = kind === 'sign' && value === sign;
    this.#at += isThere ? 1 : 0;
    return isThere;
  }

  #require(sign: string): void {
    if (!this.#take(sign)) {
      throw new Stop(`"${sign}"`);
    }
  }
}

const END: Token = { kind: 'end', value: '' };
const ZERO: Expression = { kind: 'constant', value: 0 };

const CONSTANTS: ReadonlyMap<string, true | false | null> = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
]);

function call(name: FunctionName, args: readonly Expression[]): Expression {
  return { kind: 'call', name, args };
}

function named(name: string): Expression {
  const constant = CONSTANTS.get(name);
  if (constant !== undefined) {
    return { kind: 'constant', value: constant };
  }
  if (name.startsWith('$') && !RESERVED_NAMES.has(name)) {
    throw new Stop(`${[...RESERVED_NAMES].join(', ')} or a name of the data, found "${name}"`);
  }
  return { kind: 'name', name: allowed(name) };
}

function allowed(name: string): string {
  if (FORBIDDEN_NAMES.has(name)) {
    throw new Stop(`another name than "${name}"`);
  }
  return name;
}
