// Which instants of a SQLite store move when the wall clock was set, and which stay.

import { join } from 'node:path';
import { createStatementCache } from '../../../src/store/sqlite/kysely-dialect.ts';
import { type OpenDatabase, openDatabase } from '../../../src/store/sqlite/open-database.ts';
import { shiftInstants } from '../../../src/store/sqlite/shift-instants.ts';
import { createTemporaryFolder, type TemporaryFolder } from '../../support/temporary-folder.ts';

const AT = Date.UTC(2026, 0, 1);

const MOVED = [
  'ask.edit_due_at_ms',
  'ask.edited_at_ms',
  'ask.escalate_at_ms',
  'ask.remind_at_ms',
  'ask.shown_at_ms',
  'conversation.blocked_until_ms',
  'conversation.chat_clock_ms',
  'conversation.hour_clock_ms',
  'conversation.notified_at_ms',
  'delivery.due_at_ms',
  'delivery.expires_at_ms',
  'delivery.lease_until_ms',
  'dialog.expires_at_ms',
  'lane.blocked_until_ms',
  'lane.last_claim_at_ms',
  'lane.next_slot_us',
  'lane.slow_until_ms',
  'notification.expires_at_ms',
  'person.lookup_due_at_ms',
  'poll.edit_due_at_ms',
  'poll.edited_at_ms',
  'roster.due_at_ms',
  'webhook_endpoint.blocked_until_ms',
  'webhook_message.due_at_ms',
];
const KEPT = [
  'api_key.created_at_ms',
  'api_key.expires_at_ms',
  'api_key.last_used_at_ms',
  'api_key.revoked_at_ms',
  'ask.escalated_at_ms',
  'attempt.finished_at_ms',
  'attempt.started_at_ms',
  'channel.state_at_ms',
  'conversation.updated_at_ms',
  'delivery.read_at_ms',
  'delivery.updated_at_ms',
  'dialog.begun_at_ms',
  'dialog.created_at_ms',
  'dialog.ended_at_ms',
  'dialog_definition.updated_at_ms',
  'idempotency.created_at_ms',
  'installation.changed_at_ms',
  'lifecycle.edited_at_ms',
  'lifecycle.occurred_at_ms',
  'lifecycle.opened_at_ms',
  'lifecycle.updated_at_ms',
  'notification.changed_at_ms',
  'notification.created_at_ms',
  'notification.ended_at_ms',
  'notification.kept_until_ms',
  'notification.recalled_at_ms',
  'person.updated_at_ms',
  'poll.closed_at_ms',
  'poll.created_at_ms',
  'preference.updated_at_ms',
  'producer.created_at_ms',
  'producer.disabled_at_ms',
  'reaction.reacted_at_ms',
  'response.responded_at_ms',
  'roster.read_at_ms',
  'roster.state_at_ms',
  'schema_migration.applied_at_ms',
  'seen_activity.heard_at_ms',
  'seen_activity.seen_at_ms',
  'hook.created_at_ms',
  'hook.disabled_at_ms',
  'hook.previous_secret_until_ms',
  'template.created_at_ms',
  'template.updated_at_ms',
  'status_event.at_ms',
  'subscription.subscribed_at_ms',
  'tell.answered_at_ms',
  'tell.told_at_ms',
  'topic.created_at_ms',
  'topic.updated_at_ms',
  'webhook_endpoint.created_at_ms',
  'webhook_endpoint.deleted_at_ms',
  'webhook_endpoint.disabled_at_ms',
  'webhook_endpoint.failing_since_ms',
  'webhook_endpoint.previous_secret_until_ms',
  'webhook_message.created_at_ms',
  'webhook_message.updated_at_ms',
];
/** Dates that somebody set: they stay, and so does what is due by them. */
const SCHEDULED = [
  'dialog.begins_at_ms',
  'delivery.scheduled_at_ms',
  'fanout.starts_at_ms',
  'notification.starts_at_ms',
  'poll.closes_at_ms',
];

let folder: TemporaryFolder;
let database: OpenDatabase;

beforeEach(() => {
  folder = createTemporaryFolder();
  database = openDatabase(join(folder.path, 'bellhop.db'), true);
});

afterEach(() => {
  database.close();
  folder.remove();
});

const read = (sql: string) => database.writer.prepare(sql).all();
const shift = (deltaMs: number) => shiftInstants(createStatementCache(database.writer), deltaMs);

function fill(): void {
  database.writer.exec(`
    INSERT INTO lane VALUES (1, 'a', 't', 1000, ${AT}000, ${AT}, ${AT}, 2, ${AT}, 0), (2, 'a', 'u', 1, 0, 0, 0, 1, 0, 0);
    INSERT INTO person (id, tenant_id, updated_at_ms, lookup_due_at_ms) VALUES (1, 't', ${AT}, ${AT}), (2, 't', ${AT}, NULL);
    INSERT INTO conversation
        (id, lane_id, tenant_id, kind, blocked_until_ms, updated_at_ms, chat_clock_ms, hour_clock_ms, notified_at_ms)
      VALUES (1, 1, 't', 'personal', ${AT}, ${AT}, ${AT}, ${AT}, '[${AT},${AT + 1}]'), (2, 2, 'u', 'personal', 0, ${AT}, 0, 0, '[]');
    INSERT INTO producer VALUES (1, 'ci', NULL, ${AT}, ${AT});
    INSERT INTO api_key VALUES ('k', 1, x'00', '[]', '[]', ${AT}, ${AT}, ${AT}, ${AT});
    INSERT INTO notification
        (id, public_id, producer_id, content, priority, unknown_policy, unresolved, created_at_ms, expires_at_ms)
      VALUES (1, 'open', 1, '{}', 1, 'hold', '[]', ${AT}, ${AT}), (2, 'done', 1, '{}', 1, 'hold', '[]', ${AT}, ${AT});
    INSERT INTO webhook_endpoint
      VALUES (1, 'w', 1, 'u', NULL, NULL, 's', 'p', ${AT}, ${AT}, ${AT}, 'r', 1, ${AT}, ${AT}, ${AT});
    INSERT INTO status_event (producer_id, type, at_ms) VALUES (1, 't', ${AT});
    INSERT INTO webhook_message (endpoint_id, event_id, state, due_at_ms, created_at_ms, updated_at_ms)
      VALUES (1, 1, 'queued', ${AT}, ${AT}, ${AT}), (1, 2, 'failed', ${AT}, ${AT}, ${AT});
    UPDATE notification SET changed_at_ms = ${AT}, recalled_at_ms = ${AT};
    INSERT INTO lifecycle
        (producer_id, key, state, peak_severity, first_message, message_number, occurred_at_ms, opened_at_ms, edited_at_ms, history, forgotten, updated_at_ms)
      VALUES (1, 'k', 'open', 'info', 1, 1, ${AT}, ${AT}, ${AT}, '[]', 0, ${AT});
    INSERT INTO fanout (notification_id, audience, audience_id, recipient, tenant_id, cursor, is_done)
    VALUES (1, 'everyone', 0, 'everyone', NULL, 0, 0), (2, 'everyone', 0, 'everyone', NULL, 0, 1);
    INSERT INTO idempotency VALUES (1, 'k', x'00', 1, '{}', ${AT});
    INSERT INTO installation (id, tenant_id, scope, subject_digest, state, changed_at_ms, generation)
      VALUES (1, 't', 'personal', 'd', 'active', ${AT}, 1);
    INSERT INTO hook VALUES (1, 'h', 1, 'n', 'json', 'token', 's', 'p', ${AT}, '{}', ${AT}, ${AT});
    INSERT INTO template VALUES (1, 1, 'order', '{}', '{}', ${AT}, ${AT});
    INSERT INTO roster
        (id, tenant_id, scope, teams_id, state, state_at_ms, conversation_id, read_at_ms, due_at_ms)
      VALUES (1, 't', 'team', '19:t', 'active', ${AT}, 1, ${AT}, ${AT}),
             (2, 't', 'team', '19:u', 'active', ${AT}, 1, ${AT}, NULL);
    INSERT INTO channel (roster_id, teams_id, state, state_at_ms, conversation_id) VALUES (1, '19:c', 'active', ${AT}, 1);
    INSERT INTO preference VALUES (1, '{}', ${AT});
    INSERT INTO topic VALUES (1, 'deploys', '', ${AT}, ${AT});
    INSERT INTO subscription VALUES (1, 1, ${AT});
    INSERT INTO ask (notification_id, state, remind_at_ms, escalate_at_ms, escalated_at_ms)
      VALUES (1, 'open', ${AT}, ${AT}, ${AT});
    INSERT INTO tell (notification_id, conversation_id, people, told_at_ms, answered_at_ms) VALUES (1, 1, '[]', ${AT}, ${AT});
    INSERT INTO poll (public_id, producer_id, notification_id, poll, created_at_ms, closes_at_ms, closed_at_ms, edit_due_at_ms, edited_at_ms)
      VALUES ('pol', 1, 1, '{}', ${AT}, ${AT}, ${AT}, ${AT}, ${AT});
    INSERT INTO dialog_definition (producer_id, name, definition, updated_at_ms) VALUES (1, '/', '{}', ${AT});
    INSERT INTO dialog
        (public_id, producer_id, conversation_id, definition, state, progress, answers, created_at_ms, begun_at_ms, expires_at_ms, ended_at_ms)
      VALUES ('dlg', 1, 1, '{}', 'active', '{}', '{}', ${AT}, ${AT}, ${AT}, ${AT}),
             ('old', 1, 1, '{}', 'completed', '{}', '{}', ${AT}, ${AT}, ${AT}, ${AT});
    INSERT INTO seen_activity VALUES ('d', ${AT}, 'p', ${AT});
    UPDATE schema_migration SET applied_at_ms = ${AT};
    UPDATE notification SET ended_at_ms = ${AT}, kept_until_ms = ${AT};
    INSERT INTO delivery (id, notification_id, lane_id, conversation_id, state, priority, due_at_ms, expires_at_ms, lease_until_ms, updated_at_ms)
      VALUES (1, 1, 1, 1, 'sending', 1, ${AT}, ${AT}, ${AT}, ${AT}), (2, 2, 1, 1, 'failed', 1, ${AT}, ${AT}, NULL, ${AT});
    UPDATE delivery SET read_at_ms = ${AT};
    INSERT INTO reaction VALUES (1, 1, 'like', ${AT});
    INSERT INTO attempt (delivery_id, number, operation, request_id, started_at_ms, finished_at_ms)
      VALUES (1, 1, 'post', 'r', ${AT}, ${AT});
    INSERT OR IGNORE INTO ask (notification_id, state) VALUES (1, 'open');
    UPDATE ask SET edit_due_at_ms = ${AT}, edited_at_ms = ${AT}, shown_at_ms = ${AT};
    INSERT INTO response (notification_id, person_id, action, responded_at_ms) VALUES (1, 1, 'a', ${AT});`);
}

/** All columns of all tables that hold instants, as `table.column`. */
function instants(): readonly string[] {
  return read(`SELECT t.name || '.' || c.name AS name FROM sqlite_schema t, pragma_table_info(t.name) c
                WHERE t.type = 'table' AND (c.name LIKE '%\\_ms' ESCAPE '\\' OR c.name LIKE '%slot\\_us' ESCAPE '\\')
                  AND c.name NOT LIKE 'ttl%' AND c.name <> 'remind_ms'
                ORDER BY 1`).map(({ name }) => String(name));
}

test('every instant of the schema is one of those that move or one of those that stay', () => {
  expect(instants()).toEqual([...MOVED, ...KEPT, ...SCHEDULED].sort());
});

test.each([3_600_000, -86_400_000])('what waits is moved by %i ms, and what was stays', (deltaMs) => {
  fill();
  shift(deltaMs);
  for (const name of [...MOVED, ...KEPT]) {
    const [table, column = ''] = name.split('.');
    const at = AT + (MOVED.includes(name) ? deltaMs : 0);
    const expected =
      { 'lane.next_slot_us': at * 1_000, 'conversation.notified_at_ms': `[${at},${at + 1}]` }[name] ?? at;
    expect([name, read(`SELECT * FROM ${table} ORDER BY 1 LIMIT 1`)[0]?.[column]]).toEqual([name, expected]);
  }
});

test('what never was, and what has ended, stays', () => {
  fill();
  const others = () => [
    read('SELECT * FROM lane WHERE id = 2'),
    read('SELECT * FROM conversation WHERE id = 2'),
    read('SELECT * FROM person WHERE id = 2'),
    read('SELECT * FROM notification WHERE id = 2'),
    read('SELECT * FROM delivery WHERE id = 2'),
    read('SELECT * FROM webhook_message WHERE event_id = 2'),
    read("SELECT * FROM dialog WHERE public_id = 'old'"),
    read('SELECT closes_at_ms FROM poll'),
  ];
  const before = others();
  shift(3_600_000);
  expect(others()).toEqual(before);
});

describe('what is scheduled', () => {
  const HOUR_MS = 3_600_000;

  beforeEach(() => {
    fill();
    database.writer.exec(`
      UPDATE notification SET starts_at_ms = ${AT} WHERE id = 1;
      UPDATE fanout SET starts_at_ms = ${AT} WHERE notification_id = 1;
      UPDATE delivery SET state = 'queued', lease_until_ms = NULL, scheduled_at_ms = ${AT}, expires_at_ms = ${AT + HOUR_MS}
       WHERE id = 1;`);
  });

  const delivery = () => {
    const [row] = read('SELECT due_at_ms, scheduled_at_ms, expires_at_ms FROM delivery WHERE id = 1');
    return [row?.['due_at_ms'], row?.['scheduled_at_ms'], row?.['expires_at_ms']];
  };

  test.each([HOUR_MS, -24 * HOUR_MS])('keeps its dates when the clock is set by %i ms', (deltaMs) => {
    shift(deltaMs);
    expect(delivery()).toEqual([AT, AT, AT + HOUR_MS]);
    expect(read('SELECT starts_at_ms FROM fanout WHERE notification_id = 1')).toEqual([{ starts_at_ms: AT }]);
    expect(read('SELECT starts_at_ms, expires_at_ms FROM notification WHERE id = 1')).toEqual([
      { starts_at_ms: AT, expires_at_ms: AT },
    ]);
  });

  test('and put off for want of room keeps its wait, but is not due before its date', () => {
    database.writer.exec(`UPDATE delivery SET due_at_ms = ${AT + 5_000} WHERE id = 1`);
    shift(60_000);
    expect(delivery()).toEqual([AT + 65_000, AT, AT + HOUR_MS]);
    shift(-24 * HOUR_MS);
    expect(delivery()).toEqual([AT, AT, AT + HOUR_MS]);
  });

  test.each(['quiet_hours', 'daily_digest'])(
    'and waits for a time of day (%s) keeps that, scheduled or not',
    (reason) => {
      database.writer.exec(`UPDATE delivery SET reason = '${reason}', due_at_ms = ${AT + 5_000} WHERE id = 1`);
      shift(60_000);
      expect(delivery()).toEqual([AT + 5_000, AT, AT + HOUR_MS]);
      database.writer.exec('UPDATE delivery SET scheduled_at_ms = NULL WHERE id = 1');
      shift(60_000);
      expect(delivery()).toEqual([AT + 5_000, null, AT + HOUR_MS + 60_000]);
    },
  );

  test.each([
    ['was tried already', 'attempts = 1'],
    ['is on its way', `state = 'leased', lease_until_ms = ${AT}`],
  ])('and %s waits like everything else', (_what, change) => {
    database.writer.exec(`UPDATE delivery SET ${change} WHERE id = 1`);
    shift(-24 * HOUR_MS);
    expect(delivery()).toEqual([AT - 24 * HOUR_MS, AT, AT - 23 * HOUR_MS]);
  });
});
