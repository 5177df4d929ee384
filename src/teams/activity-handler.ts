// What happens in a turn: the activity is read, and a use case takes it.

import type { InvokeResponse, TurnContext } from 'botbuilder';
import { ActivityTypes, TeamsActivityHandler } from 'botbuilder';
import type { Clock } from '../domain/clock.ts';
import type { InboundEvent } from '../domain/inbound-event.ts';
import type { InboundUseCases } from '../installations/inbound-use-cases.ts';
import { writePressAnswer } from './cards/press-answer.ts';
import { readActivity } from './read-activity.ts';

/** What a turn needs. */
export interface InboundActivityHandlerDeps {
  readonly handle: InboundUseCases;
  readonly clock: Clock;
}

/**
 * Takes the SDK's place in dispatching: its handlers for members fetch each of them from the Connector before the bot
 * is asked, and it tells events apart by the case of their letters. Of the SDK's own ways only invokes remain.
 */
export class InboundActivityHandler extends TeamsActivityHandler {
  readonly #handle: InboundUseCases;
  readonly #clock: Clock;

  constructor({ handle, clock }: InboundActivityHandlerDeps) {
    super();
    this.#handle = handle;
    this.#clock = clock;
  }

  protected override async onTurnActivity(context: TurnContext): Promise<void> {
    if (context.activity.type === ActivityTypes.Invoke) {
      await super.onTurnActivity(context);
      return;
    }
    await this.#record(this.#read(context));
  }

  /** @see https://learn.microsoft.com/adaptive-cards/authoring-cards/universal-action-model */
  protected override async onInvokeActivity(context: TurnContext): Promise<InvokeResponse> {
    const event = this.#read(context);
    if (event?.kind === 'action') {
      const answer = await this.#handle.answerAction(event);
      return { status: 200, body: writePressAnswer(answer, event.from ?? {}) };
    }
    await this.#record(event);
    // Feedback on a message: Teams shows an error when the answer has a body.
    return { status: context.activity.name === 'message/submitAction' ? 200 : 501 };
  }

  #read(context: TurnContext): InboundEvent | undefined {
    return readActivity(context.activity, this.#clock.nowMs());
  }

  async #record(event: InboundEvent | undefined): Promise<void> {
    if (event) {
      await this.#handle.record(event);
    }
  }
}
