// Moving what waits when the wall clock was set, for SQLite. Inside a write transaction only.

import type { Prepare } from './kysely-dialect.ts';

/** 0 stands for "never". */
const moved = (column: string, delta = ':deltaMs') => `${column} = iif(${column} = 0, 0, ${column} + ${delta})`;

/** What nobody has tried to send yet, and is due at a date that somebody set: that stays, and so does what follows it. */
const BY_SCHEDULE = `state = 'queued' AND attempts = 0 AND scheduled_at_ms IS NOT NULL`;

/** What waits for a time of day where its person is. */
const BY_TIME_OF_DAY = `state = 'queued' AND reason IN ('quiet_hours', 'daily_digest')`;

/** Everything that waits for an instant; what only says when something was, and dates that people set, stay. */
const STATEMENTS = [
  `UPDATE delivery
      SET due_at_ms = iif(${BY_TIME_OF_DAY}, due_at_ms, due_at_ms + :deltaMs), expires_at_ms = expires_at_ms + :deltaMs,
          lease_until_ms = lease_until_ms + :deltaMs
    WHERE state IN ('queued', 'leased', 'sending') AND NOT (${BY_SCHEDULE})`,
  // Put off, because its conversation has no room: not before its date all the same.
  `UPDATE delivery SET due_at_ms = max(due_at_ms + :deltaMs, scheduled_at_ms)
    WHERE ${BY_SCHEDULE} AND due_at_ms > scheduled_at_ms AND coalesce(${BY_TIME_OF_DAY}, 0) = 0`,
  `UPDATE notification SET expires_at_ms = expires_at_ms + :deltaMs
    WHERE starts_at_ms IS NULL AND id IN (SELECT notification_id FROM fanout WHERE is_done = 0)`,
  `UPDATE lane
      SET ${moved('next_slot_us', '1000 * :deltaMs')}, ${moved('blocked_until_ms')}, ${moved('slow_until_ms')},
          ${moved('last_claim_at_ms')}`,
  `UPDATE conversation
      SET ${moved('blocked_until_ms')}, ${moved('chat_clock_ms')}, ${moved('hour_clock_ms')},
          notified_at_ms = (SELECT json_group_array(CAST(value + :deltaMs AS INTEGER))
                              FROM (SELECT value FROM json_each(notified_at_ms) ORDER BY key))
    WHERE blocked_until_ms > 0 OR chat_clock_ms > 0 OR notified_at_ms <> '[]'`,
  `UPDATE webhook_message SET due_at_ms = due_at_ms + :deltaMs WHERE state = 'queued'`,
  `UPDATE webhook_endpoint SET ${moved('blocked_until_ms')}`,
  `UPDATE ask
      SET remind_at_ms = remind_at_ms + :deltaMs, escalate_at_ms = escalate_at_ms + :deltaMs,
          edit_due_at_ms = edit_due_at_ms + :deltaMs, ${moved('edited_at_ms')}, ${moved('shown_at_ms')}
    WHERE coalesce(remind_at_ms, escalate_at_ms, edit_due_at_ms) IS NOT NULL OR edited_at_ms > 0`,
  `UPDATE poll SET edit_due_at_ms = edit_due_at_ms + :deltaMs, ${moved('edited_at_ms')}
    WHERE edit_due_at_ms IS NOT NULL OR edited_at_ms > 0`,
  `UPDATE dialog SET expires_at_ms = expires_at_ms + :deltaMs WHERE state = 'active'`,
  `UPDATE roster SET due_at_ms = due_at_ms + :deltaMs WHERE due_at_ms IS NOT NULL`,
  `UPDATE person SET lookup_due_at_ms = lookup_due_at_ms + :deltaMs WHERE lookup_due_at_ms IS NOT NULL`,
];

/** Takes long only for a long queue, and clocks are seldom set. */
export function shiftInstants(prepare: Prepare, deltaMs: number): void {
  for (const statement of STATEMENTS) {
    prepare(statement).run({ deltaMs });
  }
}
