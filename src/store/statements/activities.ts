// Statements on the activities that have already taken effect.

import type { Kysely } from 'kysely';
import { type Places, prepared } from '../prepared.ts';
import type { Schema } from '../schema.ts';

/** Somebody pressed a button in a team or group chat. */
export interface HeardInPlace {
  /** Of the installation there. */
  readonly placeDigest: string;
  /** Teams' own timestamp, epoch milliseconds. */
  readonly atMs: number;
}

interface Remembered {
  readonly digest: string;
  readonly nowMs: number;
  readonly placeDigest: string | null;
  readonly heardAtMs: number | null;
}

/** Binds them to one connection. */
export function createActivityStatements(db: Kysely<Schema>) {
  const insert = prepared(db, (place: Places<Remembered>) =>
    db
      .insertInto('seen_activity')
      .values({
        digest: place('digest'),
        seen_at_ms: place('nowMs'),
        place_digest: place('placeDigest'),
        heard_at_ms: place('heardAtMs'),
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning('digest'),
  );

  return {
    /**
     * @param heard when somebody pressed a button by it in a team or group chat
     * @returns false when this activity was remembered before: the insert decides, so a race has one winner
     */
    async remember(digest: string, nowMs: number, heard?: HeardInPlace): Promise<boolean> {
      const rows = await insert({
        digest,
        nowMs,
        placeDigest: heard?.placeDigest ?? null,
        heardAtMs: heard?.atMs ?? null,
      });
      return rows.length > 0;
    },

    /** @returns when somebody was heard there last, by another activity than this; 0 when nobody was */
    async lastHeardAtMs(placeDigest: string, exceptDigest: string): Promise<number> {
      const { atMs } = await db
        .selectFrom('seen_activity')
        .select(({ fn }) => fn.max('heard_at_ms').as('atMs'))
        .where('place_digest', '=', placeDigest)
        .where('digest', '!=', exceptDigest)
        .executeTakeFirstOrThrow();
      return atMs ?? 0;
    },

    async isRemembered(digest: string): Promise<boolean> {
      const row = await db.selectFrom('seen_activity').select('digest').where('digest', '=', digest).executeTakeFirst();
      return row !== undefined;
    },

    async forgetBefore(beforeMs: number): Promise<void> {
      await db.deleteFrom('seen_activity').where('seen_at_ms', '<', beforeMs).execute();
    },
  };
}
