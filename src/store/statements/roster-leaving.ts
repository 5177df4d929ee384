// Statements on people who leave teams and group chats, and on those whom there is no reason to know any more.

import { type Kysely, type SqlBool, sql } from 'kysely';
import { atMost } from '../at-most.ts';
import type { Schema } from '../schema.ts';

/** Somebody who is in no roster any more and has not installed the app. */
export interface LostPerson {
  readonly personId: number;
  readonly conversationId: number | null;
}

/** Who leaves a roster: some, those whom the last reading did not see, or all. */
export type Leaving =
  | { readonly kind: 'people'; readonly personIds: readonly number[] }
  | { readonly kind: 'unseen'; readonly reading: number }
  | { readonly kind: 'all' };

/** Whether a person has the app, in any state that leads to them. */
const HAS_INSTALLATION = sql<SqlBool>`EXISTS (SELECT 1 FROM installation i WHERE i.person_id = person.id)`;

/** Whether there is a reason to know a person. */
export const IS_SOMEWHERE = sql<SqlBool>`
  (EXISTS (SELECT 1 FROM roster_member m WHERE m.person_id = person.id) OR ${HAS_INSTALLATION})`;

/** Binds them to one connection. */
export function createLeavingStatements(db: Kysely<Schema>) {
  const whoLeaves = (rosterId: number, leaving: Leaving) =>
    db
      .selectFrom('roster_member')
      .select('roster_member.person_id')
      .where('roster_member.roster_id', '=', rosterId)
      .$if(leaving.kind === 'people', (query) =>
        query.where('roster_member.person_id', 'in', leaving.kind === 'people' ? leaving.personIds : []),
      )
      .$if(leaving.kind === 'unseen', (query) =>
        query.where('roster_member.reading', '<', leaving.kind === 'unseen' ? leaving.reading : 0),
      );

  return {
    /**
     * Takes people out of a roster. Whoever is nowhere else waits from then on among those about whom there is a
     * question, which is never asked: `listLost` gives them.
     *
     * @returns how many left
     */
    async removeMembers(rosterId: number, leaving: Leaving, nowMs: number): Promise<number> {
      await db
        .updateTable('person')
        .set({ lookup_due_at_ms: nowMs })
        .where('id', 'in', whoLeaves(rosterId, leaving))
        .where('lookup_due_at_ms', 'is', null)
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom('roster_member as other')
                .select('other.person_id')
                .whereRef('other.person_id', '=', 'person.id')
                .where('other.roster_id', '!=', rosterId),
            ),
          ),
        )
        .where(sql<SqlBool>`NOT ${HAS_INSTALLATION}`)
        .execute();
      const { numDeletedRows } = await db
        .deleteFrom('roster_member')
        .where('roster_id', '=', rosterId)
        .where('person_id', 'in', whoLeaves(rosterId, leaving))
        .executeTakeFirstOrThrow();
      return Number(numDeletedRows);
    },

    /** People whom there is no reason to know any more. */
    async listLost(limit: number): Promise<readonly LostPerson[]> {
      return db
        .selectFrom('person')
        .leftJoin('conversation', 'conversation.person_id', 'person.id')
        .select(['person.id as personId', 'conversation.id as conversationId'])
        .where('person.lookup_due_at_ms', 'is not', null)
        .where(sql<SqlBool>`NOT ${IS_SOMEWHERE}`)
        .orderBy('person.lookup_due_at_ms')
        .limit(atMost(limit))
        .execute();
    },

    /** The teams and group chats that a person is in. */
    async listOfPerson(personId: number) {
      return db
        .selectFrom('roster_member')
        .innerJoin('roster', 'roster.id', 'roster_member.roster_id')
        .select(['roster.scope as scope', 'roster.teams_id as teamsId', 'roster.name as name', 'roster_member.role'])
        .where('roster_member.person_id', '=', personId)
        .orderBy('roster.id')
        .execute();
    },
  };
}
