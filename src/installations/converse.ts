// The port through which what people write and press is answered.

import type { InboundEvent } from '../domain/inbound-event.ts';
import type { BotContent } from '../domain/notification.ts';
import type { PressAnswer } from '../domain/press-answer.ts';
import type { Turn } from '../store/turn.ts';

/** What somebody said or did, and the turn in which they are answered. */
export interface Heard<Kind extends InboundEvent['kind']> extends Turn {
  readonly event: Extract<InboundEvent, { kind: Kind }>;
}

/** All run inside the transaction that records the activity, once for each activity; a refresh may run beside any. */
export interface Converse {
  /** @returns what to say; undefined when nothing is to be said now */
  hear(heard: Heard<'message'>): Promise<BotContent | undefined>;
  /**
   * A pressed `Action.Execute`, whose data is not to be trusted. What a client asks by itself, to show a card anew, only
   * reads: it may come outside a transaction, and any number of times.
   */
  press(heard: Heard<'action'>): Promise<PressAnswer>;
  /** Nothing is answered to these. */
  notice(heard: Heard<'read' | 'reaction'>): Promise<void>;
}
