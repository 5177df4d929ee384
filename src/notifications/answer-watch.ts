// Waiting for people to answer: one look at the store for all who wait, as soon as something may have happened.

import { BackgroundLoop } from '../domain/background-loop.ts';
import { type Clock, pause } from '../domain/clock.ts';
import type { Store } from '../store/store.ts';
import type { Wait } from './awaited.ts';

/** On a busy service something happens all the time: this is between two looks. */
const MIN_PAUSE_MS = 25;
/** Another process may not be able to tell. */
const MAX_PAUSE_MS = 1_000;

/** What watching takes. */
export interface WatchDeps {
  readonly store: Pick<Store, 'read' | 'onWork'>;
  readonly clock: Clock;
}

/** A notification that asks something. */
export interface WatchedAsk {
  readonly notificationId: number;
  /** Whether any answer is all that there is to wait for: it can be neither acknowledged nor decided. */
  readonly isAnyEnough: boolean;
}

/**
 * Gives the function that resolves once a notification waits for no answer (any more), or the wait is over. It looks only
 * while somebody waits.
 */
export function createAnswerWatch({ store, clock }: WatchDeps): (ask: WatchedAsk, wait: Wait) => Promise<void> {
  const waiting = new Map<number, Set<() => void>>();
  const anyEnough = new Set<number>();
  let loop: BackgroundLoop | undefined;

  const look = async () => {
    const { askRows } = store.read;
    const ids = [...waiting.keys()];
    const open = new Set(await askRows.listOpen(ids));
    const answerable = ids.filter((id) => open.has(id) && anyEnough.has(id));
    for (const id of answerable.length > 0 ? await askRows.listAnswered(answerable) : []) {
      open.delete(id);
    }
    for (const resolve of ids.filter((id) => !open.has(id)).flatMap((id) => [...(waiting.get(id) ?? [])])) {
      resolve();
    }
  };
  const begin = () => {
    const begun: BackgroundLoop = new BackgroundLoop({
      clock,
      async run() {
        await look();
        await pause(clock, MIN_PAUSE_MS, begun.signal);
        return MAX_PAUSE_MS;
      },
      onFailure: () => MAX_PAUSE_MS,
    });
    begun.follow((listener) => store.onWork(listener));
    return begun;
  };

  return async ({ notificationId, isAnyEnough }, { timeoutMs, signal }) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const waiters = waiting.get(notificationId) ?? new Set();
    waiting.set(notificationId, waiters.add(resolve));
    if (isAnyEnough) {
      anyEnough.add(notificationId);
    }
    if (loop) {
      loop.wake();
    } else {
      loop = begin();
    }
    const over = new AbortController();
    await Promise.race([promise, pause(clock, timeoutMs, AbortSignal.any([signal, over.signal]))]);
    over.abort();
    waiters.delete(resolve);
    if (waiters.size === 0) {
      waiting.delete(notificationId);
      anyEnough.delete(notificationId);
    }
    if (waiting.size === 0) {
      void loop?.stop();
      loop = undefined;
    }
  };
}
