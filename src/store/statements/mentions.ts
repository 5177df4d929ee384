// Statements on the people whom notifications mention.

import type { Kysely } from 'kysely';
import type { MentionedPerson } from '../../domain/notification.ts';
import type { Schema } from '../schema.ts';

/** Of a notification, and for readers of one tenant: nobody is known in another. */
export interface MentionsWanted {
  readonly notificationId: number;
  readonly tenantId: string;
}

/** Binds them to one connection. */
export function createMentionStatements(db: Kysely<Schema>) {
  return {
    /** @param personIds in the order in which they are to be named */
    async insert(notificationId: number, personIds: readonly number[]): Promise<void> {
      const rows = personIds.map((personId, position) => ({
        notification_id: notificationId,
        position,
        person_id: personId,
      }));
      if (rows.length > 0) {
        await db.insertInto('notification_mention').values(rows).execute();
      }
    },

    /** Those who are known still, and whose name is known. */
    async list({ notificationId, tenantId }: MentionsWanted): Promise<readonly MentionedPerson[]> {
      const rows = await db
        .selectFrom('notification_mention')
        .innerJoin('person', 'person.id', 'notification_mention.person_id')
        .select(['teams_user_id as teamsUserId', 'aad_object_id as aadObjectId', 'name'])
        .where('notification_id', '=', notificationId)
        .where('person.tenant_id', '=', tenantId)
        .orderBy('position')
        .execute();
      return rows.flatMap(({ teamsUserId, aadObjectId, name }) => {
        const id = teamsUserId ?? aadObjectId;
        return id === null || name === null ? [] : [{ id, name }];
      });
    },
  };
}
