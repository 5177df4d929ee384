// Waiting in tests: for a condition, never for a duration.

import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';

const TIMEOUT_MS = 10_000;

/**
 * Goes on, turn by turn of the event loop, until the condition holds.
 *
 * @param what names the condition in the error when it never held
 */
export async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadlineMs = performance.now() + TIMEOUT_MS;
  while (!(await condition())) {
    if (performance.now() > deadlineMs) {
      throw new Error(`waited in vain until ${what}`);
    }
    await nextTurn();
  }
}

/**
 * Lets everything go on that waits neither for the clock nor for the network: before a test claims that something did
 * not happen. A write of the store takes one turn.
 */
export async function settled(turns = 40): Promise<void> {
  for (let turn = 0; turn < turns; turn++) {
    await nextTurn();
  }
}

export interface PollOptions {
  readonly what: string;
  readonly timeoutMs?: number;
}

/** Asks another process again and again until it answers what is wanted; for what gives no event to wait for. */
export async function poll<T>(ask: () => Promise<T | undefined>, options: PollOptions): Promise<T> {
  const { what, timeoutMs = 30_000 } = options;
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) {
      return answer;
    }
    if (performance.now() > deadlineMs) {
      throw new Error(`waited in vain for ${what}`);
    }
    await pause(20);
  }
}
