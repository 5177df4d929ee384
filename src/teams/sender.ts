// Deliveries leave here: the port `Sender` over the Bot Connector.

import type { AttemptResult, AttemptTrace, PostRequest, Sender } from '../delivery/sender.ts';
import type { Clock } from '../domain/clock.ts';
import type { Operation } from '../domain/delivery.ts';
import type { AccessTokens } from './access-token.ts';
import { createMessageBuilder } from './cards/message.ts';
import type { Connector, ConnectorAnswer } from './connector.ts';
import { toDirectConversation } from './direct-conversation.ts';
import { readOutcome } from './outcome.ts';

/** What a sender stands on. */
export interface SenderDeps {
  readonly connector: Pick<
    Connector,
    'createConversation' | 'sendToConversation' | 'updateActivity' | 'deleteActivity'
  >;
  readonly tokens: Pick<AccessTokens, 'get'>;
  readonly clock: Clock;
}

/** A sender to Teams. @param maxCardUnits how long a message may be, in UTF-16 units */
export function createSender({ connector, tokens, clock }: SenderDeps, maxCardUnits?: number): Sender {
  const buildMessage = createMessageBuilder(maxCardUnits);
  const messageOf = (request: PostRequest) => buildMessage(request.content, request);
  const resultOf = (operation: Operation, answer: ConnectorAnswer): AttemptResult => ({
    outcome: readOutcome(operation, answer, clock.nowMs()),
    trace: traceOf(answer),
  });
  return {
    async prepare() {
      await tokens.get();
    },
    async createConversation(request, signal) {
      const { serviceUrl, requestId, tenantId, botAccountId, memberId } = request;
      // The tenant stands twice: Teams documents `channelData.tenant`, the Bot Framework `tenantId`.
      const answer = await connector.createConversation(
        { serviceUrl, requestId, signal },
        { ...toDirectConversation({ id: botAccountId }, { id: memberId }, tenantId), isGroup: false, tenantId },
      );
      return resultOf('create_conversation', answer);
    },
    async post(request, signal) {
      const { serviceUrl, requestId, conversationId } = request;
      const target = { serviceUrl, requestId, signal };
      return resultOf('post', await connector.sendToConversation(target, conversationId, messageOf(request)));
    },
    async update(request, signal) {
      const { serviceUrl, requestId, conversationId, activityId } = request;
      const target = { serviceUrl, requestId, signal };
      const place = { conversationId, activityId };
      return resultOf('update', await connector.updateActivity(target, place, messageOf(request)));
    },
    async delete({ serviceUrl, requestId, conversationId, activityId }, signal) {
      const place = { conversationId, activityId };
      return resultOf('delete', await connector.deleteActivity({ serviceUrl, requestId, signal }, place));
    },
  };
}

/** Headers that Microsoft's support asks for; the first that is there. */
const CORRELATION_HEADERS = ['ms-cv', 'x-correlating-operationid'];

function traceOf(answer: ConnectorAnswer): AttemptTrace {
  if (answer.kind !== 'response') {
    return {};
  }
  const correlationId = CORRELATION_HEADERS.map((name) => answer.headers[name]).find(isPrintable);
  return { httpStatus: answer.status, ...(correlationId !== undefined && { correlationId }) };
}

/** It is stored and shown: nothing long, nothing invisible. */
function isPrintable(value: unknown): value is string {
  return typeof value === 'string' && /^[\x21-\x7e]{1,128}$/.test(value);
}
