// Statements on people: who is known, under which ids and addresses.

import { type Kysely, type RawBuilder, sql } from 'kysely';
import { addressKey, type PersonProfile } from '../../domain/person.ts';
import type { PersonRecipient } from '../../domain/recipient.ts';
import { atMost } from '../at-most.ts';
import { type Places, prepared } from '../prepared.ts';
import type { Schema } from '../schema.ts';
import type { PlaceState } from '../teams-schema.ts';

/** A person as far as addressing needs them. */
export interface ReachablePerson {
  readonly personId: number;
  /** The 1:1 chat; null when the person is known but has no chat. */
  readonly conversationRowId: number | null;
  readonly laneId: number | null;
  /** State of the personal installation; null when the app was never installed there. */
  readonly installation: 'active' | 'unreachable' | 'removed' | null;
  /** Why it is not active. */
  readonly reason: string | null;
  /** Whether they are in a team or group chat that has the bot. */
  readonly isInRoster: boolean;
  readonly hasOptedOut: boolean;
  /** As Teams told it; null when it did not. */
  readonly timeZone: string | null;
}

export type { PersonRecipient } from '../../domain/recipient.ts';

/** Binds them to one connection. */
export function createPeopleStatements(db: Kysely<Schema>) {
  const reachable = prepareReachable(db);

  /** The object id decides who somebody is; the pairwise id only where there is no object id. */
  async function findId(profile: PersonProfile): Promise<number | undefined> {
    const people = db.selectFrom('person').select('id').where('tenant_id', '=', profile.tenantId);
    if (profile.aadObjectId) {
      const known = await people.where('aad_object_id', '=', profile.aadObjectId).executeTakeFirst();
      if (known) {
        return known.id;
      }
    }
    return profile.teamsUserId
      ? (await people.where('teams_user_id', '=', profile.teamsUserId).executeTakeFirst())?.id
      : undefined;
  }

  return {
    findId,

    async insert(profile: PersonProfile, nowMs: number): Promise<number> {
      const row = await db
        .insertInto('person')
        .values({ ...columnsOf(profile), tenant_id: profile.tenantId, updated_at_ms: nowMs })
        .returning('id')
        .executeTakeFirstOrThrow();
      return row.id;
    },

    /** Overwrites what the profile says and keeps the rest; does nothing when the person has been erased. */
    async refresh(personId: number, profile: PersonProfile, nowMs: number): Promise<void> {
      await db
        .updateTable('person')
        .set({ ...columnsOf(profile), updated_at_ms: nowMs })
        .where('id', '=', personId)
        .execute();
    },

    /** Whose 1:1 chat it is. */
    async findByConversation(
      conversationId: number,
    ): Promise<{ readonly personId: number; readonly ids: PersonProfile } | undefined> {
      const row = await db
        .selectFrom('conversation')
        .innerJoin('person', 'person.id', 'conversation.person_id')
        .select(['person.id', 'person.tenant_id as tenantId', 'aad_object_id', 'teams_user_id'])
        .where('conversation.id', '=', conversationId)
        .executeTakeFirst();
      return (
        row && {
          personId: row.id,
          ids: {
            tenantId: row.tenantId,
            ...(row.aad_object_id !== null && { aadObjectId: row.aad_object_id }),
            ...(row.teams_user_id !== null && { teamsUserId: row.teams_user_id }),
          },
        }
      );
    },

    /** Every form in which a producer can name the person, as `nameKey()` gives it. */
    async listNameKeys(personId: number): Promise<readonly string[]> {
      const row = await db
        .selectFrom('person')
        .select(['email_key', 'upn_key', 'aad_object_id', 'teams_user_id'])
        .where('id', '=', personId)
        .executeTakeFirst();
      const aadKey = row?.aad_object_id ? `aad:${row.aad_object_id}` : null;
      return [row?.email_key, row?.upn_key, aadKey, row?.teams_user_id].flatMap((key) => key ?? []);
    },

    /** Forgets the person: name, addresses and ids, and what they entered; that somebody answered stays counted. */
    async erase(personId: number): Promise<void> {
      await db
        .updateTable('response')
        .set({ input: null })
        .where('person_id', '=', personId)
        .where('input', 'is not', null)
        .execute();
      await db.deleteFrom('person').where('id', '=', personId).execute();
    },

    /** Up to two of those who fit, so that the caller sees whether the recipient is ambiguous. */
    async findReachable(recipient: PersonRecipient, tenantId?: string): Promise<readonly ReachablePerson[]> {
      const { all, inTenant } = reachable[recipient.kind];
      const name = nameOf(recipient);
      const rows = tenantId === undefined ? await all({ name }) : await inTenant({ name, tenantId });
      return rows.map(({ settings, rosterId, ...row }) => ({
        ...row,
        isInRoster: rosterId !== null,
        hasOptedOut: settings !== null && JSON.parse(settings).optedOutAtMs !== undefined,
      }));
    },
  };
}

function nameOf(recipient: PersonRecipient): string {
  switch (recipient.kind) {
    case 'address':
      return recipient.address;
    case 'aadObjectId':
      return recipient.aadObjectId;
    case 'teamsUserId':
      return recipient.teamsUserId;
  }
}

/** By the kind of name that they are looked up with. */
function prepareReachable(db: Kysely<Schema>) {
  const people = db
    .selectFrom('person')
    .leftJoin('conversation', 'conversation.person_id', 'person.id')
    .leftJoin('installation', (join) =>
      join.onRef('installation.person_id', '=', 'person.id').on(sql<boolean>`installation.scope = 'personal'`),
    )
    .leftJoin('preference', 'preference.person_id', 'person.id')
    .select([
      'person.id as personId',
      'conversation.id as conversationRowId',
      'conversation.lane_id as laneId',
      'installation.state as installation',
      'installation.reason as reason',
      'preference.settings as settings',
      'person.time_zone as timeZone',
    ])
    .select(({ selectFrom }) =>
      selectFrom('roster_member')
        .innerJoin('roster', 'roster.id', 'roster_member.roster_id')
        .select('roster.id')
        .whereRef('roster_member.person_id', '=', 'person.id')
        .where('roster.state', '=', sql<PlaceState>`'active'`)
        .limit(atMost(1))
        .as('rosterId'),
    )
    .limit(atMost(2));
  const by = (...columns: readonly ('email_key' | 'upn_key' | 'aad_object_id' | 'teams_user_id')[]) => {
    const named = (name: RawBuilder<string>) =>
      people.where((where) => where.or(columns.map((column) => where(`person.${column}`, '=', name))));
    return {
      all: prepared(db, (place: Places<{ name: string }>) => named(place('name'))),
      inTenant: prepared(db, (place: Places<{ name: string; tenantId: string }>) =>
        named(place('name')).where('person.tenant_id', '=', place('tenantId')),
      ),
    };
  };
  return { address: by('email_key', 'upn_key'), aadObjectId: by('aad_object_id'), teamsUserId: by('teams_user_id') };
}

/** Only what the profile knows, so that an update keeps the rest. */
function columnsOf(profile: PersonProfile) {
  const { aadObjectId, teamsUserId, name, email, userPrincipalName, locale, timeZone } = profile;
  return {
    ...(aadObjectId && { aad_object_id: aadObjectId }),
    ...(teamsUserId && { teams_user_id: teamsUserId }),
    ...(name && { name }),
    ...(email && { email, email_key: addressKey(email) }),
    ...(userPrincipalName && { user_principal_name: userPrincipalName, upn_key: addressKey(userPrincipalName) }),
    ...(locale && { locale }),
    ...(timeZone && { time_zone: timeZone }),
  };
}
