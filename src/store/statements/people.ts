// Statements on people: who is known, under which ids and addresses, and whom the roster must be asked about.

import type { Kysely } from 'kysely';
import { addressKey, type PersonProfile } from '../../domain/person.ts';
import type { Recipient } from '../../domain/recipient.ts';
import type { Schema } from '../schema.ts';

/** A person as far as addressing needs them. */
export interface ReachablePerson {
  readonly personId: number;
  /** The 1:1 chat; null when the person is known but has no chat. */
  readonly conversationRowId: number | null;
  readonly laneId: number | null;
  /** State of the personal installation; null when the app was never installed there. */
  readonly installation: 'active' | 'unreachable' | 'removed' | null;
}

/** One question for the roster. */
export interface DueLookup {
  readonly personId: number;
  readonly tenantId: string;
  readonly memberId: string;
  readonly serviceUrl: string;
  readonly conversationId: string;
  readonly attempts: number;
}

export type PersonRecipient = Exclude<Recipient, { kind: 'everyone' }>;

export function createPeopleStatements(db: Kysely<Schema>) {
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

    /** Forgets the person: name, addresses and ids. */
    async erase(personId: number): Promise<void> {
      await db.deleteFrom('person').where('id', '=', personId).execute();
    },

    /** Up to two of those who fit, so that the caller sees whether the recipient is ambiguous. */
    async findReachable(recipient: PersonRecipient, tenantId?: string): Promise<readonly ReachablePerson[]> {
      const people = db
        .selectFrom('person')
        .leftJoin('conversation', 'conversation.person_id', 'person.id')
        .leftJoin('installation', (join) =>
          join.onRef('installation.person_id', '=', 'person.id').on('installation.scope', '=', 'personal'),
        )
        .select([
          'person.id as personId',
          'conversation.id as conversationRowId',
          'conversation.lane_id as laneId',
          'installation.state as installation',
        ])
        .where((where) => {
          switch (recipient.kind) {
            case 'address':
              return where.or([
                where('person.email_key', '=', recipient.address),
                where('person.upn_key', '=', recipient.address),
              ]);
            case 'aadObjectId':
              return where('person.aad_object_id', '=', recipient.aadObjectId);
            case 'teamsUserId':
              return where('person.teams_user_id', '=', recipient.teamsUserId);
          }
        });
      return (tenantId === undefined ? people : people.where('person.tenant_id', '=', tenantId)).limit(2).execute();
    },

    /** Queues a question to the roster; a question that is already waiting stays as it is. */
    async requestLookup(personId: number, dueAtMs: number): Promise<void> {
      await db
        .updateTable('person')
        .set({ lookup_due_at_ms: dueAtMs, lookup_attempts: 0 })
        .where('id', '=', personId)
        .where('lookup_due_at_ms', 'is', null)
        .execute();
    },

    async hasDueLookup(nowMs: number): Promise<boolean> {
      const row = await db
        .selectFrom('person')
        .select('id')
        .where('lookup_due_at_ms', '<=', nowMs)
        .limit(1)
        .executeTakeFirst();
      return row !== undefined;
    },

    /**
     * Takes the questions that are due, oldest first, and puts each off to `leaseUntilMs`, so that nobody asks it
     * twice and a crash only delays it.
     */
    async claimLookups(nowMs: number, leaseUntilMs: number, limit: number): Promise<readonly DueLookup[]> {
      const due = await db
        .selectFrom('person')
        .leftJoin('conversation', 'conversation.person_id', 'person.id')
        .select([
          'person.id as personId',
          'person.tenant_id as tenantId',
          'person.teams_user_id as teamsUserId',
          'person.aad_object_id as aadObjectId',
          'person.lookup_attempts as attempts',
          'conversation.service_url as serviceUrl',
          'conversation.teams_conversation_id as conversationId',
        ])
        .where('person.lookup_due_at_ms', '<=', nowMs)
        .orderBy('person.lookup_due_at_ms')
        .limit(limit)
        .execute();
      if (due.length > 0) {
        await db
          .updateTable('person')
          .set((set) => ({ lookup_due_at_ms: leaseUntilMs, lookup_attempts: set('lookup_attempts', '+', 1) }))
          .where(
            'id',
            'in',
            due.map((row) => row.personId),
          )
          .execute();
      }
      return due.flatMap(({ teamsUserId, aadObjectId, serviceUrl, conversationId, ...row }) => {
        const memberId = teamsUserId ?? aadObjectId;
        return memberId && serviceUrl && conversationId ? [{ ...row, memberId, serviceUrl, conversationId }] : [];
      });
    },

    /** @param dueAtMs when to ask again; null when the question is settled */
    async settleLookup(personId: number, dueAtMs: number | null): Promise<void> {
      await db.updateTable('person').set({ lookup_due_at_ms: dueAtMs }).where('id', '=', personId).execute();
    },
  };
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
