// Opening the 1:1 chat with somebody, in the form in which the documentation of Teams has always shown it.

import type { Clock } from '../domain/clock.ts';
import { AppError } from '../domain/errors.ts';
import { explainFailure } from '../domain/failure-reason.ts';
import type { Connector, NewConversation } from './connector.ts';
import { readOutcome } from './outcome.ts';

/** Somebody in Teams: `28:...` for a bot, `29:...` for a person. Activities name those whom they go to and come from so. */
export interface DirectAccount {
  readonly id: string;
  readonly name?: string;
}

/** Where conversations are opened. */
export interface DirectConversationDeps {
  readonly connector: Pick<Connector, 'createConversation'>;
  /** As an activity of the person gave it. */
  readonly serviceUrl: string;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly createRequestId: () => string;
}

/** @returns the 1:1 chat; the same id for the same person, however often it is asked for */
export type CreateOrGetDirectConversation = (
  bot: DirectAccount,
  user: DirectAccount,
  tenantId: string,
) => Promise<{ readonly id: string }>;

/**
 * Gives the function that opens chats with one request each.
 *
 * @throws AppError `no_recipient` when Teams opens none, with the reason; `retryAfterMs` where it may later
 * @see https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/send-proactive-messages
 */
export function createDirectConversations(deps: DirectConversationDeps): CreateOrGetDirectConversation {
  const { connector, serviceUrl, clock, createRequestId } = deps;
  return async function createOrGetDirectConversation(bot, user, tenantId) {
    const target = { serviceUrl, requestId: createRequestId() };
    const answer = await connector.createConversation(target, toDirectConversation(bot, user, tenantId));
    const outcome = readOutcome('create_conversation', answer, clock.nowMs());
    if (outcome.kind === 'created') {
      return { id: outcome.conversationId };
    }
    const reason = 'reason' in outcome ? ` ${explainFailure(outcome.reason)}` : '';
    const retryAfterMs = 'retryAfterMs' in outcome ? outcome.retryAfterMs : undefined;
    throw new AppError('no_recipient', `Teams did not open the chat.${reason}`, {
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    });
  };
}

/** The body of the request. Pure. */
export function toDirectConversation(bot: DirectAccount, { id }: DirectAccount, tenantId: string): NewConversation {
  const { id: botId, name } = bot;
  return {
    bot: { id: botId, ...(name !== undefined && { name }) },
    members: [{ id }],
    channelData: { tenant: { id: tenantId } },
  };
}
