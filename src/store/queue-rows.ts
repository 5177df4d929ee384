// Rows of the queue as both dialects read them, in Bellhop's words.

import { OPERATIONS } from '../domain/delivery.ts';
import { DEFER_REASONS, type DeferReason } from '../domain/preferences.ts';
import type { AbandonedDelivery } from './delivery-queue.ts';

/** Columns by name; numbers are numbers. */
export type Row = Readonly<Record<string, unknown>>;

/** Instants as the schema keeps them. */
export function toInstants(value: unknown): readonly number[] {
  return JSON.parse(String(value));
}

/** Why a delivery waited, if that was for what its person has said. */
export function toDeferReason(value: unknown): DeferReason | undefined {
  return DEFER_REASONS.find((reason) => reason === value);
}

/** A delivery whose lease has ended. */
export function toAbandoned(row: Row): AbandonedDelivery {
  const number = row['number'];
  const deferredFor = toDeferReason(row['reason']);
  return {
    deliveryId: Number(row['id']),
    owner: String(row['lease_owner']),
    laneId: Number(row['lane_id']),
    conversationId: Number(row['conversation_id']),
    failures: Number(row['failures']),
    isReduced: row['is_reduced'] === 1,
    unknownPolicy: row['unknown_policy'] === 'hold' ? 'hold' : 'resend',
    ...(deferredFor !== undefined && { deferredFor }),
    ...(typeof number === 'number' && {
      attempt: { number, operation: OPERATIONS.find((operation) => operation === row['operation']) ?? 'post' },
    }),
  };
}
