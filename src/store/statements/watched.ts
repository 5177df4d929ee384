// Whether what becomes of a notification is written down. Part of the inserts themselves, so that it costs no round trip.

import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Schema } from '../schema.ts';
import { createStatusEventStatements } from './status-events.ts';

/** 1 for the notification of a producer with a webhook that is told, else 0. */
export const isWatched = (producerId: RawBuilder<number>) =>
  sql<number>`CASE WHEN EXISTS (SELECT 1 FROM webhook_endpoint
                                 WHERE producer_id = ${producerId} AND disabled_at_ms IS NULL) THEN 1 ELSE 0 END`;

/** As the notification of a delivery. */
export const isWatchedAs = (notificationId: RawBuilder<number>) =>
  sql<number>`(SELECT is_watched FROM notification WHERE id = ${notificationId})`;

/** The first event of a notification that is watched. @returns its row id */
export async function recordAcceptance(
  db: Kysely<Schema>,
  { id: notificationId, isWatched: watched }: { readonly id: number; readonly isWatched: number },
  nowMs: number,
): Promise<number> {
  if (watched === 1) {
    await createStatusEventStatements(db).record({ type: 'notification.accepted', notificationId, nowMs });
  }
  return notificationId;
}
