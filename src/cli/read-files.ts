// Files that the command line is told of.

import { AppError } from '../domain/errors.ts';

/** Gives a file's text; throws when it cannot be read. */
export type ReadFile = (path: string) => string;

/** @throws AppError `not_found` */
export function readText(readFile: ReadFile, path: string): string {
  try {
    return readFile(path);
  } catch (cause) {
    throw new AppError('not_found', `Expected a file that can be read at ${path}`, { cause });
  }
}

/** @throws AppError `not_found`, `invalid_json`; its message quotes nothing of the file */
export function readJsonFile(readFile: ReadFile, path: string): unknown {
  const text = readText(readFile, path);
  try {
    return JSON.parse(text);
  } catch {
    throw new AppError('invalid_json', `Expected JSON in ${path}`);
  }
}
