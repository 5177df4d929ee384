// What an activity tells of a message of the bot: that it was read, or what somebody thinks of it. Pure.

import type { InboundContext, InboundEvent } from '../domain/inbound-event.ts';
import { digestOf } from '../domain/installation-subject.ts';
import type { InboundActivity } from './activity-shape.ts';
import { propertyOf } from './property-of.ts';

const READ_RECEIPT = 'application/vnd.microsoft.readReceipt';

/** Ids of messages are numbers: the milliseconds at which they were posted. */
const MESSAGE_ID = /^\d{1,20}$/;

/**
 * The person of a 1:1 chat has read it up to some message.
 *
 * @see https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/conversation-messages
 */
export function readReceipt(activity: InboundActivity, context: InboundContext): InboundEvent {
  const lastReadMessageId = lastReadOf(activity);
  return context.scope === 'personal' && lastReadMessageId !== undefined
    ? { ...context, kind: 'read', lastReadMessageId }
    : { ...context, kind: 'other' };
}

/**
 * Somebody has given a reaction to a message, or taken one back.
 *
 * @see https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/subscribe-to-conversation-events
 */
export function readReaction(activity: InboundActivity, context: InboundContext): InboundEvent {
  const { replyToId: messageId } = activity;
  const [added, removed] = [typesOf(activity.reactionsAdded), typesOf(activity.reactionsRemoved)];
  return messageId !== undefined && added.length + removed.length > 0
    ? { ...context, kind: 'reaction', messageId, added, removed }
    : { ...context, kind: 'other' };
}

/**
 * Stands in for the id of an activity that has none, so that a repetition is recognised: the same sign of the same person
 * at the same instant. Without an instant it is taken for a new one, which changes nothing where it was recorded before.
 *
 * @returns undefined for what needs an id of its own
 */
export function idOfSign(activity: InboundActivity, nowMs: number): string | undefined {
  const { type, from, timestamp, replyToId, reactionsAdded, reactionsRemoved } = activity;
  if (type !== 'event' && type !== 'messageReaction') {
    return undefined;
  }
  const said = [activity.name, lastReadOf(activity), replyToId, typesOf(reactionsAdded), typesOf(reactionsRemoved)];
  const sign = JSON.stringify([type, from?.id, timestamp?.getTime() ?? nowMs, ...said]);
  return `sign:${digestOf(sign)}`;
}

function lastReadOf({ name, value }: InboundActivity): string | undefined {
  const id = name === READ_RECEIPT ? propertyOf(value, 'lastReadMessageId') : undefined;
  return typeof id === 'string' && MESSAGE_ID.test(id) ? id : undefined;
}

function typesOf(reactions: InboundActivity['reactionsAdded']): readonly string[] {
  return [...new Set(reactions?.map(({ type }) => type))];
}
