// Carrying what happens to a notification to the messages that reminded people of it.

import { changesLock } from './locks.ts';
import type { Change } from './statements/message-changes.ts';
import type { RemindedOf } from './statements/reminders.ts';
import type { Statements } from './store.ts';

/**
 * Has them show who has answered by now, or go with what was recalled. Done in the background, like every change of many
 * messages; the caller holds the lock of the changes of the notification itself.
 */
export async function changeReminders(tx: Statements, of: RemindedOf, operation: Change): Promise<void> {
  for (const id of await tx.askTimes.listReminders(of)) {
    // Whoever carries an earlier change to its end at this moment would end this one with it.
    await tx.locks.take(changesLock(id));
    await tx.openChanges.begin(id, operation);
  }
}
