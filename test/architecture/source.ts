// Source files as syntax trees: what the rules of this folder look at.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from '@swc/core';

/** Any node of the tree; its other members depend on its type. */
export interface SyntaxNode {
  readonly type: string;
  readonly [member: string]: unknown;
}

/** One parsed file. Lines count from 1. */
export interface Source {
  /** Below src/, with forward slashes. */
  readonly path: string;
  readonly text: string;
  /** The statements of the file, in order. */
  readonly statements: readonly SyntaxNode[];
  /** Every node of the file, outer before inner. */
  readonly nodes: readonly SyntaxNode[];
  readonly firstLine: (node: SyntaxNode) => number;
  readonly lastLine: (node: SyntaxNode) => number;
  /** The text before a node. */
  readonly textBefore: (node: SyntaxNode) => string;
}

/** One breach of a rule. */
export interface Finding {
  readonly line: number;
  readonly message: string;
}

/** Reads and parses every TypeScript file below a folder. */
export function readSources(folder: string): readonly Source[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .sort()
    .map((path) => parseSource(path.replaceAll('\\', '/'), readFileSync(join(folder, path), 'utf8')));
}

/** @throws when the text is not TypeScript */
export function parseSource(path: string, text: string): Source {
  const { body } = parseSync(text, { syntax: 'typescript', target: 'es2024' });
  const statements = (body as readonly unknown[]).filter(isNode);
  const bytes = Buffer.from(text);
  const lineAt = (offset: number) => bytes.subarray(0, offset).toString('latin1').split('\n').length;
  return {
    path,
    text,
    statements,
    nodes: [...nodesOf(statements)],
    firstLine: (node) => lineAt(spanOf(node).start),
    lastLine: (node) => lineAt(spanOf(node).end - 1),
    textBefore: (node) => bytes.subarray(0, spanOf(node).start).toString(),
  };
}

/** The member of a node that is itself a node; undefined when it is absent or something else. */
export function childOf(node: SyntaxNode | undefined, member: string): SyntaxNode | undefined {
  const child = node?.[member];
  return isNode(child) ? child : undefined;
}

/** The members of a list of a node; empty when it has no such list. */
export function childrenOf(node: SyntaxNode | undefined, member: string): readonly SyntaxNode[] {
  const list = node?.[member];
  return Array.isArray(list) ? list.filter(isNode) : [];
}

/** What an identifier, a string or the last part of `a.b` says. */
export function nameOf(node: SyntaxNode | undefined): string | undefined {
  if (node?.type === 'MemberExpression') {
    const property = childOf(node, 'property');
    return nameOf(property?.type === 'Computed' ? childOf(property, 'expression') : property);
  }
  return typeof node?.['value'] === 'string' ? node['value'] : undefined;
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

function* nodesOf(value: unknown): Generator<SyntaxNode> {
  if (typeof value !== 'object' || value === null) {
    return;
  }
  if (isNode(value)) {
    yield value;
  }
  for (const member of Object.values(value)) {
    yield* nodesOf(member);
  }
}

/** Offsets in bytes, from 0; the parser counts from 1. */
function spanOf(node: SyntaxNode): { readonly start: number; readonly end: number } {
  const { span } = node as { span?: { start: number; end: number } };
  if (!span) {
    throw new Error(`Expected ${node.type} to have a span`);
  }
  return { start: span.start - 1, end: span.end - 1 };
}
