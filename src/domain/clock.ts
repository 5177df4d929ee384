// Time as a parameter, so that tests move it instead of waiting.

/** Cancels what it was given for; calling it again does nothing. */
export type Cancel = () => void;

export interface Clock {
  /** Wall-clock time in epoch milliseconds. */
  nowMs(): number;
  /** Calls `action` once after `delayMs` (>= 0) unless cancelled before. Does not keep the process alive. */
  after(delayMs: number, action: () => void): Cancel;
}

/** The longest delay Node's timers take; a longer one would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  after(delayMs, action) {
    const timer = setTimeout(action, Math.min(Math.max(0, delayMs), MAX_TIMER_MS));
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** Waits for `work`, but not longer than `ms`. @returns its result, or undefined when the time was over first */
export async function within<T>(clock: Clock, ms: number, work: Promise<T>): Promise<T | undefined> {
  let cancel: Cancel = () => undefined;
  const limit = new Promise<undefined>((resolve) => {
    cancel = clock.after(ms, () => resolve(undefined));
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    cancel();
  }
}
