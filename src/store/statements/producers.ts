// Statements on producers.

import type { Kysely } from 'kysely';
import type { Schema } from '../schema.ts';

/** A producer, as stored. */
export interface ProducerRow {
  readonly id: number;
  readonly name: string;
  readonly tenantId: string | null;
}

/** Binds them to one connection. */
export function createProducerStatements(db: Kysely<Schema>) {
  return {
    /** @returns undefined when the name is taken */
    async insert(name: string, tenantId: string | null, nowMs: number): Promise<ProducerRow | undefined> {
      const row = await db
        .insertInto('producer')
        .values({ name, tenant_id: tenantId, created_at_ms: nowMs })
        .onConflict((conflict) => conflict.column('name').doNothing())
        .returning('id')
        .executeTakeFirst();
      return row && { id: row.id, name, tenantId };
    },

    async findByName(name: string): Promise<ProducerRow | undefined> {
      return db
        .selectFrom('producer')
        .select(['id', 'name', 'tenant_id as tenantId'])
        .where('name', '=', name)
        .executeTakeFirst();
    },

    /** The tenant whose people a producer reaches; undefined for those of all. */
    async findTenant(id: number): Promise<string | undefined> {
      const row = await db
        .selectFrom('producer')
        .select('tenant_id as tenantId')
        .where('id', '=', id)
        .executeTakeFirst();
      return row?.tenantId ?? undefined;
    },

    /** @param atMs since when; null lets the producer in again. @returns false when there is no such producer */
    async setDisabled(name: string, atMs: number | null): Promise<boolean> {
      const row = await db
        .updateTable('producer')
        .set({ disabled_at_ms: atMs })
        .where('name', '=', name)
        .returning('id')
        .executeTakeFirst();
      return row !== undefined;
    },

    async list(): Promise<readonly ProducerRow[]> {
      return db.selectFrom('producer').select(['id', 'name', 'tenant_id as tenantId']).orderBy('name').execute();
    },
  };
}
