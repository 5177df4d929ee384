// When the people of a broadcast get it: at once, at one instant, or at the same local time wherever they are. Pure.

import { instantFor } from '../domain/local-time.ts';
import { AUDIENCES, type Audience } from './notification-schema.ts';
import type { Row } from './queue-rows.ts';

/** For a part of the people. */
export interface FanoutTimes {
  /** When it is due, by the name of a zone as it is stored; empty when that is the same for all. Epoch milliseconds. */
  readonly instants: ReadonlyMap<string, number>;
  /** When it is due for everybody else. */
  readonly elsewhereMs: number;
  /** From that instant on; null when the broadcast ends for all at the same time. */
  readonly ttlMs: number | null;
}

/** Whom a broadcast goes to. */
export function audienceOf(fanout: Row): Audience {
  return AUDIENCES.find((audience) => audience === fanout['audience']) ?? 'everyone';
}

/** Whether it matters where people are. */
export function isLocal(fanout: Row): boolean {
  return fanout['local_at'] !== null;
}

/** The zone in a row of zones. */
export function toTimeZone(row: Row): string {
  return String(row['time_zone']);
}

/**
 * What was past when the broadcast was accepted is due now, and lives from now on.
 *
 * @param zones where the people are, each once; needed for a local time only
 */
export function fanoutTimes(fanout: Row, zones: readonly string[], nowMs: number): FanoutTimes {
  const { ttl_ms: ttlMs, starts_at_ms: startsAtMs, created_at_ms: createdAtMs } = fanout;
  if (ttlMs === null) {
    return { instants: new Map(), elsewhereMs: nowMs, ttlMs };
  }
  const toDue = (atMs: number) => (atMs <= Number(createdAtMs) ? nowMs : atMs);
  const dueIn = (zone: string | null) =>
    toDue(instantFor(String(fanout['local_at']), zone, String(fanout['time_zone'])));
  return {
    instants: new Map(zones.map((zone) => [zone, dueIn(zone)])),
    elsewhereMs: isLocal(fanout) ? dueIn(null) : toDue(Number(startsAtMs)),
    ttlMs: Number(ttlMs),
  };
}
