// What a producer is shown of a delivery: what became of its message, and what is still being done to it.

import type { DeliveryState, MessageOperation } from '../domain/delivery.ts';

/** A lease is nothing to producers. */
export const SHOWN_STATES = [
  'queued',
  'sending',
  'sent',
  'failed',
  'expired',
  'held',
  'cancelled',
  'superseded',
  'recalled',
  'suppressed',
] as const satisfies readonly DeliveryState[];
export type ShownState = (typeof SHOWN_STATES)[number];

/** An edit or a recall of a message that is in the chat. */
export interface ShownChange {
  readonly operation: (typeof CHANGE_OPERATIONS)[number];
  readonly state: (typeof CHANGE_STATES)[number];
}

export const CHANGE_OPERATIONS = ['edit', 'recall'] as const;
export const CHANGE_STATES = ['queued', 'sending', 'failed', 'expired', 'held'] as const;

/** A delivery as it is stored. */
export interface StoredState {
  readonly state: DeliveryState;
  /** What is being done to its message; null where that is not in the chat, or was only posted. */
  readonly change: Exclude<MessageOperation, 'post'> | null;
}

/** Pure. */
export function toShown({ state, change }: StoredState): { readonly state: ShownState; readonly change?: ShownChange } {
  const plain = state === 'leased' ? 'queued' : state;
  const changeState = CHANGE_STATES.find((one) => one === plain);
  return change === null || changeState === undefined
    ? { state: plain }
    : { state: 'sent', change: { operation: change === 'update' ? 'edit' : 'recall', state: changeState } };
}
