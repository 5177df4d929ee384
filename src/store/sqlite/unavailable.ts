// What callers are told when SQLite fails.

import { AppError } from '../../domain/errors.ts';

/** The caller may try again: nothing of the write was kept. */
export function unavailable(cause: unknown): AppError {
  return new AppError('store_unavailable', 'The database cannot be written at the moment. Try again', {
    cause,
    retryAfterMs: 2_000,
  });
}
