// Statements on the votes of polls: who has voted, and what was chosen.

import type { Kysely } from 'kysely';
import { countBallots, type PollResult } from '../../domain/poll.ts';
import { atMost } from '../at-most.ts';
import { type Places, prepared } from '../prepared.ts';
import type { Schema } from '../schema.ts';

/** What somebody chose. */
export interface Ballot {
  readonly key: string;
  /** Numbers of choices from 0, ascending. */
  readonly choices: readonly number[];
}

/** Who chose what, in a poll that is not anonymous. */
export interface NamedVote {
  readonly personId: number;
  readonly name: string | null;
  readonly aadObjectId: string | null;
  readonly choices: readonly number[];
}

/** A vote of one person, as their export tells it. */
export interface OwnVote {
  /** Public id of the poll. */
  readonly poll: string;
  readonly question: string;
  /** Null where nothing tells it: the poll is anonymous. */
  readonly choices: readonly string[] | null;
}

/** Binds them to one connection. */
export function createVoteStatements(db: Kysely<Schema>) {
  return { ...ballotStatements(db), ...voterStatements(db), ...personStatements(db) };
}

function ballotStatements(db: Kysely<Schema>) {
  const put = prepared(db, (place: Places<{ pollId: number; key: string; choices: string }>) =>
    db
      .insertInto('ballot')
      .values({ poll_id: place('pollId'), ballot_key: place('key'), choices: place('choices') })
      .onConflict((conflict) => conflict.columns(['poll_id', 'ballot_key']).doUpdateSet({ choices: place('choices') })),
  );

  return {
    /** Those of these keys. */
    async listBallots(pollId: number, keys: readonly string[]): Promise<readonly Ballot[]> {
      const rows = await db
        .selectFrom('ballot')
        .select(['ballot_key as key', 'choices'])
        .where('poll_id', '=', pollId)
        .where('ballot_key', 'in', keys)
        .execute();
      return rows.map(({ key, choices }) => ({ key, choices: JSON.parse(choices) }));
    },

    /** In the place of what was chosen before under the same key. */
    async putBallot(pollId: number, { key, choices }: Ballot): Promise<void> {
      await put({ pollId, key, choices: JSON.stringify(choices) });
    },

    /** @param keys all when absent */
    async deleteBallots(pollId: number, keys?: readonly string[]): Promise<void> {
      await db
        .deleteFrom('ballot')
        .where('poll_id', '=', pollId)
        .$if(keys !== undefined, (query) => query.where('ballot_key', 'in', keys ?? []))
        .execute();
    },

    /** What is chosen at this moment, read at once. @param choiceCount how many choices the poll has */
    async countVotes(pollId: number, choiceCount: number): Promise<Pick<PollResult, 'counts' | 'voters'>> {
      const rows = await db
        .selectFrom('ballot')
        .select(({ fn }) => ['choices', fn.countAll<number>().as('count')])
        .where('poll_id', '=', pollId)
        .groupBy('choices')
        .execute();
      return countBallots(
        rows.map(({ choices, count }) => ({ choices: JSON.parse(choices), count })),
        choiceCount,
      );
    },
  };
}

function voterStatements(db: Kysely<Schema>) {
  const insert = prepared(db, (place: Places<{ pollId: number; personId: number; ballotKey: string | null }>) =>
    db
      .insertInto('poll_voter')
      .values({ poll_id: place('pollId'), person_id: place('personId'), ballot_key: place('ballotKey') })
      .onConflict((conflict) => conflict.columns(['poll_id', 'person_id']).doNothing()),
  );

  return {
    /** @returns the key of their ballot, null where nothing joins the two; undefined when they have not voted */
    async findVoter(pollId: number, personId: number): Promise<{ readonly ballotKey: string | null } | undefined> {
      return db
        .selectFrom('poll_voter')
        .select('ballot_key as ballotKey')
        .where('poll_id', '=', pollId)
        .where('person_id', '=', personId)
        .executeTakeFirst();
    },

    /** @param ballotKey null in an anonymous poll */
    async insertVoter(pollId: number, personId: number, ballotKey: string | null): Promise<void> {
      await insert({ pollId, personId, ballotKey });
    },

    /** Who chose what, in the order of their row ids, behind one of them; nobody of an anonymous poll. */
    async listVotes(pollId: number, afterPersonId: number, limit: number): Promise<readonly NamedVote[]> {
      const rows = await db
        .selectFrom('poll_voter')
        .innerJoin('ballot', (join) =>
          join
            .onRef('ballot.poll_id', '=', 'poll_voter.poll_id')
            .onRef('ballot.ballot_key', '=', 'poll_voter.ballot_key'),
        )
        .innerJoin('person', 'person.id', 'poll_voter.person_id')
        .select(['person_id as personId', 'name', 'aad_object_id as aadObjectId', 'choices'])
        .where('poll_voter.poll_id', '=', pollId)
        .where('person_id', '>', afterPersonId)
        .orderBy('person_id')
        .limit(atMost(limit))
        .execute();
      return rows.map(({ choices, ...row }) => ({ ...row, choices: JSON.parse(choices) }));
    },
  };
}

/** For those who ask what is held about a person, or have it erased. */
function personStatements(db: Kysely<Schema>) {
  return {
    async listVotesOf(personId: number): Promise<readonly OwnVote[]> {
      const rows = await db
        .selectFrom('poll_voter')
        .innerJoin('poll', 'poll.id', 'poll_voter.poll_id')
        .leftJoin('ballot', (join) =>
          join
            .onRef('ballot.poll_id', '=', 'poll_voter.poll_id')
            .onRef('ballot.ballot_key', '=', 'poll_voter.ballot_key'),
        )
        .select(['poll.public_id as pollPublicId', 'poll.poll as poll', 'ballot.choices as choices'])
        .where('poll_voter.person_id', '=', personId)
        .orderBy('poll.id')
        .execute();
      return rows.map(({ pollPublicId, poll, choices }) => {
        const asked: { readonly question: string; readonly choices: readonly string[] } = JSON.parse(poll);
        const chosen: readonly number[] | null = choices === null ? null : JSON.parse(choices);
        const names = chosen?.flatMap((choice) => asked.choices[choice] ?? []) ?? null;
        return { poll: pollPublicId, question: asked.question, choices: names };
      });
    },

    /** What they chose where that is joined with them; what was counted when a poll closed stays. */
    async eraseVotes(personId: number): Promise<void> {
      await db
        .deleteFrom('ballot')
        .where(({ exists, selectFrom }) =>
          exists(
            selectFrom('poll_voter')
              .select('poll_voter.poll_id')
              .whereRef('poll_voter.poll_id', '=', 'ballot.poll_id')
              .whereRef('poll_voter.ballot_key', '=', 'ballot.ballot_key')
              .where('poll_voter.person_id', '=', personId),
          ),
        )
        .execute();
      await db.deleteFrom('poll_voter').where('person_id', '=', personId).execute();
    },

    /** With their votes. @param notificationIds whose questions are forgotten, too, or their results */
    async deleteOfNotifications(notificationIds: readonly number[]): Promise<void> {
      await db.deleteFrom('poll').where('notification_id', 'in', notificationIds).execute();
      await db.updateTable('poll').set({ result_id: null }).where('result_id', 'in', notificationIds).execute();
    },
  };
}
