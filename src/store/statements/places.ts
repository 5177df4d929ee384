// Statements on where several people are reached together, and on who they are.

import type { Kysely } from 'kysely';
import type { PlaceRecipient } from '../../domain/recipient.ts';
import { atMost } from '../at-most.ts';
import type { Schema } from '../schema.ts';
import type { PlaceState } from '../teams-schema.ts';
import type { LaneCount } from './installations.ts';

/** A team, a channel or a group chat as far as addressing needs it. */
export interface ReachablePlace {
  readonly rosterId: number;
  /** Of a channel, the worse one of its own and its team's. */
  readonly state: PlaceState;
  /** Of the bot in the team or group chat; null when nothing is known of it. */
  readonly installation: 'active' | 'unreachable' | 'removed' | null;
  readonly conversationRowId: number;
  readonly laneId: number;
}

/** Whom a broadcast goes to, where that is not everyone. */
export interface ListedAudience {
  readonly audience: 'roster' | 'topic';
  readonly audienceId: number;
}

/** Binds them to one connection. */
export function createPlaceStatements(db: Kysely<Schema>) {
  const ofRosters = (tenantId: string | undefined) =>
    db
      .selectFrom('roster')
      .innerJoin('conversation as home', 'home.id', 'roster.conversation_id')
      .leftJoin('installation', 'installation.conversation_id', 'home.id')
      .$if(tenantId !== undefined, (query) => query.where('roster.tenant_id', '=', tenantId ?? ''))
      .select(['roster.id as rosterId', 'roster.state as state', 'installation.state as installation'])
      .limit(atMost(2));

  const rosters = (scope: 'team' | 'groupChat', tenantId: string | undefined) =>
    ofRosters(tenantId)
      .where('roster.scope', '=', scope)
      .select(['home.id as conversationRowId', 'home.lane_id as laneId']);

  async function findChannel(id: string, tenantId: string | undefined): Promise<readonly ReachablePlace[]> {
    const rows = await ofRosters(tenantId)
      .innerJoin('channel', 'channel.roster_id', 'roster.id')
      .innerJoin('conversation as place', 'place.id', 'channel.conversation_id')
      .select(['place.id as conversationRowId', 'place.lane_id as laneId', 'channel.state as channelState'])
      .where('channel.teams_id', '=', id)
      .execute();
    return rows.length > 0
      ? rows.map(({ channelState, ...row }) => ({ ...row, state: row.state === 'active' ? channelState : row.state }))
      : rosters('team', tenantId).where('roster.teams_id', '=', id).execute();
  }

  /** A roster is of one tenant. */
  const countMembers = (rosterId: number, tenantId: string | undefined) =>
    db
      .selectFrom('roster')
      .innerJoin('conversation', 'conversation.id', 'roster.conversation_id')
      .select(({ selectFrom, fn }) => [
        'conversation.lane_id as laneId',
        selectFrom('roster_member')
          .select(fn.countAll<number>().as('count'))
          .where('roster_id', '=', rosterId)
          .$asScalar()
          .$notNull()
          .as('count'),
      ])
      .where('roster.id', '=', rosterId)
      .$if(tenantId !== undefined, (query) => query.where('roster.tenant_id', '=', tenantId ?? ''))
      .execute();

  const countSubscribers = (topicId: number, tenantId: string | undefined) =>
    db
      .selectFrom('subscription')
      .innerJoin('conversation', 'conversation.person_id', 'subscription.person_id')
      .select(({ fn }) => ['conversation.lane_id as laneId', fn.countAll<number>().as('count')])
      .where('subscription.topic_id', '=', topicId)
      .$if(tenantId !== undefined, (query) => query.where('conversation.tenant_id', '=', tenantId ?? ''))
      .groupBy('conversation.lane_id')
      .execute();

  return {
    /** Up to two of those who fit, so that the caller sees whether the recipient is ambiguous. */
    async find({ kind, id }: PlaceRecipient, tenantId: string | undefined): Promise<readonly ReachablePlace[]> {
      switch (kind) {
        case 'team':
          return rosters('team', tenantId)
            .where(id.startsWith('19:') ? 'roster.teams_id' : 'roster.aad_group_id', '=', id)
            .execute();
        case 'chat':
          return rosters('groupChat', tenantId).where('roster.teams_id', '=', id).execute();
        case 'channel':
          return findChannel(id, tenantId);
      }
    },

    /** How many are in an audience, by lane; also those who cannot be reached any more, because to tell them takes long. */
    async countListed(
      { audience, audienceId }: ListedAudience,
      tenantId: string | undefined,
    ): Promise<readonly LaneCount[]> {
      const rows = await (audience === 'roster'
        ? countMembers(audienceId, tenantId)
        : countSubscribers(audienceId, tenantId));
      return rows.map(({ laneId, count }) => ({ laneId, count: Number(count) }));
    },
  };
}
