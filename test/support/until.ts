// Waiting for a state that nothing announces, such as an answer over HTTP.

import { setTimeout } from 'node:timers/promises';

const PAUSE_MS = 25;

/**
 * Asks again, a moment apart, until the answer fits; fails with the last answer.
 *
 * @param timeoutMs how long to ask, pauses only; ten seconds when absent
 */
export async function until<T>(ask: () => Promise<T>, fits: (answer: T) => boolean, timeoutMs = 10_000): Promise<T> {
  const maxTries = timeoutMs / PAUSE_MS;
  for (let tries = 1; ; tries++) {
    const answer = await ask();
    if (fits(answer)) {
      return answer;
    }
    if (tries >= maxTries) {
      throw new Error(`Waited in vain; the last answer was ${JSON.stringify(answer)}`);
    }
    await setTimeout(PAUSE_MS);
  }
}
