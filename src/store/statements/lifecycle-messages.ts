// Statements on which message of a chat tells of which thing.

import type { Kysely } from 'kysely';
import type { LifecycleState } from '../../domain/lifecycle.ts';
import { PRIORITIES } from '../../domain/notification.ts';
import { atMost } from '../at-most.ts';
import type { Schema } from '../schema.ts';
import { type LifecycleRow, toLifecycle } from './lifecycles.ts';
import { type ChangeTimes, IS_LISTED, QUEUED_CHANGE } from './message-changes.ts';
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

/** The event that takes the place of earlier ones. */
export interface Superseding {
  readonly messageNumber: number;
  readonly nowMs: number;
}

const SUPERSEDED = { state: 'superseded', reason: 'newer_event', lease_owner: null, lease_until_ms: null } as const;

function inChat(db: Kysely<Schema>, lifecycleId: number, conversationId: number) {
  return db
    .selectFrom('delivery')
    .innerJoin('notification', 'notification.id', 'delivery.notification_id')
    .where(IS_LISTED)
    .where('delivery.lifecycle_id', '=', lifecycleId)
    .where('delivery.conversation_id', '=', conversationId);
}

/** Binds them to one connection. */
export function createLifecycleMessageStatements(db: Kysely<Schema>) {
  /** @returns the number of the message that the next later event of the chat is told by */
  async function findNewer(lifecycleId: number, conversationId: number, notificationId: number) {
    const row = await inChat(db, lifecycleId, conversationId)
      .select('notification.message_number as messageNumber')
      .where('delivery.notification_id', '>', notificationId)
      .where('delivery.state', 'in', ['queued', 'leased', 'sending', 'sent', 'held'])
      .orderBy('delivery.notification_id')
      .limit(atMost(1))
      .executeTakeFirst();
    return row?.messageNumber ?? undefined;
  }

  /** The deliveries that stand for messages of a chat: with their id, or of which nobody knows; the latest first. */
  async function findMessages(lifecycleId: number, conversationId: number, { from, to }: MessageRange) {
    return inChat(db, lifecycleId, conversationId)
      .select(['delivery.id', 'delivery.activity_id as activityId', 'delivery.state'])
      .where('notification.message_number', '>=', from)
      .where('notification.message_number', '<=', to)
      .where('delivery.operation', '<>', 'delete')
      .where(({ or, eb }) => or([eb('delivery.activity_id', 'is not', null), eb('delivery.state', '=', 'held')]))
      .orderBy('delivery.notification_id', 'desc')
      .limit(atMost(2))
      .execute();
  }

  /** What the chat has of these messages by others than the delivery, or may have once the thing is over. */
  async function findShown(
    { id, state }: LifecycleRow,
    { conversationId, deliveryId, range }: { conversationId: number; deliveryId: number; range: MessageRange },
  ): Promise<Pick<LifecyclePlace, 'isUncertain' | 'shownActivityId'>> {
    const others = (await findMessages(id, conversationId, range)).filter((one) => one.id !== deliveryId);
    const shownActivityId = others.find(({ activityId }) => activityId !== null)?.activityId ?? undefined;
    const isLastWord = state === 'resolved' && shownActivityId === undefined;
    const isUncertain =
      others.some((one) => one.state === 'held') ||
      (isLastWord && (await mayBeThere(db, { lifecycleId: id, conversationId, ...range })));
    return { isUncertain, shownActivityId };
  }

  return {
    /** Of these conversations, those with one of these messages, so that an event would edit it. */
    async listShowing(
      lifecycleId: number,
      { from, to }: MessageRange,
      conversationIds: readonly number[],
    ): Promise<readonly number[]> {
      if (conversationIds.length === 0) {
        return [];
      }
      const rows = await db
        .selectFrom('delivery')
        .innerJoin('notification', 'notification.id', 'delivery.notification_id')
        .select('delivery.conversation_id as conversationId')
        .where(IS_LISTED)
        .where('delivery.lifecycle_id', '=', lifecycleId)
        .where('delivery.conversation_id', 'in', conversationIds)
        .where('delivery.activity_id', 'is not', null)
        .where('delivery.operation', '<>', 'delete')
        .where('notification.message_number', '>=', from)
        .where('notification.message_number', '<=', to)
        .execute();
      return rows.map(({ conversationId }) => conversationId);
    },

    /**
     * What waits in these conversations and tells of an earlier event does not go out any more; but what ends an
     * earlier message does.
     */
    async supersede(lifecycleId: number, conversationIds: readonly number[], latest: Superseding): Promise<void> {
      if (conversationIds.length === 0) {
        return;
      }
      await db
        .updateTable('delivery')
        .set({ ...SUPERSEDED, updated_at_ms: latest.nowMs })
        .where(IS_LISTED)
        .where('lifecycle_id', '=', lifecycleId)
        .where('conversation_id', 'in', conversationIds)
        .where('state', 'in', ['queued', 'leased'])
        .where('activity_id', 'is', null)
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom('notification')
                .select('notification.id')
                .whereRef('notification.id', '=', 'delivery.notification_id')
                .where('notification.lifecycle_state', '=', 'resolved')
                .where('notification.message_number', '<', latest.messageNumber),
            ),
          ),
        )
        .execute();
    },

    /** @returns undefined when the delivery or what it is about has been forgotten */
    async findPlace(deliveryId: number): Promise<LifecyclePlace | undefined> {
      const row = await db
        .selectFrom('delivery')
        .innerJoin('notification', 'notification.id', 'delivery.notification_id')
        .innerJoin('lifecycle', 'lifecycle.id', 'delivery.lifecycle_id')
        .selectAll('lifecycle')
        .select([
          'notification.id as notificationId',
          'delivery.conversation_id as conversationId',
          'notification.message_number as messageNumber',
          'notification.first_message as firstMessage',
          'notification.lifecycle_state as ownState',
        ])
        .where('delivery.id', '=', deliveryId)
        .executeTakeFirst();
      if (!row) {
        return undefined;
      }
      const { conversationId, notificationId } = row;
      const messageNumber = row.messageNumber ?? 1;
      const firstMessage = row.firstMessage ?? messageNumber;
      const lifecycle = toLifecycle(row);
      const state = row.ownState ?? lifecycle.state;
      const range = editedBy(state, { firstMessage, messageNumber });
      return {
        lifecycle,
        conversationId,
        messageNumber,
        firstMessage,
        state,
        newerMessage: await findNewer(lifecycle.id, conversationId, notificationId),
        ...(await findShown(lifecycle, { conversationId, deliveryId, range })),
      };
    },

    /** The message has become this delivery's: no other one of the chat edits it any more. */
    async takeOver(deliveryId: number, place: LifecyclePlace, activityId: string): Promise<void> {
      await db
        .updateTable('delivery')
        .set({ activity_id: null })
        .where(IS_LISTED)
        .where('lifecycle_id', '=', place.lifecycle.id)
        .where('conversation_id', '=', place.conversationId)
        .where('activity_id', '=', activityId)
        .where('id', '<>', deliveryId)
        .execute();
    },

    /** Queues an edit of the earlier messages of the episode, also where one has failed: they say they were replaced. */
    async retireEarlier(place: LifecyclePlace, { nowMs, expiresAtMs }: ChangeTimes): Promise<void> {
      await db
        .updateTable('delivery')
        .set(({ ref }) => ({
          ...QUEUED_CHANGE,
          operation: 'update',
          priority: PRIORITIES.indexOf('bulk'),
          attempts_forgiven: ref('attempts'),
          due_at_ms: nowMs,
          expires_at_ms: expiresAtMs,
          updated_at_ms: nowMs,
        }))
        .where(IS_LISTED)
        .where('lifecycle_id', '=', place.lifecycle.id)
        .where('conversation_id', '=', place.conversationId)
        .where('state', 'in', ['sent', 'failed', 'expired'])
        .where('activity_id', 'is not', null)
        .where('notification_id', 'in', ({ selectFrom }) =>
          selectFrom('notification')
            .select('notification.id')
            .where('notification.lifecycle_id', '=', place.lifecycle.id)
            .where('notification.message_number', '>=', place.firstMessage)
            .where('notification.message_number', '<', place.messageNumber),
        )
        .execute();
    },
  };
}
