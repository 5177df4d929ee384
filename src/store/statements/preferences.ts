// Statements on what people have said about how they want to be told.

import type { Kysely } from 'kysely';
import type { Preferences } from '../../domain/preferences.ts';
import type { Schema } from '../schema.ts';

/** Binds them to one connection. */
export function createPreferenceStatements(db: Kysely<Schema>) {
  return {
    /** @returns what the person has said; nothing when they have said nothing */
    async get(personId: number): Promise<Preferences> {
      const row = await db
        .selectFrom('preference')
        .select('settings')
        .where('person_id', '=', personId)
        .executeTakeFirst();
      return row ? JSON.parse(row.settings) : {};
    },

    /** Where the person is, as Teams told it; undefined when it did not. */
    async findTimeZone(personId: number): Promise<string | undefined> {
      const row = await db.selectFrom('person').select('time_zone').where('id', '=', personId).executeTakeFirst();
      return row?.time_zone ?? undefined;
    },

    async save(personId: number, preferences: Preferences, nowMs: number): Promise<void> {
      const values = { settings: JSON.stringify(preferences), updated_at_ms: nowMs };
      await db
        .insertInto('preference')
        .values({ person_id: personId, ...values })
        .onConflict((conflict) => conflict.column('person_id').doUpdateSet(values))
        .execute();
    },
  };
}
