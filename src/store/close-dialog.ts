// The end of a dialog in the store, whatever it was that ended it.

import { dialogsLock } from './locks.ts';
import type { DialogEnding, DialogRow } from './statements/dialogs.ts';
import type { Statements } from './store.ts';

/** Nothing is said of it, and nothing begins in its place. @returns the dialog; undefined when it had ended before */
export async function closeDialog(tx: Statements, ending: DialogEnding): Promise<DialogRow | undefined> {
  const dialog = await tx.dialogs.end(ending);
  if (dialog) {
    await onEnded(tx, dialog, ending.nowMs);
  }
  return dialog;
}

/** Somebody who is not reached any more. */
export interface LeavingPerson {
  readonly personId: number;
  readonly reason: string;
  readonly nowMs: number;
}

/** Ends all of theirs that are open. What they have answered stays. */
export async function failDialogs(tx: Statements, { personId, reason, nowMs }: LeavingPerson): Promise<void> {
  await tx.locks.take(dialogsLock(personId));
  for (const { id } of await tx.dialogs.listOpen(personId)) {
    await closeDialog(tx, { dialogId: id, state: 'failed', reason, nowMs });
  }
}

/** Ends those that are open, and erases from all of them whose they were and what was answered. */
export async function forgetDialogs(tx: Statements, leaving: LeavingPerson): Promise<void> {
  await failDialogs(tx, leaving);
  await tx.dialogs.erase(leaving.personId);
}

/** Called once for each dialog, in the transaction that ends it. */
async function onEnded(tx: Statements, dialog: DialogRow, nowMs: number): Promise<void> {
  await tx.statusEvents.recordDialogEnd(dialog.id, nowMs);
}
