// Statements on who is in which team or group chat. A page of people is written with few of them.

import { type Kysely, type SqlBool, sql } from 'kysely';
import type { InstallationState } from '../../domain/installation.ts';
import { addressKey, type PersonProfile } from '../../domain/person.ts';
import type { Schema } from '../schema.ts';

/** Somebody as far as Teams can tell something new of them. */
export interface KnownMember {
  readonly id: number;
  readonly aadObjectId: string | null;
  readonly teamsUserId: string | null;
  readonly name: string | null;
  readonly email: string | null;
  readonly userPrincipalName: string | null;
  readonly locale: string | null;
  readonly timeZone: string | null;
}

/** Ids by which people may be known. */
export interface MemberIds {
  readonly tenantId: string;
  readonly aadObjectIds: readonly string[];
  readonly teamsUserIds: readonly string[];
}

/** Somebody in a roster. */
export interface SavedMember {
  readonly personId: number;
  readonly role: string | null;
}

/** Through what a chat that was not opened yet is opened. */
export interface ChatOpening {
  readonly laneId: number;
  readonly serviceUrl: string;
  readonly botAccountId: string;
  readonly nowMs: number;
}

const MEMBER_COLUMNS = [
  'id',
  'aad_object_id as aadObjectId',
  'teams_user_id as teamsUserId',
  'name',
  'email',
  'user_principal_name as userPrincipalName',
  'locale',
  'time_zone as timeZone',
] as const;

/** Binds them to one connection. */
export function createRosterMemberStatements(db: Kysely<Schema>) {
  return {
    /** The states of those of these personal installations that are known. */
    async listInstallationStates(digests: readonly string[]): Promise<ReadonlyMap<string, InstallationState>> {
      const rows = await db
        .selectFrom('installation')
        .select(['subject_digest as digest', 'state'])
        .where('subject_digest', 'in', digests)
        .execute();
      return new Map(rows.map(({ digest, state }) => [digest, state]));
    },

    async findKnown({ tenantId, aadObjectIds, teamsUserIds }: MemberIds): Promise<readonly KnownMember[]> {
      const people = db.selectFrom('person').select(MEMBER_COLUMNS).where('tenant_id', '=', tenantId);
      const byObjectId =
        aadObjectIds.length > 0 ? await people.where('aad_object_id', 'in', aadObjectIds).execute() : [];
      const byUserId = teamsUserIds.length > 0 ? await people.where('teams_user_id', 'in', teamsUserIds).execute() : [];
      return [...new Map([...byObjectId, ...byUserId].map((row) => [row.id, row])).values()];
    },

    /** Nobody of them may be known. @returns them in no order */
    async insertPeople(profiles: readonly PersonProfile[], nowMs: number): Promise<readonly KnownMember[]> {
      return db
        .insertInto('person')
        .values(
          profiles.map(({ tenantId, aadObjectId, teamsUserId, name, email, userPrincipalName, ...rest }) => ({
            tenant_id: tenantId,
            aad_object_id: aadObjectId ?? null,
            teams_user_id: teamsUserId ?? null,
            name: name ?? null,
            email: email ?? null,
            email_key: email ? addressKey(email) : null,
            user_principal_name: userPrincipalName ?? null,
            upn_key: userPrincipalName ? addressKey(userPrincipalName) : null,
            locale: rest.locale ?? null,
            time_zone: rest.timeZone ?? null,
            updated_at_ms: nowMs,
          })),
        )
        .returning(MEMBER_COLUMNS)
        .execute();
    },

    /** Gives each of them a 1:1 chat, to be opened with the first message, where there is none. */
    async prepareChats(personIds: readonly number[], opening: ChatOpening): Promise<void> {
      const { laneId, serviceUrl, botAccountId, nowMs } = opening;
      await db
        .insertInto('conversation')
        .columns(['lane_id', 'tenant_id', 'kind', 'person_id', 'service_url', 'bot_account_id', 'updated_at_ms'])
        .expression(
          db
            .selectFrom('person')
            .select([
              sql<number>`CAST(${laneId} AS bigint)`.as('lane_id'),
              'tenant_id',
              sql<'personal'>`'personal'`.as('kind'),
              'id as person_id',
              sql<string>`CAST(${serviceUrl} AS text)`.as('service_url'),
              sql<string>`CAST(${botAccountId} AS text)`.as('bot_account_id'),
              sql<number>`CAST(${nowMs} AS bigint)`.as('updated_at_ms'),
            ])
            .where('id', 'in', personIds)
            .where(sql<SqlBool>`NOT EXISTS (SELECT 1 FROM conversation c WHERE c.person_id = person.id)`),
        )
        .execute();
    },

    /** Where a message to them goes. */
    async listChats(
      personIds: readonly number[],
    ): Promise<readonly { readonly conversationId: number; readonly laneId: number }[]> {
      return db
        .selectFrom('conversation')
        .select(['id as conversationId', 'lane_id as laneId'])
        .where('person_id', 'in', personIds)
        .orderBy('id')
        .execute();
    },

    async saveMembers(rosterId: number, reading: number, members: readonly SavedMember[]): Promise<void> {
      await db
        .insertInto('roster_member')
        .values(members.map(({ personId, role }) => ({ roster_id: rosterId, person_id: personId, reading, role })))
        .onConflict((conflict) =>
          conflict
            .columns(['roster_id', 'person_id'])
            .doUpdateSet(({ ref }) => ({ reading: ref('excluded.reading'), role: ref('excluded.role') })),
        )
        .execute();
    },

    /** Somebody who was heard there is in it, whatever the last reading saw. @returns false when that was known */
    async addMember(rosterId: number, personId: number): Promise<boolean> {
      const { numUpdatedRows } = await db
        .updateTable('roster_member')
        .set(({ selectFrom }) => ({ reading: selectFrom('roster').select('reading').where('id', '=', rosterId) }))
        .where('roster_id', '=', rosterId)
        .where('person_id', '=', personId)
        .executeTakeFirstOrThrow();
      if (Number(numUpdatedRows) > 0) {
        return false;
      }
      await db
        .insertInto('roster_member')
        .columns(['roster_id', 'person_id', 'reading'])
        .expression(({ selectFrom }) =>
          selectFrom('roster')
            .select(['id', sql<number>`CAST(${personId} AS bigint)`.as('person_id'), 'reading'])
            .where('id', '=', rosterId),
        )
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      return true;
    },

    async countMembers(rosterId: number): Promise<number> {
      const row = await db
        .selectFrom('roster_member')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('roster_id', '=', rosterId)
        .executeTakeFirstOrThrow();
      return Number(row.count);
    },
  };
}
