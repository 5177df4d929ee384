// The end of a poll: what was counted by then stays, and of an anonymous one nothing else.

import { pollLock } from '../store/locks.ts';
import type { PollRow } from '../store/statements/polls.ts';
import type { Statements } from '../store/store.ts';
import { nextEditMs } from './vote.ts';

/** Which poll is closed. */
export interface ClosingPoll {
  readonly publicId: string;
  readonly nowMs: number;
}

/** What came of it. */
export interface ClosedPoll {
  /** As it is now. */
  readonly row: PollRow;
  /** False when it was closed already. */
  readonly isChanged: boolean;
}

/** Closes it once, whoever asks and however often. @returns undefined when there is none */
export async function closePoll(tx: Statements, { publicId, nowMs }: ClosingPoll): Promise<ClosedPoll | undefined> {
  // Whoever votes at this moment is waited for, and counted.
  await tx.locks.take(pollLock(publicId));
  const row = await tx.polls.find(publicId);
  if (!row || row.closedAtMs !== null) {
    return row && { row, isChanged: false };
  }
  const result = { ...(await tx.polls.countVotes(row.id, row.poll.choices.length)), isClosed: true };
  const editDueAtMs = nextEditMs(row, nowMs);
  await tx.polls.close(row.id, { result, nowMs, editDueAtMs });
  if (row.poll.isAnonymous) {
    await tx.polls.deleteBallots(row.id);
  }
  await tx.statusEvents.record({ type: 'poll.closed', notificationId: row.notificationId, nowMs });
  return { row: { ...row, result, secret: null, closedAtMs: nowMs, editDueAtMs }, isChanged: true };
}
