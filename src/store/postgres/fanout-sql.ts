// The texts that turn broadcasts into deliveries for PostgreSQL.

import type { Audience } from '../notification-schema.ts';
import { isReachable } from '../reach.ts';

/** The first one, of those that have begun, that nobody else is expanding. */
export const LOCK_FANOUT = `
  SELECT f.notification_id, f.audience, f.audience_id, f.tenant_id, f.cursor, f.starts_at_ms, f.local_at, f.time_zone,
         f.ttl_ms, n.created_at_ms
    FROM fanout f JOIN notification n ON n.id = f.notification_id
   WHERE f.is_done = 0 AND f.starts_at_ms <= $1
   ORDER BY f.starts_at_ms, f.notification_id LIMIT 1
     FOR UPDATE OF f SKIP LOCKED`;

/** What the statements of one audience are made of; $1 is its id, $2 the cursor, and $3 the tenant if it has to be one. */
interface Source {
  /** Where its people are listed, and the column that the cursor stands at. */
  readonly table: string;
  readonly key: string;
  /** Who of the table is meant. */
  readonly isMeant: string;
  /** From there to person `p` and conversation `c`. */
  readonly joins: string;
  /** Who of them gets something. */
  readonly isServed: string;
}

const listed = (table: string, owner: string): Source => ({
  table: `${table} i`,
  key: 'i.person_id',
  isMeant: `i.${owner} = $1::bigint
     AND ($3::text IS NULL OR EXISTS (SELECT 1 FROM person t WHERE t.id = i.person_id AND t.tenant_id = $3))`,
  joins: 'JOIN person p ON p.id = i.person_id JOIN conversation c ON c.person_id = p.id',
  isServed: isReachable('p.id'),
});

const SOURCES: Readonly<Record<Audience, Source>> = {
  everyone: {
    table: 'installation i',
    key: 'i.id',
    isMeant: `i.scope = 'personal' AND i.state = 'active' AND $1::bigint = 0
     AND ($3::text IS NULL OR i.tenant_id = $3)`,
    joins: 'JOIN conversation c ON c.id = i.conversation_id LEFT JOIN person p ON p.id = c.person_id',
    isServed: 'TRUE',
  },
  roster: listed('roster_member', 'roster_id'),
  topic: listed('subscription', 'topic_id'),
};

/** The end of the next chunk: taken from the people looked at, not from the rows inserted. */
const endOf = ({ table, key, isMeant }: Source) => `
  SELECT max(id) AS id, count(*) AS count
    FROM (SELECT ${key} AS id FROM ${table}
           WHERE ${isMeant} AND ${key} > $2
           ORDER BY ${key} LIMIT $4) chunk`;

/** Where the people of a chunk are. */
const zonesOf = ({ table, key, isMeant, joins, isServed }: Source) => `
  SELECT DISTINCT p.time_zone
    FROM ${table} ${joins}
   WHERE ${isMeant} AND ${key} > $2 AND ${key} <= $4 AND ${isServed} AND p.time_zone IS NOT NULL`;

/** When it is due in the zone of a person, or elsewhere. */
const DUE_THERE = 'COALESCE(z.at_ms, $7::bigint)';

/**
 * What is due already waits like everything else; what is not is scheduled. A person in two audiences gets it once: two
 * processes that are at it at the same time meet in the order of conversations, and never wait for each other in a circle.
 */
const chunkOf = ({ table, key, isMeant, joins, isServed }: Source) => `
  INSERT INTO delivery (notification_id, lane_id, conversation_id, state, priority, due_at_ms, expires_at_ms,
                        scheduled_at_ms, updated_at_ms, lifecycle_id, is_watched)
  SELECT n.id, c.lane_id, c.id, 'queued', n.priority, GREATEST(${DUE_THERE}, $6),
         COALESCE(${DUE_THERE} + $8::bigint, n.expires_at_ms), CASE WHEN ${DUE_THERE} > $6 THEN ${DUE_THERE} END, $6,
         n.lifecycle_id, n.is_watched
    FROM ${table} ${joins}
    JOIN notification n ON n.id = $5
    LEFT JOIN unnest($9::text[], $10::bigint[]) z (name, at_ms) ON z.name = p.time_zone
   WHERE ${isMeant} AND ${key} > $2 AND ${key} <= $4 AND ${isServed}
   ORDER BY c.id
  ON CONFLICT (notification_id, conversation_id) DO NOTHING`;

const textsOf = (source: Source) => ({ end: endOf(source), zones: zonesOf(source), chunk: chunkOf(source) });

/** By audience. */
export const FANOUT_TEXTS = {
  everyone: textsOf(SOURCES.everyone),
  roster: textsOf(SOURCES.roster),
  topic: textsOf(SOURCES.topic),
} as const;

const THIS_FANOUT = 'notification_id = $1 AND audience = $2 AND audience_id = $3';

export const MOVE_FANOUT = `UPDATE fanout SET cursor = $4 WHERE ${THIS_FANOUT}`;

export const CLOSE_FANOUT = `UPDATE fanout SET is_done = 1 WHERE ${THIS_FANOUT}`;
