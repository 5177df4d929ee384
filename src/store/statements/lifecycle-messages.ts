// Statements on which message of a chat tells of which thing.

import type { Kysely } from 'kysely';
import { PRIORITIES } from '../../domain/notification.ts';
import type { Schema } from '../schema.ts';
import { createLifecyclePlaceStatements, type LifecyclePlace, type MessageRange } from './lifecycle-places.ts';
import { type ChangeTimes, IS_LISTED, QUEUED_CHANGE } from './message-changes.ts';

/** The event that takes the place of earlier ones. */
export interface Superseding {
  readonly messageNumber: number;
  readonly nowMs: number;
}

const SUPERSEDED = { state: 'superseded', reason: 'newer_event', lease_owner: null, lease_until_ms: null } as const;

/** Binds them to one connection. */
export function createLifecycleMessageStatements(db: Kysely<Schema>) {
  return {
    ...createLifecyclePlaceStatements(db),

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

    /** In which thread of a channel the message of the delivery is; null when it begins one. */
    async setThread(deliveryId: number, threadId: string | null): Promise<void> {
      await db.updateTable('delivery').set({ thread_id: threadId }).where('id', '=', deliveryId).execute();
    },

    /** Teams has a thread of a channel no more, with all that was in it. */
    async forgetThread({ lifecycle, conversationId }: LifecyclePlace, threadId: string): Promise<void> {
      await db
        .updateTable('delivery')
        .set({ activity_id: null, thread_id: null })
        .where(IS_LISTED)
        .where('lifecycle_id', '=', lifecycle.id)
        .where('conversation_id', '=', conversationId)
        .where(({ or, eb }) => or([eb('activity_id', '=', threadId), eb('thread_id', '=', threadId)]))
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
