// Forgetting people whom there is no reason to know any more: they are in no team or group chat, and have no app.

import { forgetMentions, forgetPerson } from '../store/forget-person.ts';
import { PEOPLE_LOCK } from '../store/locks.ts';
import type { Statements } from '../store/store.ts';

/** How many are forgotten in one transaction. */
export const LOST_AT_ONCE = 20;

/** @returns how many there were; there may be more when it is `LOST_AT_ONCE` */
export async function forgetLost(tx: Statements, nowMs: number): Promise<number> {
  await tx.locks.take(PEOPLE_LOCK);
  const lost = await tx.rosters.listLost(LOST_AT_ONCE);
  for (const { personId, conversationId } of lost) {
    if (conversationId === null) {
      await forgetMentions(tx, { nameKeys: await tx.people.listNameKeys(personId) });
      await tx.polls.eraseVotes(personId);
      await tx.statusEvents.eraseInputsOf(personId);
      await tx.people.erase(personId);
    } else {
      await forgetPerson(tx, { conversationId, personId, reason: 'not_in_roster', nowMs });
    }
  }
  return lost.length;
}
