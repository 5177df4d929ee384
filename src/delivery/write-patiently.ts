// Writing down what cannot be asked again.

import type { Clock } from '../domain/clock.ts';
import { AppError } from '../domain/errors.ts';
import type { Statements, Store } from '../store/store.ts';

/** What it works with. */
export interface WriteDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly leaseMs: number;
}

const WRITE_RETRY_MS = 1_000;

/**
 * What Teams answered is known only here: while the lease lasts, a full disk or a locked database must not turn it
 * into "unknown" and so into a second message.
 *
 * @throws what `work` throws; AppError `store_unavailable` after the length of a lease
 */
export async function writePatiently<T>(
  { store, clock, leaseMs }: WriteDeps,
  work: (tx: Statements) => Promise<T>,
  { isOneStatement = false } = {},
): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await (isOneStatement ? store.writeOne(work) : store.write(work));
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'store_unavailable') || tries >= leaseMs / WRITE_RETRY_MS) {
        throw error;
      }
      await new Promise<void>((resolve) => clock.after(WRITE_RETRY_MS, resolve));
    }
  }
}
