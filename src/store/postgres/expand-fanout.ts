// Turning broadcasts into deliveries, a chunk at a time, for PostgreSQL.

import { audienceOf, fanoutTimes, isLocal, toTimeZone } from '../fanout-times.ts';
import { CLOSE_FANOUT, FANOUT_TEXTS, LOCK_FANOUT, MOVE_FANOUT } from './fanout-sql.ts';
import type { Query } from './query.ts';

/** @returns how many people were looked at; 0 when no broadcast is open, or one has come to its end */
export async function expandFanout(query: Query, nowMs: number, chunk: number): Promise<number> {
  const [fanout] = (await query(LOCK_FANOUT, [nowMs])).rows;
  if (!fanout) {
    return 0;
  }
  const audience = audienceOf(fanout);
  const texts = FANOUT_TEXTS[audience];
  const { notification_id: notificationId, audience_id: audienceId, tenant_id: tenantId, cursor } = fanout;
  const meant = [audienceId, cursor, tenantId];
  const [last] = (await query(texts.end, [...meant, chunk])).rows;
  const count = Number(last?.['count'] ?? 0);
  if (count === 0) {
    await query(CLOSE_FANOUT, [notificationId, audience, audienceId]);
    return 0;
  }
  const people = [...meant, last?.['id']];
  const zones = isLocal(fanout) ? (await query(texts.zones, people)).rows : [];
  const { instants, elsewhereMs, ttlMs } = fanoutTimes(fanout, zones.map(toTimeZone), nowMs);
  const byZone = [[...instants.keys()], [...instants.values()]];
  await query(texts.chunk, [...people, notificationId, nowMs, elsewhereMs, ttlMs, ...byZone]);
  await query(MOVE_FANOUT, [notificationId, audience, audienceId, last?.['id']]);
  return count;
}
