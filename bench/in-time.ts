// Waiting with an end.

import { setTimeout } from 'node:timers/promises';
import { AppError } from '../src/domain/errors.ts';

/** @throws AppError `internal` when `work` takes longer than `ms` */
export async function inTime<T>(
  work: Promise<T>,
  { ms, what }: { readonly ms: number; readonly what: string },
): Promise<T> {
  const over = new AbortController();
  const limit = async (): Promise<never> => {
    await setTimeout(ms, undefined, over);
    throw new AppError('internal', `${what} within ${ms} ms`);
  };
  try {
    return await Promise.race([work, limit()]);
  } finally {
    over.abort();
  }
}
