// Statements on what cards tell of the answers to a notification. They run for every message of one that asks.

import { type Kysely, sql } from 'kysely';
import type { AskView, ShownResponse } from '../../domain/ask.ts';
import { atMost } from '../at-most.ts';
import { type Places, prepared } from '../prepared.ts';
import type { Schema } from '../schema.ts';

/** Whose card it is, where it is one person's alone. */
export type CardReader =
  | { readonly kind: 'person'; readonly personId: number }
  /** Whoever's 1:1 chat it is. */
  | { readonly kind: 'chat'; readonly conversationId: number };

/** For whom something is shown. */
export interface ViewWanted {
  readonly notificationId: number;
  /** Nobody is named in another tenant. */
  readonly tenantId: string;
  /** Absent where many read the same card. */
  readonly reader?: CardReader | undefined;
}

/** How many answers a card names, those that came first. */
const MAX_SHOWN = 10;
/** More people than this Teams does not give a view of their own. */
const MAX_REFRESHED = 60;

/** Binds them to one connection. */
export function createAskViewStatements(db: Kysely<Schema>) {
  const { first, count, ownOfPerson, ownOfChat, refreshed } = prepareHotStatements(db);

  async function listOwnActions(notificationId: number, reader: CardReader): Promise<readonly string[]> {
    const rows =
      reader.kind === 'person'
        ? await ownOfPerson({ notificationId, personId: reader.personId })
        : await ownOfChat({ notificationId, conversationId: reader.conversationId });
    return rows.map(({ action }) => action);
  }

  return {
    /** @returns undefined when the notification asks nothing */
    async readView({ notificationId, tenantId, reader }: ViewWanted): Promise<AskView | undefined> {
      const rows = await first({ notificationId });
      const [ask] = rows;
      if (!ask) {
        return undefined;
      }
      const given = rows.flatMap((row) => toResponse(row, tenantId));
      const [counted] = given.length > MAX_SHOWN ? await count({ notificationId }) : [];
      const own = reader && given.length > 0 ? await listOwnActions(notificationId, reader) : [];
      return {
        responses: given.slice(0, MAX_SHOWN),
        more: counted ? counted.count - MAX_SHOWN : 0,
        ...(ask.decidedAction !== null && { decided: ask.decidedAction }),
        ...(own.length > 0 && { own }),
      };
    },

    /** Those who answered first, `29:...`, as they are known in a tenant. */
    async listRefreshed(notificationId: number, tenantId: string): Promise<readonly string[]> {
      const rows = await refreshed({ notificationId, tenantId });
      return rows.flatMap(({ teamsUserId }) => teamsUserId ?? []);
    },

    /** @returns its row id, whoever's it is */
    async findIdOf(publicId: string): Promise<number | undefined> {
      const row = await db.selectFrom('notification').select('id').where('public_id', '=', publicId).executeTakeFirst();
      return row?.id;
    },
  };
}

interface FirstRow {
  readonly action: string | null;
  readonly atMs: number | null;
  readonly name: string | null;
  readonly tenantId: string | null;
}

/** Nothing for an ask without answers, which is a row all the same. */
function toResponse({ action, atMs, name, tenantId }: FirstRow, readersTenantId: string): readonly ShownResponse[] {
  return action === null || atMs === null ? [] : [{ name: tenantId === readersTenantId ? name : null, action, atMs }];
}

function prepareHotStatements(db: Kysely<Schema>) {
  const responses = (place: Places<{ notificationId: number }>) =>
    db.selectFrom('response').where('response.notification_id', '=', place('notificationId'));
  return {
    first: prepared(db, (place: Places<{ notificationId: number }>) =>
      db
        .selectFrom('ask')
        .leftJoin('response', 'response.notification_id', 'ask.notification_id')
        .leftJoin('person', 'person.id', 'response.person_id')
        .select(['ask.decided_action as decidedAction', 'response.action as action'])
        .select(['response.responded_at_ms as atMs', 'person.name as name', 'person.tenant_id as tenantId'])
        .where('ask.notification_id', '=', place('notificationId'))
        .orderBy('response.id')
        .limit(atMost(MAX_SHOWN + 1)),
    ),
    count: prepared(db, (place: Places<{ notificationId: number }>) =>
      responses(place).select(({ fn }) => fn.countAll<number>().as('count')),
    ),
    ownOfPerson: prepared(db, (place: Places<{ notificationId: number; personId: number }>) =>
      responses(place).select('action').where('person_id', '=', place('personId')).orderBy('id'),
    ),
    ownOfChat: prepared(db, (place: Places<{ notificationId: number; conversationId: number }>) =>
      responses(place)
        .innerJoin('conversation', 'conversation.person_id', 'response.person_id')
        .select('action')
        .where('conversation.id', '=', place('conversationId'))
        .orderBy('response.id'),
    ),
    refreshed: prepared(db, (place: Places<{ notificationId: number; tenantId: string }>) =>
      responses(place)
        .innerJoin('person', 'person.id', 'response.person_id')
        .select(({ fn }) => ['person.teams_user_id as teamsUserId', fn.min('response.id').as('firstId')])
        .where('person.tenant_id', '=', place('tenantId'))
        .where(sql<boolean>`person.teams_user_id LIKE '29:%'`)
        .groupBy('person.teams_user_id')
        .orderBy('firstId')
        .limit(atMost(MAX_REFRESHED)),
    ),
  };
}
