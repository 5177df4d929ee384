// Editing the cards that show how a poll stands, none of them more often than it may be.

import { CHANGE_TTL_MS, decideChange } from '../domain/message-change.ts';
import { POLL_LIMITS } from '../domain/poll.ts';
import type { PollCard, ShownPoll } from '../store/statements/poll-cards.ts';
import type { Statements } from '../store/store.ts';

/** What can be done with the cards of a poll at a moment. */
export interface CardsNow {
  /** Row ids of deliveries whose messages can be edited now. */
  readonly ready: readonly number[];
  /** When to look at the others again; undefined where there are none. */
  readonly againAtMs: number | undefined;
}

/** What is on its way at this moment is looked at again after this. */
const LATE_MS = 500;

/** The cards of single voters stay as they are: each is edited when its person votes, and at the end. */
export async function editCards(tx: Statements, poll: ShownPoll, nowMs: number): Promise<void> {
  const { ready, againAtMs } = await holdCards(tx, poll, nowMs);
  if (ready.length > 0) {
    await tx.messageChanges.queue(ready, 'update', { nowMs, expiresAtMs: nowMs + CHANGE_TTL_MS });
  }
  if (againAtMs !== undefined) {
    await tx.polls.setEditDue(poll.id, againAtMs);
  }
}

/** Nobody else changes those that many read, and the results of whoever asked, until the transaction ends. */
export async function holdCards(tx: Statements, poll: ShownPoll, nowMs: number): Promise<CardsNow> {
  const ids = (await tx.pollCards.listLive(poll)).map(({ id }) => id);
  await tx.locks.holdDeliveries(ids);
  // Read again: another process may have claimed one, or begun with it, until now.
  return judgeCards(await tx.pollCards.listLive(poll), nowMs);
}

/** What has not gone out yet, or not been edited, tells then how the poll stands. Pure. */
export function judgeCards(cards: readonly PollCard[], nowMs: number): CardsNow {
  const steps = cards.map((card) => {
    const freeAtMs = card.changedAtMs + POLL_LIMITS.editIntervalMs;
    switch (decideChange('update', card)) {
      case 'queue':
        return freeAtMs > nowMs ? { atMs: freeAtMs } : { id: card.id };
      case 'later':
        return { atMs: nowMs + LATE_MS };
      default:
        return {};
    }
  });
  const later = steps.flatMap(({ atMs }) => atMs ?? []);
  return { ready: steps.flatMap(({ id }) => id ?? []), againAtMs: later.length > 0 ? Math.min(...later) : undefined };
}
