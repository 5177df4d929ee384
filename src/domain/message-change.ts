// What an edit or a recall of a notification means for one of its deliveries.

import type { DeliveryState, MessageOperation } from './delivery.ts';
import { assertNever } from './errors.ts';

/** How long it is tried to change messages that are in chats. */
export const CHANGE_TTL_MS = 24 * 3_600_000;

/** A delivery, as far as the decision needs it. */
export interface Changeable {
  readonly state: DeliveryState;
  readonly operation: MessageOperation;
  /** Whether its message is in the chat. */
  readonly isShown: boolean;
}

/**
 * `queue`: its message is changed in the chat. `give_back`: it was claimed with what it was before, and is claimed
 * again. `cancel`: nothing of it goes out. `later`: it is on its way, so it is decided once that has ended.
 * `leave`: nothing is to be done; what has not gone out goes out with the new content.
 */
export type ChangeStep = 'queue' | 'give_back' | 'cancel' | 'later' | 'leave';

/** Pure. */
export function decideChange(change: Exclude<MessageOperation, 'post'>, delivery: Changeable): ChangeStep {
  const { state, operation, isShown } = delivery;
  switch (state) {
    case 'sending':
      return 'later';
    case 'sent':
      return isShown ? 'queue' : 'leave';
    case 'queued':
    case 'leased':
      return decideWaiting(change, { state, operation, isShown });
    case 'failed':
    case 'expired':
    case 'held':
      if (isShown) {
        return 'queue';
      }
      return change === 'delete' ? 'cancel' : 'leave';
    case 'cancelled':
    case 'superseded':
    case 'recalled':
    case 'suppressed':
      return 'leave';
    default:
      return assertNever(state);
  }
}

function decideWaiting(
  change: Exclude<MessageOperation, 'post'>,
  { state, operation, isShown }: Changeable,
): ChangeStep {
  if (isShown) {
    return operation === change && state === 'queued' ? 'leave' : 'queue';
  }
  if (change === 'delete') {
    return 'cancel';
  }
  return state === 'leased' ? 'give_back' : 'leave';
}
