// Erasing what notifications said, and whom their producers named in them.

import { withoutNames } from './erase-names.ts';
import { lifecycleLock, NAMES_LOCK } from './locks.ts';
import type { Statements } from './store.ts';

/** A notification whose content goes. */
export interface EndedNotification {
  readonly id: number;
  /** When its last delivery had ended. */
  readonly endedAtMs: number;
}

/**
 * Leaves the notifications, and the names in their deliveries; erases the content, what people entered in answer
 * to it, the other names, and the history of a key whose newest notification is among them.
 */
export async function eraseContents(tx: Statements, notifications: readonly EndedNotification[]): Promise<void> {
  const ids = notifications.map(({ id }) => id);
  await tx.locks.share(NAMES_LOCK);
  for (const { id, endedAtMs } of notifications) {
    await tx.retention.eraseContent(id, endedAtMs);
  }
  for (const { id, ...name } of await tx.retention.listHistoriesOf(ids)) {
    await tx.locks.take(lifecycleLock(name));
    await tx.retention.forgetHistory(id, ids);
  }
  for (const { notificationId, unresolved } of await tx.retention.listUnresolvedOf(ids)) {
    await tx.names.setUnresolved(notificationId, withoutAnyName(unresolved));
  }
  await tx.retention.deleteMentionsOf(ids);
  await tx.personalAnswers.eraseAnswersTo(ids);
  await tx.statusEvents.eraseInputs(ids);
  for (const { producerId, key, body } of await tx.retention.listAnswersOf(ids)) {
    await tx.names.setAnswer(producerId, key, withoutAnyName(body));
  }
}

function withoutAnyName(json: string): string {
  return JSON.stringify(withoutNames(JSON.parse(json), () => true));
}
