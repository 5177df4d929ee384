// Statements on who presses a button in a team or group chat, when all that the activity tells is known.

import type { Kysely } from 'kysely';
import { type Places, prepared } from '../prepared.ts';
import type { Schema } from '../schema.ts';
import type { ConversationRow } from './conversations.ts';
import type { KnownMember } from './roster-members.ts';

/** By what somebody is found in a place. */
export interface PresenceKey {
  /** Of the installation in the place. */
  readonly digest: string;
  readonly tenantId: string;
  /** The team or group chat, as Teams calls it. */
  readonly teamsId: string;
  /** The channel or group chat, as Teams calls it. */
  readonly conversationId: string;
  /** The thread in the channel, as Teams calls it; null outside threads. */
  readonly threadId: string | null;
  readonly aadObjectId: string;
}

/** Through what a conversation is reached. */
export type Reach = Pick<ConversationRow, 'serviceUrl' | 'botAccountId'>;

/** Somebody in a place that has the app, with all that goes with them. */
export interface Presence {
  readonly place: Reach & {
    /** Of its roster. */
    readonly id: number;
    readonly name: string | null;
    readonly aadGroupId: string | null;
    /** What its main conversation is called in Teams. */
    readonly teamsConversationId: string | null;
  };
  readonly spoken: Reach & { readonly conversationId: number };
  /** Null when it is not known. */
  readonly thread: (Reach & { readonly conversationId: number }) | null;
  readonly person: KnownMember;
  /** The reading of the roster that saw them last is not the one under way, or the last one. */
  readonly isUnread: boolean;
}

/** Binds them to one connection. */
export function createPresenceStatements(db: Kysely<Schema>) {
  const find = prepareFind(db);

  return {
    /**
     * Finds a member who has a 1:1 chat, in a place where the app is active and whose conversation is known.
     */
    async find(key: PresenceKey): Promise<Presence | undefined> {
      const [row] = await find(key);
      return (
        row && {
          place: {
            id: row.placeId,
            name: row.placeName,
            aadGroupId: row.aadGroupId,
            teamsConversationId: row.mainTeamsId,
            serviceUrl: row.mainServiceUrl,
            botAccountId: row.mainBotId,
          },
          spoken: { conversationId: row.spokenId, serviceUrl: row.spokenServiceUrl, botAccountId: row.spokenBotId },
          thread:
            row.threadId === null
              ? null
              : { conversationId: row.threadId, serviceUrl: row.threadServiceUrl, botAccountId: row.threadBotId },
          person: {
            id: row.personId,
            aadObjectId: row.aadObjectId,
            teamsUserId: row.teamsUserId,
            name: row.name,
            email: row.email,
            userPrincipalName: row.userPrincipalName,
            locale: row.locale,
            timeZone: row.timeZone,
          },
          isUnread: row.memberReading !== row.placeReading,
        }
      );
    },
  };
}

const COLUMNS = [
  'roster.id as placeId',
  'roster.name as placeName',
  'roster.reading as placeReading',
  'roster_member.reading as memberReading',
  'roster.aad_group_id as aadGroupId',
  'main.teams_conversation_id as mainTeamsId',
  'main.service_url as mainServiceUrl',
  'main.bot_account_id as mainBotId',
  'spoken.id as spokenId',
  'spoken.service_url as spokenServiceUrl',
  'spoken.bot_account_id as spokenBotId',
  'thread.id as threadId',
  'thread.service_url as threadServiceUrl',
  'thread.bot_account_id as threadBotId',
  'person.id as personId',
  'person.aad_object_id as aadObjectId',
  'person.teams_user_id as teamsUserId',
  'person.name as name',
  'person.email as email',
  'person.user_principal_name as userPrincipalName',
  'person.locale as locale',
  'person.time_zone as timeZone',
] as const;

function prepareFind(db: Kysely<Schema>) {
  return prepared(db, (place: Places<PresenceKey>) =>
    db
      .selectFrom('installation')
      .innerJoin('roster', (join) =>
        join.on('roster.tenant_id', '=', place('tenantId')).on('roster.teams_id', '=', place('teamsId')),
      )
      .innerJoin('conversation as main', (join) =>
        join.onRef('main.id', '=', 'roster.conversation_id').onRef('main.id', '=', 'installation.conversation_id'),
      )
      .innerJoin('conversation as spoken', (join) =>
        join
          .on('spoken.tenant_id', '=', place('tenantId'))
          .on('spoken.teams_conversation_id', '=', place('conversationId')),
      )
      .leftJoin('conversation as thread', (join) =>
        join.on('thread.tenant_id', '=', place('tenantId')).on('thread.teams_conversation_id', '=', place('threadId')),
      )
      .innerJoin('person', (join) =>
        join.on('person.tenant_id', '=', place('tenantId')).on('person.aad_object_id', '=', place('aadObjectId')),
      )
      .innerJoin('roster_member', (join) =>
        join.onRef('roster_member.roster_id', '=', 'roster.id').onRef('roster_member.person_id', '=', 'person.id'),
      )
      .innerJoin('conversation as chat', 'chat.person_id', 'person.id')
      .where('installation.subject_digest', '=', place('digest'))
      .where('installation.state', '=', 'active')
      .select(COLUMNS),
  );
}
