// Statements on what people answered and who is to be asked, to export it and to erase it.

import type { Kysely } from 'kysely';
import { atMost } from '../at-most.ts';
import type { Schema } from '../schema.ts';
import type { Mentions } from './names.ts';

/** Somebody who is to be asked when nobody has answered. */
export interface NamingEscalation {
  readonly notificationId: number;
  /** JSON of forms of `to`. */
  readonly escalateTo: string;
  /** The form that names the person. */
  readonly recipient: string;
}

/** Binds them to one connection. */
export function createPersonalAnswerStatements(db: Kysely<Schema>) {
  return { ...exportStatements(db), ...eraseStatements(db) };
}

function exportStatements(db: Kysely<Schema>) {
  return {
    /** What the person answered, in the order of the rows; at most `limit`. */
    async listResponsesOf(personId: number, afterId: number, limit: number) {
      return db
        .selectFrom('response')
        .innerJoin('notification', 'notification.id', 'response.notification_id')
        .innerJoin('producer', 'producer.id', 'notification.producer_id')
        .select([
          'response.id as id',
          'notification.public_id as notificationPublicId',
          'producer.name as producerName',
          'response.action as action',
          'response.input as input',
          'response.responded_at_ms as respondedAtMs',
        ])
        .where('response.person_id', '=', personId)
        .where('response.id', '>', afterId)
        .orderBy('response.id')
        .limit(atMost(limit))
        .execute();
    },

    /** The reactions of the person to messages, in the order of the deliveries; of at most `limit` deliveries or a few more. */
    async listReactionsOf(personId: number, afterDeliveryId: number, limit: number) {
      return db
        .selectFrom('reaction')
        .innerJoin('delivery', 'delivery.id', 'reaction.delivery_id')
        .innerJoin('notification', 'notification.id', 'delivery.notification_id')
        .select([
          'reaction.delivery_id as deliveryId',
          'notification.public_id as notificationPublicId',
          'reaction.type as type',
          'reaction.reacted_at_ms as reactedAtMs',
        ])
        .where('reaction.person_id', '=', personId)
        .where('reaction.delivery_id', 'in', ({ selectFrom }) =>
          selectFrom('reaction as own')
            .select('own.delivery_id')
            .distinct()
            .where('own.person_id', '=', personId)
            .where('own.delivery_id', '>', afterDeliveryId)
            .orderBy('own.delivery_id')
            .limit(atMost(limit)),
        )
        .orderBy('reaction.delivery_id')
        .orderBy('reaction.type')
        .execute();
    },
  };
}

function eraseStatements(db: Kysely<Schema>) {
  return {
    /** What was entered, of anybody, and who was to be asked next; nobody is reminded of what is gone. */
    async eraseAnswersTo(notificationIds: readonly number[]): Promise<void> {
      await db
        .updateTable('response')
        .set({ input: null })
        .where('notification_id', 'in', notificationIds)
        .where('input', 'is not', null)
        .execute();
      await db
        .updateTable('ask')
        .set({ escalate_to: null, remind_at_ms: null, escalate_at_ms: null })
        .where('notification_id', 'in', notificationIds)
        .execute();
    },

    async listEscalations({ nameKeys, notificationIds }: Mentions): Promise<readonly NamingEscalation[]> {
      const rows = await db
        .selectFrom('ask')
        .innerJoin('mention', 'mention.notification_id', 'ask.notification_id')
        .select(['ask.notification_id as notificationId', 'escalate_to as escalateTo', 'recipient'])
        .where('name_key', 'in', nameKeys)
        .where('escalate_to', 'is not', null)
        .$if(notificationIds !== undefined, (query) =>
          query.where('mention.notification_id', 'in', notificationIds ?? []),
        )
        .execute();
      return rows.flatMap(({ escalateTo, ...row }) => (escalateTo === null ? [] : [{ ...row, escalateTo }]));
    },

    /** @param escalateTo nobody is asked when it is empty */
    async setEscalateTo(notificationId: number, escalateTo: readonly string[]): Promise<void> {
      const columns =
        escalateTo.length > 0
          ? { escalate_to: JSON.stringify(escalateTo) }
          : { escalate_to: null, escalate_at_ms: null };
      await db.updateTable('ask').set(columns).where('notification_id', '=', notificationId).execute();
    },
  };
}
