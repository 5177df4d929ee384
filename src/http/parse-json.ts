// JSON from outside: bytes in, a value within known bounds out.

import { AppError } from '../domain/errors.ts';
import { findJsonFault } from './find-json-fault.ts';

/** Bounds on what a document may be made of, before anybody looks at what it says. */
export const JSON_LIMITS = {
  /** Arrays and objects inside one another, the outermost included. */
  maxDepth: 32,
  /** Values of any kind, the document itself included. */
  maxNodes: 10_000,
  maxArrayLength: 1_000,
  /** UTF-16 units, as JavaScript counts them. */
  maxStringLength: 65_536,
  maxKeyLength: 256,
} as const;

/**
 * Parses a JSON body.
 *
 * @throws AppError `invalid_json` for what is not UTF-8 or not JSON, with the place but never the content;
 *   `invalid_request` for a document beyond `JSON_LIMITS`, or with a member name that reaches into JavaScript's
 *   prototypes
 */
export function parseJson(bytes: Uint8Array): unknown {
  const text = decodeUtf8(bytes);
  refuseExcess(text);
  const value = parseText(text);
  checkStructure(value);
  return value;
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new AppError('invalid_json', 'The body is not valid UTF-8.', { cause });
  }
}

/** A document this many times beyond the limits is not even parsed: a megabyte of brackets takes JSON.parse long. */
const EXCESS = 10;

function refuseExcess(text: string): void {
  let depth = 0;
  let values = 1;
  let isInString = false;
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (isInString) {
      at += char === '\\' ? 1 : 0;
      isInString = char !== '"';
      continue;
    }
    switch (char) {
      case '"':
        isInString = true;
        break;
      case '{':
      case '[':
        depth += 1;
        values += 1;
        break;
      case '}':
      case ']':
        depth -= 1;
        break;
      case ',':
        values += 1;
        break;
    }
    if (depth > EXCESS * JSON_LIMITS.maxDepth) {
      throw beyond('', `at most ${JSON_LIMITS.maxDepth} levels`);
    }
    if (values > EXCESS * JSON_LIMITS.maxNodes) {
      throw beyond('', `at most ${JSON_LIMITS.maxNodes} values in all`);
    }
  }
}

function parseText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The error of JSON.parse quotes the text, so it goes no further, not even as a cause.
    const offset = findJsonFault(text) ?? text.length;
    const what = offset === text.length ? 'ends too early' : 'is not valid JSON';
    throw new AppError('invalid_json', `The body ${what} at ${describePlace(text, offset)}.`);
  }
}

function describePlace(text: string, offset: number): string {
  let line = 1;
  let lineStart = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', lineStart)) {
    line += 1;
    lineStart = at + 1;
  }
  return `line ${line}, column ${offset - lineStart + 1}`;
}

interface Node {
  readonly value: unknown;
  readonly pointer: string;
  /** Arrays and objects around it. */
  readonly depth: number;
}

function checkStructure(document: unknown): void {
  const pending: Node[] = [{ value: document, pointer: '', depth: 0 }];
  let nodes = 1;
  for (let node = pending.pop(); node; node = pending.pop()) {
    const children = readChildren(node);
    nodes += children.length;
    if (nodes > JSON_LIMITS.maxNodes) {
      throw beyond('', `at most ${JSON_LIMITS.maxNodes} values in all`);
    }
    pending.push(...children);
  }
}

function readChildren({ value, pointer, depth }: Node): readonly Node[] {
  if (typeof value === 'string' && value.length > JSON_LIMITS.maxStringLength) {
    throw beyond(pointer, `at most ${JSON_LIMITS.maxStringLength} characters`);
  }
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  if (depth === JSON_LIMITS.maxDepth) {
    throw beyond(pointer, `at most ${JSON_LIMITS.maxDepth} levels`);
  }
  if (Array.isArray(value)) {
    if (value.length > JSON_LIMITS.maxArrayLength) {
      throw beyond(pointer, `at most ${JSON_LIMITS.maxArrayLength} elements`);
    }
    return value.map((child, index) => ({ value: child, pointer: `${pointer}/${index}`, depth: depth + 1 }));
  }
  const members = Object.entries(value);
  if (members.length > JSON_LIMITS.maxNodes) {
    throw beyond(pointer, `at most ${JSON_LIMITS.maxNodes} values in all`);
  }
  return members.map(([key, child]) => ({ value: child, pointer: memberPointer(pointer, key), depth: depth + 1 }));
}

function memberPointer(parent: string, key: string): string {
  if (key.length > JSON_LIMITS.maxKeyLength) {
    throw beyond(parent, `member names of at most ${JSON_LIMITS.maxKeyLength} characters`);
  }
  if (key === '__proto__' || key === 'constructor' || key === 'prototype') {
    throw beyond(`${parent}/${key}`, 'another member name');
  }
  return `${parent}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

function beyond(pointer: string, expected: string): AppError {
  const fault = { pointer, detail: `Expected ${expected}.` };
  return new AppError('invalid_request', 'The structure of the body is beyond what is accepted.', { faults: [fault] });
}
