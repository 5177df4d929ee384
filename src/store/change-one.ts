// Editing the message of one delivery, when the others of its notification stay as they are.

import { CHANGE_TTL_MS, decideChange } from '../domain/message-change.ts';
import { changesLock } from './locks.ts';
import type { ChangeableRow, ChangeTimes } from './statements/message-changes.ts';
import type { Statements } from './store.ts';

/** One delivery, by where it went. */
export interface OneMessage extends Omit<ChangeTimes, 'expiresAtMs'> {
  readonly notificationId: number;
  readonly conversationId: number;
}

/** Behind all conversations: of a change that begins there, only what is on its way is looked at again. */
const BEHIND_ALL = Number.MAX_SAFE_INTEGER;

/** What is on its way at this moment is edited once that has ended. Does nothing where the message is not in the chat. */
export async function changeOne(tx: Statements, message: OneMessage): Promise<void> {
  const { messageChanges, locks } = tx;
  const [seen] = await messageChanges.listPart(message.notificationId, message.conversationId - 1, 1);
  if (seen?.conversationId !== message.conversationId) {
    return;
  }
  // In the order of those who carry changes to all deliveries: first the lock, then the rows.
  if (seen.state === 'sending') {
    await locks.take(changesLock(message.notificationId));
  }
  await locks.holdDeliveries([seen.id]);
  for (const row of await messageChanges.list([seen.id])) {
    await changeHeld(tx, row, message);
  }
}

async function changeHeld(tx: Statements, row: ChangeableRow, { notificationId, ...times }: OneMessage): Promise<void> {
  switch (decideChange('update', row)) {
    case 'queue':
      await tx.messageChanges.queue([row.id], 'update', { ...times, expiresAtMs: times.nowMs + CHANGE_TTL_MS });
      break;
    case 'later':
      await tx.locks.take(changesLock(notificationId));
      await changeLater(tx, row.id, notificationId);
      break;
    case 'give_back':
      await tx.messageChanges.giveBack([row.id]);
      break;
    case 'leave':
    case 'cancel':
      break;
  }
}

async function changeLater({ openChanges }: Statements, id: number, notificationId: number): Promise<void> {
  const open = await openChanges.find(notificationId - 1);
  if (open?.notificationId !== notificationId) {
    await openChanges.begin(notificationId, 'update');
    await openChanges.move({ notificationId, operation: 'update', cursor: BEHIND_ALL, late: [id] });
  } else if (open.operation === 'update' && !open.late.includes(id)) {
    await openChanges.move({ ...open, late: [...open.late, id] });
  }
}
