// Statements on templates.

import type { Kysely } from 'kysely';
import { atMost } from '../at-most.ts';
import type { Schema } from '../schema.ts';

/** What a template is called and whose it is. */
export interface TemplateKey {
  readonly producerId: number;
  readonly name: string;
}

/** One of a list of templates. */
export interface TemplateEntry extends TemplateKey {
  readonly producerName: string;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

/** A template, as stored. */
export interface TemplateRow {
  readonly name: string;
  /** JSON of the template without its sample. */
  readonly body: string;
  /** JSON of data to try it with. */
  readonly sample: string;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

/** Binds them to one connection. */
export function createTemplateStatements(db: Kysely<Schema>) {
  return {
    /** Makes it, or changes the one of this name. */
    async save(
      { producerId, name }: TemplateKey,
      text: { body: string; sample: string; nowMs: number },
    ): Promise<void> {
      const { body, sample, nowMs } = text;
      await db
        .insertInto('template')
        .values({ producer_id: producerId, name, body, sample, created_at_ms: nowMs, updated_at_ms: nowMs })
        .onConflict((conflict) =>
          conflict.columns(['producer_id', 'name']).doUpdateSet({ body, sample, updated_at_ms: nowMs }),
        )
        .execute();
    },

    async find({ producerId, name }: TemplateKey): Promise<TemplateRow | undefined> {
      return db
        .selectFrom('template')
        .select(['name', 'body', 'sample', 'created_at_ms as createdAtMs', 'updated_at_ms as updatedAtMs'])
        .where('producer_id', '=', producerId)
        .where('name', '=', name)
        .executeTakeFirst();
    },

    /** By producer and name. @param producerId only this one's; of all when absent, and then at most 10 000 */
    async list(producerId?: number): Promise<readonly TemplateEntry[]> {
      const entries = db
        .selectFrom('template')
        .innerJoin('producer', 'producer.id', 'template.producer_id')
        .select([
          'template.producer_id as producerId',
          'producer.name as producerName',
          'template.name as name',
          'template.created_at_ms as createdAtMs',
          'template.updated_at_ms as updatedAtMs',
        ]);
      const query = producerId === undefined ? entries : entries.where('template.producer_id', '=', producerId);
      return query.orderBy('producer.name').orderBy('template.name').limit(atMost(10_000)).execute();
    },

    async count(producerId: number): Promise<number> {
      const row = await db
        .selectFrom('template')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('producer_id', '=', producerId)
        .executeTakeFirst();
      return Number(row?.count ?? 0);
    },

    /** @returns false when there is no such template */
    async remove({ producerId, name }: TemplateKey): Promise<boolean> {
      const row = await db
        .deleteFrom('template')
        .where('producer_id', '=', producerId)
        .where('name', '=', name)
        .returning('id')
        .executeTakeFirst();
      return row !== undefined;
    },
  };
}
