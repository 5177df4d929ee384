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
 * @throws AppError `invalid_request` when one stands twice: nobody can know which one was meant
 */
export function readQuery({ query = '' }: Pick<Exchange, 'query'>): Readonly<Record<string, string>> {
  const parameters = [...new URLSearchParams(query)];
  if (new Set(parameters.map(([name]) => name)).size < parameters.length) {
    throw new AppError('invalid_request', 'Expected each query parameter once.');
  }
  return Object.fromEntries(parameters);
}

/**
 * Whether the request only asks what would become of it: `dry_run=true`, or `1`.
 *
 * @throws AppError `invalid_request` for any other parameter
 */
export function readDryRun(exchange: Pick<Exchange, 'query'>): boolean {
  const { dry_run: dryRun, ...others } = readQuery(exchange);
  if (dryRun === undefined || Object.keys(others).length > 0) {
    refuseQuery(exchange);
    return false;
  }
  if (!['true', '1', 'false', '0'].includes(dryRun)) {
    throw new AppError('invalid_request', 'Expected `dry_run` to be true or false.');
  }
  return dryRun === 'true' || dryRun === '1';
}
