// Statements on the records of attempts; beginning and ending one is written per dialect.

import type { Kysely } from 'kysely';
import type { Schema } from '../schema.ts';

/** The record of one request to the Connector. */
export interface AttemptRow {
  readonly deliveryId: number;
  readonly number: number;
  readonly operation: string;
  readonly requestId: string;
  readonly startedAtMs: number;
  readonly finishedAtMs: number | null;
  readonly outcome: string | null;
  readonly reason: string | null;
  readonly httpStatus: number | null;
  readonly correlationId: string | null;
}

/** Binds them to one connection. */
export function createAttemptStatements(db: Kysely<Schema>) {
  return {
    async list(deliveryIds: readonly number[]): Promise<readonly AttemptRow[]> {
      if (deliveryIds.length === 0) {
        return [];
      }
      return db
        .selectFrom('attempt')
        .select([
          'delivery_id as deliveryId',
          'number',
          'operation',
          'request_id as requestId',
          'started_at_ms as startedAtMs',
          'finished_at_ms as finishedAtMs',
          'outcome',
          'reason',
          'http_status as httpStatus',
          'correlation_id as correlationId',
        ])
        .where('delivery_id', 'in', deliveryIds)
        .orderBy('delivery_id')
        .orderBy('number')
        .execute();
    },

    /** How many ended for this reason, since the last redelivery. */
    async countFor(deliveryId: number, reason: string): Promise<number> {
      const row = await db
        .selectFrom('attempt')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('delivery_id', '=', deliveryId)
        .where('reason', '=', reason)
        .where('number', '>', ({ selectFrom }) =>
          selectFrom('delivery').select('attempts_forgiven').where('id', '=', deliveryId),
        )
        .executeTakeFirstOrThrow();
      return row.count;
    },
  };
}
