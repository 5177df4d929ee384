// What a notification asks is stored with it, and whom else it asks later is checked before.

import { AppError, type Fault } from '../domain/errors.ts';
import { parseRecipient } from '../domain/recipient.ts';
import type { Statements } from '../store/store.ts';
import { noteNames } from './note-names.ts';
import { type AskWish, toAsk, toAskTimes } from './parse-ask.ts';
import { type AddressingRights, mayAddress } from './resolve-recipients.ts';

/** The notification that asks. */
export interface AskingNotification {
  readonly notificationId: number;
  /** When it arrives first, epoch milliseconds. */
  readonly startsAtMs: number;
  /** False when something later is known of its thing, so that nobody gets it. */
  readonly isTold: boolean;
}

/** Does nothing for a notification that asks nothing. */
export async function storeAsk(
  tx: Statements,
  wish: AskWish,
  { notificationId, startsAtMs, isTold }: AskingNotification,
): Promise<void> {
  if (toAsk(wish) === undefined) {
    return;
  }
  if (!isTold) {
    await tx.askRows.insert({ notificationId, state: 'closed' });
    return;
  }
  await tx.askRows.insert({ notificationId, state: 'open', ...toAskTimes(wish, startsAtMs) });
  const escalateTo = wish.escalateTo ?? [];
  await noteNames(
    tx,
    notificationId,
    escalateTo.map((recipient) => ({ recipient })),
  );
}

/**
 * Whoever is asked later is asked without a key: what the key allows is checked when it is used.
 *
 * @throws AppError `forbidden` with the place of each who may not be addressed
 */
export function refuseForbiddenEscalation({ escalateTo = [] }: AskWish, rights: AddressingRights): void {
  const faults = [...escalateTo.entries()].flatMap(([at, text]): readonly Fault[] => {
    const recipient = parseRecipient(text);
    return recipient && !mayAddress(recipient, rights)
      ? [{ pointer: `/escalateTo/${at}`, detail: 'This API key may not send to this recipient' }]
      : [];
  });
  if (faults.length > 0) {
    throw new AppError('forbidden', 'Expected in `escalateTo` only those to whom this API key may send', { faults });
  }
}
