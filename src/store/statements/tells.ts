// Statements on what people asked the bot to tell others.

import { type Kysely, sql } from 'kysely';
import type { PersonProfile } from '../../domain/person.ts';
import { atMost } from '../at-most.ts';
import type { Schema } from '../schema.ts';
import { createToldNameStatements, type ToldPerson } from './told-names.ts';

/** Something that was told. */
export interface NewTell {
  readonly senderPersonId: number;
  readonly notificationId: number;
  /** Where the answer goes. */
  readonly conversationId: number;
  readonly people: readonly ToldPerson[];
  readonly nowMs: number;
}

/** Somebody as they are known. */
export interface NamedPerson {
  readonly name: string | null;
  readonly ids: Pick<PersonProfile, 'aadObjectId' | 'teamsUserId'>;
}

/** A tell that was not answered yet. */
export interface OpenTell {
  readonly id: number;
  readonly notificationId: number;
  readonly producerId: number;
  readonly conversationId: number;
  readonly people: readonly ToldPerson[];
  readonly toldAtMs: number;
}

/** How it stands with one chat that was written to. */
export interface ToldDelivery {
  readonly conversationId: number;
  readonly state: string;
  readonly reason: string | null;
}

/** In the words of the partial index. */
const IS_OPEN = sql<boolean>`answered_at_ms IS NULL`;

/** Binds them to one connection. */
export function createTellStatements(db: Kysely<Schema>) {
  return { ...tellingStatements(db), ...answerStatements(db), ...createToldNameStatements(db) };
}

/** To tell somebody something. */
function tellingStatements(db: Kysely<Schema>) {
  return {
    async insert({ senderPersonId, notificationId, conversationId, people, nowMs }: NewTell): Promise<void> {
      await db
        .insertInto('tell')
        .values({
          sender_person_id: senderPersonId,
          notification_id: notificationId,
          conversation_id: conversationId,
          people: JSON.stringify(people),
          told_at_ms: nowMs,
        })
        .execute();
    },

    /** How many messages to others a person has caused since then. */
    async countToldSince(senderPersonId: number, sinceMs: number): Promise<number> {
      const row = await db
        .selectFrom('tell')
        .innerJoin('delivery', 'delivery.notification_id', 'tell.notification_id')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('sender_person_id', '=', senderPersonId)
        .where('told_at_ms', '>', sinceMs)
        .executeTakeFirstOrThrow();
      return row.count;
    },

    /** The ids and the name of somebody; undefined when they were erased. */
    async findPerson(personId: number): Promise<NamedPerson | undefined> {
      const row = await db
        .selectFrom('person')
        .select(['aad_object_id', 'teams_user_id', 'name'])
        .where('id', '=', personId)
        .executeTakeFirst();
      return (
        row && {
          name: row.name,
          ids: {
            ...(row.aad_object_id !== null && { aadObjectId: row.aad_object_id }),
            ...(row.teams_user_id !== null && { teamsUserId: row.teams_user_id }),
          },
        }
      );
    },

    /** The name of a team or group chat, and of the channel in it, as far as they are known. */
    async findPlaceNames(
      tenantId: string,
      { placeId, channelId }: { readonly placeId: string; readonly channelId: string },
    ): Promise<{ readonly name: string | null; readonly channelName: string | null } | undefined> {
      return db
        .selectFrom('roster')
        .leftJoin('channel', (join) =>
          join.onRef('channel.roster_id', '=', 'roster.id').on('channel.teams_id', '=', channelId),
        )
        .select(['roster.name as name', 'channel.name as channelName'])
        .where('roster.tenant_id', '=', tenantId)
        .where('roster.teams_id', '=', placeId)
        .executeTakeFirst();
    },
  };
}

/** To answer whether it arrived. */
function answerStatements(db: Kysely<Schema>) {
  return {
    /** Those without an answer, in the order of their coming, behind `after`. */
    async listOpen(after: number, limit: number): Promise<readonly OpenTell[]> {
      const rows = await db
        .selectFrom('tell')
        .innerJoin('notification', 'notification.id', 'tell.notification_id')
        .select([
          'tell.id as id',
          'tell.notification_id as notificationId',
          'notification.producer_id as producerId',
          'tell.conversation_id as conversationId',
          'tell.people as people',
          'tell.told_at_ms as toldAtMs',
        ])
        .where(IS_OPEN)
        .where('tell.id', '>', after)
        .orderBy('tell.id')
        .limit(atMost(limit))
        .execute();
      return rows.map(({ people, ...row }) => ({ ...row, people: JSON.parse(people) }));
    },

    async listDeliveries(notificationId: number): Promise<readonly ToldDelivery[]> {
      return db
        .selectFrom('delivery')
        .select(['conversation_id as conversationId', 'state', 'reason'])
        .where('notification_id', '=', notificationId)
        .execute();
    },

    /** @returns whom it still names; undefined when somebody else has answered it */
    async claimAnswer(id: number, nowMs: number): Promise<readonly ToldPerson[] | undefined> {
      const row = await db
        .updateTable('tell')
        .set({ answered_at_ms: nowMs })
        .where('id', '=', id)
        .where(IS_OPEN)
        .returning('people')
        .executeTakeFirst();
      return row && JSON.parse(row.people);
    },

    async setAnswer(id: number, answerNotificationId: number): Promise<void> {
      await db.updateTable('tell').set({ answer_notification_id: answerNotificationId }).where('id', '=', id).execute();
    },
  };
}
