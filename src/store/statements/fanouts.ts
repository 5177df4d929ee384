// Statements on broadcasts that are to be turned into deliveries.

import { type Kysely, sql } from 'kysely';
import { atMost } from '../at-most.ts';
import type { Audience } from '../notification-schema.ts';
import { type Places, prepared } from '../prepared.ts';
import type { Schema } from '../schema.ts';

/** When a broadcast is turned into deliveries, and when those are due. */
export interface FanoutSchedule {
  /** The first instant at which it is due for anybody; everybody's, without `local`. */
  readonly startsAtMs: number;
  readonly local?: {
    /** The local time of each person at which it is due. */
    readonly localAt: string;
    /** Where they are whose own zone is not known. */
    readonly timeZone: string;
  };
  /** From the instant at which it is due for somebody. */
  readonly ttlMs: number;
}

/** Whom a broadcast goes to. */
export interface FanoutAudience {
  readonly audience: Audience;
  /** The row of the roster or topic; 0 for everyone. */
  readonly audienceId: number;
}

/** A broadcast that begins. */
export interface NewFanout extends FanoutAudience {
  readonly notificationId: number;
  /** As the producer wrote it. */
  readonly recipient: string;
  /** People of this one only. */
  readonly tenantId: string | null;
  /** Absent for at once. */
  readonly schedule?: FanoutSchedule | undefined;
}

/** Nobody else will be served by what is being sent to an audience, of whatever notification. */
export async function stopFanoutsTo(db: Kysely<Schema>, { audience, audienceId }: FanoutAudience): Promise<void> {
  await db
    .updateTable('fanout')
    .set({ is_done: 1 })
    // Written out, because the partial index is chosen by this very text.
    .where(sql<boolean>`is_done = 0`)
    .where('audience', '=', audience)
    .where('audience_id', '=', audienceId)
    .execute();
}

/** Binds them to one connection. */
export function createFanoutStatements(db: Kysely<Schema>) {
  const findOpenFanout = prepared(db, (place: Places<{ nowMs: number }>) =>
    db
      .selectFrom('fanout')
      .select('notification_id')
      .where(sql<boolean>`is_done = 0`)
      .where('starts_at_ms', '<=', place('nowMs'))
      .limit(atMost(1)),
  );

  return {
    /** Whether a broadcast is being turned into deliveries now; one that begins later does not count. */
    async hasOpenFanout(nowMs: number): Promise<boolean> {
      return (await findOpenFanout({ nowMs })).length > 0;
    },

    /** The broadcasts of a notification as its producer wrote them. */
    async listFanouts(notificationId: number): Promise<readonly string[]> {
      const rows = await db
        .selectFrom('fanout')
        .select('recipient')
        .where('notification_id', '=', notificationId)
        .orderBy('audience')
        .orderBy('audience_id')
        .execute();
      return rows.map(({ recipient }) => recipient);
    },

    /** Nobody else will be served. @returns false when no broadcast was open */
    async stopFanout(notificationId: number): Promise<boolean> {
      const row = await db
        .updateTable('fanout')
        .set({ is_done: 1 })
        .where('notification_id', '=', notificationId)
        .where('is_done', '=', 0)
        .returning('notification_id')
        .executeTakeFirst();
      return row !== undefined;
    },

    /** Nobody turns it into deliveries until the transaction ends; what is being made at this moment is there then. */
    async holdFanout(notificationId: number): Promise<void> {
      await db
        .updateTable('fanout')
        .set(({ ref }) => ({ is_done: ref('is_done') }))
        .where('notification_id', '=', notificationId)
        .execute();
    },

    /** Nobody else will be served by the broadcasts about the present episode of a thing. */
    async stopFanoutsOfEpisode(lifecycleId: number): Promise<void> {
      await db
        .updateTable('fanout')
        .set({ is_done: 1 })
        .where('is_done', '=', 0)
        .where('notification_id', 'in', ({ selectFrom }) =>
          selectFrom('notification')
            .innerJoin('lifecycle', 'lifecycle.id', 'notification.lifecycle_id')
            .select('notification.id')
            .where('notification.lifecycle_id', '=', lifecycleId)
            .whereRef('notification.message_number', '>=', 'lifecycle.first_message'),
        )
        .execute();
    },

    async startFanout(fanout: NewFanout): Promise<void> {
      const { schedule } = fanout;
      await db
        .insertInto('fanout')
        .values({
          notification_id: fanout.notificationId,
          audience: fanout.audience,
          audience_id: fanout.audienceId,
          recipient: fanout.recipient,
          tenant_id: fanout.tenantId,
          cursor: 0,
          starts_at_ms: schedule?.startsAtMs ?? 0,
          local_at: schedule?.local?.localAt ?? null,
          time_zone: schedule?.local?.timeZone ?? null,
          ttl_ms: schedule?.ttlMs ?? null,
        })
        .execute();
    },
  };
}
