// How a poll ended: on every card of it, and in a message of its own to whoever asked.

import type { Poll } from '../domain/poll.ts';
import { changesLock } from '../store/locks.ts';
import { queueAsBot } from '../store/queue-as-bot.ts';
import { spreadChange } from '../store/spread-change.ts';
import type { ShownPoll } from '../store/statements/poll-cards.ts';
import type { Statements } from '../store/store.ts';
import { holdCards } from './edit-cards.ts';

/** A poll that is closed, in the transaction that has taken it. */
export interface EndedPoll {
  readonly poll: ShownPoll;
  readonly nowMs: number;
  readonly randomBytes: (size: number) => Uint8Array;
}

const RESULT_TTL_MS = 24 * 3_600_000;

/** Not before each card may be edited: then it is looked at again, and once it was done nobody looks any more. */
export async function showEnd(tx: Statements, { poll, nowMs, randomBytes }: EndedPoll): Promise<void> {
  const messages = [poll.notificationId, ...(poll.resultId === null ? [] : [poll.resultId])];
  // In the order of those who carry changes to all deliveries: first the locks, then the rows.
  for (const notificationId of messages) {
    await tx.locks.take(changesLock(notificationId));
  }
  const { againAtMs } = await holdCards(tx, poll, nowMs);
  if (againAtMs !== undefined) {
    await tx.polls.setEditDue(poll.id, againAtMs);
    return;
  }
  for (const notificationId of messages) {
    await tx.openChanges.begin(notificationId, 'update');
    // The first part at once: most polls have no other.
    await spreadChange(tx, { notificationId, operation: 'update', cursor: 0, late: [] }, nowMs);
  }
  await tellAsker(tx, { poll, nowMs, randomBytes });
}

async function tellAsker(tx: Statements, { poll, nowMs, randomBytes }: EndedPoll): Promise<void> {
  const conversationIds = poll.resultId === null ? [] : await tx.pollCards.listPlaces(poll.resultId);
  if (conversationIds.length > 0) {
    const voice = { producerId: poll.producerId, randomBytes };
    const content = resultContent(poll.publicId, poll.poll);
    const manner = { priority: 'normal', isQuiet: false, ttlMs: RESULT_TTL_MS } as const;
    await queueAsBot(tx, { voice, content, conversationIds, nowMs, ...manner });
  }
}

/** The results, to whoever asked; how they stand is read when it goes out. */
export function resultContent(publicId: string, poll: Poll) {
  return { kind: 'poll', view: { id: publicId, poll, isResult: true } } as const;
}
