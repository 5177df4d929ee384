// Statements on asking others, where nobody has answered what a notification asks.

import { type Kysely, sql } from 'kysely';
import type { UnresolvedRecipient } from '../../domain/recipient.ts';
import type { Schema } from '../schema.ts';

/** What has become of an escalation. */
export interface Escalated {
  readonly notificationId: number;
  /** Row ids of those who get the notification now. */
  readonly conversationIds: readonly number[];
  /** All of the notification, with those who could not be reached now. */
  readonly unresolved: readonly UnresolvedRecipient[];
  readonly nowMs: number;
  /** When the last of its deliveries expires. */
  readonly expiresAtMs: number;
}

/** Binds them to one connection. */
export function createEscalationStatements(db: Kysely<Schema>) {
  const endEscalation = async (notificationId: number, escalatedAtMs: number | null): Promise<void> => {
    await db
      .updateTable('ask')
      // Those who were named stand in the deliveries now, where they can be erased.
      .set({ escalate_at_ms: null, escalate_to: null, escalated_at_ms: escalatedAtMs })
      .where('notification_id', '=', notificationId)
      .execute();
  };

  return {
    /** Whether anybody has answered, or read one of its messages. */
    async hasSign(notificationId: number): Promise<boolean> {
      const { rows } = await sql<{ readonly hasSign: number }>`
        SELECT CASE WHEN EXISTS (SELECT 1 FROM response WHERE notification_id = ${notificationId})
                      OR EXISTS (SELECT 1 FROM delivery WHERE notification_id = ${notificationId}
                                    AND read_at_ms IS NOT NULL)
                    THEN 1 ELSE 0 END AS "hasSign"`.execute(db);
      return rows[0]?.hasSign === 1;
    },

    /** Nobody else is asked. */
    async dropEscalation(notificationId: number): Promise<void> {
      await endEscalation(notificationId, null);
    },

    /** Others are asked now. */
    async saveEscalation({ notificationId, nowMs, expiresAtMs, ...escalated }: Escalated): Promise<void> {
      const { conversationIds, unresolved } = escalated;
      if (conversationIds.length > 0) {
        const rows = conversationIds.map((id) => ({ notification_id: notificationId, conversation_id: id }));
        await db.insertInto('escalation').values(rows).execute();
      }
      await db
        .updateTable('notification')
        .set({
          unresolved: JSON.stringify(unresolved),
          expires_at_ms: sql`CASE WHEN expires_at_ms < ${expiresAtMs} THEN ${expiresAtMs} ELSE expires_at_ms END`,
        })
        .where('id', '=', notificationId)
        .execute();
      await endEscalation(notificationId, nowMs);
    },

    /** Whether somebody got a notification because nobody else had answered. */
    async isEscalatedTo(notificationId: number, conversationId: number): Promise<boolean> {
      const row = await db
        .selectFrom('escalation')
        .select('conversation_id')
        .where('notification_id', '=', notificationId)
        .where('conversation_id', '=', conversationId)
        .executeTakeFirst();
      return row !== undefined;
    },
  };
}
