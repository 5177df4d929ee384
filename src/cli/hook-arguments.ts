// What is typed or read for hooks: payloads, headers, durations.

import { InvalidArgumentError } from 'commander';
import { parseDurationMs } from '../domain/duration.ts';
import { AppError } from '../domain/errors.ts';

/** A text that is no JSON is what dialects of text take. */
export function parsePayload(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** @throws AppError `invalid_request` for what is no header */
export function parseHeader(line: string): readonly [string, string] {
  const [, name, value] = /^([\w-]+):\s*(.*)$/.exec(line) ?? [];
  if (name === undefined || value === undefined) {
    throw new AppError('invalid_request', 'Expected headers such as "X-GitHub-Event: push"');
  }
  return [name, value];
}

/** @throws InvalidArgumentError */
export function parseDuration(text: string): string {
  if (parseDurationMs(text) === undefined) {
    throw new InvalidArgumentError('Expected an ISO 8601 duration such as PT12H.');
  }
  return text;
}
