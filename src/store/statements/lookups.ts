// Statements on the questions that wait for the roster: about whom, and when to ask.

import type { Kysely } from 'kysely';
import { atMost } from '../at-most.ts';
import type { Schema } from '../schema.ts';
import { IS_SOMEWHERE } from './roster-leaving.ts';

/** One question for the roster. */
export interface DueLookup {
  readonly personId: number;
  /** Whose send slots the question spends. */
  readonly laneId: number;
  readonly tenantId: string;
  readonly memberId: string;
  readonly serviceUrl: string;
  readonly conversationId: string;
  readonly attempts: number;
}

/** Binds them to one connection. */
export function createLookupStatements(db: Kysely<Schema>) {
  /** @returns those that nobody else has taken in the meantime */
  async function take(
    personIds: readonly number[],
    { nowMs, leaseUntilMs }: { readonly nowMs: number; readonly leaseUntilMs: number },
  ): Promise<readonly number[]> {
    if (personIds.length === 0) {
      return [];
    }
    const taken = await db
      .updateTable('person')
      .set((set) => ({ lookup_due_at_ms: leaseUntilMs, lookup_attempts: set('lookup_attempts', '+', 1) }))
      .where('id', 'in', personIds)
      .where('lookup_due_at_ms', '<=', nowMs)
      .returning('id')
      .execute();
    return taken.map((row) => row.id);
  }

  return {
    /** Queues a question to the roster; a question that is already waiting stays as it is. */
    async request(personId: number, dueAtMs: number): Promise<void> {
      await db
        .updateTable('person')
        .set({ lookup_due_at_ms: dueAtMs, lookup_attempts: 0 })
        .where('id', '=', personId)
        .where('lookup_due_at_ms', 'is', null)
        .execute();
    },

    async hasDue(nowMs: number): Promise<boolean> {
      const row = await db
        .selectFrom('person')
        .select('id')
        .where('lookup_due_at_ms', '<=', nowMs)
        .where(IS_SOMEWHERE)
        .limit(atMost(1))
        .executeTakeFirst();
      return row !== undefined;
    },

    /**
     * Takes the questions that are due, oldest first, and puts each off to `leaseUntilMs`, so that nobody asks it
     * twice and a crash only delays it.
     */
    async claim(nowMs: number, leaseUntilMs: number, limit: number): Promise<readonly DueLookup[]> {
      const due = await db
        .selectFrom('person')
        .leftJoin('conversation', 'conversation.person_id', 'person.id')
        .select([
          'person.id as personId',
          'person.tenant_id as tenantId',
          'person.teams_user_id as teamsUserId',
          'person.aad_object_id as aadObjectId',
          'person.lookup_attempts as attempts',
          'conversation.lane_id as laneId',
          'conversation.service_url as serviceUrl',
          'conversation.teams_conversation_id as conversationId',
        ])
        .where('person.lookup_due_at_ms', '<=', nowMs)
        // Others are to be forgotten.
        .where(IS_SOMEWHERE)
        .orderBy('person.lookup_due_at_ms')
        .limit(atMost(limit))
        .execute();
      const taken = await take(
        due.map((row) => row.personId),
        { nowMs, leaseUntilMs },
      );
      const mine = due.filter((row) => taken.includes(row.personId));
      return mine.flatMap(({ teamsUserId, aadObjectId, laneId, serviceUrl, conversationId, ...row }) => {
        const memberId = teamsUserId ?? aadObjectId;
        return memberId && laneId !== null && serviceUrl && conversationId
          ? [{ ...row, laneId, memberId, serviceUrl, conversationId }]
          : [];
      });
    },

    /** Gives a claimed question back unasked: it is no attempt. */
    async giveBack(personId: number, dueAtMs: number): Promise<void> {
      await db
        .updateTable('person')
        .set((set) => ({ lookup_due_at_ms: dueAtMs, lookup_attempts: set('lookup_attempts', '-', 1) }))
        .where('id', '=', personId)
        .where('lookup_due_at_ms', 'is not', null)
        .execute();
    },

    /** @param dueAtMs when to ask again; null when the question is settled */
    async settle(personId: number, dueAtMs: number | null): Promise<void> {
      await db.updateTable('person').set({ lookup_due_at_ms: dueAtMs }).where('id', '=', personId).execute();
    },
  };
}
