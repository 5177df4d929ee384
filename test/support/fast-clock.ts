// Time that runs faster than it does, alike in every process: for tests in which a minute has to pass.

import { type Clock, systemClock } from '../../src/domain/clock.ts';

/** @param sinceMs the instant, in epoch milliseconds, at which this clock was right */
export function createFastClock({ sinceMs, factor }: { readonly sinceMs: number; readonly factor: number }): Clock {
  return {
    nowMs: () => Math.floor(sinceMs + (systemClock.nowMs() - sinceMs) * factor),
    after: (delayMs, action) => systemClock.after(delayMs / factor, action),
  };
}
