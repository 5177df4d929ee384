// The step of the SQLite schema that brings teams, channels, topics and what people say for themselves.

import type { Migration } from '../migrate.ts';

/**
 * A broadcast has an audience, and a notification may have several of them: its table is made anew.
 *
 * A digest is a delivery that is folded into itself. The others that it tells of are leased to it: they are not claimed
 * and do not expire. Whatever statement ends it, they end with it, or go back to the queue.
 */
export const TEAMS_MIGRATION: Migration = {
  id: 13,
  name: 'teams, topics and preferences',
  sql: `
      CREATE TABLE roster (
        id                       INTEGER PRIMARY KEY,
        tenant_id                TEXT NOT NULL,
        scope                    TEXT NOT NULL,
        teams_id                 TEXT NOT NULL,
        aad_group_id             TEXT,
        name                     TEXT,
        state                    TEXT NOT NULL,
        state_at_ms              INTEGER NOT NULL DEFAULT 0,
        conversation_id          INTEGER NOT NULL REFERENCES conversation (id),
        member_count             INTEGER,
        greeting_conversation_id INTEGER REFERENCES conversation (id),
        reading                  INTEGER NOT NULL DEFAULT 0,
        continuation             TEXT,
        is_stale                 INTEGER NOT NULL DEFAULT 0,
        read_at_ms               INTEGER,
        due_at_ms                INTEGER,
        attempts                 INTEGER NOT NULL DEFAULT 0,
        UNIQUE (tenant_id, teams_id)
      ) STRICT;
      CREATE INDEX roster_due ON roster (due_at_ms) WHERE due_at_ms IS NOT NULL;
      CREATE INDEX roster_teams_id ON roster (teams_id);
      CREATE INDEX roster_aad_group ON roster (aad_group_id) WHERE aad_group_id IS NOT NULL;

      CREATE TABLE channel (
        id              INTEGER PRIMARY KEY,
        roster_id       INTEGER NOT NULL REFERENCES roster (id) ON DELETE CASCADE,
        teams_id        TEXT NOT NULL,
        name            TEXT,
        state           TEXT NOT NULL,
        state_at_ms     INTEGER NOT NULL DEFAULT 0,
        conversation_id INTEGER NOT NULL REFERENCES conversation (id),
        UNIQUE (roster_id, teams_id)
      ) STRICT;
      CREATE INDEX channel_teams_id ON channel (teams_id);

      CREATE TABLE roster_member (
        roster_id INTEGER NOT NULL REFERENCES roster (id) ON DELETE CASCADE,
        person_id INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
        reading   INTEGER NOT NULL,
        role      TEXT,
        PRIMARY KEY (roster_id, person_id)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX roster_member_person ON roster_member (person_id);

      CREATE TABLE preference (
        person_id     INTEGER PRIMARY KEY REFERENCES person (id) ON DELETE CASCADE,
        settings      TEXT NOT NULL,
        updated_at_ms INTEGER NOT NULL
      ) STRICT;

      CREATE TABLE topic (
        id            INTEGER PRIMARY KEY,
        name          TEXT NOT NULL UNIQUE,
        description   TEXT NOT NULL,
        created_at_ms INTEGER NOT NULL,
        updated_at_ms INTEGER NOT NULL
      ) STRICT;

      CREATE TABLE subscription (
        topic_id         INTEGER NOT NULL REFERENCES topic (id) ON DELETE CASCADE,
        person_id        INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
        subscribed_at_ms INTEGER NOT NULL,
        PRIMARY KEY (topic_id, person_id)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX subscription_person ON subscription (person_id);

      CREATE TABLE tell (
        id                     INTEGER PRIMARY KEY,
        sender_person_id       INTEGER REFERENCES person (id) ON DELETE SET NULL,
        notification_id        INTEGER NOT NULL REFERENCES notification (id) ON DELETE CASCADE,
        conversation_id        INTEGER NOT NULL REFERENCES conversation (id),
        people                 TEXT NOT NULL,
        told_at_ms             INTEGER NOT NULL,
        answered_at_ms         INTEGER,
        answer_notification_id INTEGER
      ) STRICT;
      CREATE INDEX tell_open ON tell (id) WHERE answered_at_ms IS NULL;
      CREATE INDEX tell_naming ON tell (id) WHERE people <> '[]';
      CREATE INDEX tell_sender ON tell (sender_person_id, told_at_ms);
      CREATE INDEX tell_notification ON tell (notification_id);

      DROP INDEX fanout_open;
      ALTER TABLE fanout RENAME TO old_fanout;
      CREATE TABLE fanout (
        notification_id INTEGER NOT NULL REFERENCES notification (id),
        audience        TEXT NOT NULL,
        audience_id     INTEGER NOT NULL,
        recipient       TEXT NOT NULL,
        tenant_id       TEXT,
        cursor          INTEGER NOT NULL,
        is_done         INTEGER NOT NULL DEFAULT 0,
        starts_at_ms    INTEGER NOT NULL DEFAULT 0,
        local_at        TEXT,
        time_zone       TEXT,
        ttl_ms          INTEGER,
        PRIMARY KEY (notification_id, audience, audience_id)
      ) STRICT, WITHOUT ROWID;
      INSERT INTO fanout
        SELECT notification_id, 'everyone', 0, 'everyone', tenant_id, cursor, is_done, starts_at_ms, local_at, time_zone, ttl_ms
          FROM old_fanout;
      DROP TABLE old_fanout;
      CREATE INDEX fanout_open ON fanout (starts_at_ms, notification_id) WHERE is_done = 0;

      ALTER TABLE delivery ADD COLUMN thread_id TEXT;
      ALTER TABLE delivery ADD COLUMN folded_into INTEGER;
      CREATE INDEX delivery_folded ON delivery (folded_into) WHERE folded_into IS NOT NULL;
      CREATE INDEX delivery_shown ON delivery (conversation_id, updated_at_ms) WHERE activity_id IS NOT NULL;
      CREATE TRIGGER delivery_digest AFTER UPDATE OF state ON delivery
        WHEN new.folded_into = new.id AND new.state <> old.state AND new.state NOT IN ('queued', 'leased', 'sending')
      BEGIN
        UPDATE delivery
           SET state = CASE WHEN new.state IN ('sent', 'held') THEN new.state ELSE 'queued' END,
               reason = CASE new.state WHEN 'sent' THEN 'in_digest' WHEN 'held' THEN new.reason ELSE reason END,
               folded_into = CASE new.state WHEN 'sent' THEN folded_into END,
               updated_at_ms = new.updated_at_ms
         WHERE folded_into = new.id AND id <> new.id AND state = 'leased';
      END;

      DROP TRIGGER delivery_status;
      CREATE TRIGGER delivery_status AFTER UPDATE OF state ON delivery
        WHEN new.is_watched = 1 AND old.activity_id IS NULL AND new.state <> old.state
          AND new.state IN ('sent', 'failed', 'held', 'expired', 'suppressed')
      BEGIN
        INSERT INTO status_event (producer_id, type, notification_id, notification_public_id, delivery_id, reason, at_ms)
        SELECT n.producer_id, 'delivery.' || new.state, n.id, n.public_id, new.id, new.reason, new.updated_at_ms
          FROM notification n WHERE n.id = new.notification_id;
      END;
    `,
};
