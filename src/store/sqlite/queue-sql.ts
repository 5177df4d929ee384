// The texts of the queue's statements for SQLite, each with what it promises. A limit is never a parameter alone: SQLite
// would compile the statement anew at every run, which costs more than running it.

/** Lanes that may be served now and have something due, the least recently served first. */
export const FREE_LANES = `
  SELECT l.id, l.interval_us, l.next_slot_us, l.slow_factor, l.slow_until_ms, l.slots_since_bulk
    FROM lane l
   WHERE l.blocked_until_ms <= :nowMs
     AND (l.next_slot_us <= :latestSlotUs OR l.next_slot_us > :farSlotUs)
     AND EXISTS (
           SELECT 1 FROM (VALUES (0), (1), (2)) p CROSS JOIN delivery d
            WHERE d.lane_id = l.id AND d.state = 'queued' AND d.priority = p.column1 AND d.due_at_ms <= :nowMs)
   ORDER BY l.last_claim_at_ms, l.id
   LIMIT 0 + :limit`;

/**
 * The next deliveries of one priority of one lane, with everything that sending them needs. A conversation with
 * something in flight waits (what is leased to a digest is not), and so does a delivery behind an older one of its conversation that is due or being
 * retried: messages keep their order.
 */
const nextOf = (deliveries: string) => `
  SELECT d.id, d.notification_id, d.lane_id, d.conversation_id, d.is_quiet, d.failures, d.is_reduced, d.remedies,
         d.operation, d.activity_id, d.lifecycle_id, d.expires_at_ms, d.priority, d.attempts, d.reason,
         d.scheduled_at_ms, d.folded_into, n.public_id, n.content, n.unknown_policy, n.created_at_ms, c.kind,
         c.tenant_id, c.service_url, c.bot_account_id, c.teams_conversation_id,
         c.blocked_until_ms, c.chat_clock_ms, c.hour_clock_ms, c.notified_at_ms,
         p.teams_user_id, p.aad_object_id, p.locale, p.time_zone, r.settings,
         EXISTS (SELECT 1 FROM installation i
                  WHERE i.conversation_id = c.id AND i.state = 'unreachable') AS is_unreachable
    FROM ${deliveries}
    JOIN conversation c ON c.id = d.conversation_id
    JOIN notification n ON n.id = d.notification_id
    LEFT JOIN person p ON p.id = c.person_id
    LEFT JOIN preference r ON r.person_id = c.person_id
   WHERE d.lane_id = :laneId AND d.state = 'queued' AND d.priority = :priority AND d.due_at_ms <= :nowMs
     AND NOT EXISTS (
           SELECT 1 FROM delivery f
            WHERE f.conversation_id = d.conversation_id AND f.state IN ('leased', 'sending')
              AND coalesce(f.folded_into, f.id) = f.id)
     AND NOT EXISTS (
           SELECT 1 FROM delivery e
            WHERE e.conversation_id = d.conversation_id AND e.state = 'queued'
              AND (e.priority < d.priority OR (e.priority = d.priority AND e.id < d.id))
              AND (e.due_at_ms <= :nowMs OR e.attempts > 0))
   ORDER BY d.due_at_ms, d.id
   LIMIT 0 + :limit`;

export const NEXT_OF_LANE = nextOf('delivery d');

/** The same among these ids only. */
export const NEXT_OF_LISTED = nextOf('json_each(:ids) o CROSS JOIN delivery d ON d.id = o.value');

/** What is due in a lane after a place in the order of claims, and which host it goes to. */
export const DUE_HOSTS = `
  SELECT d.id, d.due_at_ms, c.service_url
    FROM delivery d CROSS JOIN conversation c ON c.id = d.conversation_id
   WHERE d.lane_id = :laneId AND d.state = 'queued' AND d.priority = :priority AND d.due_at_ms <= :nowMs
     AND (d.due_at_ms, d.id) > (:afterDueMs, :afterId)
   ORDER BY d.due_at_ms, d.id
   LIMIT 0 + :limit`;

/** Which of these ids have not ended. */
export const STILL_WAITING = `
  SELECT d.id FROM json_each(:ids) o CROSS JOIN delivery d ON d.id = o.value WHERE d.state IN ('queued', 'leased')`;

/** What waits for a conversation without room, once one of it was met, so that nobody looks at it again before. */
export const PUT_OFF = `
  UPDATE delivery SET due_at_ms = :untilMs
   WHERE conversation_id = :conversationId AND state = 'queued' AND is_quiet = :isQuiet AND due_at_ms < :untilMs`;

export const LEASE = `
  UPDATE delivery SET state = 'leased', lease_owner = ?, lease_until_ms = ?, updated_at_ms = ?
   WHERE id = ? AND state = 'queued'`;

export const TAKE_SLOTS = `
  UPDATE lane SET next_slot_us = ?, last_claim_at_ms = ?, slots_since_bulk = ? WHERE id = ?`;

export const LANE_OF_WISH = `
  SELECT interval_us, next_slot_us, slow_factor, slow_until_ms, blocked_until_ms FROM lane WHERE id = ?`;

export const RESERVE_SLOT = `UPDATE lane SET next_slot_us = ? WHERE id = ?`;

/**
 * Fenced: only the owner of the lease may begin, and beginning renews the lease. Whoever took their slot before a 429
 * held the lane back may not begin either.
 */
export const BEGIN_ATTEMPT = `
  UPDATE delivery SET state = 'sending', attempts = attempts + 1, lease_until_ms = :leaseUntilMs, updated_at_ms = :nowMs
   WHERE id = :deliveryId AND lease_owner = :owner AND state IN ('leased', 'sending')
     AND NOT EXISTS (SELECT 1 FROM lane l WHERE l.id = delivery.lane_id AND l.blocked_until_ms > :nowMs)
  RETURNING attempts, conversation_id`;

/** A post, an edit or a deletion, counted before the request is written: what becomes of it, Teams has counted it too. */
export const COUNT_POST = `
  UPDATE conversation
     SET chat_clock_ms = max(chat_clock_ms, :nowMs) + :chatMs, hour_clock_ms = max(hour_clock_ms, :nowMs) + :hourMs
   WHERE id = :conversationId`;

export const INSERT_ATTEMPT = `
  INSERT INTO attempt (delivery_id, number, operation, request_id, started_at_ms) VALUES (?, ?, ?, ?, ?)`;

/** Fenced like the delivery itself: a claimer that lost its lease leaves no trace. */
export const END_ATTEMPT = `
  UPDATE attempt SET finished_at_ms = ?, outcome = ?, reason = ?, http_status = ?, correlation_id = ?
   WHERE delivery_id = ? AND number = ?
     AND EXISTS (SELECT 1 FROM delivery WHERE id = ? AND lease_owner = ?)`;

/** The message of an edit that failed is still there: its id is kept where there is no new one. */
export const RELEASE = `
  UPDATE delivery
     SET state = ?, failures = ?, is_reduced = ?, due_at_ms = ?, reason = ?, activity_id = coalesce(?, activity_id),
         updated_at_ms = ?,
         lease_owner = NULL, lease_until_ms = NULL
   WHERE id = ? AND lease_owner = ? AND state IN ('leased', 'sending')
  RETURNING conversation_id, is_quiet`;

export const NOTIFIED = `SELECT notified_at_ms FROM conversation WHERE id = ? AND kind = 'personal'`;

/** Counted when it was posted: a post that failed has disturbed nobody. */
export const COUNT_NOTIFICATION = `UPDATE conversation SET notified_at_ms = ? WHERE id = ?`;

/** Fenced as above. */
export const ADD_REMEDY = `
  UPDATE delivery SET remedies = trim(remedies || ' ' || ?)
   WHERE id = ? AND lease_owner = ? AND state IN ('leased', 'sending')`;

export const GIVE_BACK = `
  UPDATE delivery SET state = 'queued', lease_owner = NULL, lease_until_ms = NULL
   WHERE id = ? AND lease_owner = ? AND state = 'leased'`;

export const EXPIRE_DUE = `
  UPDATE delivery SET state = 'expired', reason = 'expired', updated_at_ms = ?
   WHERE state = 'queued' AND expires_at_ms <= ?`;

export const ABANDONED = `
  SELECT d.id, d.lane_id, d.conversation_id, d.lease_owner, d.failures, d.is_reduced, d.reason, n.unknown_policy,
         a.number, a.operation
    FROM delivery d
    JOIN notification n ON n.id = d.notification_id
    LEFT JOIN attempt a ON a.delivery_id = d.id AND a.number = d.attempts AND a.finished_at_ms IS NULL
   WHERE d.state IN ('leased', 'sending') AND d.lease_until_ms < ?
   ORDER BY d.lease_until_ms
   LIMIT 0 + ?`;

/**
 * Something to claim, to expire or to expand. CROSS JOIN keeps the order of the tables: left to itself SQLite builds an
 * index over all deliveries at each call.
 */
export const HAS_DUE = `
  SELECT 1
   WHERE EXISTS (
           SELECT 1 FROM lane l CROSS JOIN (VALUES (0), (1), (2)) p CROSS JOIN delivery d
            WHERE d.lane_id = l.id AND d.state = 'queued' AND d.priority = p.column1 AND d.due_at_ms <= :nowMs
              AND l.blocked_until_ms <= :nowMs)
      OR EXISTS (SELECT 1 FROM delivery WHERE state = 'queued' AND expires_at_ms <= :nowMs)
      OR EXISTS (SELECT 1 FROM fanout WHERE is_done = 0 AND starts_at_ms <= :nowMs)`;

/** A delivery to claim, or a broadcast to expand. */
export const NEXT_DUE = `
  SELECT min(max(due_at_ms, blocked_until_ms)) AS due_at_ms
    FROM (SELECT l.blocked_until_ms,
                 (SELECT d.due_at_ms FROM delivery d
                   WHERE d.lane_id = l.id AND d.state = 'queued' AND d.priority = p.column1
                   ORDER BY d.due_at_ms LIMIT 1) AS due_at_ms
            FROM lane l, (VALUES (0), (1), (2)) p
           UNION ALL
          SELECT 0, min(starts_at_ms) FROM fanout WHERE is_done = 0)`;
