// The port through which activities from Teams come in: what the bot does about them.

import type { InboundEvent } from '../domain/inbound-event.ts';
import type { PressAnswer } from '../domain/press-answer.ts';

/** An event that is answered within the turn, because a person waits for it at a card. */
export type ActionEvent = Extract<InboundEvent, { kind: 'action' }>;

/**
 * Teams waits for the turn and sends the activity again after about 15 seconds, so both answer fast and leave slow
 * work to be done later. What they throw becomes a 500, which makes Teams send the activity again.
 */
export interface InboundUseCases {
  /**
   * Keeps what the event says. Safe to repeat: an activity that was recorded before, told by its conversation and
   * activity id, changes nothing and gives `repeated`. Action events go to `answerAction` instead.
   */
  record(event: InboundEvent): Promise<'new' | 'repeated'>;
  /**
   * Carries out a card button. May be called twice for one press. Its data came through the person's client and is
   * not to be trusted; who pressed is `event.from`.
   *
   * @returns what to say to the person
   */
  answerAction(event: ActionEvent): Promise<PressAnswer>;
}
