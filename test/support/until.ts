// Waiting for a state that nothing announces, such as an answer over HTTP.

import { setTimeout } from 'node:timers/promises';

const PAUSE_MS = 25;
const MAX_TRIES = 400;

/** Asks again, a moment apart, until the answer fits; fails with the last answer after ten seconds. */
export async function until<T>(ask: () => Promise<T>, fits: (answer: T) => boolean): Promise<T> {
  for (let tries = 1; ; tries++) {
    const answer = await ask();
    if (fits(answer)) {
      return answer;
    }
    if (tries === MAX_TRIES) {
      throw new Error(`Waited in vain; the last answer was ${JSON.stringify(answer)}`);
    }
    await setTimeout(PAUSE_MS);
  }
}
