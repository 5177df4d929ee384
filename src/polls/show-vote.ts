// The card in the chat of whoever voted, which is to go on showing what they chose.

import { changeOne, type OneMessage } from '../store/change-one.ts';
import type { Statements } from '../store/store.ts';

/** Has it edited; what it shows is read right before it goes out. */
export function showVote(tx: Statements, message: OneMessage): Promise<void> {
  return changeOne(tx, message);
}
