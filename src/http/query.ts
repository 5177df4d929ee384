// Query parameters: read whole, or refused.

import { AppError } from '../domain/errors.ts';
import type { Exchange } from './exchange.ts';

/**
 * A misspelt or imagined parameter that is silently ignored does something else than its sender believes.
 *
 * @throws AppError `invalid_request`
 */
export function refuseQuery({ query }: Pick<Exchange, 'query'>): void {
  if (query !== undefined) {
    throw new AppError('invalid_request', 'Expected no query: this resource takes no query parameters.');
  }
}

/**
 * The parameters by name. Which of them are known is for the reader to say.
 *
 * @throws AppError `invalid_request` when one stands twice: nobody can know which one was meant; and for a bare `?`
 */
export function readQuery({ query }: Pick<Exchange, 'query'>): Readonly<Record<string, string>> {
  if (query === '') {
    throw new AppError('invalid_request', 'Expected query parameters behind the `?`.');
  }
  const parameters = [...new URLSearchParams(query ?? '')];
  if (new Set(parameters.map(([name]) => name)).size < parameters.length) {
    throw new AppError('invalid_request', 'Expected each query parameter once.');
  }
  return Object.fromEntries(parameters);
}
