// What a person at the terminal reads when a command fails.

import { AppError } from './domain/errors.ts';

/** One line a fault, or the sentence of the error; never a stack, never a secret. */
export function describeFailure(error: unknown): string {
  if (!(error instanceof AppError)) {
    return `Bellhop failed unexpectedly (${error instanceof Error ? error.name : typeof error}). This is a defect; please report it.`;
  }
  const faults = error.faults.map(({ pointer, detail }) => `  ${pointer}: ${detail}`);
  return [`Bellhop cannot go on: ${error.message}.`, ...faults].join('\n');
}
