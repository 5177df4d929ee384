// Statements on what notifications ask, and who answered.

import type { Kysely } from 'kysely';
import type { LifecycleState } from '../../domain/lifecycle.ts';
import type { StoredContent } from '../../domain/notification.ts';
import type { AskState } from '../asking-schema.ts';
import type { Schema } from '../schema.ts';
import { createAskEditStatements } from './ask-edits.ts';
import { createAskViewStatements } from './ask-views.ts';

/** Where somebody pressed a button: a message of the notification, or one that reminds of it. */
export interface PressedPlace {
  readonly notificationId: number;
  /** Row id of the conversation that has the message. */
  readonly conversationId: number;
}

/** A notification that asks something, as it stands. */
export interface AskedNotification {
  readonly content: StoredContent;
  readonly acceptedAtMs: number;
  readonly state: AskState;
  readonly decidedAction: string | null;
  readonly editDueAtMs: number | null;
  readonly editedAtMs: number;
  readonly shownAtMs: number;
  readonly isRecalled: boolean;
  /** Whether a newer notification of the same key has taken its place. */
  readonly isReplaced: boolean;
  /** Of the thing that it is about, today; null where it has no key. */
  readonly lifecycleState: LifecycleState | null;
}

/** What one person chose, to be written down. */
export interface NewResponse extends PressedPlace {
  readonly personId: number;
  readonly action: string;
  /** JSON; null where nothing was entered. */
  readonly input: string | null;
  readonly nowMs: number;
}

/** What an answer changes about the ask. */
export interface AnsweredAsk {
  readonly state: AskState;
  readonly decidedAction: string | null;
  readonly editDueAtMs: number;
  /** Whether nobody has to be reminded any more. */
  readonly isAnswered: boolean;
}

/** Binds them to one connection. */
export function createAskStatements(db: Kysely<Schema>) {
  return {
    ...createAskViewStatements(db),
    ...placeStatements(db),
    ...responseStatements(db),
    ...createAskEditStatements(db),

    async find(notificationId: number): Promise<AskedNotification | undefined> {
      const row = await db
        .selectFrom('ask')
        .innerJoin('notification', 'notification.id', 'ask.notification_id')
        .leftJoin('lifecycle', 'lifecycle.id', 'notification.lifecycle_id')
        .select(['content', 'notification.created_at_ms as acceptedAtMs', 'recalled_at_ms as recalledAtMs'])
        .select(['ask.state as state', 'decided_action as decidedAction', 'edit_due_at_ms as editDueAtMs'])
        .select(['ask.edited_at_ms as editedAtMs', 'shown_at_ms as shownAtMs', 'lifecycle.state as lifecycleState'])
        .select('lifecycle.notification_id as latestId')
        .where('ask.notification_id', '=', notificationId)
        .executeTakeFirst();
      if (!row) {
        return undefined;
      }
      const { content, recalledAtMs, latestId, ...asked } = row;
      const isReplaced = latestId !== null && latestId !== notificationId;
      return { ...asked, content: JSON.parse(content), isRecalled: recalledAtMs !== null, isReplaced };
    },

    async setAnswered(notificationId: number, { isAnswered, ...answered }: AnsweredAsk): Promise<void> {
      await db
        .updateTable('ask')
        .set({
          state: answered.state,
          decided_action: answered.decidedAction,
          edit_due_at_ms: answered.editDueAtMs,
          ...(isAnswered && { remind_at_ms: null, escalate_at_ms: null }),
        })
        .where('notification_id', '=', notificationId)
        .execute();
    },
  };
}

function placeStatements(db: Kysely<Schema>) {
  return {
    /** In which of these conversations the notification is; undefined when in none. */
    async findPlace(conversationIds: readonly number[], publicId: string): Promise<PressedPlace | undefined> {
      return db
        .selectFrom('notification')
        .innerJoin('delivery', 'delivery.notification_id', 'notification.id')
        .select(['notification.id as notificationId', 'delivery.conversation_id as conversationId'])
        .where('notification.public_id', '=', publicId)
        .where('delivery.conversation_id', 'in', conversationIds)
        .executeTakeFirst();
    },

    /** The same for what the bot said there to remind of it. */
    async findReminded(conversationIds: readonly number[], publicId: string): Promise<PressedPlace | undefined> {
      return db
        .selectFrom('notification')
        .innerJoin('reminder', 'reminder.ask_id', 'notification.id')
        .innerJoin('delivery', 'delivery.notification_id', 'reminder.notification_id')
        .select(['notification.id as notificationId', 'delivery.conversation_id as conversationId'])
        .where('notification.public_id', '=', publicId)
        .where('delivery.conversation_id', 'in', conversationIds)
        .where('delivery.activity_id', 'is not', null)
        .executeTakeFirst();
    },
  };
}

function responseStatements(db: Kysely<Schema>) {
  return {
    /** What one person has chosen. */
    async listOwn(notificationId: number, personId: number) {
      return db
        .selectFrom('response')
        .select(['action', 'input'])
        .where('notification_id', '=', notificationId)
        .where('person_id', '=', personId)
        .orderBy('id')
        .execute();
    },

    /** How many people but this one have chosen an action; those who were erased count on. */
    async countOthers(notificationId: number, action: string, personId: number): Promise<number> {
      const row = await db
        .selectFrom('response')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('notification_id', '=', notificationId)
        .where('action', '=', action)
        .where(({ or, eb }) => or([eb('person_id', 'is', null), eb('person_id', '<>', personId)]))
        .executeTakeFirstOrThrow();
      return row.count;
    },

    /** In the place of what the person entered with the same action before. */
    async saveResponse(response: NewResponse): Promise<void> {
      const values = {
        input: response.input,
        responded_at_ms: response.nowMs,
        conversation_id: response.conversationId,
        is_shown: 0,
      };
      await db
        .insertInto('response')
        .values({
          ...values,
          notification_id: response.notificationId,
          person_id: response.personId,
          action: response.action,
        })
        .onConflict((conflict) => conflict.columns(['notification_id', 'person_id', 'action']).doUpdateSet(values))
        .execute();
    },

    async deleteResponses(notificationId: number, personId: number, actions: readonly string[]): Promise<void> {
      if (actions.length > 0) {
        await db
          .deleteFrom('response')
          .where('notification_id', '=', notificationId)
          .where('person_id', '=', personId)
          .where('action', 'in', actions)
          .execute();
      }
    },
  };
}
