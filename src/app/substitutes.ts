// Whom a producer means who names people to be asked instead of others.

import type { FindSubstitutes } from '../asks/escalate.ts';
import { withoutRepeats } from '../notifications/insert-deliveries.ts';
import { noteNames } from '../notifications/note-names.ts';
import { resolveRecipients } from '../notifications/resolve-recipients.ts';
import { NAMES_LOCK } from '../store/locks.ts';

/** Whether the key may write to them was asked when the notification was accepted. */
export const findSubstitutes: FindSubstitutes = async (tx, { to, producerId, notificationId }) => {
  await tx.locks.share(NAMES_LOCK);
  const tenantId = await tx.producers.findTenant(producerId);
  const rights = { ...(tenantId !== undefined && { tenantId }), canSend: true, canBroadcast: false, recipients: [] };
  const { resolved, unresolved } = await resolveRecipients(tx, to, rights);
  await noteNames(tx, notificationId, unresolved);
  return { found: withoutRepeats(resolved), unresolved };
};
