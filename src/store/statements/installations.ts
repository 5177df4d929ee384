// Statements on installations.

import { type Kysely, sql } from 'kysely';
import type { InstallationScope } from '../../domain/inbound-event.ts';
import type { Installation } from '../../domain/installation.ts';
import type { Schema } from '../schema.ts';

/** An installation with where it leads. */
export interface InstallationRow extends Installation {
  readonly id: number;
  readonly conversationId: number | null;
  readonly personId: number | null;
  readonly welcomedGeneration: number;
}

export interface InstallationSubject {
  readonly tenantId: string;
  readonly scope: InstallationScope;
  /** Digest that names the person, team or chat without telling who it is. */
  readonly digest: string;
}

export interface InstallationLinks {
  readonly conversationId: number | null;
  readonly personId: number | null;
  /** Name of the team; null for other scopes. */
  readonly name: string | null;
}

/** How many of something are in a lane. */
export interface LaneCount {
  readonly laneId: number;
  readonly count: number;
}

/** The reason of an installation that is removed because the data of the person was erased on request. */
const ERASED = 'person_erased';

/** Binds them to one connection. */
export function createInstallationStatements(db: Kysely<Schema>) {
  return {
    async find(digest: string): Promise<InstallationRow | undefined> {
      const row = await db
        .selectFrom('installation')
        .select([
          'id',
          'state',
          'reason',
          'changed_at_ms as changedAtMs',
          'generation',
          'conversation_id as conversationId',
          'person_id as personId',
          'welcomed_generation as welcomedGeneration',
        ])
        .where('subject_digest', '=', digest)
        .executeTakeFirst();
      if (!row) {
        return undefined;
      }
      const { reason, ...known } = row;
      return { ...known, isErased: reason === ERASED };
    },

    /** Adds or overwrites the state of a scope. @returns the row's id */
    async save(subject: InstallationSubject, installation: Installation, links: InstallationLinks): Promise<number> {
      const values = {
        state: installation.state,
        reason: installation.isErased === true ? ERASED : null,
        changed_at_ms: installation.changedAtMs,
        generation: installation.generation,
        conversation_id: links.conversationId,
        person_id: links.personId,
        name: links.name,
      };
      const row = await db
        .insertInto('installation')
        .values({ tenant_id: subject.tenantId, scope: subject.scope, subject_digest: subject.digest, ...values })
        .onConflict((conflict) => conflict.column('subject_digest').doUpdateSet(values))
        .returning('id')
        .executeTakeFirstOrThrow();
      return row.id;
    },

    async setWelcomed(id: number, generation: number): Promise<void> {
      await db.updateTable('installation').set({ welcomed_generation: generation }).where('id', '=', id).execute();
    },

    async findByConversation(
      conversationId: number,
    ): Promise<{ readonly id: number; readonly personId: number | null } | undefined> {
      return db
        .selectFrom('installation')
        .select(['id', 'person_id as personId'])
        .where('conversation_id', '=', conversationId)
        .executeTakeFirst();
    },

    /** Teams refused a message; the next word from the scope, or a message that arrives, makes it active again. */
    async setLost(id: number, state: 'unreachable' | 'removed', reason: string): Promise<void> {
      await db.updateTable('installation').set({ state, reason }).where('id', '=', id).execute();
    },

    /** A message arrived: what Teams refused before holds no more. */
    async setReached(conversationId: number): Promise<void> {
      await db
        .updateTable('installation')
        .set({ state: 'active', reason: null })
        .where('conversation_id', '=', conversationId)
        .where('state', '=', 'unreachable')
        .execute();
    },

    /**
     * Signs older than this are not waited for any more, so neither is what tells them to be old. An erasure is
     * remembered until the person installs the app anew, and so is a person's removal where a team or group chat may
     * still name them.
     */
    async forgetRemovedBefore(beforeMs: number): Promise<void> {
      await db
        .deleteFrom('installation')
        .where('state', '=', 'removed')
        .where('changed_at_ms', '<', beforeMs)
        .where(({ or, eb }) => or([eb('reason', 'is', null), eb('reason', '!=', ERASED)]))
        .where(({ or, eb, not, exists, selectFrom }) =>
          or([
            eb('scope', '!=', 'personal'),
            not(
              exists(
                selectFrom('roster').select('roster.id').whereRef('roster.tenant_id', '=', 'installation.tenant_id'),
              ),
            ),
          ]),
        )
        .execute();
    },

    /** People who have the bot, by the lane that their tenant sends in; reads an index only, and few rows. */
    async countReachable(tenantId: string | undefined): Promise<readonly LaneCount[]> {
      return db
        .selectFrom((from) =>
          from
            .selectFrom('installation')
            .select(({ fn }) => ['tenant_id', fn.countAll<number>().as('count')])
            // Written out, because the partial index is chosen by this very text.
            .where(sql<boolean>`scope = 'personal' AND state = 'active'`)
            .$if(tenantId !== undefined, (query) => query.where('tenant_id', '=', tenantId ?? ''))
            .groupBy('tenant_id')
            .as('reachable'),
        )
        .innerJoin('lane', 'lane.tenant_id', 'reachable.tenant_id')
        .select(({ fn }) => [fn.max('lane.id').as('laneId'), 'reachable.count as count'])
        .groupBy(['reachable.tenant_id', 'reachable.count'])
        .execute();
    },
  };
}
