// Statements on the channels of teams, and on the conversations that belong to a place.

import { type Kysely, sql } from 'kysely';
import { withoutThread } from '../../domain/conversation.ts';
import type { Schema } from '../schema.ts';
import type { ChannelTable } from '../teams-schema.ts';

/** A channel of a team; the General one is not among them. */
export interface ChannelRow {
  readonly id: number;
  readonly teamsId: string;
  readonly state: ChannelTable['state'];
  readonly conversationId: number;
}

/** A channel that was not known so far. */
export interface NewChannel extends Omit<ChannelRow, 'id'> {
  readonly rosterId: number;
  readonly name: string | null;
  readonly stateAtMs: number;
}

/** How the channels of a tenant, or threads in them, are known. */
export interface KnownConversation {
  readonly id: number;
  /** The channel, without the thread. */
  readonly teamsId: string;
}

/** A conversation that is blocked until then is blocked without end, whatever its clock was set to meanwhile. */
const PAUSED_UNTIL_MS = Date.UTC(3000, 0);
const PAUSED_FROM_MS = Date.UTC(2500, 0);

/** Binds them to one connection. */
export function createChannelStatements(db: Kysely<Schema>) {
  return { ...channelStatements(db), ...conversationStatements(db) };
}

function channelStatements(db: Kysely<Schema>) {
  return {
    async listChannels(rosterId: number): Promise<readonly ChannelRow[]> {
      return db
        .selectFrom('channel')
        .select(['id', 'teams_id as teamsId', 'state', 'conversation_id as conversationId'])
        .where('roster_id', '=', rosterId)
        .orderBy('id')
        .execute();
    },

    async insertChannel(channel: NewChannel): Promise<void> {
      await db
        .insertInto('channel')
        .values({
          roster_id: channel.rosterId,
          teams_id: channel.teamsId,
          name: channel.name,
          state: channel.state,
          state_at_ms: channel.stateAtMs,
          conversation_id: channel.conversationId,
        })
        .execute();
    },

    async renameChannel(id: number, name: string): Promise<void> {
      await db.updateTable('channel').set({ name }).where('id', '=', id).execute();
    },

    /** The newest event decides; of two of the same instant the one that stops. */
    async setChannelState(id: number, state: ChannelTable['state'], atMs: number): Promise<void> {
      await db
        .updateTable('channel')
        .set({ state, state_at_ms: atMs })
        .where('id', '=', id)
        .where('state_at_ms', state === 'active' ? '<' : '<=', atMs)
        .execute();
    },
  };
}

function conversationStatements(db: Kysely<Schema>) {
  return {
    /** The conversations of all channels and threads of a tenant: which are of one place, only their ids tell. */
    async listKnownConversations(tenantId: string): Promise<readonly KnownConversation[]> {
      const rows = await db
        .selectFrom('conversation')
        .select(['id', 'teams_conversation_id as teamsConversationId'])
        .where('tenant_id', '=', tenantId)
        .where('kind', '!=', 'personal')
        .where('teams_conversation_id', 'is not', null)
        .execute();
      return rows.map(({ id, teamsConversationId }) => ({ id, teamsId: withoutThread(teamsConversationId ?? '') }));
    },

    /** Nothing is posted there; what waits keeps waiting until its time to live ends. */
    async pauseConversations(ids: readonly number[]): Promise<void> {
      await db
        .updateTable('conversation')
        .set({ blocked_until_ms: PAUSED_UNTIL_MS })
        .where('id', 'in', ids)
        .where('blocked_until_ms', '<', PAUSED_FROM_MS)
        .execute();
    },

    /** What was put off for the pause goes on now, or at the date that somebody has set. */
    async resumeConversations(ids: readonly number[], nowMs: number): Promise<void> {
      await db
        .updateTable('conversation')
        .set({ blocked_until_ms: 0 })
        .where('id', 'in', ids)
        .where('blocked_until_ms', '>=', PAUSED_FROM_MS)
        .execute();
      await db
        .updateTable('delivery')
        .set({
          due_at_ms: sql<number>`CASE WHEN scheduled_at_ms > ${nowMs} THEN scheduled_at_ms ELSE ${nowMs} END`,
        })
        .where('conversation_id', 'in', ids)
        .where(sql<boolean>`state = 'queued'`)
        .where('due_at_ms', '>=', PAUSED_FROM_MS)
        .execute();
    },

    /** Ends what waits there, and forgets how they are reached. */
    async closeConversations(ids: readonly number[], reason: string, nowMs: number): Promise<void> {
      await db
        .updateTable('delivery')
        .set({ state: 'failed', reason, updated_at_ms: nowMs })
        .where('conversation_id', 'in', ids)
        .where(sql<boolean>`state = 'queued'`)
        .execute();
      await db
        .updateTable('conversation')
        .set({ teams_conversation_id: null, service_url: null, bot_account_id: null, blocked_until_ms: 0 })
        .where('id', 'in', ids)
        .execute();
    },
  };
}
