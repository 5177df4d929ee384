// Statements on teams and group chats, with all that belongs to them.

import type { Kysely } from 'kysely';
import type { Schema } from '../schema.ts';
import type { PlaceState, RosterTable } from '../teams-schema.ts';
import { createChannelStatements } from './channels.ts';
import { stopFanoutsTo } from './fanouts.ts';
import { createLeavingStatements } from './roster-leaving.ts';
import { createRosterMemberStatements } from './roster-members.ts';
import { createReadingStatements } from './roster-readings.ts';

/** A team or group chat that the bot was added to. */
export interface RosterRow {
  readonly id: number;
  readonly tenantId: string;
  readonly scope: RosterTable['scope'];
  readonly teamsId: string;
  readonly state: PlaceState;
  /** The General channel, or the group chat. */
  readonly conversationId: number;
}

/** What is known when the bot comes to a place. */
export interface NewRoster extends Pick<RosterRow, 'tenantId' | 'scope' | 'teamsId' | 'conversationId'> {
  readonly dueAtMs: number;
}

/** What Teams says of a place; what is absent stays as it is. */
export interface RosterDetails {
  readonly name?: string | undefined;
  readonly aadGroupId?: string | undefined;
  readonly memberCount?: number | undefined;
}

/** Binds them to one connection. */
export function createRosterStatements(db: Kysely<Schema>) {
  return {
    ...placeStatements(db),
    ...createReadingStatements(db),
    ...createChannelStatements(db),
    ...createRosterMemberStatements(db),
    ...createLeavingStatements(db),
  };
}

function placeStatements(db: Kysely<Schema>) {
  const rows = db
    .selectFrom('roster')
    .select(['id', 'tenant_id as tenantId', 'scope', 'teams_id as teamsId', 'state'])
    .select('conversation_id as conversationId');

  return {
    async find(tenantId: string, teamsId: string): Promise<RosterRow | undefined> {
      return rows.where('tenant_id', '=', tenantId).where('teams_id', '=', teamsId).executeTakeFirst();
    },

    /** @returns the place whose General channel, or which itself, the conversation is */
    async findByConversation(conversationId: number): Promise<RosterRow | undefined> {
      return rows.where('conversation_id', '=', conversationId).executeTakeFirst();
    },

    async insert({ tenantId, scope, teamsId, conversationId, dueAtMs }: NewRoster): Promise<RosterRow> {
      const place = { tenant_id: tenantId, scope, teams_id: teamsId, conversation_id: conversationId };
      const { id } = await db
        .insertInto('roster')
        .values({ ...place, state: 'active', due_at_ms: dueAtMs })
        .returning('id')
        .executeTakeFirstOrThrow();
      return { id, tenantId, scope, teamsId, conversationId, state: 'active' };
    },

    async describe(id: number, { name, aadGroupId, memberCount }: RosterDetails): Promise<void> {
      const values = {
        ...(name !== undefined && { name }),
        ...(aadGroupId !== undefined && { aad_group_id: aadGroupId }),
        ...(memberCount !== undefined && { member_count: memberCount }),
      };
      if (Object.keys(values).length > 0) {
        await db.updateTable('roster').set(values).where('id', '=', id).execute();
      }
    },

    /** The newest event decides; of two of the same instant the one that stops. @returns false when it was not this one */
    async setState(id: number, state: PlaceState, atMs: number): Promise<boolean> {
      const row = await db
        .updateTable('roster')
        .set({ state, state_at_ms: atMs })
        .where('id', '=', id)
        .where('state_at_ms', state === 'active' ? '<' : '<=', atMs)
        .returning('id')
        .executeTakeFirst();
      return row !== undefined;
    },

    async setGreeting(id: number, conversationId: number | null): Promise<void> {
      await db.updateTable('roster').set({ greeting_conversation_id: conversationId }).where('id', '=', id).execute();
    },

    /** Where the bot is still to say that it has come. */
    async getGreeting(id: number): Promise<number | null> {
      const row = await db
        .selectFrom('roster')
        .select('greeting_conversation_id as greeting')
        .where('id', '=', id)
        .executeTakeFirst();
      return row?.greeting ?? null;
    },

    /** With its channels and who was in it; nobody else is served by what is being sent to them. */
    async delete(id: number): Promise<void> {
      // A later roster may get the row id.
      await stopFanoutsTo(db, { audience: 'roster', audienceId: id });
      await db.deleteFrom('roster').where('id', '=', id).execute();
    },
  };
}
