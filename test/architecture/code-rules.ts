// The rules that every source file keeps by itself.

import { childOf, childrenOf, type Finding, nameOf, type Source, type SyntaxNode } from './source.ts';

const MAX_FILE_LINES = 250;
const MAX_FUNCTION_LINES = 40;
/** The composition root wires everything together and may take longer over it. */
const MAX_ROOT_FUNCTION_LINES = 80;
const MAX_PARAMETERS = 3;
const FORBIDDEN_WORDS = new Set(['util', 'utils', 'helper', 'helpers', 'common', 'manager', 'managers']);
const ENVIRONMENT_READERS = new Set(['main.ts', 'cli.ts']);

const FUNCTIONS = new Set([
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
  'ClassMethod',
  'PrivateMethod',
  'MethodProperty',
  'Constructor',
]);
const SIGNATURES = new Set([
  'TsFunctionType',
  'TsConstructorType',
  'TsMethodSignature',
  'TsCallSignatureDeclaration',
  'TsConstructSignatureDeclaration',
]);

/** A rule by the sentence it enforces. */
export const CODE_RULES: Readonly<Record<string, (source: Source) => readonly Finding[]>> = {
  [`a file has at most ${MAX_FILE_LINES} lines`]: (source) => {
    const lines = source.text.trimEnd().split('\n').length;
    return lines > MAX_FILE_LINES
      ? [{ line: lines, message: `has ${lines} lines: split the room by what it knows` }]
      : [];
  },

  [`a function has at most ${MAX_FUNCTION_LINES} lines`]: (source) => {
    const limit = source.path === 'app.ts' ? MAX_ROOT_FUNCTION_LINES : MAX_FUNCTION_LINES;
    const functions = source.nodes.filter((node) => FUNCTIONS.has(node.type));
    return where(source, (node) => {
      const lines = FUNCTIONS.has(node.type) ? ownLines(source, node, functions) : 0;
      return lines > limit && `function of ${lines} lines of its own (at most ${limit})`;
    });
  },

  [`a function takes at most ${MAX_PARAMETERS} parameters`]: (source) =>
    where(source, (node) => {
      const count = parametersOf(node).filter(
        (parameter) => nameOf(childOf(parameter, 'pat') ?? parameter) !== 'this',
      ).length;
      return count > MAX_PARAMETERS && `${count} parameters: take an object`;
    }),

  'nothing has the type any': (source) =>
    where(
      source,
      (node) => node.type === 'TsKeywordType' && node['kind'] === 'any' && 'any: say what it is, or unknown',
    ),

  'no ! silences the compiler': (source) =>
    where(source, (node) => (node.type === 'TsNonNullExpression' || node['definite'] === true) && '!: check the value'),

  'only main.ts and cli.ts read the environment': (source) =>
    ENVIRONMENT_READERS.has(source.path)
      ? []
      : where(source, (node) => readsEnvironment(node) && 'reads process.env: take a setting as a parameter'),

  'nothing writes to the console': (source) =>
    where(source, (node) => isMemberOf(node, 'console') && 'console: use the logger, or standard output in cli.ts'),

  'nothing is exported as default': (source) =>
    where(source, (node) => {
      const isDefault =
        node.type.startsWith('ExportDefault') ||
        (node.type === 'ExportSpecifier' && nameOf(childOf(node, 'exported')) === 'default');
      return isDefault && 'default export: give it its name';
    }),

  'a file opens with a comment that says what lives there': (source) =>
    /^(#!.*\n)?\s*\/[/*]/.test(source.text) ? [] : [{ line: 1, message: 'no opening comment' }],

  'every exported function, class and interface is documented': (source) =>
    source.statements.flatMap((statement, index) => {
      const name = documentedName(statement);
      const isOverload = name !== undefined && name === documentedName(source.statements[index - 1]);
      return name === undefined || isOverload || isDocumented(source, statement)
        ? []
        : [{ line: source.firstLine(statement), message: `${name} has no docstring` }];
    }),

  'names say what a thing is': (source) => [
    ...(isVague(source.path) ? [{ line: 1, message: 'file name: name the thing it holds' }] : []),
    ...source.statements.flatMap((statement) =>
      namesDeclaredBy(statement)
        .filter(isVague)
        .map((name) => ({ line: source.firstLine(statement), message: `${name}: name what it does` })),
    ),
  ],
};

function where(source: Source, breach: (node: SyntaxNode) => string | false): readonly Finding[] {
  return source.nodes.flatMap((node) => {
    const message = breach(node);
    return message === false ? [] : [{ line: source.firstLine(node), message }];
  });
}

/**
 * The lines of a function less those inside the functions it holds: a factory that gives back twenty small functions
 * is read as twenty small functions.
 */
function ownLines(source: Source, node: SyntaxNode, functions: readonly SyntaxNode[]): number {
  const [first, last] = [source.firstLine(node), source.lastLine(node)];
  const inner = new Set<number>();
  for (const other of functions) {
    const isInside = other !== node && source.firstLine(other) >= first && source.lastLine(other) <= last;
    const isAround = source.firstLine(other) <= first && source.lastLine(other) >= last;
    if (isInside && !isAround) {
      for (let line = source.firstLine(other) + 1; line < source.lastLine(other); line++) {
        inner.add(line);
      }
    }
  }
  return last - first + 1 - inner.size;
}

function parametersOf(node: SyntaxNode): readonly SyntaxNode[] {
  if (node.type === 'ClassMethod' || node.type === 'PrivateMethod') {
    const { params } = node['function'] as { params: readonly SyntaxNode[] };
    return params;
  }
  return FUNCTIONS.has(node.type) || SIGNATURES.has(node.type) ? childrenOf(node, 'params') : [];
}

function readsEnvironment(node: SyntaxNode): boolean {
  if (node.type === 'ImportDeclaration') {
    return /^(node:)?process$/.test(nameOf(childOf(node, 'source')) ?? '');
  }
  return isMemberOf(node, 'process') && (node.type !== 'MemberExpression' || nameOf(node) === 'env');
}

/** `object.x`, `object['x']`, `globalThis.object.x` and `const { x } = object`. */
function isMemberOf(node: SyntaxNode, object: string): boolean {
  switch (node.type) {
    case 'MemberExpression':
      return nameOf(childOf(node, 'object')) === object;
    case 'VariableDeclarator':
      return nameOf(childOf(node, 'init')) === object;
    default:
      return false;
  }
}

/** The name of an exported function, class or interface. */
function documentedName(statement: SyntaxNode | undefined): string | undefined {
  const declaration = statement?.type === 'ExportDeclaration' ? childOf(statement, 'declaration') : undefined;
  switch (declaration?.type) {
    case 'FunctionDeclaration':
    case 'ClassDeclaration':
    case 'TsInterfaceDeclaration':
      return namesDeclaredBy(declaration)[0];
    case 'VariableDeclaration': {
      const [variable] = childrenOf(declaration, 'declarations');
      return FUNCTIONS.has(childOf(variable, 'init')?.type ?? '') ? nameOf(childOf(variable, 'id')) : undefined;
    }
    default:
      return undefined;
  }
}

/** By a docstring of its own; an interface also by those of its members. */
function isDocumented(source: Source, statement: SyntaxNode): boolean {
  const members = childrenOf(childOf(childOf(statement, 'declaration'), 'body'), 'body');
  const isInterface = childOf(statement, 'declaration')?.type === 'TsInterfaceDeclaration';
  return [statement, ...(isInterface ? members : [])].some((node) => hasDocstring(source.textBefore(node)));
}

/** Line comments, such as a linter's, may stand between the docstring and the export. */
function hasDocstring(textBefore: string): boolean {
  const text = textBefore.replace(/(\s*\n[ \t]*\/\/.*)*\s*$/, '');
  return text.endsWith('*/') && text.startsWith('/**', text.lastIndexOf('/*'));
}

function namesDeclaredBy(statement: SyntaxNode): readonly string[] {
  const declaration = childOf(statement, 'declaration') ?? statement;
  const named = [declaration, ...childrenOf(declaration, 'declarations')];
  return named.flatMap((node) => nameOf(childOf(node, 'identifier') ?? childOf(node, 'id')) ?? []);
}

function isVague(name: string): boolean {
  const words = name
    .replace(/([a-z])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .split(/[^a-z]+/);
  return words.some((word) => FORBIDDEN_WORDS.has(word)) || /(^|\/)types\.ts$/.test(name);
}
