// Waiting inside one process, turn by turn of the event loop: no timer takes part.

import { setImmediate as nextTurn } from 'node:timers/promises';

const TIMEOUT_MS = 10_000;

/**
 * Goes on, turn by turn of the event loop, until the condition holds.
 *
 * @param what names the condition in the error when it never held
 */
export async function eventually(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadlineMs = performance.now() + TIMEOUT_MS;
  while (!(await condition())) {
    if (performance.now() > deadlineMs) {
      throw new Error(`Waited in vain until ${what}`);
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
