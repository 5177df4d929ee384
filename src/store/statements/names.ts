// Statements on where the names stand that producers use for a person, so that they can be erased.

import type { ExpressionBuilder, Kysely } from 'kysely';
import type { Schema } from '../schema.ts';

/** Somebody whom a notification names and does not reach. */
export interface Mention {
  readonly notificationId: number;
  /** `nameKey()` of the recipient. */
  readonly nameKey: string;
  /** As the producer wrote it. */
  readonly recipient: string;
}

/** Which mentions are meant. */
export interface Mentions {
  readonly nameKeys: readonly string[];
  /** In these notifications only; in all when absent. */
  readonly notificationIds?: readonly number[] | undefined;
}

/** A stored first answer that names a person. */
export interface NamingAnswer {
  readonly producerId: number;
  readonly key: string;
  /** JSON. */
  readonly body: string;
  readonly recipient: string;
}

/** A notification whose list of those it does not reach names a person. */
export interface NamingList {
  readonly notificationId: number;
  /** JSON. */
  readonly unresolved: string;
  readonly recipient: string;
}

/** Binds them to one connection. */
export function createNameStatements(db: Kysely<Schema>) {
  /** Mentions of a name, in all notifications or in some. */
  const isMeant =
    ({ nameKeys, notificationIds }: Mentions) =>
    ({ and, eb }: ExpressionBuilder<Schema, 'mention'>) =>
      and([
        eb('name_key', 'in', nameKeys),
        ...(notificationIds === undefined ? [] : [eb('mention.notification_id', 'in', notificationIds)]),
      ]);

  return {
    async insertMention(mention: Mention): Promise<void> {
      await db
        .insertInto('mention')
        .values({
          name_key: mention.nameKey,
          notification_id: mention.notificationId,
          recipient: mention.recipient,
        })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },

    /** Answers that name the person as the one reached by a conversation. */
    async listAnswersReaching(conversationId: number): Promise<readonly NamingAnswer[]> {
      const rows = await db
        .selectFrom('idempotency')
        .innerJoin('delivery', 'delivery.notification_id', 'idempotency.notification_id')
        .select(['producer_id as producerId', 'key', 'body', 'recipient'])
        .where('conversation_id', '=', conversationId)
        .where('recipient', 'is not', null)
        .execute();
      return rows.flatMap(({ recipient, ...row }) => (recipient === null ? [] : [{ ...row, recipient }]));
    },

    /** Answers that name somebody as one who is not reached. */
    async listAnswersMentioning(mentions: Mentions): Promise<readonly NamingAnswer[]> {
      return db
        .selectFrom('idempotency')
        .innerJoin('mention', 'mention.notification_id', 'idempotency.notification_id')
        .select(['producer_id as producerId', 'key', 'body', 'recipient'])
        .where(isMeant(mentions))
        .execute();
    },

    async setAnswer(producerId: number, key: string, body: string): Promise<void> {
      await db
        .updateTable('idempotency')
        .set({ body })
        .where('producer_id', '=', producerId)
        .where('key', '=', key)
        .execute();
    },

    async listUnresolved(mentions: Mentions): Promise<readonly NamingList[]> {
      return db
        .selectFrom('notification')
        .innerJoin('mention', 'mention.notification_id', 'notification.id')
        .select(['notification.id as notificationId', 'unresolved', 'recipient'])
        .where(isMeant(mentions))
        .execute();
    },

    async setUnresolved(notificationId: number, unresolved: string): Promise<void> {
      await db.updateTable('notification').set({ unresolved }).where('id', '=', notificationId).execute();
    },

    /** @returns how many there were */
    async deleteMentions(mentions: Mentions): Promise<number> {
      const result = await db.deleteFrom('mention').where(isMeant(mentions)).executeTakeFirst();
      return Number(result.numDeletedRows);
    },

    /** Forgets how producers named the person whom a conversation reaches. @returns how many names there were */
    async eraseRecipients(conversationId: number): Promise<number> {
      const result = await db
        .updateTable('delivery')
        .set({ recipient: null })
        .where('conversation_id', '=', conversationId)
        .where('recipient', 'is not', null)
        .executeTakeFirst();
      return Number(result.numUpdatedRows);
    },
  };
}
