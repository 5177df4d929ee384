// Statements that mend where a conversation is reached.

import type { Kysely } from 'kysely';
import type { Schema } from '../schema.ts';

/** Binds them to one connection. */
export function createHealingStatements(db: Kysely<Schema>) {
  return {
    /** The next message opens the chat again. */
    async forgetConversationId(id: number, nowMs: number): Promise<void> {
      await db
        .updateTable('conversation')
        .set({ teams_conversation_id: null, updated_at_ms: nowMs })
        .where('id', '=', id)
        .where('person_id', 'is not', null)
        .execute();
    },

    /** Not when its person was erased meanwhile. */
    async setServiceUrl(id: number, serviceUrl: string, nowMs: number): Promise<void> {
      await db
        .updateTable('conversation')
        .set({ service_url: serviceUrl, updated_at_ms: nowMs })
        .where('id', '=', id)
        .where('service_url', 'is not', null)
        .execute();
    },
  };
}
