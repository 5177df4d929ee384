// The texts of a claim's statements for PostgreSQL. Each begins with a fresh view of the database, so what comes after
// the locks on the lanes sees everything that the claims before have done. Nothing here waits for anybody's lock.

/**
 * Lanes that may be served now and have something due, the least recently served first; those that another process is
 * claiming from are passed over. The lock is the one that leaves inserts alone.
 */
export const LOCK_LANES = `
  SELECT l.id, l.interval_us, l.next_slot_us, l.slow_factor, l.slow_until_ms, l.slots_since_bulk
    FROM lane l
   WHERE l.blocked_until_ms <= $1
     AND (l.next_slot_us <= $2 OR l.next_slot_us > $3)
     AND EXISTS (
           SELECT 1 FROM (VALUES (0::smallint), (1), (2)) p (priority) CROSS JOIN LATERAL (
             SELECT 1 FROM delivery d
              WHERE d.lane_id = l.id AND d.state = 'queued' AND d.priority = p.priority AND d.due_at_ms <= $1
              ORDER BY d.due_at_ms, d.id LIMIT 1) due)
   ORDER BY l.last_claim_at_ms, l.id
   LIMIT $4
     FOR NO KEY UPDATE OF l SKIP LOCKED`;

/**
 * The next deliveries of each priority of the locked lanes. A conversation with something in flight waits (what is
 * leased to a digest is not), and so does a delivery behind an older one of its conversation that is due or being retried: messages keep their order. What
 * goes to a closed host is left where it is.
 */
export const LOCK_DELIVERIES = `
  SELECT k.lane_id, p.priority, x.*
    FROM unnest($2::bigint[], $3::bigint[]) k (lane_id, room)
   CROSS JOIN (VALUES (0::smallint), (1), (2)) p (priority)
   CROSS JOIN LATERAL (
     SELECT d.id, d.conversation_id, d.is_quiet, d.due_at_ms, d.failures,
            c.blocked_until_ms, c.chat_clock_ms, c.hour_clock_ms, c.notified_at_ms
       FROM delivery d JOIN conversation c ON c.id = d.conversation_id
      WHERE d.lane_id = k.lane_id AND d.state = 'queued' AND d.priority = p.priority AND d.due_at_ms <= $1
        AND NOT EXISTS (
              SELECT 1 FROM unnest($4::text[]) closed (origin)
               WHERE starts_with(replace(lower(c.service_url) || '/', ':443/', '/'), closed.origin || '/'))
        AND NOT EXISTS (
              SELECT 1 FROM delivery f
               WHERE f.conversation_id = d.conversation_id AND f.state IN ('leased', 'sending')
                 AND coalesce(f.folded_into, f.id) = f.id)
        AND NOT EXISTS (
              SELECT 1 FROM delivery e
               WHERE e.conversation_id = d.conversation_id AND e.state = 'queued'
                 AND (e.priority < d.priority OR (e.priority = d.priority AND e.id < d.id))
                 AND (e.due_at_ms <= $1 OR e.attempts > 0))
      ORDER BY d.due_at_ms, d.id
      LIMIT k.room
        FOR NO KEY UPDATE OF d SKIP LOCKED) x
   ORDER BY k.lane_id, p.priority, x.due_at_ms, x.id`;

/** What waits for conversations without room, once one of it was met, so that nobody looks at it again before. */
export const PUT_OFF = `
  UPDATE delivery d SET due_at_ms = w.until_ms
    FROM unnest($1::bigint[], $2::smallint[], $3::bigint[]) u (conversation_id, is_quiet, until_ms)
   CROSS JOIN LATERAL (
     SELECT q.id, u.until_ms FROM delivery q
      WHERE q.conversation_id = u.conversation_id AND q.state = 'queued' AND q.is_quiet = u.is_quiet
        AND q.due_at_ms < u.until_ms
      ORDER BY q.priority, q.id
        FOR NO KEY UPDATE SKIP LOCKED) w
   WHERE d.id = w.id`;

/** Gives back everything that sending needs. */
export const LEASE = `
  UPDATE delivery d SET state = 'leased', lease_owner = $1, lease_until_ms = $2, updated_at_ms = $3
    FROM unnest($4::bigint[]) k (id), notification n, conversation c LEFT JOIN person p ON p.id = c.person_id
         LEFT JOIN preference r ON r.person_id = c.person_id
   WHERE d.id = k.id AND d.state = 'queued' AND n.id = d.notification_id AND c.id = d.conversation_id
  RETURNING d.id, d.notification_id, d.lane_id, d.conversation_id, d.failures, d.is_reduced, d.remedies, d.operation,
            d.activity_id, d.lifecycle_id, d.expires_at_ms, d.priority, d.attempts, d.reason, d.scheduled_at_ms, d.folded_into,
            n.public_id, n.content, n.unknown_policy, n.created_at_ms,
            c.kind, c.notified_at_ms, c.tenant_id, c.service_url, c.bot_account_id, c.teams_conversation_id,
            p.teams_user_id, p.aad_object_id, p.locale, p.time_zone, r.settings,
            CAST(EXISTS (SELECT 1 FROM installation i
                          WHERE i.conversation_id = c.id AND i.state = 'unreachable') AS int) AS is_unreachable`;

export const TAKE_SLOTS = `
  UPDATE lane l SET next_slot_us = k.next_slot_us, last_claim_at_ms = $1, slots_since_bulk = k.since_bulk
    FROM unnest($2::bigint[], $3::bigint[], $4::bigint[]) k (id, next_slot_us, since_bulk)
   WHERE l.id = k.id`;

/** Waits for whoever is changing a lane: a slot is needed now. In the order of their ids, so that nobody waits in a ring. */
export const LOCK_LANES_OF_WISHES = `
  SELECT l.id, l.interval_us, l.next_slot_us, l.slow_factor, l.slow_until_ms, l.blocked_until_ms
    FROM unnest($1::bigint[]) k (id) JOIN lane l ON l.id = k.id
   ORDER BY l.id
     FOR NO KEY UPDATE OF l`;

export const RESERVE_SLOTS = `
  UPDATE lane l SET next_slot_us = k.next_slot_us
    FROM unnest($1::bigint[], $2::bigint[]) k (id, next_slot_us)
   WHERE l.id = k.id`;
