// Statements on the conversations that messages go to.

import type { Kysely } from 'kysely';
import type { ConversationKind, ConversationReference } from '../../domain/conversation.ts';
import type { Schema } from '../schema.ts';

/** A conversation as far as bookkeeping needs it. */
export interface ConversationRow {
  readonly id: number;
  readonly laneId: number;
  readonly personId: number | null;
  readonly kind: ConversationKind;
  /** What it is called in Teams; null when it was not opened yet, or is erased. */
  readonly teamsConversationId: string | null;
  readonly serviceUrl: string | null;
  readonly botAccountId: string | null;
}

/** Binds them to one connection. */
export function createConversationStatements(db: Kysely<Schema>) {
  const rows = db
    .selectFrom('conversation')
    .select(['id', 'lane_id as laneId', 'person_id as personId', 'kind', 'service_url as serviceUrl'])
    .select(['teams_conversation_id as teamsConversationId', 'bot_account_id as botAccountId']);

  return {
    async findByReference(reference: ConversationReference): Promise<ConversationRow | undefined> {
      return rows
        .where('tenant_id', '=', reference.tenantId)
        .where('teams_conversation_id', '=', reference.conversationId)
        .executeTakeFirst();
    },

    async findByPerson(personId: number): Promise<ConversationRow | undefined> {
      return rows.where('person_id', '=', personId).executeTakeFirst();
    },

    async insert(reference: ConversationReference, owner: ConversationOwner, nowMs: number): Promise<ConversationRow> {
      const row = await db
        .insertInto('conversation')
        .values({
          lane_id: owner.laneId,
          tenant_id: reference.tenantId,
          kind: reference.kind,
          person_id: owner.personId ?? null,
          teams_conversation_id: reference.conversationId,
          service_url: reference.serviceUrl,
          bot_account_id: reference.botAccountId,
          updated_at_ms: nowMs,
        })
        .returning('id')
        .executeTakeFirstOrThrow();
      const { conversationId: teamsConversationId, tenantId: _, ...known } = reference;
      return { ...known, id: row.id, laneId: owner.laneId, personId: owner.personId ?? null, teamsConversationId };
    },

    /** The newest reference wins: Teams may move a conversation to another service address. */
    async update(id: number, reference: ConversationReference, nowMs: number): Promise<void> {
      await db
        .updateTable('conversation')
        .set({
          teams_conversation_id: reference.conversationId,
          service_url: reference.serviceUrl,
          bot_account_id: reference.botAccountId,
          updated_at_ms: nowMs,
        })
        .where('id', '=', id)
        .execute();
    },

    async setPerson(id: number, personId: number): Promise<void> {
      await db.updateTable('conversation').set({ person_id: personId }).where('id', '=', id).execute();
    },

    /** Keeps the chat that was just opened, so that it is opened only once; not when its person was erased meanwhile. */
    async setConversationId(id: number, conversationId: string, nowMs: number): Promise<void> {
      await db
        .updateTable('conversation')
        .set({ teams_conversation_id: conversationId, updated_at_ms: nowMs })
        .where('id', '=', id)
        .where('person_id', 'is not', null)
        .execute();
    },

    /** Leaves an anonymous stub for the deliveries that point here. */
    async erase(id: number): Promise<void> {
      await db
        .updateTable('conversation')
        .set({ person_id: null, teams_conversation_id: null, service_url: null, bot_account_id: null })
        .where('id', '=', id)
        .execute();
    },

    /** @returns the end of its latest pause, 0 when it never had one */
    async getBlockedUntilMs(id: number): Promise<number> {
      const row = await db
        .selectFrom('conversation')
        .select('blocked_until_ms')
        .where('id', '=', id)
        .executeTakeFirstOrThrow();
      return row.blocked_until_ms;
    },

    async block(id: number, untilMs: number): Promise<void> {
      await db
        .updateTable('conversation')
        .set({ blocked_until_ms: untilMs })
        .where('id', '=', id)
        .where('blocked_until_ms', '<', untilMs)
        .execute();
    },
  };
}

/** What a conversation belongs to. */
export interface ConversationOwner {
  readonly laneId: number;
  readonly personId?: number;
}
