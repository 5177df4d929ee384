// Turning broadcasts into deliveries, a chunk at a time, for SQLite.

import { audienceOf, fanoutTimes, isLocal, toTimeZone } from '../fanout-times.ts';
import { CLOSE_FANOUT, FANOUT_TEXTS, MOVE_FANOUT, OPEN_FANOUT } from './fanout-sql.ts';
import type { Prepare } from './kysely-dialect.ts';

/** @returns how many people were looked at; 0 when no broadcast is open, or one has come to its end */
export function expandFanout(prepare: Prepare, nowMs: number, chunk: number): number {
  const fanout = prepare(OPEN_FANOUT).get({ nowMs });
  if (!fanout) {
    return 0;
  }
  const audience = audienceOf(fanout);
  const texts = FANOUT_TEXTS[audience];
  const notificationId = Number(fanout['notification_id']);
  const audienceId = Number(fanout['audience_id']);
  const meant = { audienceId, cursor: fanout['cursor'] ?? 0, tenantId: fanout['tenant_id'] ?? null };
  const last = prepare(texts.end).get({ ...meant, chunk });
  const count = Number(last?.['count'] ?? 0);
  if (count === 0) {
    prepare(CLOSE_FANOUT).run(notificationId, audience, audienceId);
    return 0;
  }
  const end = Number(last?.['id']);
  const people = { ...meant, end };
  const zones = isLocal(fanout) ? prepare(texts.zones).all(people) : [];
  const { instants, ...times } = fanoutTimes(fanout, zones.map(toTimeZone), nowMs);
  prepare(texts.chunk).run({
    ...people,
    ...times,
    instants: JSON.stringify(Object.fromEntries(instants)),
    notificationId,
    nowMs,
  });
  prepare(MOVE_FANOUT).run(end, notificationId, audience, audienceId);
  return count;
}
