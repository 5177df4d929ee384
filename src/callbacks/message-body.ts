// What a webhook is told of an event. Pure.

import { toDeliveryId } from '../domain/delivery-id.ts';
import { explainDialogReason } from '../domain/dialog-reason.ts';
import { explainFailure } from '../domain/failure-reason.ts';
import { TEST_EVENT_TYPE } from '../domain/status-event.ts';
import type { AnsweringPerson, ClosedPoll, MessageEvent } from '../store/statements/message-events.ts';

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

/** Who answered, and what; nothing for other events. */
function toAnswer({ type, person: known, action, input }: MessageEvent): object {
  if (action === null) {
    return {};
  }
  const person = known && toPerson(known);
  return type === 'notification.acknowledged'
    ? { person }
    : {
        person,
        action,
        ...(type === 'notification.responded' && { input: input === null ? null : JSON.parse(input) }),
      };
}

function toPerson({ name, email, aadObjectId }: AnsweringPerson): object {
  return { name, ...(email !== null && { email }), ...(aadObjectId !== null && { aadObjectId }) };
}

function toData(event: MessageEvent, webhookId: string): object {
  if (event.type === TEST_EVENT_TYPE) {
    return { webhook: webhookId };
  }
  if (event.dialogPublicId !== null) {
    return toDialogData(event);
  }
  const about = { notification: event.notificationPublicId, key: event.key, ...toAnswer(event) };
  if (event.poll) {
    return { ...about, ...toPollData(event.poll) };
  }
  if (event.deliveryId === null) {
    return about;
  }
  return {
    ...about,
    delivery: toDeliveryId(event.deliveryId),
    recipient: event.recipient,
    state: event.type.slice('delivery.'.length),
    reason: toReason(event.reason, explainFailure),
  };
}

/** The results, each choice with its votes. */
function toPollData({ publicId, poll, result }: ClosedPoll): object {
  return {
    poll: publicId,
    question: poll.question,
    choices: poll.choices.map((text, choice) => ({ text, votes: result.counts[choice] ?? 0 })),
    voters: result.voters,
    several: poll.isSeveral,
    anonymous: poll.isAnonymous,
  };
}

function toDialogData({ dialogPublicId, dialog, reason }: MessageEvent): object {
  const { title = null, person = null, state = null, answers = {} } = dialog ?? {};
  return { dialog: dialogPublicId, title, person, state, reason: toReason(reason, explainDialogReason), answers };
}

function toReason(code: string | null, explain: (code: string) => string): object | null {
  return code === null ? null : { code, detail: explain(code) };
}
