// Statements on surveys that are begun by their names.

import type { Kysely } from 'kysely';
import { atMost } from '../at-most.ts';
import type { Schema } from '../schema.ts';

/** What a definition is called and whose it is. */
export interface DefinitionKey {
  readonly producerId: number;
  readonly name: string;
}

/** One of a list of definitions. */
export interface DefinitionEntry {
  readonly name: string;
  readonly updatedAtMs: number;
}

/** A definition, as stored. */
export interface DefinitionRow extends DefinitionEntry {
  /** JSON as its author wrote it. */
  readonly definition: string;
}

/** Binds them to one connection. */
export function createDialogDefinitionStatements(db: Kysely<Schema>) {
  const named = ({ producerId, name }: DefinitionKey) =>
    db.selectFrom('dialog_definition').where('producer_id', '=', producerId).where('name', '=', name);
  return {
    /** Makes it, or changes the one of this name. */
    async save(
      { producerId, name }: DefinitionKey,
      { definition, nowMs }: { readonly definition: string; readonly nowMs: number },
    ): Promise<void> {
      await db
        .insertInto('dialog_definition')
        .values({ producer_id: producerId, name, definition, updated_at_ms: nowMs })
        .onConflict((conflict) =>
          conflict.columns(['producer_id', 'name']).doUpdateSet({ definition, updated_at_ms: nowMs }),
        )
        .execute();
    },

    async find(key: DefinitionKey): Promise<DefinitionRow | undefined> {
      return named(key).select(['name', 'definition', 'updated_at_ms as updatedAtMs']).executeTakeFirst();
    },

    /** By name; at most 10 000. */
    async list(producerId: number): Promise<readonly DefinitionEntry[]> {
      return db
        .selectFrom('dialog_definition')
        .select(['name', 'updated_at_ms as updatedAtMs'])
        .where('producer_id', '=', producerId)
        .orderBy('name')
        .limit(atMost(10_000))
        .execute();
    },

    async count(producerId: number): Promise<number> {
      const row = await db
        .selectFrom('dialog_definition')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('producer_id', '=', producerId)
        .executeTakeFirst();
      return Number(row?.count ?? 0);
    },

    /** @returns false when there is no such definition */
    async remove({ producerId, name }: DefinitionKey): Promise<boolean> {
      const row = await db
        .deleteFrom('dialog_definition')
        .where('producer_id', '=', producerId)
        .where('name', '=', name)
        .returning('id')
        .executeTakeFirst();
      return row !== undefined;
    },
  };
}
