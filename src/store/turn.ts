// Somebody speaks to the bot, and is answered in the transaction that records it; a mere refresh of a card may read outside one.

import type { InboundEvent } from '../domain/inbound-event.ts';
import type { Statements } from './store.ts';

/** Who speaks, and where. */
export interface Turn {
  readonly tx: Statements;
  readonly nowMs: number;
  /** Row id of whoever it is, as Teams has signed it; undefined when it did not say, or they are not known. */
  readonly personId: number | undefined;
  /** Row id of the conversation where an answer goes: the 1:1 chat, the thread, or the group chat. */
  readonly conversationId: number;
  /** Row id of the conversation in which it is said: the 1:1 chat, the channel with all its threads, or the group chat. */
  readonly placeId: number;
}

/** A press on a card. */
export interface Pressed extends Turn {
  readonly event: Pick<InboundEvent, 'scope' | 'conversation'>;
  /** Not to be trusted. */
  readonly data: unknown;
}
