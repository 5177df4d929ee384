// What an answer may wait for, and how long.

/** What may be waited for: the end of all deliveries, or that somebody took note, enough people chose, or it was closed. */
export const AWAITED = ['delivered', 'acknowledged'] as const;

/** How long an answer may wait, and for what. */
export interface Wait {
  readonly until: (typeof AWAITED)[number];
  readonly timeoutMs: number;
  /** Ends it early: the caller has hung up, or the service is to end. */
  readonly signal: AbortSignal;
}
