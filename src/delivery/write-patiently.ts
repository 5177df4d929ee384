// Writing down what cannot be asked again.

import type { Clock } from '../domain/clock.ts';
import { AppError } from '../domain/errors.ts';
import type { Statements, Store } from '../store/store.ts';

/** What it works with. */
export interface WriteDeps {
  readonly store: Store;
  readonly clock: Clock;
}

const WRITE_RETRY_MS = 1_000;

/**
 * What Teams answered is known only here: a full disk, a locked database, or one that is away, for however long, must
 * not turn it into "unknown" and so into a second message. Tries again for as long as the process lives.
 *
 * @throws what `work` throws, but for AppError `store_unavailable`
 */
export async function writePatiently<T>(
  { store, clock }: WriteDeps,
  work: (tx: Statements) => Promise<T>,
  { isOneStatement = false } = {},
): Promise<T> {
  for (;;) {
    try {
      return await (isOneStatement ? store.writeOne(work) : store.write(work));
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'store_unavailable')) {
        throw error;
      }
      await new Promise<void>((resolve) => clock.after(WRITE_RETRY_MS, resolve));
    }
  }
}
