// The SQLite schema as a list of steps that only ever grows; a merged step is never edited.

import type { Migration } from '../migrate.ts';
import { ASKING_MIGRATION } from './asking-migration.ts';
import { FIRST_TABLES } from './first-tables.ts';
import { TEAMS_MIGRATION } from './teams-migration.ts';
import { WEBHOOK_MIGRATION } from './webhook-migration.ts';

export const SQLITE_MIGRATIONS: readonly Migration[] = [
  {
    id: 1,
    name: 'first tables',
    sql: FIRST_TABLES,
  },
  {
    id: 2,
    name: 'pacing of conversations and lanes',
    sql: `
      ALTER TABLE lane ADD COLUMN slow_factor REAL NOT NULL DEFAULT 1;
      ALTER TABLE lane ADD COLUMN slow_until_ms INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE lane ADD COLUMN slots_since_bulk INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE conversation ADD COLUMN chat_clock_ms INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE conversation ADD COLUMN hour_clock_ms INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE conversation ADD COLUMN notified_at_ms TEXT NOT NULL DEFAULT '[]';
      ALTER TABLE delivery ADD COLUMN is_reply INTEGER NOT NULL DEFAULT 0;
    `,
  },
  {
    id: 3,
    name: 'remedies of a delivery',
    sql: `ALTER TABLE delivery ADD COLUMN remedies TEXT NOT NULL DEFAULT '';`,
  },
  {
    id: 4,
    name: 'undelivered, redelivery and estimates',
    sql: `
      ALTER TABLE delivery ADD COLUMN attempts_forgiven INTEGER NOT NULL DEFAULT 0;
      CREATE INDEX delivery_undelivered ON delivery (updated_at_ms, id) WHERE state IN ('failed', 'held', 'expired');
      CREATE INDEX delivery_undelivered_of ON delivery (notification_id, updated_at_ms, id)
        WHERE state IN ('failed', 'held', 'expired');
      CREATE INDEX installation_active_tenant ON installation (tenant_id) WHERE scope = 'personal' AND state = 'active';
    `,
  },
  {
    id: 5,
    name: 'lifecycles, edits and recalls',
    sql: `
      CREATE TABLE lifecycle (
        id              INTEGER PRIMARY KEY,
        producer_id     INTEGER NOT NULL REFERENCES producer (id),
        key             TEXT NOT NULL,
        state           TEXT NOT NULL,
        peak_severity   TEXT NOT NULL,
        first_message   INTEGER NOT NULL,
        message_number  INTEGER NOT NULL,
        notification_id INTEGER,
        occurred_at_ms  INTEGER,
        opened_at_ms    INTEGER NOT NULL,
        edited_at_ms    INTEGER NOT NULL,
        history         TEXT NOT NULL,
        forgotten       INTEGER NOT NULL,
        updated_at_ms   INTEGER NOT NULL,
        UNIQUE (producer_id, key)
      ) STRICT;

      ALTER TABLE notification ADD COLUMN lifecycle_id INTEGER REFERENCES lifecycle (id);
      ALTER TABLE notification ADD COLUMN lifecycle_state TEXT;
      ALTER TABLE notification ADD COLUMN message_number INTEGER;
      ALTER TABLE notification ADD COLUMN first_message INTEGER;
      ALTER TABLE notification ADD COLUMN changed_at_ms INTEGER;
      ALTER TABLE notification ADD COLUMN recalled_at_ms INTEGER;
      CREATE INDEX notification_lifecycle ON notification (lifecycle_id, id) WHERE lifecycle_id IS NOT NULL;

      ALTER TABLE delivery RENAME COLUMN is_reply TO is_quiet;
      ALTER TABLE delivery ADD COLUMN operation TEXT NOT NULL DEFAULT 'post';
      ALTER TABLE delivery ADD COLUMN lifecycle_id INTEGER;
      CREATE INDEX delivery_lifecycle ON delivery (lifecycle_id, conversation_id, notification_id)
        WHERE lifecycle_id IS NOT NULL AND state <> 'superseded';

      CREATE TABLE message_change (
        notification_id INTEGER PRIMARY KEY REFERENCES notification (id),
        operation       TEXT NOT NULL,
        cursor          INTEGER NOT NULL,
        late            TEXT NOT NULL
      ) STRICT;
    `,
  },
  {
    id: 6,
    name: 'templates',
    sql: `
      CREATE TABLE template (
        id            INTEGER PRIMARY KEY,
        producer_id   INTEGER NOT NULL REFERENCES producer (id),
        name          TEXT NOT NULL,
        body          TEXT NOT NULL,
        sample        TEXT NOT NULL,
        created_at_ms INTEGER NOT NULL,
        updated_at_ms INTEGER NOT NULL,
        UNIQUE (producer_id, name)
      ) STRICT;
    `,
  },
  WEBHOOK_MIGRATION,
  {
    id: 8,
    name: 'scheduled notifications',
    sql: `
      ALTER TABLE notification ADD COLUMN starts_at_ms INTEGER;
      ALTER TABLE delivery ADD COLUMN scheduled_at_ms INTEGER;
      ALTER TABLE fanout ADD COLUMN starts_at_ms INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE fanout ADD COLUMN local_at TEXT;
      ALTER TABLE fanout ADD COLUMN time_zone TEXT;
      ALTER TABLE fanout ADD COLUMN ttl_ms INTEGER;
      DROP INDEX fanout_open;
      CREATE INDEX fanout_open ON fanout (starts_at_ms, notification_id) WHERE is_done = 0;
    `,
  },
  {
    id: 9,
    name: 'retention, and finding what names a person',
    sql: `
      ALTER TABLE notification ADD COLUMN ended_at_ms INTEGER;
      ALTER TABLE notification ADD COLUMN kept_until_ms INTEGER;
      CREATE INDEX notification_ended ON notification (ended_at_ms) WHERE ended_at_ms IS NOT NULL;
      CREATE INDEX notification_kept ON notification (kept_until_ms) WHERE kept_until_ms IS NOT NULL;
      CREATE INDEX mention_notification ON mention (notification_id);
      CREATE INDEX delivery_named ON delivery (conversation_id) WHERE recipient IS NOT NULL;
      CREATE TABLE retention_cursor (
        name            TEXT PRIMARY KEY,
        notification_id INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
    `,
  },
  {
    id: 10,
    name: 'people whom a notification mentions',
    sql: `
      CREATE TABLE notification_mention (
        notification_id INTEGER NOT NULL REFERENCES notification (id) ON DELETE CASCADE,
        position        INTEGER NOT NULL,
        person_id       INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
        PRIMARY KEY (notification_id, position)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX notification_mention_person ON notification_mention (person_id);
    `,
  },
  {
    id: 11,
    name: 'lists of notifications',
    sql: `
      CREATE INDEX notification_of_producer ON notification (producer_id, created_at_ms, id);
    `,
  },
  {
    id: 12,
    name: 'hooks',
    sql: `
      CREATE TABLE hook (
        id                       INTEGER PRIMARY KEY,
        public_id                TEXT NOT NULL UNIQUE,
        producer_id              INTEGER NOT NULL REFERENCES producer (id),
        name                     TEXT NOT NULL,
        dialect                  TEXT NOT NULL,
        auth                     TEXT NOT NULL,
        secret                   TEXT,
        previous_secret          TEXT,
        previous_secret_until_ms INTEGER,
        settings                 TEXT NOT NULL,
        created_at_ms            INTEGER NOT NULL,
        disabled_at_ms           INTEGER,
        UNIQUE (producer_id, name)
      ) STRICT;
    `,
  },
  TEAMS_MIGRATION,
  ASKING_MIGRATION,
  {
    id: 15,
    name: 'when somebody was heard in a place, when a dialog may begin, and which question is on its way',
    sql: `
      ALTER TABLE seen_activity ADD COLUMN place_digest TEXT;
      ALTER TABLE seen_activity ADD COLUMN heard_at_ms INTEGER;
      CREATE INDEX seen_activity_place ON seen_activity (place_digest, heard_at_ms) WHERE place_digest IS NOT NULL;
      ALTER TABLE dialog ADD COLUMN begins_at_ms INTEGER;
      CREATE INDEX dialog_beginning ON dialog (begins_at_ms) WHERE begins_at_ms IS NOT NULL;
      ALTER TABLE dialog ADD COLUMN asked_id INTEGER REFERENCES notification (id) ON DELETE SET NULL;
      ALTER TABLE dialog ADD COLUMN is_outgoing INTEGER NOT NULL DEFAULT 0;
      CREATE INDEX dialog_asked ON dialog (asked_id) WHERE asked_id IS NOT NULL;
      CREATE INDEX dialog_outgoing ON dialog (asked_id) WHERE is_outgoing = 1;
    `,
  },
];
