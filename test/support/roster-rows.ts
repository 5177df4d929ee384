// Teams and group chats as they are stored, for tests that need one and no reading of it.

import { SERVICE_URL, TENANT } from './store-fixtures.ts';

export const TEAM_ID = '19:operations@thread.tacv2';
export const GROUP_ID = 'd0d0d0d0-4444-4444-8444-000000000004';
export const CHANNEL_ID = '19:incidents@thread.tacv2';
export const CHAT_ID = '19:on-call@thread.v2';

/** Ids far from those that the store gives out, so that rows of both kinds can be told apart. */
const FIRST_ID = 900;

export interface RosterRows {
  readonly laneId: number;
  /** Row ids of people. */
  readonly members?: readonly number[];
  readonly tenantId?: string;
  readonly state?: 'active' | 'archived' | 'deleted';
  readonly channelState?: 'active' | 'deleted';
  /** Which one of several; 0 when absent. */
  readonly index?: number;
}

/**
 * Statements for both engines: a team with General and one more channel, and a group chat. Of the first one the team has
 * the row id 900, and the chat 901.
 */
export function rosterRows(rows: RosterRows): readonly string[] {
  const { laneId, members = [], tenantId = TENANT, state = 'active', channelState = 'active', index = 0 } = rows;
  const [team, chat, channel] = [FIRST_ID + 10 * index, FIRST_ID + 10 * index + 1, FIRST_ID + 10 * index + 2];
  const place = (id: number, kind: string, teamsId: string) =>
    `(${id}, ${laneId}, '${tenantId}', '${kind}', '${teamsId}', '${SERVICE_URL}', '28:bot', 0)`;
  const places = [
    place(team, 'channel', TEAM_ID),
    place(chat, 'groupChat', CHAT_ID),
    place(channel, 'channel', CHANNEL_ID),
  ];
  return [
    `INSERT INTO conversation
       (id, lane_id, tenant_id, kind, teams_conversation_id, service_url, bot_account_id, updated_at_ms)
     VALUES ${places.join()}`,
    `INSERT INTO roster (id, tenant_id, scope, teams_id, aad_group_id, name, state, conversation_id)
     VALUES (${team}, '${tenantId}', 'team', '${TEAM_ID}', '${GROUP_ID}', 'Operations', '${state}', ${team}),
            (${chat}, '${tenantId}', 'groupChat', '${CHAT_ID}', NULL, NULL, '${state}', ${chat})`,
    `INSERT INTO channel (id, roster_id, teams_id, name, state, conversation_id)
     VALUES (${channel}, ${team}, '${CHANNEL_ID}', 'Incidents', '${channelState}', ${channel})`,
    ...members.map(
      (personId) => `INSERT INTO roster_member (roster_id, person_id, reading) VALUES (${team}, ${personId}, 1)`,
    ),
  ];
}

/** The row id of the team of `rosterRows`. */
export const TEAM_ROW = FIRST_ID;
