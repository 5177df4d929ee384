// The import table, and the other rules about what may know whom.

import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import { childOf, type Finding, nameOf, type Source, type SyntaxNode } from './source.ts';

/** Rooms of use cases. They never import one another: they meet in the store. */
const MIDDLE_ROOMS = [
  'producers',
  'hooks',
  'sources',
  'notifications',
  'delivery',
  'installations',
  'preferences',
  'asks',
  'polls',
  'dialogs',
  'tells',
  'directory',
  'callbacks',
  'templates',
  'topics',
];
const MIDDLE_ROOM_IMPORTS = ['domain', 'store', 'telemetry'];

/** What each room may import besides itself: whole rooms, or one file of a room. A type import is an import. */
export const IMPORT_TABLE: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  telemetry: [],
  config: ['domain', 'telemetry/logger'],
  pages: [],
  'failure-report': ['domain/errors'],
  store: ['domain'],
  network: ['domain'],
  ...Object.fromEntries(MIDDLE_ROOMS.map((room) => [room, MIDDLE_ROOM_IMPORTS])),
  sources: ['domain'],
  callbacks: [...MIDDLE_ROOM_IMPORTS, 'network'],
  teams: [
    'domain',
    'telemetry',
    'network',
    'delivery/sender',
    'installations',
    'notifications',
    'preferences',
    'polls',
    'dialogs/dialog-runner',
    'directory',
  ],
  http: ['domain', 'telemetry', 'pages', ...MIDDLE_ROOMS],
  // Taken elsewhere as it is, also into browsers.
  client: [],
  sandbox: ['domain', 'pages'],
  manifest: ['domain'],
  // Not the sandbox: a stand-in for Teams has no place in what main.ts starts.
  app: ['domain', 'telemetry', 'config', 'store', ...MIDDLE_ROOMS, 'teams', 'http'],
  main: ['app', 'config', 'domain', 'failure-report', 'telemetry'],
  cli: [
    'app',
    'config',
    'domain',
    'failure-report',
    'telemetry',
    'store',
    'producers',
    'delivery',
    'directory',
    'templates',
    'topics',
    'callbacks',
    'hooks',
    'sources',
    'sandbox',
    'manifest',
  ],
};

/** Packages that a single room knows, so that each can be replaced by writing one room. */
const PACKAGE_OWNERS: readonly { readonly pattern: RegExp; readonly room: string }[] = [
  { pattern: /^(botbuilder|botframework-)/, room: 'teams' },
  { pattern: /^restify/, room: 'http' },
  { pattern: /^(kysely|pg|(node:)?sqlite)(\W|$)/, room: 'store' },
];

interface Import {
  readonly specifier: string;
  readonly line: number;
}

/** Imports the table does not allow, rooms it does not know, and paths that lead nowhere. */
export function checkRooms(source: Source, paths: ReadonlySet<string>): readonly Finding[] {
  const room = roomOf(source.path);
  const allowed = IMPORT_TABLE[room];
  if (!allowed) {
    return [{ line: 1, message: `room "${room}" is unknown: add it to the import table of the architecture tests` }];
  }
  return importsOf(source).flatMap(({ specifier, line }) => {
    const target = resolveImport(source.path, specifier);
    if (target === undefined) {
      return [];
    }
    if (!paths.has(target)) {
      return [{ line, message: `"${specifier}" is no file of src/: name it with its .ts` }];
    }
    const targetRoom = roomOf(target);
    const isAllowed = targetRoom === room || allowed.includes(targetRoom) || allowed.includes(target.slice(0, -3));
    return isAllowed ? [] : [{ line, message: `${room} may not import ${target}` }];
  });
}

/** Packages imported outside the room that owns them, or not listed in `dependencies`. */
export function checkPackages(source: Source, dependencies: readonly string[]): readonly Finding[] {
  const room = roomOf(source.path);
  return importsOf(source).flatMap(({ specifier, line }) => {
    if (specifier.startsWith('.')) {
      return [];
    }
    const owner = PACKAGE_OWNERS.find(({ pattern }) => pattern.test(specifier));
    if (roomOf(source.path) === 'client') {
      return [{ line, message: `client/ may import no package: ${specifier}` }];
    }
    const isListed = isBuiltin(specifier) || dependencies.some((name) => `${specifier}/`.startsWith(`${name}/`));
    return [
      ...(owner && owner.room !== room ? [{ line, message: `only ${owner.room}/ may import ${specifier}` }] : []),
      ...(isListed ? [] : [{ line, message: `${specifier || 'a computed import'} is not in dependencies` }]),
    ];
  });
}

/** Each circle of files that import one another, once, as `a.ts -> b.ts -> a.ts`. */
export function findCycles(sources: readonly Source[]): readonly string[] {
  const targets = new Map(sources.map((source) => [source.path, localImports(source)]));
  const finished = new Set<string>();
  const cycles: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) {
      cycles.push([...trail.slice(trail.indexOf(path)), path].join(' -> '));
      return;
    }
    if (!finished.has(path)) {
      for (const target of targets.get(path) ?? []) {
        visit(target, [...trail, path]);
      }
      finished.add(path);
    }
  };
  for (const { path } of sources) {
    visit(path, []);
  }
  return cycles;
}

function localImports(source: Source): readonly string[] {
  return importsOf(source).flatMap(({ specifier }) => resolveImport(source.path, specifier) ?? []);
}

function importsOf(source: Source): readonly Import[] {
  return source.nodes.flatMap((node) => {
    const specifier = specifierOf(node);
    return specifier === undefined ? [] : [{ specifier, line: source.firstLine(node) }];
  });
}

/** @returns what a node imports; '' when it is computed, undefined when it imports nothing */
function specifierOf(node: SyntaxNode): string | undefined {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportAllDeclaration':
    case 'ExportNamedDeclaration':
      return nameOf(childOf(node, 'source'));
    case 'TsImportType':
      return nameOf(childOf(node, 'argument'));
    case 'TsExternalModuleReference':
      return nameOf(childOf(node, 'expression'));
    case 'CallExpression':
      return childOf(node, 'callee')?.type === 'Import' ? (nameOf(firstArgument(node)) ?? '') : undefined;
    default:
      return undefined;
  }
}

function firstArgument(call: SyntaxNode): SyntaxNode | undefined {
  const [argument] = call['arguments'] as readonly { readonly expression: SyntaxNode }[];
  return argument?.expression;
}

/** @returns the path below src/, or undefined for a package */
function resolveImport(from: string, specifier: string): string | undefined {
  return specifier.startsWith('.') ? posix.normalize(posix.join(posix.dirname(from), specifier)) : undefined;
}

function roomOf(path: string): string {
  return path.split('/')[0]?.replace(/\.ts$/, '') ?? path;
}
