// Statements on how webhooks fare: what failed there, how long nothing is sent, and which are switched off.

import { type Kysely, sql, type Updateable } from 'kysely';
import type { Schema } from '../schema.ts';
import type { WebhookEndpointTable } from '../webhook-schema.ts';

/** How a webhook has failed so far. */
export interface FailureRun {
  readonly failures: number;
  readonly failingSinceMs: number;
}

const WELL = { failures: 0, failing_since_ms: null, blocked_until_ms: 0 };

/** Binds them to one connection. */
export function createWebhookHealthStatements(db: Kysely<Schema>) {
  const update = (id: number, values: Updateable<WebhookEndpointTable>) =>
    db.updateTable('webhook_endpoint').set(values).where('id', '=', id).execute();

  return {
    /** Nothing is sent there from now on; what waits stays. */
    async disable(id: number, reason: string, nowMs: number): Promise<void> {
      await update(id, { disabled_at_ms: nowMs, disabled_reason: reason });
    },

    /** The same, unless it is disabled: an operator's word stands. @returns whether it was enabled */
    async giveUp(id: number, reason: string, nowMs: number): Promise<boolean> {
      const row = await db
        .updateTable('webhook_endpoint')
        .set({ disabled_at_ms: nowMs, disabled_reason: reason })
        .where('id', '=', id)
        .where('disabled_at_ms', 'is', null)
        .returning('id')
        .executeTakeFirst();
      return row !== undefined;
    },

    /** Starts anew, as if nothing had failed. */
    async enable(id: number): Promise<void> {
      await update(id, { disabled_at_ms: null, disabled_reason: null, ...WELL });
    },

    /** Forgets what has failed: it has another address. */
    async reset(id: number): Promise<void> {
      await update(id, WELL);
    },

    /** Counts one more failed attempt. */
    async countFailure(id: number, nowMs: number): Promise<FailureRun> {
      const row = await db
        .updateTable('webhook_endpoint')
        .set({
          failures: sql<number>`failures + 1`,
          failing_since_ms: sql<number>`coalesce(failing_since_ms, ${nowMs})`,
        })
        .where('id', '=', id)
        .returning(['failures', 'failing_since_ms as failingSinceMs'])
        .executeTakeFirst();
      return { failures: row?.failures ?? 0, failingSinceMs: row?.failingSinceMs ?? nowMs };
    },

    /** Nothing is sent there before; an earlier block that lasts longer stays. */
    async block(id: number, untilMs: number): Promise<void> {
      await db
        .updateTable('webhook_endpoint')
        .set({ blocked_until_ms: untilMs })
        .where('id', '=', id)
        .where('blocked_until_ms', '<', untilMs)
        .execute();
    },

    /** @returns how many attempts had failed before this one succeeded */
    async countSuccess(id: number): Promise<number> {
      const row = await db
        .selectFrom('webhook_endpoint')
        .select('failures')
        .where('id', '=', id)
        .where('failures', '>', 0)
        .executeTakeFirst();
      if (row) {
        await update(id, WELL);
      }
      return row?.failures ?? 0;
    },
  };
}
