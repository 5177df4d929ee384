// Statements on which message of a chat tells of which thing.

import { type Kysely, sql } from 'kysely';
import type { LifecycleState } from '../../domain/lifecycle.ts';
import { PRIORITIES } from '../../domain/notification.ts';
import { atMost } from '../at-most.ts';
import type { Schema } from '../schema.ts';
import { type LifecycleRow, toLifecycle } from './lifecycles.ts';
import { QUEUED_CHANGE } from './message-changes.ts';

/** What has to be known of a delivery about a thing before it is sent. */
export interface LifecyclePlace {
  readonly lifecycle: LifecycleRow;
  readonly conversationId: number;
  /** The message that its notification is told by, from 1. */
  readonly messageNumber: number;
  /** The earlier message that this one takes the place of. */
  readonly replacedMessage: number | null;
  /** The state that its own notification tells. */
  readonly state: LifecycleState;
  /** The message of the next later event that waits for this chat, or has come to it; undefined when it is the latest. */
  readonly newerMessage: number | undefined;
  /** Whether nobody knows if this message is in the chat. */
  readonly isUncertain: boolean;
  /** The message of the chat that may be edited, posted by another delivery. */
  readonly shownActivityId: string | undefined;
}

/** The event that takes the place of earlier ones. */
export interface Superseding {
  readonly messageNumber: number;
  readonly nowMs: number;
}

const SUPERSEDED = { state: 'superseded', reason: 'newer_event', lease_owner: null, lease_until_ms: null } as const;

/** Written out, because the partial index is chosen by this very text. */
const IS_LISTED = sql<boolean>`delivery.lifecycle_id IS NOT NULL AND delivery.state <> 'superseded'`;

/** Binds them to one connection. */
export function createLifecycleMessageStatements(db: Kysely<Schema>) {
  const inChat = (lifecycleId: number, conversationId: number) =>
    db
      .selectFrom('delivery')
      .where(IS_LISTED)
      .where('delivery.lifecycle_id', '=', lifecycleId)
      .where('delivery.conversation_id', '=', conversationId);

  /** @returns the number of the message that the next later event of the chat is told by */
  async function findNewer(
    lifecycleId: number,
    conversationId: number,
    notificationId: number,
  ): Promise<number | undefined> {
    const row = await inChat(lifecycleId, conversationId)
      .innerJoin('notification', 'notification.id', 'delivery.notification_id')
      .select('notification.message_number as messageNumber')
      .where('delivery.notification_id', '>', notificationId)
      .where('delivery.state', 'in', ['queued', 'leased', 'sending', 'sent', 'held'])
      .orderBy('delivery.notification_id')
      .limit(atMost(1))
      .executeTakeFirst();
    return row?.messageNumber ?? undefined;
  }

  /** The deliveries that stand for one message of a chat: one with its id, or one of which nobody knows. */
  async function findMessage(lifecycleId: number, conversationId: number, messageNumber: number) {
    return inChat(lifecycleId, conversationId)
      .innerJoin('notification', 'notification.id', 'delivery.notification_id')
      .select(['delivery.id', 'delivery.activity_id as activityId', 'delivery.state'])
      .where('notification.message_number', '=', messageNumber)
      .where('delivery.operation', '<>', 'delete')
      .where(({ or, eb }) => or([eb('delivery.activity_id', 'is not', null), eb('delivery.state', '=', 'held')]))
      .orderBy('delivery.notification_id', 'desc')
      .limit(atMost(2))
      .execute();
  }

  return {
    /** Of these conversations, those with a message of this number, so that an event would edit it. */
    async listShowing(
      lifecycleId: number,
      messageNumber: number,
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
        .where('notification.message_number', '=', messageNumber)
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
          'notification.replaced_message as replacedMessage',
          'notification.lifecycle_state as ownState',
        ])
        .where('delivery.id', '=', deliveryId)
        .executeTakeFirst();
      if (!row) {
        return undefined;
      }
      const { conversationId, notificationId, replacedMessage } = row;
      const messageNumber = row.messageNumber ?? 1;
      const lifecycle = toLifecycle(row);
      const others = (await findMessage(lifecycle.id, conversationId, messageNumber)).filter(
        ({ id }) => id !== deliveryId,
      );
      return {
        lifecycle,
        conversationId,
        messageNumber,
        replacedMessage,
        state: row.ownState ?? lifecycle.state,
        newerMessage: await findNewer(lifecycle.id, conversationId, notificationId),
        isUncertain: others.some(({ state }) => state === 'held'),
        shownActivityId: others.find(({ activityId }) => activityId !== null)?.activityId ?? undefined,
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

    /** Queues an edit of the earlier message of the chat, so that it says that it has been replaced. */
    async retireMessage(
      place: LifecyclePlace,
      messageNumber: number,
      { nowMs, expiresAtMs }: { readonly nowMs: number; readonly expiresAtMs: number },
    ): Promise<void> {
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
        .where('state', '=', 'sent')
        .where('activity_id', 'is not', null)
        .where('notification_id', 'in', ({ selectFrom }) =>
          selectFrom('notification')
            .select('notification.id')
            .where('notification.lifecycle_id', '=', place.lifecycle.id)
            .where('notification.message_number', '=', messageNumber),
        )
        .execute();
    },
  };
}
