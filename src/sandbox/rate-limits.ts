// The documented rate limits of the Bot Connector, counted over sliding windows.

import type { Clock } from '../domain/clock.ts';

interface Window {
  readonly count: number;
  readonly spanMs: number;
}

/** What requests to one conversation are counted together. */
export type LimitGroup = 'send' | 'create' | 'members' | 'allMembers' | 'conversations';

/** @see https://learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit */
const APP_AND_TENANT: readonly Window[] = [{ count: 50, spanMs: 1_000 }];

const WRITES: readonly Window[] = [
  { count: 7, spanMs: 1_000 },
  { count: 8, spanMs: 2_000 },
  { count: 60, spanMs: 30_000 },
  { count: 1_800, spanMs: 3_600_000 },
];

const READS: readonly Window[] = [
  { count: 14, spanMs: 1_000 },
  { count: 16, spanMs: 2_000 },
  { count: 120, spanMs: 30_000 },
  { count: 3_600, spanMs: 3_600_000 },
];

const PER_CONVERSATION: Readonly<Record<LimitGroup, readonly Window[]>> = {
  send: WRITES,
  create: WRITES,
  members: READS,
  allMembers: [{ count: 5, spanMs: 60_000 }],
  conversations: READS,
};

export interface RateLimits {
  /** @returns milliseconds until there is room for one more request, 0 when it was admitted and counted */
  admit(group: LimitGroup, conversationId: string): number;
  /** Counts a request that was let through already, as the second message of a text with a card is. */
  count(group: LimitGroup, conversationId: string): void;
}

/** Refused requests are not counted. */
export function createRateLimits(clock: Clock): RateLimits {
  const all = new SlidingWindows(APP_AND_TENANT);
  const conversations = new Map<string, SlidingWindows>();
  const windowsOf = (group: LimitGroup, conversationId: string): SlidingWindows => {
    const key = `${group} ${conversationId}`;
    const known = conversations.get(key) ?? new SlidingWindows(PER_CONVERSATION[group]);
    conversations.set(key, known);
    return known;
  };
  return {
    admit(group, conversationId) {
      const nowMs = clock.nowMs();
      const windows = windowsOf(group, conversationId);
      const waitMs = Math.max(all.waitMs(nowMs), windows.waitMs(nowMs));
      if (waitMs === 0) {
        all.count(nowMs);
        windows.count(nowMs);
      }
      return waitMs;
    },
    count(group, conversationId) {
      const nowMs = clock.nowMs();
      all.count(nowMs);
      windowsOf(group, conversationId).count(nowMs);
    },
  };
}

/** Lets everything through; for benchmarks. */
export const noRateLimits: RateLimits = { admit: () => 0, count: () => undefined };

/** Instants of the latest requests. The n-th latest one alone tells whether a window of n is full. */
class SlidingWindows {
  readonly #windows: readonly Window[];
  readonly #longest: number;
  #instants: number[] = [];

  constructor(windows: readonly Window[]) {
    this.#windows = windows;
    this.#longest = Math.max(...windows.map((window) => window.count));
  }

  waitMs(nowMs: number): number {
    let waitMs = 0;
    for (const { count, spanMs } of this.#windows) {
      const oldest = this.#instants[this.#instants.length - count];
      if (oldest !== undefined) {
        waitMs = Math.max(waitMs, oldest + spanMs - nowMs);
      }
    }
    return waitMs;
  }

  count(nowMs: number): void {
    this.#instants.push(nowMs);
    if (this.#instants.length > 2 * this.#longest) {
      this.#instants = this.#instants.slice(-this.#longest);
    }
  }
}
