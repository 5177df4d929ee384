// How a poll stands, as far as it is told.

import { POLL_LIMITS, type PollResult } from '../domain/poll.ts';
import type { PollRow } from './statements/polls.ts';
import type { Statements } from './store.ts';

/**
 * What was counted when it closed, or what is chosen at this moment. In an anonymous poll of which only one or two people
 * have voted, it is only told how many: they would know of each other.
 */
export async function readPollResult(
  { polls }: Statements,
  { id, poll, result }: Pick<PollRow, 'id' | 'poll' | 'result'>,
): Promise<PollResult> {
  if (result) {
    return result;
  }
  const { counts, voters } = await polls.countVotes(id, poll.choices.length);
  const isTold = !poll.isAnonymous || voters >= POLL_LIMITS.minAnonymousVoters;
  return { counts: isTold ? counts : [], voters, isClosed: false };
}
