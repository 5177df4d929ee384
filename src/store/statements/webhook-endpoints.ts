// Statements on webhooks: where producers want to be told what becomes of their notifications.

import type { Kysely, Selectable, Updateable } from 'kysely';
import { sql } from 'kysely';
import type { StatusEventType } from '../../domain/status-event.ts';
import type { Schema } from '../schema.ts';
import type { WebhookEndpointTable } from '../webhook-schema.ts';

/** A webhook, as stored. */
export interface WebhookRow {
  readonly id: number;
  readonly publicId: string;
  readonly producerId: number;
  readonly url: string;
  /** Null for all of them. */
  readonly events: readonly StatusEventType[] | null;
  readonly description: string | null;
  /** Sealed. */
  readonly secret: string;
  readonly previousSecret: string | null;
  readonly previousSecretUntilMs: number | null;
  readonly createdAtMs: number;
  readonly disabledAtMs: number | null;
  readonly disabledReason: string | null;
  /** Failed attempts since the last one that succeeded. */
  readonly failures: number;
  readonly failingSinceMs: number | null;
  readonly blockedUntilMs: number;
}

/** A webhook to be stored. */
export type NewWebhook = Pick<
  WebhookRow,
  'publicId' | 'producerId' | 'url' | 'events' | 'description' | 'secret' | 'createdAtMs'
>;

/** What may change; what is absent stays. */
export type WebhookChange = Partial<
  Pick<WebhookRow, 'url' | 'events' | 'description' | 'secret' | 'previousSecret' | 'previousSecretUntilMs'>
>;

/** Binds them to one connection. */
export function createWebhookEndpointStatements(db: Kysely<Schema>) {
  const select = () => db.selectFrom('webhook_endpoint').selectAll().where('deleted_at_ms', 'is', null);
  const update = (id: number, values: Updateable<WebhookEndpointTable>) =>
    db.updateTable('webhook_endpoint').set(values).where('id', '=', id).execute();

  return {
    async insert(webhook: NewWebhook): Promise<WebhookRow> {
      const row = await db
        .insertInto('webhook_endpoint')
        .values({
          public_id: webhook.publicId,
          producer_id: webhook.producerId,
          url: webhook.url,
          events: toJson(webhook.events),
          description: webhook.description,
          secret: webhook.secret,
          created_at_ms: webhook.createdAtMs,
        })
        .returningAll()
        .executeTakeFirstOrThrow();
      return toRow(row);
    },

    /** @param producerId whose they have to be; everybody's when absent */
    async list(producerId?: number): Promise<readonly WebhookRow[]> {
      const rows = await select()
        .$if(producerId !== undefined, (query) => query.where('producer_id', '=', producerId ?? 0))
        .orderBy('id')
        .execute();
      return rows.map(toRow);
    },

    /** @param producerId whose it has to be; anybody's when absent */
    async find(publicId: string, producerId?: number): Promise<WebhookRow | undefined> {
      const row = await select()
        .where('public_id', '=', publicId)
        .$if(producerId !== undefined, (query) => query.where('producer_id', '=', producerId ?? 0))
        .executeTakeFirst();
      return row && toRow(row);
    },

    /** Those of these producers that are told of anything. */
    async listEnabled(producerIds: readonly number[]): Promise<readonly WebhookRow[]> {
      if (producerIds.length === 0) {
        return [];
      }
      const rows = await select()
        .where('producer_id', 'in', producerIds)
        .where('disabled_at_ms', 'is', null)
        .orderBy('id')
        .execute();
      return rows.map(toRow);
    },

    /** Enabled ones to which something is due and may be sent. */
    async listDue(nowMs: number): Promise<readonly WebhookRow[]> {
      const rows = await select()
        .where('disabled_at_ms', 'is', null)
        .where('blocked_until_ms', '<=', nowMs)
        .where(
          sql<boolean>`EXISTS (SELECT 1 FROM webhook_message m
                                WHERE m.endpoint_id = webhook_endpoint.id AND m.state = 'queued' AND m.due_at_ms <= ${nowMs})`,
        )
        .where(
          sql<boolean>`EXISTS (SELECT 1 FROM producer p
                                WHERE p.id = webhook_endpoint.producer_id AND p.disabled_at_ms IS NULL)`,
        )
        .orderBy('id')
        .execute();
      return rows.map(toRow);
    },

    async change(id: number, { events, ...change }: WebhookChange): Promise<void> {
      const { url, description, secret, previousSecret, previousSecretUntilMs } = change;
      const values = {
        ...(url !== undefined && { url }),
        ...(events !== undefined && { events: toJson(events) }),
        ...(description !== undefined && { description }),
        ...(secret !== undefined && { secret }),
        ...(previousSecret !== undefined && { previous_secret: previousSecret }),
        ...(previousSecretUntilMs !== undefined && { previous_secret_until_ms: previousSecretUntilMs }),
      };
      if (Object.keys(values).length > 0) {
        await update(id, values);
      }
    },

    /** Forgets address and secrets. */
    async delete(id: number, nowMs: number): Promise<void> {
      const nothing = { url: '', description: null, secret: '', previous_secret: null, previous_secret_until_ms: null };
      await update(id, { ...nothing, disabled_at_ms: nowMs, deleted_at_ms: nowMs });
    },

    /** Rows of webhooks that were deleted before, once no message points to them: the next webhook may get their ids. */
    async forgetDeletedBefore(beforeMs: number): Promise<void> {
      await db
        .deleteFrom('webhook_endpoint')
        .where('deleted_at_ms', '<', beforeMs)
        .where(sql<boolean>`NOT EXISTS (SELECT 1 FROM webhook_message m WHERE m.endpoint_id = webhook_endpoint.id)`)
        .execute();
    },
  };
}

function toJson(events: WebhookRow['events']): string | null {
  return events && JSON.stringify(events);
}

function toRow(row: Selectable<WebhookEndpointTable>): WebhookRow {
  return {
    id: row.id,
    publicId: row.public_id,
    producerId: row.producer_id,
    url: row.url,
    events: row.events === null ? null : JSON.parse(row.events),
    description: row.description,
    secret: row.secret,
    previousSecret: row.previous_secret,
    previousSecretUntilMs: row.previous_secret_until_ms,
    createdAtMs: row.created_at_ms,
    disabledAtMs: row.disabled_at_ms,
    disabledReason: row.disabled_reason,
    failures: row.failures,
    failingSinceMs: row.failing_since_ms,
    blockedUntilMs: row.blocked_until_ms,
  };
}
