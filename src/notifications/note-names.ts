// Names that stand in a stored list: they are noted, so that they are found when their person is to be forgotten.

import { isPerson, nameKey, parseRecipient, type UnresolvedRecipient } from '../domain/recipient.ts';
import type { Statements } from '../store/store.ts';

/** Notes those that mean a person. */
export async function noteNames(
  tx: Statements,
  notificationId: number,
  listed: readonly Pick<UnresolvedRecipient, 'recipient'>[],
): Promise<void> {
  for (const { recipient } of listed) {
    const named = recipient === null ? undefined : parseRecipient(recipient);
    if (recipient !== null && named && isPerson(named)) {
      await tx.names.insertMention({ notificationId, nameKey: nameKey(named), recipient });
    }
  }
}
