// What it means when SQLite fails, and what callers are told.

import { AppError } from '../../domain/errors.ts';

/** The caller may try again: nothing of the write was kept. */
export function unavailable(cause: unknown): AppError {
  return new AppError('store_unavailable', 'The database cannot be written at the moment. Try again', {
    cause,
    retryAfterMs: 2_000,
  });
}

const SQLITE_BUSY = 5;

/** Whether another process holds the lock. Extended codes carry the primary one in their low byte. */
export function isBusy(error: unknown): boolean {
  const { code, errcode }: { code?: unknown; errcode?: unknown } = Object(error);
  return code === 'ERR_SQLITE_ERROR' && typeof errcode === 'number' && errcode % 256 === SQLITE_BUSY;
}
