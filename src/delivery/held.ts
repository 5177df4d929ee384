// A delivery in the hands of this process, between its claim and its outcome.

import type { ClaimedDelivery, Lease } from '../store/delivery-queue.ts';
import type { Pass } from './connector-gate.ts';
import type { Turn } from './pacer.ts';

export interface Held {
  readonly claimed: ClaimedDelivery;
  /** How far the clock had followed when it was claimed. */
  readonly followedMs: number;
  readonly lease: Lease;
  readonly turn: Turn;
}

/** A delivery that the gate has let through. */
export interface Passed extends Held {
  readonly pass: Pass;
}
