// The tables that the SQLite schema began with: history, never edited.

/** Runs whole in one transaction. */
export const FIRST_TABLES = `
  CREATE TABLE lane (
    id               INTEGER PRIMARY KEY,
    app_id           TEXT NOT NULL,
    tenant_id        TEXT NOT NULL,
    interval_us      INTEGER NOT NULL,
    next_slot_us     INTEGER NOT NULL DEFAULT 0,
    blocked_until_ms INTEGER NOT NULL DEFAULT 0,
    last_claim_at_ms INTEGER NOT NULL DEFAULT 0,
    UNIQUE (app_id, tenant_id)
  ) STRICT;

  CREATE TABLE person (
    id                  INTEGER PRIMARY KEY,
    tenant_id           TEXT NOT NULL,
    aad_object_id       TEXT,
    teams_user_id       TEXT,
    name                TEXT,
    email               TEXT,
    user_principal_name TEXT,
    email_key           TEXT,
    upn_key             TEXT,
    locale              TEXT,
    time_zone           TEXT,
    updated_at_ms       INTEGER NOT NULL,
    lookup_due_at_ms    INTEGER,
    lookup_attempts     INTEGER NOT NULL DEFAULT 0,
    UNIQUE (tenant_id, aad_object_id),
    UNIQUE (tenant_id, teams_user_id)
  ) STRICT;
  CREATE INDEX person_aad ON person (aad_object_id);
  CREATE INDEX person_teams_user ON person (teams_user_id);
  CREATE INDEX person_email ON person (email_key) WHERE email_key IS NOT NULL;
  CREATE INDEX person_upn ON person (upn_key) WHERE upn_key IS NOT NULL;
  CREATE INDEX person_lookup ON person (lookup_due_at_ms) WHERE lookup_due_at_ms IS NOT NULL;

  CREATE TABLE conversation (
    id                    INTEGER PRIMARY KEY,
    lane_id               INTEGER NOT NULL REFERENCES lane (id),
    tenant_id             TEXT NOT NULL,
    kind                  TEXT NOT NULL,
    person_id             INTEGER UNIQUE REFERENCES person (id) ON DELETE SET NULL,
    teams_conversation_id TEXT,
    service_url           TEXT,
    bot_account_id        TEXT,
    blocked_until_ms      INTEGER NOT NULL DEFAULT 0,
    updated_at_ms         INTEGER NOT NULL,
    UNIQUE (tenant_id, teams_conversation_id)
  ) STRICT;

  CREATE TABLE installation (
    id                  INTEGER PRIMARY KEY,
    tenant_id           TEXT NOT NULL,
    scope               TEXT NOT NULL,
    subject_digest      TEXT NOT NULL UNIQUE,
    conversation_id     INTEGER REFERENCES conversation (id),
    person_id           INTEGER REFERENCES person (id) ON DELETE SET NULL,
    name                TEXT,
    state               TEXT NOT NULL,
    reason              TEXT,
    changed_at_ms       INTEGER NOT NULL,
    generation          INTEGER NOT NULL,
    welcomed_generation INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX installation_person ON installation (person_id) WHERE person_id IS NOT NULL;
  CREATE INDEX installation_conversation ON installation (conversation_id) WHERE conversation_id IS NOT NULL;
  CREATE INDEX installation_reachable ON installation (id) WHERE scope = 'personal' AND state = 'active';

  CREATE TABLE producer (
    id             INTEGER PRIMARY KEY,
    name           TEXT NOT NULL UNIQUE,
    tenant_id      TEXT,
    created_at_ms  INTEGER NOT NULL,
    disabled_at_ms INTEGER
  ) STRICT;

  CREATE TABLE api_key (
    id              TEXT PRIMARY KEY,
    producer_id     INTEGER NOT NULL REFERENCES producer (id),
    secret_sha256   BLOB NOT NULL,
    scopes          TEXT NOT NULL,
    recipients      TEXT NOT NULL,
    created_at_ms   INTEGER NOT NULL,
    expires_at_ms   INTEGER,
    revoked_at_ms   INTEGER,
    last_used_at_ms INTEGER
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE notification (
    id             INTEGER PRIMARY KEY,
    public_id      TEXT NOT NULL UNIQUE,
    producer_id    INTEGER NOT NULL REFERENCES producer (id),
    content        TEXT NOT NULL,
    priority       INTEGER NOT NULL,
    unknown_policy TEXT NOT NULL,
    unresolved     TEXT NOT NULL,
    created_at_ms  INTEGER NOT NULL,
    expires_at_ms  INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE idempotency (
    producer_id     INTEGER NOT NULL REFERENCES producer (id),
    key             TEXT NOT NULL,
    request_sha256  BLOB NOT NULL,
    notification_id INTEGER NOT NULL REFERENCES notification (id),
    body            TEXT NOT NULL,
    created_at_ms   INTEGER NOT NULL,
    PRIMARY KEY (producer_id, key)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX idempotency_created ON idempotency (created_at_ms);
  CREATE INDEX idempotency_notification ON idempotency (notification_id);

  CREATE TABLE mention (
    name_key        TEXT NOT NULL,
    notification_id INTEGER NOT NULL REFERENCES notification (id),
    recipient       TEXT NOT NULL,
    PRIMARY KEY (name_key, notification_id, recipient)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE fanout (
    notification_id INTEGER PRIMARY KEY REFERENCES notification (id),
    tenant_id       TEXT,
    cursor          INTEGER NOT NULL,
    is_done         INTEGER NOT NULL DEFAULT 0
  ) STRICT;
  CREATE INDEX fanout_open ON fanout (notification_id) WHERE is_done = 0;

  CREATE TABLE delivery (
    id              INTEGER PRIMARY KEY,
    notification_id INTEGER NOT NULL REFERENCES notification (id),
    lane_id         INTEGER NOT NULL REFERENCES lane (id),
    conversation_id INTEGER NOT NULL REFERENCES conversation (id),
    recipient       TEXT,
    state           TEXT NOT NULL,
    priority        INTEGER NOT NULL,
    attempts        INTEGER NOT NULL DEFAULT 0,
    failures        INTEGER NOT NULL DEFAULT 0,
    is_reduced      INTEGER NOT NULL DEFAULT 0,
    due_at_ms       INTEGER NOT NULL,
    expires_at_ms   INTEGER NOT NULL,
    lease_owner     TEXT,
    lease_until_ms  INTEGER,
    activity_id     TEXT,
    reason          TEXT,
    updated_at_ms   INTEGER NOT NULL,
    UNIQUE (notification_id, conversation_id)
  ) STRICT;
  CREATE INDEX delivery_due ON delivery (lane_id, priority, due_at_ms, id) WHERE state = 'queued';
  CREATE INDEX delivery_order ON delivery (conversation_id, priority, id) WHERE state = 'queued';
  CREATE INDEX delivery_in_flight ON delivery (conversation_id) WHERE state IN ('leased', 'sending');
  CREATE INDEX delivery_lease ON delivery (lease_until_ms) WHERE state IN ('leased', 'sending');
  CREATE INDEX delivery_expiry ON delivery (expires_at_ms) WHERE state = 'queued';

  CREATE TABLE attempt (
    delivery_id    INTEGER NOT NULL REFERENCES delivery (id),
    number         INTEGER NOT NULL,
    operation      TEXT NOT NULL,
    request_id     TEXT NOT NULL,
    started_at_ms  INTEGER NOT NULL,
    finished_at_ms INTEGER,
    outcome        TEXT,
    reason         TEXT,
    http_status    INTEGER,
    correlation_id TEXT,
    PRIMARY KEY (delivery_id, number)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE seen_activity (
    digest     TEXT PRIMARY KEY,
    seen_at_ms INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX seen_activity_age ON seen_activity (seen_at_ms);
`;
