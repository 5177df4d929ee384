// The rules themselves: each catches a sample that breaks it, and lets a good one pass.

import { CODE_RULES } from './code-rules.ts';
import { checkPackages, checkRooms, findCycles, IMPORT_TABLE } from './import-rules.ts';
import { compareKeys, keysOfEnvFile } from './setting-keys.ts';
import { parseSource } from './source.ts';

const lines = (count: number) => Array(count).fill('const x = 1;').join('\n');
const codeFindings = (rule: string, text: string, path = 'domain/sample.ts') =>
  (CODE_RULES[rule]?.(parseSource(path, text)) ?? []).map((finding) => finding.line);

const GOOD = `#!/usr/bin/env node
// What lives here; any word, even console.log or process.env!, may stand in a comment or a string: ünïcode too.

/** Says what types cannot. */
export interface Shape {
  readonly process: string;
  area(width: number, height: number, depth: number): 'any' | undefined;
}

export interface Limits {
  /** Milliseconds. */
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

/** Twice. */
// biome-ignore lint/style/useThis: a line comment may stand between
export function twice(this: Shape, a: number, b: number, c: unknown): boolean;
export function twice(this: Shape, a: number, b: number): boolean {
  return a !== b && process.argv.length > 1;
}
export const LIMIT = 3;
export { twice as two };
`;

describe('the code rules', () => {
  test.each(Object.keys(CODE_RULES))('pass good code: %s', (rule) => {
    expect(codeFindings(rule, GOOD)).toEqual([]);
  });

  test.each([
    ['a file has at most 250 lines', lines(251), [251]],
    ['a file has at most 250 lines', lines(250), []],
    ['a function has at most 40 lines', `// ü\nfunction f() {\n${lines(39)}\n}`, [2]],
    ['a function has at most 40 lines', `function f() {\n${lines(38)}\n}`, []],
    ['a function has at most 40 lines', `const f = () => {\n${lines(39)}\n};`, [1]],
    ['a function has at most 40 lines', `class A {\n m() {\n${lines(39)}\n}\n}`, [2]],
    ['a function has at most 40 lines', `class A {\n #m() {\n${lines(39)}\n}\n}`, [2]],
    ['a function has at most 40 lines', `class A {\n constructor() {\n${lines(39)}\n}\n}`, [2]],
    ['a function has at most 40 lines', `const o = {\n m() {\n${lines(39)}\n}\n};`, [2]],
    [
      'a function has at most 40 lines',
      `function f() {\nreturn {\na() {\n${lines(38)}\n},\nb() {\n${lines(38)}\n}};\n}`,
      [],
    ],
    ['a function has at most 40 lines', `function f() {\nconst g = () => {\n${lines(30)}\n};\n${lines(37)}\n}`, [1]],
    ['a function takes at most 3 parameters', 'function f(a: 1, b: 1, c: 1, d: 1) {}', [1]],
    ['a function takes at most 3 parameters', 'class A { m(a: 1, b: 1, c: 1, d = 1) {} }', [1]],
    ['a function takes at most 3 parameters', 'interface A { m(a: 1, b: 1, c: 1, d: 1): 1 }', [1]],
    ['a function takes at most 3 parameters', 'type F = (a: 1, b: 1, c: 1, ...d: 1[]) => 1;', [1]],
    ['nothing has the type any', 'const a = 1;\nconst b: Record<string, any[]> = {};', [2]],
    ['nothing has the type any', 'const a = 1 as any;', [1]],
    ['no ! silences the compiler', 'const a = b!.c;', [1]],
    ['no ! silences the compiler', 'class A { #a!: string }', [1]],
    ['no ! silences the compiler', 'let a!: string;', [1]],
    ['only main.ts and cli.ts read the environment', 'const a = process.env.PORT;', [1]],
    ['only main.ts and cli.ts read the environment', "const a = process['env'];", [1]],
    ['only main.ts and cli.ts read the environment', 'const a = globalThis.process.env;', [1]],
    ['only main.ts and cli.ts read the environment', 'const { env } = process;', [1]],
    ['only main.ts and cli.ts read the environment', "import { env } from 'node:process';", [1]],
    ['nothing writes to the console', 'console.log(1);', [1]],
    ['nothing writes to the console', 'const { log } = console;', [1]],
    ['nothing is exported as default', 'export default 1;', [1]],
    ['nothing is exported as default', 'export default function f() {}', [1]],
    ['nothing is exported as default', "export { a as default } from './a.ts';", [1]],
    ['a file opens with a comment that says what lives there', 'const a = 1; // late', [1]],
    ['every exported function, class and interface is documented', 'export function f() {}', [1]],
    ['every exported function, class and interface is documented', '// No docstring.\nexport class A {}', [2]],
    ['every exported function, class and interface is documented', '/* Nor this. */\nexport interface A {}', [2]],
    [
      'every exported function, class and interface is documented',
      '/** No. */\nlet a;\nexport const f = () => 1;',
      [3],
    ],
    [
      'every exported function, class and interface is documented',
      'export class A {\n  /** Only here. */\n  m() {}\n}',
      [1],
    ],
    ['names say what a thing is', 'class RetryManager {}', [1]],
    ['names say what a thing is', 'export const dateUtils = {};', [1]],
    ['names say what a thing is', 'export type HelperOptions = 1;', [1]],
  ])('judge by line: %s: %j', (rule, text, expected) => {
    expect(codeFindings(rule, text)).toEqual(expected);
  });

  test.each(['domain/types.ts', 'domain/string-utils.ts', 'common/clock.ts', 'domain/helpers/clock.ts'])(
    'refuse the file name %s',
    (path) => {
      expect(codeFindings('names say what a thing is', '', path)).toEqual([1]);
    },
  );

  test('allow the composition root longer functions, and the entry points the environment', () => {
    expect(codeFindings('a function has at most 40 lines', `function f() {\n${lines(78)}\n}`, 'app.ts')).toEqual([]);
    expect(codeFindings('a function has at most 40 lines', `function f() {\n${lines(79)}\n}`, 'app.ts')).toEqual([1]);
    expect(codeFindings('only main.ts and cli.ts read the environment', 'process.env;', 'main.ts')).toEqual([]);
  });
});

describe('the import rules', () => {
  const PATHS = new Set([
    'domain/person.ts',
    'domain/errors.ts',
    'store/store.ts',
    'delivery/sender.ts',
    'delivery/dispatcher.ts',
    'notifications/accept.ts',
    'http/server.ts',
    'app.ts',
  ]);
  const roomFindings = (path: string, text: string) =>
    checkRooms(parseSource(path, text), PATHS).map((finding) => finding.message);

  test.each([
    ['domain/a.ts', "import '../store/store.ts';"],
    ['store/a.ts', "import type { A } from '../delivery/sender.ts';"],
    ['delivery/a.ts', "export * from '../notifications/accept.ts';"],
    ['delivery/a.ts', "export { a } from '../notifications/accept.ts';"],
    ['delivery/a.ts', "type A = import('../notifications/accept.ts').A;"],
    ['delivery/a.ts', "const a = await import('../http/server.ts');"],
    ['teams/a.ts', "import '../delivery/dispatcher.ts';"],
    ['config/a.ts', "import '../store/store.ts';"],
    ['failure-report.ts', "import './domain/person.ts';"],
    ['http/a.ts', "import '../app.ts';"],
    ['telemetry/a.ts', "import '../domain/errors.ts';"],
  ])('%s may not hold %s', (path, text) => {
    expect(roomFindings(path, text)).toEqual([expect.stringMatching(/may not import/)]);
  });

  test.each([
    ['store/a.ts', "import '../domain/person.ts'; import './b.ts';"],
    ['teams/a.ts', "import type { Sender } from '../delivery/sender.ts';"],
    ['failure-report.ts', "import { AppError } from './domain/errors.ts';"],
    ['app.ts', "import './http/server.ts'; import 'pino';"],
    ['main.ts', "import './app.ts';"],
  ])('%s may hold %s', (path, text) => {
    PATHS.add('store/b.ts');
    expect(roomFindings(path, text)).toEqual([]);
  });

  test('an unknown room is refused with a hint', () => {
    expect(roomFindings('attic/a.ts', '')).toEqual([expect.stringMatching(/"attic" is unknown: add it/)]);
  });

  test('a path without its ending, or out of src, is refused', () => {
    const text = "import '../domain/person'; import '../../package.json';";
    expect(roomFindings('store/a.ts', text)).toHaveLength(2);
  });

  test('the app never holds the sandbox, and no room of use cases another', () => {
    expect(IMPORT_TABLE['app']).not.toContain('sandbox');
    expect(IMPORT_TABLE['polls']).toEqual(['domain', 'store', 'telemetry']);
  });

  test.each([
    ['http/a.ts', 'botbuilder', 1],
    ['delivery/a.ts', 'botframework-schema', 1],
    ['teams/a.ts', 'botframework-connector/lib/auth', 0],
    ['teams/a.ts', 'restify', 1],
    ['http/a.ts', 'restify', 0],
    ['producers/a.ts', 'kysely', 1],
    ['app.ts', 'node:sqlite', 1],
    ['cli.ts', 'pg', 1],
    ['store/a.ts', 'kysely/helpers/sqlite', 0],
    ['store/a.ts', 'node:sqlite', 0],
    ['domain/a.ts', 'node:crypto', 0],
    ['domain/a.ts', 'left-pad', 1],
    ['domain/a.ts', 'pinoccio', 1],
  ])('%s importing %s is refused %d times', (path, specifier, count) => {
    const dependencies = [
      'botbuilder',
      'botframework-connector',
      'botframework-schema',
      'restify',
      'kysely',
      'pg',
      'pino',
    ];
    expect(checkPackages(parseSource(path, `import x from '${specifier}';`), dependencies)).toHaveLength(count);
  });

  test('an import that is computed is refused', () => {
    expect(checkPackages(parseSource('domain/a.ts', 'await import(name);'), ['pino'])).toHaveLength(1);
  });

  test('circles are found, through type imports too, and shared ground is none', () => {
    const circle = [
      parseSource('domain/a.ts', "import './b.ts'; import './d.ts';"),
      parseSource('domain/b.ts', "import './c.ts'; import './d.ts';"),
      parseSource('domain/c.ts', "import type { A } from './a.ts';"),
      parseSource('domain/d.ts', ''),
    ];
    expect(findCycles(circle)).toEqual(['domain/a.ts -> domain/b.ts -> domain/c.ts -> domain/a.ts']);
    expect(findCycles(circle.slice(0, 2))).toEqual([]);
  });
});

describe('the setting keys', () => {
  test('are read from lines with and without #, not from prose', () => {
    expect(keysOfEnvFile('# Port: see PORT=1.\nPORT=3978\n# LOG_LEVEL=info\n#MicrosoftAppId=\n')).toEqual([
      'PORT',
      'LOG_LEVEL',
      'MicrosoftAppId',
    ]);
  });

  test('are compared in both directions', () => {
    expect(
      compareKeys(['PORT', 'METRICS_TOKEN_FILE', 'METRICS_TOKEN', 'OLD'], ['PORT', 'METRICS_TOKEN', 'NEW']),
    ).toEqual([expect.stringMatching(/^OLD .* nothing reads it/), expect.stringMatching(/^NEW .* missing/)]);
  });
});
