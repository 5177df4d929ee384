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

/** A clock that goes on evenly when somebody sets the wall clock, until it is told to follow. */
export interface SteadyClock extends Clock {
  /** By how much the wall clock was set and this one has not followed yet, milliseconds; small steps are followed here. */
  jumpMs(): number;
  /** Moves this clock by that much. */
  follow(byMs: number): void;
  /** How far it has followed in all: what was read before and is compared with now moves by the difference. */
  readonly followedMs: number;
}

/** A step that is too small to make a difference to what waits. */
const MIN_JUMP_MS = 200;

/** @param elapsedMs milliseconds since any fixed moment; never set by anybody */
export function createSteadyClock(wall: Clock, elapsedMs: () => number): SteadyClock {
  let offsetMs = wall.nowMs() - elapsedMs();
  let followedMs = 0;
  const readOffsetMs = () => wall.nowMs() - elapsedMs();
  return {
    nowMs: () => Math.round(elapsedMs() + offsetMs),
    after: (delayMs, action) => wall.after(delayMs, action),
    jumpMs() {
      const jumpMs = Math.round(readOffsetMs() - offsetMs);
      if (Math.abs(jumpMs) >= MIN_JUMP_MS) {
        return jumpMs;
      }
      offsetMs = readOffsetMs();
      return 0;
    },
    follow(byMs) {
      offsetMs += byMs;
      followedMs += byMs;
    },
    get followedMs() {
      return followedMs;
    },
  };
}

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

/** Resolves after `ms`, or as soon as `signal` is aborted; at once when neither is to come. */
export async function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  if (ms <= 0 || signal.aborted) {
    return;
  }
  const elapsed = Promise.withResolvers<void>();
  const cancel = clock.after(Math.ceil(ms), elapsed.resolve);
  const end = () => elapsed.resolve();
  signal.addEventListener('abort', end);
  await elapsed.promise;
  signal.removeEventListener('abort', end);
  cancel();
}
