// The texts of the queue's other statements for PostgreSQL, each with what it promises.
//
// A delivery has the owner of a lease exactly while it is leased or being sent, so the fence is the owner alone. A fence
// that also names these two states lets the planner look for the row in the index of everything that is in flight, which
// was empty when it last counted: each statement then reads all of it.

/**
 * Fenced: only the owner of the lease may begin, and beginning renews the lease. A post is counted before the request is
 * written: what becomes of it, Teams has counted it too. Whoever took their slot before a 429 held the lane back may not
 * begin either.
 */
export const BEGIN_ATTEMPTS = `
  WITH begun AS (
    UPDATE delivery d
       SET state = 'sending', attempts = d.attempts + 1, lease_until_ms = w.lease_until_ms, updated_at_ms = w.now_ms
      FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::text[])
             w (id, owner, lease_until_ms, now_ms, operation, request_id)
     WHERE d.id = w.id AND d.lease_owner = w.owner
       AND NOT EXISTS (SELECT 1 FROM lane l WHERE l.id = d.lane_id AND l.blocked_until_ms > w.now_ms)
    RETURNING d.id, d.lease_owner, d.attempts, d.conversation_id, w.now_ms, w.operation, w.request_id
  ), counted AS (
    UPDATE conversation c
       SET chat_clock_ms = GREATEST(c.chat_clock_ms, begun.now_ms) + $7,
           hour_clock_ms = GREATEST(c.hour_clock_ms, begun.now_ms) + $8
      FROM begun
     WHERE c.id = begun.conversation_id AND begun.operation <> 'create_conversation'
  ), recorded AS (
    INSERT INTO attempt (delivery_id, number, operation, request_id, started_at_ms)
    SELECT id, attempts, operation, request_id, now_ms FROM begun
  )
  SELECT id, lease_owner, attempts FROM begun`;

/** Fenced like the delivery itself, which stays locked: whoever lost the lease leaves no trace. */
export const END_ATTEMPT = `
  WITH held AS (
    SELECT id FROM delivery WHERE id = $1 AND lease_owner = $2 FOR NO KEY UPDATE
  )
  UPDATE attempt a
     SET finished_at_ms = $4, outcome = $5, reason = $6, http_status = $7, correlation_id = $8
    FROM held
   WHERE a.delivery_id = held.id AND a.number = $3`;

/** The instants of a conversation's latest notifications, with one more. */
const withInstant = (nowMs: string, count: string) => `(
             SELECT '[' || string_agg(latest.at, ',' ORDER BY latest.place) || ']'
               FROM (SELECT i.at, i.place
                       FROM jsonb_array_elements_text(c.notified_at_ms::jsonb || to_jsonb(${nowMs}))
                            WITH ORDINALITY i (at, place)
                      ORDER BY i.place DESC LIMIT ${count}) latest)`;

/**
 * Both at once, for many: closes the attempt's record and gives the lease up. The message of an edit that failed is still
 * there: its id is kept where there is no new one.
 */
export const FINISH_ATTEMPTS = `
  WITH released AS (
    UPDATE delivery d
       SET state = w.state, failures = w.failures, is_reduced = w.is_reduced, due_at_ms = w.due_at_ms,
           reason = w.reason, activity_id = coalesce(w.activity_id, d.activity_id), updated_at_ms = w.now_ms,
           lease_owner = NULL, lease_until_ms = NULL
      FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::bigint[], $8::text[],
                  $9::text[], $10::bigint[], $11::smallint[], $12::bigint[], $13::text[], $14::text[])
             w (id, owner, number, now_ms, outcome, attempt_reason, http_status, correlation_id,
                state, failures, is_reduced, due_at_ms, reason, activity_id)
     WHERE d.id = w.id AND d.lease_owner = w.owner
    RETURNING d.id, d.conversation_id, d.is_quiet, d.state,
              w.owner, w.number, w.now_ms, w.outcome, w.attempt_reason, w.http_status, w.correlation_id
  ), ended AS (
    UPDATE attempt a
       SET finished_at_ms = r.now_ms, outcome = r.outcome, reason = r.attempt_reason, http_status = r.http_status,
           correlation_id = r.correlation_id
      FROM released r
     WHERE a.delivery_id = r.id AND a.number = r.number
  ), counted AS (
    UPDATE conversation c
       SET notified_at_ms = ${withInstant('r.now_ms', '$15')}
      FROM released r
     WHERE c.id = r.conversation_id AND c.kind = 'personal' AND r.is_quiet = 0 AND r.state = 'sent'
  )
  SELECT id, owner AS lease_owner FROM released`;

/** A notification to a person is counted when it was posted: a post that failed has disturbed nobody. */
export const RELEASE = `
  WITH released AS (
    UPDATE delivery
       SET state = $3, failures = $4, is_reduced = $5, due_at_ms = $6, reason = $7,
           activity_id = coalesce($8, activity_id), updated_at_ms = $9,
           lease_owner = NULL, lease_until_ms = NULL
     WHERE id = $1 AND lease_owner = $2
    RETURNING conversation_id, is_quiet
  ), counted AS (
    UPDATE conversation c
       SET notified_at_ms = ${withInstant('$9::bigint', '$10')}
      FROM released
     WHERE c.id = released.conversation_id AND c.kind = 'personal' AND released.is_quiet = 0 AND $3 = 'sent'
  )
  SELECT 1 FROM released`;

/** Fenced as above. */
export const ADD_REMEDY = `
  UPDATE delivery SET remedies = btrim(remedies || ' ' || $3::text)
   WHERE id = $1 AND lease_owner = $2`;

export const GIVE_BACK = `
  UPDATE delivery SET state = 'queued', lease_owner = NULL, lease_until_ms = NULL
   WHERE id = $1 AND lease_owner = $2 AND state <> 'sending'`;

/** A part at a time; what another process is changing is left for later. */
export const EXPIRE_DUE = `
  UPDATE delivery d SET state = 'expired', reason = 'expired', updated_at_ms = $1
    FROM (SELECT id FROM delivery
           WHERE state = 'queued' AND expires_at_ms <= $1
           ORDER BY expires_at_ms LIMIT $2
             FOR NO KEY UPDATE SKIP LOCKED) late
   WHERE d.id = late.id`;

/** Locked until the transaction ends: two processes do not recover the same delivery. */
export const ABANDONED = `
  SELECT d.id, d.lane_id, d.conversation_id, d.lease_owner, d.failures, d.is_reduced, d.reason, n.unknown_policy,
         a.number, a.operation
    FROM delivery d
    JOIN notification n ON n.id = d.notification_id
    LEFT JOIN attempt a ON a.delivery_id = d.id AND a.number = d.attempts AND a.finished_at_ms IS NULL
   WHERE d.state IN ('leased', 'sending') AND d.lease_until_ms < $1
   ORDER BY d.lease_until_ms
   LIMIT $2
     FOR NO KEY UPDATE OF d SKIP LOCKED`;

const LANES_AND_PRIORITIES = `lane l CROSS JOIN (VALUES (0::smallint), (1), (2)) p (priority)`;

/** Something to claim, to expire or to expand: one look into an index for each lane and priority. */
export const HAS_DUE = `
  SELECT (SELECT 1 FROM ${LANES_AND_PRIORITIES} CROSS JOIN LATERAL (
            SELECT 1 FROM delivery d
             WHERE d.lane_id = l.id AND d.state = 'queued' AND d.priority = p.priority AND d.due_at_ms <= $1
             ORDER BY d.due_at_ms, d.id LIMIT 1) due
           WHERE l.blocked_until_ms <= $1 LIMIT 1) IS NOT NULL
      OR (SELECT 1 FROM delivery WHERE state = 'queued' AND expires_at_ms <= $1 ORDER BY expires_at_ms LIMIT 1) IS NOT NULL
      OR (SELECT 1 FROM fanout WHERE is_done = 0 AND starts_at_ms <= $1 ORDER BY starts_at_ms LIMIT 1) IS NOT NULL AS has_due`;

/** A delivery to claim, or a broadcast to expand. */
export const NEXT_DUE = `
  SELECT LEAST(min(GREATEST(due.due_at_ms, l.blocked_until_ms)),
               (SELECT starts_at_ms FROM fanout WHERE is_done = 0 ORDER BY starts_at_ms LIMIT 1)) AS due_at_ms
    FROM ${LANES_AND_PRIORITIES} CROSS JOIN LATERAL (
      SELECT d.due_at_ms FROM delivery d
       WHERE d.lane_id = l.id AND d.state = 'queued' AND d.priority = p.priority
       ORDER BY d.due_at_ms, d.id LIMIT 1) due`;
