// What a webhook is told of an event. Pure.

import { toDeliveryId } from '../domain/delivery-id.ts';
import { explainFailure } from '../domain/failure-reason.ts';
import { TEST_EVENT_TYPE } from '../domain/status-event.ts';
import type { MessageEvent } from '../store/statements/message-events.ts';

export type MessageId = `evt_${string}`;

/** The id of an event, the same for every webhook and every attempt. */
export function toMessageId(eventPublicId: string): MessageId {
  return `evt_${eventPublicId}`;
}

/** @returns the event's id in the store; undefined when the text is none */
export function parseMessageId(text: string): string | undefined {
  return /^evt_[0-9a-f]{32}$/.test(text) ? text.slice('evt_'.length) : undefined;
}

/**
 * The body: what happened, when, and to what. It tells the state of that moment, also when it is sent much later; only
 * the name of a person who was erased meanwhile is null.
 *
 * @param webhookId public id of the webhook, which a test names
 */
export function toMessageBody(event: MessageEvent, webhookId: string): string {
  return JSON.stringify({
    type: event.type,
    timestamp: new Date(event.atMs).toISOString(),
    data: toData(event, webhookId),
  });
}

function toData(event: MessageEvent, webhookId: string): object {
  if (event.type === TEST_EVENT_TYPE) {
    return { webhook: webhookId };
  }
  const about = { notification: event.notificationPublicId, key: event.key };
  if (event.deliveryId === null) {
    return about;
  }
  return {
    ...about,
    delivery: toDeliveryId(event.deliveryId),
    recipient: event.recipient,
    state: event.type.slice('delivery.'.length),
    reason: event.reason === null ? null : { code: event.reason, detail: explainFailure(event.reason) },
  };
}
