// Statements on how far the reading of a team or group chat has come, and when it goes on.

import { type Kysely, sql, type UpdateQueryBuilder, type UpdateResult } from 'kysely';
import { atMost } from '../at-most.ts';
import type { Schema } from '../schema.ts';
import type { RosterTable } from '../teams-schema.ts';

/** A step of a reading that nobody else takes. */
export interface RosterStep {
  readonly id: number;
  readonly reading: number;
  /** Where the reading goes on; empty at its beginning. */
  readonly continuation: string;
  /** This one included. */
  readonly attempts: number;
}

/** A roster whose next page is to be asked for. */
export interface DueRoster extends RosterStep {
  readonly tenantId: string;
  readonly scope: RosterTable['scope'];
  readonly teamsId: string;
  readonly laneId: number;
  /** Null when the bot has left meanwhile, as the account is. */
  readonly serviceUrl: string | null;
  readonly botAccountId: string | null;
}

/** Binds them to one connection. */
export function createReadingStatements(db: Kysely<Schema>) {
  return { ...requestStatements(db), ...stepStatements(db) };
}

function requestStatements(db: Kysely<Schema>) {
  return {
    /** Asks for a reading, not later than then; after the one that is under way, if there is one. */
    async requestReading(id: number, dueAtMs: number): Promise<void> {
      await db
        .updateTable('roster')
        .set({
          is_stale: sql<number>`CASE WHEN continuation IS NULL THEN 0 ELSE 1 END`,
          due_at_ms: sql<number>`CASE WHEN continuation IS NULL AND (due_at_ms IS NULL OR due_at_ms > ${dueAtMs})
                                      THEN ${dueAtMs} ELSE due_at_ms END`,
        })
        .where('id', '=', id)
        .execute();
    },

    /** Somebody has left: whoever was read before that is to be looked at again. */
    async markStale(id: number): Promise<void> {
      await db
        .updateTable('roster')
        .set({ is_stale: 1 })
        .where('id', '=', id)
        .where('continuation', 'is not', null)
        .execute();
    },

    async hasDue(nowMs: number): Promise<boolean> {
      const row = await db
        .selectFrom('roster')
        .select('id')
        .where('due_at_ms', '<=', nowMs)
        .limit(atMost(1))
        .executeTakeFirst();
      return row !== undefined;
    },
  };
}

function stepStatements(db: Kysely<Schema>) {
  return {
    /**
     * Takes the step that is due for longest, and puts it off to `leaseUntilMs`, so that nobody takes it twice and a
     * crash only delays it. Where no reading is under way it begins one.
     */
    async claim(nowMs: number, leaseUntilMs: number): Promise<DueRoster | undefined> {
      const due = await db
        .selectFrom('roster')
        .innerJoin('conversation', 'conversation.id', 'roster.conversation_id')
        .select([
          'roster.id as id',
          'roster.tenant_id as tenantId',
          'roster.scope as scope',
          'roster.teams_id as teamsId',
          'conversation.lane_id as laneId',
          'conversation.service_url as serviceUrl',
          'conversation.bot_account_id as botAccountId',
        ])
        .where('roster.due_at_ms', '<=', nowMs)
        .orderBy('roster.due_at_ms')
        .limit(atMost(1))
        .executeTakeFirst();
      const step = due && (await takeStep(db, { id: due.id, nowMs, leaseUntilMs }));
      return step && { ...due, ...step };
    },

    /** @returns false when somebody else has the reading now, or there is no such roster any more */
    async renew(step: RosterStep, leaseUntilMs: number): Promise<boolean> {
      const row = await ofStep(db.updateTable('roster').set({ due_at_ms: leaseUntilMs }), step)
        .returning('id')
        .executeTakeFirst();
      return row !== undefined;
    },

    /** Gives a step back that was not taken: it is no attempt. */
    async giveStepBack(step: RosterStep, dueAtMs: number): Promise<void> {
      await ofStep(db.updateTable('roster').set({ due_at_ms: dueAtMs, attempts: step.attempts - 1 }), step).execute();
    },

    /** It is tried again then. */
    async postpone(id: number, dueAtMs: number): Promise<void> {
      await db.updateTable('roster').set({ due_at_ms: dueAtMs }).where('id', '=', id).execute();
    },

    /** The next page follows at once. */
    async turnPage(id: number, continuation: string, nowMs: number): Promise<void> {
      await db
        .updateTable('roster')
        .set({ continuation, due_at_ms: nowMs, attempts: 0 })
        .where('id', '=', id)
        .execute();
    },

    /** Ends the reading before its end. @param dueAtMs of a new one; null when there is nothing to read any more */
    async breakOff(id: number, dueAtMs: number | null): Promise<void> {
      await db
        .updateTable('roster')
        .set({ continuation: null, is_stale: 0, due_at_ms: dueAtMs, attempts: 0 })
        .where('id', '=', id)
        .execute();
    },

    /** The reading has come to its end. */
    async closeReading(id: number, { nowMs, nextMs, soonMs }: ReadingEnd): Promise<void> {
      await db
        .updateTable('roster')
        .set({
          continuation: null,
          read_at_ms: nowMs,
          due_at_ms: sql<number>`CAST(CASE WHEN is_stale = 1 THEN ${soonMs} ELSE ${nextMs} END AS bigint)`,
          is_stale: 0,
          attempts: 0,
        })
        .where('id', '=', id)
        .execute();
    },
  };
}

/** When it is read again: `soonMs` where somebody came or left meanwhile. */
export interface ReadingEnd {
  readonly nowMs: number;
  readonly nextMs: number;
  readonly soonMs: number;
}

async function takeStep(
  db: Kysely<Schema>,
  { id, nowMs, leaseUntilMs }: { readonly id: number; readonly nowMs: number; readonly leaseUntilMs: number },
) {
  const row = await db
    .updateTable('roster')
    .set((set) => ({
      due_at_ms: leaseUntilMs,
      attempts: set('attempts', '+', 1),
      reading: sql<number>`CASE WHEN continuation IS NULL THEN reading + 1 ELSE reading END`,
      is_stale: sql<number>`CASE WHEN continuation IS NULL THEN 0 ELSE is_stale END`,
      continuation: sql<string>`coalesce(continuation, '')`,
    }))
    .where('id', '=', id)
    .where('due_at_ms', '<=', nowMs)
    .returning(['reading', 'continuation', 'attempts'])
    .executeTakeFirst();
  return row && { ...row, continuation: row.continuation ?? '' };
}

/** Whoever lost their lease has another number of attempts, or another page. */
function ofStep(
  update: UpdateQueryBuilder<Schema, 'roster', 'roster', UpdateResult>,
  { id, reading, continuation, attempts }: RosterStep,
) {
  return update
    .where('id', '=', id)
    .where('reading', '=', reading)
    .where('continuation', '=', continuation)
    .where('attempts', '=', attempts);
}
