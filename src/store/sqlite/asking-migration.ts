// The step of the SQLite schema that brings what people are asked: acknowledgements, actions, polls and dialogs.

import type { Migration } from '../migrate.ts';

/** Who voted and what was chosen stand apart: of an anonymous poll nothing joins them. */
export const ASKING_MIGRATION: Migration = {
  id: 14,
  name: 'acknowledgements, polls and dialogs',
  sql: `
      CREATE TABLE ask (
        notification_id INTEGER PRIMARY KEY REFERENCES notification (id) ON DELETE CASCADE,
        state           TEXT NOT NULL,
        decided_action  TEXT,
        remind_ms       INTEGER,
        remind_at_ms    INTEGER,
        reminders       INTEGER NOT NULL DEFAULT 0,
        remind_cursor   INTEGER NOT NULL DEFAULT 0,
        escalate_to     TEXT,
        escalate_at_ms  INTEGER,
        escalated_at_ms INTEGER,
        edit_due_at_ms  INTEGER,
        edited_at_ms    INTEGER NOT NULL DEFAULT 0,
        shown_at_ms     INTEGER NOT NULL DEFAULT 0
      ) STRICT;
      CREATE INDEX ask_remind ON ask (remind_at_ms) WHERE remind_at_ms IS NOT NULL;
      CREATE INDEX ask_escalate ON ask (escalate_at_ms) WHERE escalate_at_ms IS NOT NULL;
      CREATE INDEX ask_edit ON ask (edit_due_at_ms) WHERE edit_due_at_ms IS NOT NULL;

      CREATE TABLE response (
        id              INTEGER PRIMARY KEY,
        notification_id INTEGER NOT NULL REFERENCES notification (id) ON DELETE CASCADE,
        person_id       INTEGER REFERENCES person (id) ON DELETE SET NULL,
        action          TEXT NOT NULL,
        input           TEXT,
        responded_at_ms INTEGER NOT NULL,
        conversation_id INTEGER,
        is_shown        INTEGER NOT NULL DEFAULT 0,
        UNIQUE (notification_id, person_id, action)
      ) STRICT;
      CREATE INDEX response_person ON response (person_id) WHERE person_id IS NOT NULL;
      CREATE INDEX response_order ON response (notification_id, id);
      CREATE INDEX response_unshown ON response (notification_id, id) WHERE is_shown = 0;

      ALTER TABLE status_event ADD COLUMN person_id INTEGER REFERENCES person (id) ON DELETE SET NULL;
      ALTER TABLE status_event ADD COLUMN action TEXT;
      ALTER TABLE status_event ADD COLUMN input TEXT;
      CREATE INDEX status_event_person ON status_event (person_id) WHERE person_id IS NOT NULL;
      CREATE INDEX status_event_input ON status_event (notification_id) WHERE input IS NOT NULL;

      CREATE TABLE reminder (
        notification_id INTEGER PRIMARY KEY REFERENCES notification (id) ON DELETE CASCADE,
        ask_id          INTEGER NOT NULL REFERENCES notification (id) ON DELETE CASCADE,
        number          INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX reminder_ask ON reminder (ask_id, number);

      CREATE TABLE escalation (
        notification_id INTEGER NOT NULL REFERENCES notification (id) ON DELETE CASCADE,
        conversation_id INTEGER NOT NULL,
        PRIMARY KEY (notification_id, conversation_id)
      ) STRICT, WITHOUT ROWID;

      ALTER TABLE delivery ADD COLUMN read_at_ms INTEGER;
      CREATE INDEX delivery_activity ON delivery (conversation_id, activity_id) WHERE activity_id IS NOT NULL;

      CREATE TABLE reaction (
        delivery_id   INTEGER NOT NULL REFERENCES delivery (id) ON DELETE CASCADE,
        person_id     INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
        type          TEXT NOT NULL,
        reacted_at_ms INTEGER NOT NULL,
        PRIMARY KEY (delivery_id, person_id, type)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX reaction_person ON reaction (person_id);

      CREATE TABLE poll (
        id              INTEGER PRIMARY KEY,
        public_id       TEXT NOT NULL UNIQUE,
        producer_id     INTEGER NOT NULL REFERENCES producer (id),
        asker_person_id INTEGER REFERENCES person (id) ON DELETE SET NULL,
        notification_id INTEGER NOT NULL REFERENCES notification (id),
        result_id       INTEGER REFERENCES notification (id),
        poll            TEXT NOT NULL,
        secret          TEXT,
        result          TEXT,
        created_at_ms   INTEGER NOT NULL,
        closes_at_ms    INTEGER,
        closed_at_ms    INTEGER,
        edit_due_at_ms  INTEGER,
        edited_at_ms    INTEGER NOT NULL DEFAULT 0
      ) STRICT;
      CREATE INDEX poll_producer ON poll (producer_id, id);
      CREATE INDEX poll_notification ON poll (notification_id);
      CREATE INDEX poll_closes ON poll (closes_at_ms) WHERE closed_at_ms IS NULL AND closes_at_ms IS NOT NULL;
      CREATE INDEX poll_edit ON poll (edit_due_at_ms) WHERE edit_due_at_ms IS NOT NULL;

      CREATE TABLE ballot (
        poll_id    INTEGER NOT NULL REFERENCES poll (id) ON DELETE CASCADE,
        ballot_key TEXT NOT NULL,
        choices    TEXT NOT NULL,
        PRIMARY KEY (poll_id, ballot_key)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE poll_voter (
        poll_id    INTEGER NOT NULL REFERENCES poll (id) ON DELETE CASCADE,
        person_id  INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
        ballot_key TEXT,
        PRIMARY KEY (poll_id, person_id)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX poll_voter_person ON poll_voter (person_id);

      CREATE TABLE dialog (
        id              INTEGER PRIMARY KEY,
        public_id       TEXT NOT NULL UNIQUE,
        producer_id     INTEGER NOT NULL REFERENCES producer (id),
        person_id       INTEGER REFERENCES person (id) ON DELETE SET NULL,
        conversation_id INTEGER NOT NULL REFERENCES conversation (id),
        definition      TEXT NOT NULL,
        state           TEXT NOT NULL,
        reason          TEXT,
        question_id     TEXT,
        progress        TEXT NOT NULL,
        answers         TEXT NOT NULL,
        created_at_ms   INTEGER NOT NULL,
        begun_at_ms     INTEGER,
        expires_at_ms   INTEGER NOT NULL,
        ended_at_ms     INTEGER
      ) STRICT;
      CREATE INDEX dialog_producer ON dialog (producer_id, id);
      CREATE INDEX dialog_state ON dialog (producer_id, state, id);
      CREATE INDEX dialog_person ON dialog (person_id, id) WHERE state IN ('waiting', 'active');
      CREATE INDEX dialog_expiry ON dialog (expires_at_ms) WHERE state = 'active';
      CREATE INDEX dialog_ended ON dialog (ended_at_ms) WHERE ended_at_ms IS NOT NULL;
      CREATE INDEX dialog_owner ON dialog (person_id, id) WHERE person_id IS NOT NULL;

      CREATE TABLE dialog_definition (
        id            INTEGER PRIMARY KEY,
        producer_id   INTEGER NOT NULL REFERENCES producer (id),
        name          TEXT NOT NULL,
        definition    TEXT NOT NULL,
        updated_at_ms INTEGER NOT NULL,
        UNIQUE (producer_id, name)
      ) STRICT;

      CREATE TABLE dialog_request (
        producer_id    INTEGER NOT NULL,
        key            TEXT NOT NULL,
        request_sha256 BLOB NOT NULL,
        dialog_id      INTEGER NOT NULL REFERENCES dialog (id) ON DELETE CASCADE,
        PRIMARY KEY (producer_id, key)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX dialog_request_dialog ON dialog_request (dialog_id);

      ALTER TABLE status_event ADD COLUMN dialog_public_id TEXT;
    `,
};
