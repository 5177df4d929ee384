// Statements on the API keys of producers.

import type { Kysely } from 'kysely';
import { atMost } from '../at-most.ts';
import { type Places, prepared } from '../prepared.ts';
import type { Schema } from '../schema.ts';
import type { ProducerRow } from './producers.ts';

/** A key with its owner; whether it is still good is for the reader to decide. */
export interface ApiKeyRow {
  readonly keyId: string;
  readonly secretSha256: Uint8Array;
  readonly scopes: readonly string[];
  readonly recipients: readonly string[];
  readonly createdAtMs: number;
  readonly expiresAtMs: number | null;
  readonly revokedAtMs: number | null;
  readonly lastUsedAtMs: number | null;
  readonly producer: ProducerRow;
  readonly isProducerDisabled: boolean;
}

/** A key to be stored. */
export interface NewApiKeyRow {
  readonly keyId: string;
  readonly producerId: number;
  readonly secretSha256: Uint8Array;
  readonly scopes: readonly string[];
  readonly recipients: readonly string[];
  readonly nowMs: number;
  readonly expiresAtMs: number | null;
}

/** Binds them to one connection. */
export function createApiKeyStatements(db: Kysely<Schema>) {
  const keys = db
    .selectFrom('api_key')
    .innerJoin('producer', 'producer.id', 'api_key.producer_id')
    .select([
      'api_key.id as keyId',
      'secret_sha256 as secretSha256',
      'scopes',
      'recipients',
      'api_key.created_at_ms as createdAtMs',
      'expires_at_ms as expiresAtMs',
      'revoked_at_ms as revokedAtMs',
      'last_used_at_ms as lastUsedAtMs',
      'producer.id as producerId',
      'producer.name as producerName',
      'producer.tenant_id as tenantId',
      'producer.disabled_at_ms as disabledAtMs',
    ]);
  const findById = prepared(db, (place: Places<{ keyId: string }>) => keys.where('api_key.id', '=', place('keyId')));

  return {
    async insert(key: NewApiKeyRow): Promise<void> {
      await db
        .insertInto('api_key')
        .values({
          id: key.keyId,
          producer_id: key.producerId,
          secret_sha256: key.secretSha256,
          scopes: JSON.stringify(key.scopes),
          recipients: JSON.stringify(key.recipients),
          created_at_ms: key.nowMs,
          expires_at_ms: key.expiresAtMs,
        })
        .execute();
    },

    async find(keyId: string): Promise<ApiKeyRow | undefined> {
      const [row] = await findById({ keyId });
      return row && toApiKey(row);
    },

    /** Newest first; at most 200. */
    async list(producerId?: number): Promise<readonly ApiKeyRow[]> {
      const query = producerId === undefined ? keys : keys.where('producer.id', '=', producerId);
      return (await query.orderBy('api_key.created_at_ms', 'desc').limit(atMost(200)).execute()).map(toApiKey);
    },

    /** @returns false when there is no such key, or it was revoked before */
    async revoke(keyId: string, nowMs: number): Promise<boolean> {
      const row = await db
        .updateTable('api_key')
        .set({ revoked_at_ms: nowMs })
        .where('id', '=', keyId)
        .where('revoked_at_ms', 'is', null)
        .returning('id')
        .executeTakeFirst();
      return row !== undefined;
    },

    async touch(keyId: string, nowMs: number): Promise<void> {
      await db.updateTable('api_key').set({ last_used_at_ms: nowMs }).where('id', '=', keyId).execute();
    },
  };
}

interface JoinedKey extends Omit<ApiKeyRow, 'scopes' | 'recipients' | 'producer' | 'isProducerDisabled'> {
  readonly scopes: string;
  readonly recipients: string;
  readonly producerId: number;
  readonly producerName: string;
  readonly tenantId: string | null;
  readonly disabledAtMs: number | null;
}

function toApiKey(row: JoinedKey): ApiKeyRow {
  return {
    keyId: row.keyId,
    secretSha256: row.secretSha256,
    scopes: JSON.parse(row.scopes),
    recipients: JSON.parse(row.recipients),
    createdAtMs: row.createdAtMs,
    expiresAtMs: row.expiresAtMs,
    revokedAtMs: row.revokedAtMs,
    lastUsedAtMs: row.lastUsedAtMs,
    producer: { id: row.producerId, name: row.producerName, tenantId: row.tenantId },
    isProducerDisabled: row.disabledAtMs !== null,
  };
}
