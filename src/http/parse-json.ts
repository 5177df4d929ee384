// JSON from outside: bytes in, a value within known bounds out.

import { AppError } from '../domain/errors.ts';
import { findJsonFault } from './find-json-fault.ts';

/** Bounds on what a document may be made of, before anybody looks at what it says. */
export interface JsonLimits {
  /** Arrays and objects inside one another, the outermost included. */
  readonly maxDepth: number;
  /** Values of any kind, the document itself included. */
  readonly maxNodes: number;
  readonly maxArrayLength: number;
  /** UTF-16 units, as JavaScript counts them. */
  readonly maxStringLength: number;
  readonly maxKeyLength: number;
}

/** The bounds of the API. */
export const JSON_LIMITS: JsonLimits = {
  maxDepth: 32,
  maxNodes: 10_000,
  maxArrayLength: 1_000,
  maxStringLength: 65_536,
  maxKeyLength: 256,
};

/**
 * Parses a JSON body.
 *
 * @throws AppError `invalid_json` for what is not UTF-8 or not JSON, with the place but never the content;
 *   `invalid_request` for a document beyond the limits, or with a member name that reaches into JavaScript's
 *   prototypes
 */
export function parseJson(bytes: Uint8Array, limits: JsonLimits = JSON_LIMITS): unknown {
  const text = decodeUtf8(bytes);
  refuseExcess(text, limits);
  const value = parseText(text);
  checkStructure(value, limits);
  return value;
}

/** @throws AppError `invalid_json` */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new AppError('invalid_json', 'The body is not valid UTF-8.', { cause });
  }
}

/** A document this many times beyond the limits is not even parsed: a megabyte of brackets takes JSON.parse long. */
const EXCESS = 10;

function refuseExcess(text: string, { maxDepth, maxNodes }: JsonLimits): void {
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
    if (depth > EXCESS * maxDepth) {
      throw beyond('', `at most ${maxDepth} levels`);
    }
    if (values > EXCESS * maxNodes) {
      throw beyond('', `at most ${maxNodes} values in all`);
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

function checkStructure(document: unknown, limits: JsonLimits): void {
  const pending: Node[] = [{ value: document, pointer: '', depth: 0 }];
  let nodes = 1;
  for (let node = pending.pop(); node; node = pending.pop()) {
    const children = readChildren(node, limits);
    nodes += children.length;
    if (nodes > limits.maxNodes) {
      throw beyond('', `at most ${limits.maxNodes} values in all`);
    }
    pending.push(...children);
  }
}

function readChildren({ value, pointer, depth }: Node, limits: JsonLimits): readonly Node[] {
  if (typeof value === 'string' && value.length > limits.maxStringLength) {
    throw beyond(pointer, `at most ${limits.maxStringLength} characters`);
  }
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  if (depth === limits.maxDepth) {
    throw beyond(pointer, `at most ${limits.maxDepth} levels`);
  }
  if (Array.isArray(value)) {
    if (value.length > limits.maxArrayLength) {
      throw beyond(pointer, `at most ${limits.maxArrayLength} elements`);
    }
    return value.map((child, index) => ({ value: child, pointer: `${pointer}/${index}`, depth: depth + 1 }));
  }
  const members = Object.entries(value);
  if (members.length > limits.maxNodes) {
    throw beyond(pointer, `at most ${limits.maxNodes} values in all`);
  }
  return members.map(([key, child]) => ({
    value: child,
    pointer: memberPointer(pointer, key, limits),
    depth: depth + 1,
  }));
}

function memberPointer(parent: string, key: string, limits: JsonLimits): string {
  if (key.length > limits.maxKeyLength) {
    throw beyond(parent, `member names of at most ${limits.maxKeyLength} characters`);
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
