// The step of the SQLite schema that brings status webhooks.

import type { Migration } from '../migrate.ts';

/**
 * Whatever statement changes a delivery, its event is written with it. The condition alone decides for deliveries that
 * nobody watches. What has a message in the chat already only changes it: that is no second `sent`.
 */
export const WEBHOOK_MIGRATION: Migration = {
  id: 7,
  name: 'status webhooks',
  sql: `
      ALTER TABLE notification ADD COLUMN is_watched INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE delivery ADD COLUMN is_watched INTEGER NOT NULL DEFAULT 0;

      CREATE TABLE webhook_endpoint (
        id                       INTEGER PRIMARY KEY,
        public_id                TEXT NOT NULL UNIQUE,
        producer_id              INTEGER NOT NULL REFERENCES producer (id),
        url                      TEXT NOT NULL,
        events                   TEXT,
        description              TEXT,
        secret                   TEXT NOT NULL,
        previous_secret          TEXT,
        previous_secret_until_ms INTEGER,
        created_at_ms            INTEGER NOT NULL,
        disabled_at_ms           INTEGER,
        disabled_reason          TEXT,
        failures                 INTEGER NOT NULL DEFAULT 0,
        failing_since_ms         INTEGER,
        blocked_until_ms         INTEGER NOT NULL DEFAULT 0,
        deleted_at_ms            INTEGER
      ) STRICT;
      CREATE INDEX webhook_endpoint_producer ON webhook_endpoint (producer_id);

      CREATE TABLE status_event (
        id                     INTEGER PRIMARY KEY,
        public_id              TEXT NOT NULL UNIQUE DEFAULT (lower(hex(randomblob(16)))),
        producer_id            INTEGER NOT NULL,
        type                   TEXT NOT NULL,
        notification_id        INTEGER,
        notification_public_id TEXT,
        delivery_id            INTEGER,
        reason                 TEXT,
        at_ms                  INTEGER NOT NULL,
        is_expanded            INTEGER NOT NULL DEFAULT 0
      ) STRICT;
      CREATE INDEX status_event_waiting ON status_event (id) WHERE is_expanded = 0;
      CREATE INDEX status_event_time ON status_event (producer_id, at_ms, id);

      CREATE TABLE webhook_message (
        endpoint_id   INTEGER NOT NULL,
        event_id      INTEGER NOT NULL,
        state         TEXT NOT NULL,
        attempts      INTEGER NOT NULL DEFAULT 0,
        due_at_ms     INTEGER NOT NULL,
        lease_owner   TEXT,
        http_status   INTEGER,
        error         TEXT,
        answer        TEXT,
        created_at_ms INTEGER NOT NULL,
        updated_at_ms INTEGER NOT NULL,
        PRIMARY KEY (endpoint_id, event_id)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX webhook_message_due ON webhook_message (endpoint_id, due_at_ms, event_id) WHERE state = 'queued';
      CREATE INDEX webhook_message_leased ON webhook_message (endpoint_id) WHERE lease_owner IS NOT NULL;
      CREATE INDEX webhook_message_failed ON webhook_message (endpoint_id, event_id) WHERE state = 'failed';
      CREATE INDEX webhook_message_event ON webhook_message (event_id);

      CREATE TRIGGER delivery_status AFTER UPDATE OF state ON delivery
        WHEN new.is_watched = 1 AND old.activity_id IS NULL AND new.state <> old.state
          AND new.state IN ('sent', 'failed', 'held', 'expired')
      BEGIN
        INSERT INTO status_event (producer_id, type, notification_id, notification_public_id, delivery_id, reason, at_ms)
        SELECT n.producer_id, 'delivery.' || new.state, n.id, n.public_id, new.id, new.reason, new.updated_at_ms
          FROM notification n WHERE n.id = new.notification_id;
      END;
    `,
};
