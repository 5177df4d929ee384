// Statements on hooks: the addresses to which senders post in their own dialects.

import type { Kysely, Selectable } from 'kysely';
import type { HookSettings } from '../../domain/hook.ts';
import type { HookAuthKind } from '../../domain/source.ts';
import { atMost } from '../at-most.ts';
import type { HookTable } from '../hook-schema.ts';
import type { Schema } from '../schema.ts';

/** A hook, as stored. */
export interface HookRow {
  readonly id: number;
  readonly publicId: string;
  readonly producerId: number;
  readonly producerName: string;
  /** The producer is disabled, and with it all that speaks for it. */
  readonly isProducerDisabled: boolean;
  /** The only tenant that its producer may reach. */
  readonly tenantId: string | null;
  readonly name: string;
  readonly dialect: string;
  readonly auth: HookAuthKind;
  readonly secret: string | null;
  readonly previousSecret: string | null;
  readonly previousSecretUntilMs: number | null;
  readonly settings: HookSettings;
  readonly createdAtMs: number;
  readonly disabledAtMs: number | null;
}

/** A hook to be stored. */
export type NewHook = Pick<
  HookRow,
  'publicId' | 'producerId' | 'name' | 'dialect' | 'auth' | 'secret' | 'settings' | 'createdAtMs'
>;

/** What may change; what is absent stays. */
export type HookChange = Partial<
  Pick<HookRow, 'name' | 'auth' | 'secret' | 'previousSecret' | 'previousSecretUntilMs' | 'settings' | 'disabledAtMs'>
>;

const MAX_LISTED = 10_000;

/** Binds them to one connection. */
export function createHookStatements(db: Kysely<Schema>) {
  const select = () =>
    db
      .selectFrom('hook')
      .innerJoin('producer', 'producer.id', 'hook.producer_id')
      .selectAll('hook')
      .select([
        'producer.name as producer_name',
        'producer.tenant_id as tenant_id',
        'producer.disabled_at_ms as producer_disabled_at_ms',
      ]);

  return {
    /** @returns whether it is there now; false when the producer has another one of this name */
    async insert(hook: NewHook): Promise<boolean> {
      const inserted = await db
        .insertInto('hook')
        .values({
          public_id: hook.publicId,
          producer_id: hook.producerId,
          name: hook.name,
          dialect: hook.dialect,
          auth: hook.auth,
          secret: hook.secret,
          settings: JSON.stringify(hook.settings),
          created_at_ms: hook.createdAtMs,
        })
        .onConflict((conflict) => conflict.columns(['producer_id', 'name']).doNothing())
        .returning('id')
        .executeTakeFirst();
      return inserted !== undefined;
    },

    /** @param producerId whose it has to be; anybody's when absent */
    async find(publicId: string, producerId?: number): Promise<HookRow | undefined> {
      const row = await select()
        .where('hook.public_id', '=', publicId)
        .$if(producerId !== undefined, (query) => query.where('hook.producer_id', '=', producerId ?? 0))
        .executeTakeFirst();
      return row && toRow(row);
    },

    /** By producer and name. @param producerId whose they have to be; everybody's when absent, and then at most 10 000 */
    async list(producerId?: number): Promise<readonly HookRow[]> {
      const rows = await select()
        .$if(producerId !== undefined, (query) => query.where('hook.producer_id', '=', producerId ?? 0))
        .orderBy('producer.name')
        .orderBy('hook.name')
        .limit(atMost(MAX_LISTED))
        .execute();
      return rows.map(toRow);
    },

    async change(id: number, { settings, ...change }: HookChange): Promise<void> {
      const { name, auth, secret, previousSecret, previousSecretUntilMs, disabledAtMs } = change;
      const values = {
        ...(name !== undefined && { name }),
        ...(auth !== undefined && { auth }),
        ...(secret !== undefined && { secret }),
        ...(previousSecret !== undefined && { previous_secret: previousSecret }),
        ...(previousSecretUntilMs !== undefined && { previous_secret_until_ms: previousSecretUntilMs }),
        ...(settings !== undefined && { settings: JSON.stringify(settings) }),
        ...(disabledAtMs !== undefined && { disabled_at_ms: disabledAtMs }),
      };
      if (Object.keys(values).length > 0) {
        await db.updateTable('hook').set(values).where('id', '=', id).execute();
      }
    },

    async delete(id: number): Promise<void> {
      await db.deleteFrom('hook').where('id', '=', id).execute();
    },
  };
}

interface JoinedRow extends Selectable<HookTable> {
  readonly producer_name: string;
  readonly tenant_id: string | null;
  readonly producer_disabled_at_ms: number | null;
}

function toRow(row: JoinedRow): HookRow {
  return {
    id: row.id,
    publicId: row.public_id,
    producerId: row.producer_id,
    producerName: row.producer_name,
    isProducerDisabled: row.producer_disabled_at_ms !== null,
    tenantId: row.tenant_id,
    name: row.name,
    dialect: row.dialect,
    auth: row.auth,
    secret: row.secret,
    previousSecret: row.previous_secret,
    previousSecretUntilMs: row.previous_secret_until_ms,
    settings: JSON.parse(row.settings),
    createdAtMs: row.created_at_ms,
    disabledAtMs: row.disabled_at_ms,
  };
}
