// Statements on the messages that show a poll: what they tell, and when they are to tell it anew.

import type { Kysely } from 'kysely';
import type { Changeable } from '../../domain/message-change.ts';
import type { Poll } from '../../domain/poll.ts';
import { atMost } from '../at-most.ts';
import type { Schema } from '../schema.ts';

/** A poll whose cards are to show how it stands. */
export interface ShownPoll {
  readonly id: number;
  readonly publicId: string;
  readonly poll: Poll;
  readonly producerId: number;
  /** The message with the question, and the one with the results to whoever asked. */
  readonly notificationId: number;
  readonly resultId: number | null;
  readonly isClosed: boolean;
}

/** A poll whose cards are to be edited. */
export interface DueEdit {
  readonly id: number;
  readonly publicId: string;
  /** Epoch milliseconds. */
  readonly dueAtMs: number;
}

/** A message that shows a poll. */
export interface PollCard extends Changeable {
  /** Row id of its delivery. */
  readonly id: number;
  /** When it was last posted or edited, or begun with, epoch milliseconds. */
  readonly changedAtMs: number;
}

/** Of a poll that was asked in a chat. */
export type AskedCards = Pick<ShownPoll, 'notificationId' | 'resultId'>;

/** Binds them to one connection. */
export function createPollCardStatements(db: Kysely<Schema>) {
  return { ...createDueStatements(db), ...createCardStatements(db), ...createReadingStatements(db) };
}

/** When cards are edited. */
function createDueStatements(db: Kysely<Schema>) {
  return {
    /** The next ones, and when they are due. */
    async listEditsDue(limit: number): Promise<readonly DueEdit[]> {
      const rows = await db
        .selectFrom('poll')
        .select(['id', 'public_id as publicId', 'edit_due_at_ms as dueAtMs'])
        .where('edit_due_at_ms', 'is not', null)
        .orderBy('edit_due_at_ms')
        .orderBy('id')
        .limit(atMost(limit))
        .execute();
      return rows.flatMap(({ dueAtMs, ...row }) => (dueAtMs === null ? [] : [{ ...row, dueAtMs }]));
    },

    /** @returns undefined when somebody else has taken it, or it is not due any more */
    async claimEdit(id: number, nowMs: number): Promise<ShownPoll | undefined> {
      const row = await db
        .updateTable('poll')
        .set({ edit_due_at_ms: null, edited_at_ms: nowMs })
        .where('id', '=', id)
        .where('edit_due_at_ms', '<=', nowMs)
        .returning([
          'id',
          'public_id as publicId',
          'poll',
          'producer_id as producerId',
          'notification_id as notificationId',
          'result_id as resultId',
          'closed_at_ms as closedAtMs',
        ])
        .executeTakeFirst();
      if (!row) {
        return undefined;
      }
      const { closedAtMs, poll, ...rest } = row;
      return { ...rest, poll: JSON.parse(poll), isClosed: closedAtMs !== null };
    },
  };
}

/** The messages themselves. */
function createCardStatements(db: Kysely<Schema>) {
  const cards = () =>
    db
      .selectFrom('delivery')
      .innerJoin('conversation', 'conversation.id', 'delivery.conversation_id')
      .select([
        'delivery.id as id',
        'delivery.state as state',
        'delivery.operation as operation',
        'delivery.activity_id as activityId',
        'delivery.updated_at_ms as changedAtMs',
      ]);

  return {
    /** The message with the results to whoever asked. */
    async setResult(id: number, notificationId: number): Promise<void> {
      await db.updateTable('poll').set({ result_id: notificationId }).where('id', '=', id).execute();
    },

    /** Those that show how it stands: everything but the cards of single voters. */
    async listLive({ notificationId, resultId }: AskedCards): Promise<readonly PollCard[]> {
      const shared = await cards()
        .where('notification_id', '=', notificationId)
        .where('conversation.kind', '<>', 'personal')
        .execute();
      const results = resultId === null ? [] : await cards().where('notification_id', '=', resultId).execute();
      return [...shared, ...results].map(({ activityId, ...card }) => ({ ...card, isShown: activityId !== null }));
    },

    /** Where a message went. */
    async listPlaces(notificationId: number): Promise<readonly number[]> {
      const rows = await db
        .selectFrom('delivery')
        .select('conversation_id as id')
        .where('notification_id', '=', notificationId)
        .execute();
      return rows.map(({ id }) => id);
    },

    /** How many polls a person has asked in chats since then. */
    async countAskedSince(personId: number, sinceMs: number): Promise<number> {
      const row = await db
        .selectFrom('poll')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('asker_person_id', '=', personId)
        .where('created_at_ms', '>', sinceMs)
        .executeTakeFirstOrThrow();
      return row.count;
    },
  };
}

/** What they tell. */
function createReadingStatements(db: Kysely<Schema>) {
  /** A join would let PostgreSQL begin with all people of the tenant. */
  const voters = (pollId: number, tenantId: string) =>
    db
      .selectFrom('poll_voter')
      .select(({ selectFrom }) => [
        'person_id as personId',
        selectFrom('person')
          .select('teams_user_id')
          .whereRef('person.id', '=', 'poll_voter.person_id')
          .where('person.tenant_id', '=', tenantId)
          .as('id'),
      ])
      .where('poll_id', '=', pollId)
      .orderBy('person_id');

  return {
    /** The person of a 1:1 chat. */
    async findReader(conversationId: number): Promise<number | undefined> {
      const row = await db
        .selectFrom('conversation')
        .select('person_id as id')
        .where('id', '=', conversationId)
        .where('kind', '=', 'personal')
        .executeTakeFirst();
      return row?.id ?? undefined;
    },

    /** `29:...` of people of a tenant who have voted, in the order of their rows. */
    async listVoterIds(pollId: number, tenantId: string, limit: number): Promise<readonly string[]> {
      const found: string[] = [];
      for (let after = 0; ; ) {
        const page = await voters(pollId, tenantId).where('person_id', '>', after).limit(atMost(limit)).execute();
        found.push(...page.flatMap(({ id }) => id ?? []));
        const last = page.at(-1);
        if (!last || page.length < limit || found.length >= limit) {
          return found.slice(0, limit);
        }
        after = last.personId;
      }
    },
  };
}
