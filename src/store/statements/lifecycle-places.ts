// Statements on where a delivery stands among the messages of its chat about the same thing.

import type { Kysely } from 'kysely';
import type { LifecycleState } from '../../domain/lifecycle.ts';
import { atMost } from '../at-most.ts';
import { type Places, prepared } from '../prepared.ts';
import type { Schema } from '../schema.ts';
import { type LifecycleRow, toLifecycle } from './lifecycles.ts';
import { IS_LISTED } from './message-changes.ts';
import { mayBeThere } from './uncertain-posts.ts';

/** What has to be known of a delivery about a thing before it is sent. */
export interface LifecyclePlace {
  readonly lifecycle: LifecycleRow;
  readonly conversationId: number;
  /** The message that its notification is told by, from 1. */
  readonly messageNumber: number;
  /** The first message of the same episode: all from there on are replaced by this one. */
  readonly firstMessage: number;
  /** The state that its own notification tells. */
  readonly state: LifecycleState;
  /** The message of the next later event that waits for this chat, or has come to it; undefined when it is the latest. */
  readonly newerMessage: number | undefined;
  /** Whether nobody knows if this message is in the chat. */
  readonly isUncertain: boolean;
  /** The message of the chat that may be edited, posted by another delivery. */
  readonly shownActivityId: string | undefined;
  /** Where the messages of a channel stand; absent elsewhere. */
  readonly threads?: PlaceThreads;
}

/** Threads of a channel, each by its first message; undefined for a message that begins one. */
export interface PlaceThreads {
  /** Of the delivery's own message. */
  readonly own: string | undefined;
  /** Of the one that may be edited. */
  readonly shown: string | undefined;
  /** Where the next message goes: to the first one about the same thing that Teams still has. */
  readonly next: string | undefined;
}

/** Messages by their numbers, both ends included. */
export interface MessageRange {
  readonly from: number;
  readonly to: number;
}

/**
 * Which messages an event edits: its own; but the end of an episode is told by the latest one that the chat has of it.
 * Pure.
 */
export function editedBy(
  state: LifecycleState,
  { firstMessage, messageNumber }: Pick<LifecyclePlace, 'firstMessage' | 'messageNumber'>,
): MessageRange {
  return { from: state === 'resolved' ? firstMessage : messageNumber, to: messageNumber };
}

/** A chat, and the thing that its messages are about. */
interface Chat {
  readonly lifecycleId: number;
  readonly conversationId: number;
}

/** Binds them to one connection. */
export function createLifecyclePlaceStatements(db: Kysely<Schema>) {
  const { findOwn, findMessages, findNewer, findFirst } = prepareHotStatements(db);

  /** What the chat has of these messages by others than the delivery, or may have once the thing is over. */
  async function findShown(
    { state }: LifecycleRow,
    { deliveryId, ...messages }: Chat & MessageRange & { deliveryId: number },
  ): Promise<Pick<LifecyclePlace, 'isUncertain' | 'shownActivityId'> & { readonly shownThread: string | undefined }> {
    const others = (await findMessages(messages)).filter(({ id }) => id !== deliveryId);
    const shown = others.find(({ activityId }) => activityId !== null);
    const shownActivityId = shown?.activityId ?? undefined;
    const isLastWord = state === 'resolved' && shownActivityId === undefined;
    const isUncertain = others.some((one) => one.state === 'held') || (isLastWord && (await mayBeThere(db, messages)));
    return { isUncertain, shownActivityId, shownThread: shown?.threadId ?? undefined };
  }

  return {
    /** @returns undefined when the delivery or what it is about has been forgotten */
    async findPlace(deliveryId: number): Promise<LifecyclePlace | undefined> {
      const [row] = await findOwn({ deliveryId });
      if (!row) {
        return undefined;
      }
      const { conversationId, notificationId } = row;
      const messageNumber = row.messageNumber ?? 1;
      const firstMessage = row.firstMessage ?? messageNumber;
      const lifecycle = toLifecycle(row);
      const state = row.ownState ?? lifecycle.state;
      const chat = { lifecycleId: lifecycle.id, conversationId };
      const [newer] = await findNewer({ ...chat, notificationId });
      const range = editedBy(state, { firstMessage, messageNumber });
      const { shownThread, ...shown } = await findShown(lifecycle, { ...chat, ...range, deliveryId });
      const [first] = row.kind === 'channel' ? await findFirst(chat) : [];
      const next = first && (first.threadId ?? first.activityId ?? undefined);
      return {
        lifecycle,
        conversationId,
        messageNumber,
        firstMessage,
        state,
        newerMessage: newer?.messageNumber ?? undefined,
        ...shown,
        ...(row.kind === 'channel' && { threads: { own: row.threadId ?? undefined, shown: shownThread, next } }),
      };
    },
  };
}

/** Those that run for every delivery about a thing. */
function prepareHotStatements(db: Kysely<Schema>) {
  const inChat = (place: Places<Chat>) =>
    db
      .selectFrom('delivery')
      .innerJoin('notification', 'notification.id', 'delivery.notification_id')
      .where(IS_LISTED)
      .where('delivery.lifecycle_id', '=', place('lifecycleId'))
      .where('delivery.conversation_id', '=', place('conversationId'));
  return {
    findOwn: prepared(db, (place: Places<{ deliveryId: number }>) =>
      db
        .selectFrom('delivery')
        .innerJoin('notification', 'notification.id', 'delivery.notification_id')
        .innerJoin('lifecycle', 'lifecycle.id', 'delivery.lifecycle_id')
        .innerJoin('conversation', 'conversation.id', 'delivery.conversation_id')
        .selectAll('lifecycle')
        .select([
          'notification.id as notificationId',
          'delivery.conversation_id as conversationId',
          'delivery.thread_id as threadId',
          'conversation.kind as kind',
          'notification.message_number as messageNumber',
          'notification.first_message as firstMessage',
          'notification.lifecycle_state as ownState',
        ])
        .where('delivery.id', '=', place('deliveryId')),
    ),
    /** The deliveries that stand for messages: with their id, or of which nobody knows; the latest first. */
    findMessages: prepared(db, (place: Places<Chat & MessageRange>) =>
      inChat(place)
        .select(['delivery.id', 'delivery.activity_id as activityId', 'delivery.thread_id as threadId'])
        .select('delivery.state')
        .where('notification.message_number', '>=', place('from'))
        .where('notification.message_number', '<=', place('to'))
        .where('delivery.operation', '<>', 'delete')
        .where(({ or, eb }) => or([eb('delivery.activity_id', 'is not', null), eb('delivery.state', '=', 'held')]))
        .orderBy('delivery.notification_id', 'desc')
        .limit(atMost(2)),
    ),
    /** The earliest message of the chat that is there, whatever episode it tells of. */
    findFirst: prepared(db, (place: Places<Chat>) =>
      inChat(place)
        .select(['delivery.activity_id as activityId', 'delivery.thread_id as threadId'])
        .where('delivery.activity_id', 'is not', null)
        .orderBy('notification.message_number')
        .orderBy('delivery.notification_id')
        .limit(atMost(1)),
    ),
    /** By which message the next later event of the chat is told. */
    findNewer: prepared(db, (place: Places<Chat & { notificationId: number }>) =>
      inChat(place)
        .select('notification.message_number as messageNumber')
        .where('delivery.notification_id', '>', place('notificationId'))
        .where('delivery.state', 'in', ['queued', 'leased', 'sending', 'sent', 'held'])
        .orderBy('delivery.notification_id')
        .limit(atMost(1)),
    ),
  };
}
