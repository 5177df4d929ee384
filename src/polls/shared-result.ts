// How a poll stands, for those who all see it at once.

import type { PollResult } from '../domain/poll.ts';
import { readPollResult } from '../store/poll-result.ts';
import type { PollRow } from '../store/statements/polls.ts';
import type { Statements } from '../store/store.ts';

/** From so many voters on nobody sees on a card whether one more is counted. */
export const MANY_VOTERS = 500;
/** How long a count of a large poll is told. */
export const COUNT_LASTS_MS = 1_000;

/** Polls whose counts are kept; more of them at a time are counted anew. */
const MAX_KEPT = 100;

/** What is looked at of a poll. */
type CountedPoll = Pick<PollRow, 'id' | 'poll' | 'result'>;

/** Tells how a poll stands at this moment. */
export type ReadSharedResult = (tx: Statements, row: CountedPoll, nowMs: number) => Promise<PollResult>;

/**
 * To count means to read every ballot, and whoever votes in a channel is shown the counts. Of a large poll one count
 * serves all who look within a second; a small one is counted each time.
 *
 * @param count reads every ballot
 */
export function createSharedResult(count = readPollResult): ReadSharedResult {
  const kept = new Map<number, { readonly result: PollResult; readonly atMs: number }>();
  return async (tx, row, nowMs) => {
    const known = kept.get(row.id);
    if (known && row.result === null && Math.abs(nowMs - known.atMs) < COUNT_LASTS_MS) {
      return known.result;
    }
    kept.delete(row.id);
    const result = await count(tx, row);
    if (!result.isClosed && result.voters >= MANY_VOTERS) {
      if (kept.size >= MAX_KEPT) {
        kept.clear();
      }
      kept.set(row.id, { result, atMs: nowMs });
    }
    return result;
  };
}
