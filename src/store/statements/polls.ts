// Statements on polls.

import type { Kysely, Selectable } from 'kysely';
import { sql } from 'kysely';
import type { Poll, PollResult } from '../../domain/poll.ts';
import type { PollTable } from '../asking-schema.ts';
import { atMost } from '../at-most.ts';
import { type Places, prepared } from '../prepared.ts';
import type { Schema } from '../schema.ts';
import { createVoteStatements } from './votes.ts';

/** A poll to be stored. */
export interface NewPoll {
  readonly publicId: string;
  readonly producerId: number;
  /** Row id of who asked in a chat; null when a system did. */
  readonly askerPersonId: number | null;
  /** Row id of the message with the question. */
  readonly notificationId: number;
  readonly poll: Poll;
  /** Sealed; null when it is not anonymous. */
  readonly secret: string | null;
  readonly nowMs: number;
}

/** A poll, as stored. */
export interface PollRow extends Omit<NewPoll, 'nowMs'> {
  readonly id: number;
  /** The message to the asker with the results; null where there is none. */
  readonly resultId: number | null;
  /** As it was when the poll closed; null while it is open. */
  readonly result: PollResult | null;
  readonly createdAtMs: number;
  readonly closedAtMs: number | null;
  readonly editDueAtMs: number | null;
  readonly editedAtMs: number;
}

/** Somebody who presses a button of a poll, and where, as a turn tells it. */
export interface Presser {
  readonly publicId: string;
  readonly personId: number;
  readonly conversationId: number;
  readonly placeId: number;
}

/** How a poll ends. */
export interface PollEnd {
  readonly result: PollResult;
  readonly nowMs: number;
  /** When its cards are to tell of it. */
  readonly editDueAtMs: number;
}

/** Written out, because the partial index is chosen by this very text. */
const CLOSES = sql<boolean>`closed_at_ms IS NULL AND closes_at_ms IS NOT NULL`;

/** Binds them to one connection. */
export function createPollStatements(db: Kysely<Schema>) {
  return { ...rowStatements(db), ...timeStatements(db), ...createVoteStatements(db) };
}

function rowStatements(db: Kysely<Schema>) {
  const select = () => db.selectFrom('poll').selectAll();
  const findFor = prepareFindFor(db);

  return {
    /** @returns its row id */
    async insert(poll: NewPoll): Promise<number> {
      const row = await db
        .insertInto('poll')
        .values({
          public_id: poll.publicId,
          producer_id: poll.producerId,
          asker_person_id: poll.askerPersonId,
          notification_id: poll.notificationId,
          poll: JSON.stringify(poll.poll),
          secret: poll.secret,
          created_at_ms: poll.nowMs,
          closes_at_ms: poll.poll.closesAtMs ?? null,
        })
        .returning('id')
        .executeTakeFirstOrThrow();
      return row.id;
    },

    /** @param producerId whose it has to be; anybody's when absent */
    async find(publicId: string, producerId?: number): Promise<PollRow | undefined> {
      const row = await select()
        .where('public_id', '=', publicId)
        .$if(producerId !== undefined, (query) => query.where('producer_id', '=', producerId ?? 0))
        .executeTakeFirst();
      return row && toPollRow(row);
    },

    /** @returns undefined for whoever did not get it as well, and for presses where it was not posted */
    async findFor(presser: Presser): Promise<PollRow | undefined> {
      const [row] = await findFor(presser);
      return row && toPollRow(row);
    },

    async findById(id: number): Promise<PollRow | undefined> {
      const row = await select().where('id', '=', id).executeTakeFirst();
      return row && toPollRow(row);
    },

    /** The one that a message asks. */
    async findByNotification(notificationId: number): Promise<PollRow | undefined> {
      const row = await select().where('notification_id', '=', notificationId).executeTakeFirst();
      return row && toPollRow(row);
    },

    /** The one that a message of this producer asks, by the public id of the message. */
    async findByMessage(notificationPublicId: string, producerId: number): Promise<PollRow | undefined> {
      const row = await select()
        .where('producer_id', '=', producerId)
        .where('notification_id', '=', ({ selectFrom }) =>
          selectFrom('notification')
            .select('notification.id')
            .where('notification.public_id', '=', notificationPublicId),
        )
        .executeTakeFirst();
      return row && toPollRow(row);
    },

    /** Those of a producer, newest first, behind one of them. */
    async list(producerId: number, before: number | undefined, limit: number): Promise<readonly PollRow[]> {
      const rows = await select()
        .where('producer_id', '=', producerId)
        .$if(before !== undefined, (query) => query.where('id', '<', before ?? 0))
        .orderBy('id', 'desc')
        .limit(atMost(limit))
        .execute();
      return rows.map(toPollRow);
    },
  };
}

function prepareFindFor(db: Kysely<Schema>) {
  return prepared(db, (place: Places<Presser>) =>
    db
      .selectFrom('poll')
      .selectAll()
      .where('public_id', '=', place('publicId'))
      .where(({ exists, selectFrom }) =>
        exists(
          selectFrom('delivery')
            .innerJoin('conversation', 'conversation.id', 'delivery.conversation_id')
            .select('delivery.id')
            .whereRef('delivery.notification_id', '=', 'poll.notification_id')
            // A message of a channel is pressed in one of its threads.
            .where(({ or, eb }) =>
              or([
                eb('delivery.conversation_id', '=', place('placeId')),
                eb('delivery.conversation_id', '=', place('conversationId')),
              ]),
            )
            .where(({ or, eb }) =>
              or([eb('conversation.kind', '<>', 'personal'), eb('conversation.person_id', '=', place('personId'))]),
            ),
        ),
      ),
  );
}

function timeStatements(db: Kysely<Schema>) {
  return {
    /** Public ids of those whose time has come, the first ones first. */
    async listDue(nowMs: number, limit: number): Promise<readonly string[]> {
      const rows = await db
        .selectFrom('poll')
        .select('public_id as publicId')
        .where(CLOSES)
        .where('closes_at_ms', '<=', nowMs)
        .orderBy('closes_at_ms')
        .limit(atMost(limit))
        .execute();
      return rows.map(({ publicId }) => publicId);
    },

    /** When the next one is to close; undefined when none is. */
    async findNextClose(): Promise<number | undefined> {
      const row = await db
        .selectFrom('poll')
        .select('closes_at_ms as closesAtMs')
        .where(CLOSES)
        .orderBy('closes_at_ms')
        .limit(atMost(1))
        .executeTakeFirst();
      return row?.closesAtMs ?? undefined;
    },

    /** Keeps the result, and forgets what could still tell whose a ballot was. */
    async close(id: number, { result, nowMs, editDueAtMs }: PollEnd): Promise<void> {
      await db
        .updateTable('poll')
        .set({ closed_at_ms: nowMs, result: JSON.stringify(result), secret: null, edit_due_at_ms: editDueAtMs })
        .where('id', '=', id)
        .execute();
    },

    /** Of all anonymous polls that are open. */
    async listSecrets(): Promise<
      readonly { readonly id: number; readonly publicId: string; readonly secret: string }[]
    > {
      const rows = await db
        .selectFrom('poll')
        .select(['id', 'public_id as publicId', 'secret'])
        .where('secret', 'is not', null)
        .execute();
      return rows.flatMap(({ secret, ...row }) => (secret === null ? [] : { ...row, secret }));
    },

    /** Unless it is another one by now, or gone. */
    async exchangeSecret(id: number, before: string, after: string): Promise<void> {
      await db.updateTable('poll').set({ secret: after }).where('id', '=', id).where('secret', '=', before).execute();
    },

    /** Its cards are to show the votes then, unless they are to do so already. */
    async setEditDue(id: number, atMs: number): Promise<void> {
      await db
        .updateTable('poll')
        .set({ edit_due_at_ms: atMs })
        .where('id', '=', id)
        .where('edit_due_at_ms', 'is', null)
        .execute();
    },
  };
}

function toPollRow(row: Selectable<PollTable>): PollRow {
  return {
    id: row.id,
    publicId: row.public_id,
    producerId: row.producer_id,
    askerPersonId: row.asker_person_id,
    notificationId: row.notification_id,
    resultId: row.result_id,
    poll: JSON.parse(row.poll),
    secret: row.secret,
    result: row.result === null ? null : JSON.parse(row.result),
    createdAtMs: row.created_at_ms,
    closedAtMs: row.closed_at_ms,
    editDueAtMs: row.edit_due_at_ms,
    editedAtMs: row.edited_at_ms,
  };
}
