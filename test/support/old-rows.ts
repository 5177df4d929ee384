// Rows as the schema held them before lifecycles, templates and webhooks: one or more in each table of that time.

/** The newest step of the SQLite schema then; on PostgreSQL all of it was the first step. */
export const OLD_SCHEMA = 4;

const TENANT = '11111111-1111-4111-8111-111111111111';
const EVENT = JSON.stringify({
  ...{ kind: 'event', title: 'Disk full', text: 'db1 has 2 GB left', severity: 'warning', source: 'ci' },
  ...{ facts: [{ name: 'host', value: 'db1' }], links: [{ title: 'Runbook', url: 'https://wiki.example.com/disk' }] },
});
const UNRESOLVED = JSON.stringify([{ recipient: 'nobody@contoso.com', reason: 'unknown' }]);

/**
 * Statements for both engines. Three people; one waiting delivery of each kind of work (a message, an answer of the bot,
 * an attempt that was cut off, a broadcast that is half spread), and one in each final state of that time.
 *
 * @param bytes how the engine writes bytes in SQL
 */
export function oldRows(nowMs: number, bytes: string): readonly string[] {
  const inAnHour = nowMs + 3_600_000;
  const person = (index: number) =>
    `('${TENANT}', '00000000-0000-4000-8000-00000000000${index}', '29:${index}', 'Person ${index}',
      'person${index}@contoso.com', 'person${index}@contoso.com', ${nowMs})`;
  const conversation = (index: number) =>
    `(1, '${TENANT}', 'personal', ${index}, 'a:${index}', 'https://smba.trafficmanager.net/emea/', '28:bot', ${nowMs})`;
  const installation = (index: number) =>
    `('${TENANT}', 'personal', 'digest-${index}', ${index}, ${index}, 'active', ${nowMs}, 1)`;
  const notification = (name: string, content: string, unresolved = '[]') =>
    `('ntf_${name.padStart(26, '0')}', 1, '${content}', 1, 'resend', '${unresolved}', ${nowMs}, ${inAnHour})`;
  const delivery = (notificationId: number, conversationId: number, rest: string) =>
    `(${notificationId}, 1, ${conversationId}, 'person${conversationId}@contoso.com', 1, ${nowMs}, ${inAnHour}, ${nowMs}, ${rest})`;
  return [
    `INSERT INTO lane (app_id, tenant_id, interval_us) VALUES ('bot', '${TENANT}', 0)`,
    `INSERT INTO person (tenant_id, aad_object_id, teams_user_id, name, email, email_key, updated_at_ms)
     VALUES ${[1, 2, 3].map(person).join()}`,
    `INSERT INTO conversation
       (lane_id, tenant_id, kind, person_id, teams_conversation_id, service_url, bot_account_id, updated_at_ms)
     VALUES ${[1, 2, 3].map(conversation).join()}`,
    `INSERT INTO installation
       (tenant_id, scope, subject_digest, conversation_id, person_id, state, changed_at_ms, generation)
     VALUES ${[1, 2, 3].map(installation).join()}`,
    `INSERT INTO producer (name, created_at_ms) VALUES ('ci', ${nowMs})`,
    `INSERT INTO api_key (id, producer_id, secret_sha256, scopes, recipients, created_at_ms)
     VALUES ('key1', 1, ${bytes}, '["send","read"]', '[]', ${nowMs})`,
    `INSERT INTO notification
       (public_id, producer_id, content, priority, unknown_policy, unresolved, created_at_ms, expires_at_ms)
     VALUES ${[
       notification('WAITS', EVENT, UNRESOLVED),
       notification('ANSWER', JSON.stringify({ kind: 'help' })),
       notification('CUT', EVENT),
       notification('BROADCAST', EVENT),
       notification('ENDED', EVENT),
     ].join()}`,
    `INSERT INTO idempotency (producer_id, key, request_sha256, notification_id, body, created_at_ms)
     VALUES (1, 'first', ${bytes}, 1, '{"deliveries":[{"recipient":"person1@contoso.com"}]}', ${nowMs})`,
    `INSERT INTO mention (name_key, notification_id, recipient) VALUES ('nobody@contoso.com', 1, 'nobody@contoso.com')`,
    `INSERT INTO fanout (notification_id, tenant_id, cursor) VALUES (4, NULL, 1)`,
    `INSERT INTO delivery (notification_id, lane_id, conversation_id, recipient, priority, due_at_ms, expires_at_ms,
       updated_at_ms, state, is_reply, attempts, lease_owner, lease_until_ms, activity_id, reason)
     VALUES ${[
       delivery(1, 1, `'queued', 0, 0, NULL, NULL, NULL, NULL`),
       delivery(2, 2, `'queued', 1, 0, NULL, NULL, NULL, NULL`),
       delivery(3, 3, `'sending', 0, 1, 'gone', ${nowMs - 1}, NULL, NULL`),
       delivery(4, 1, `'sent', 0, 1, NULL, NULL, '1:message', NULL`),
       delivery(5, 1, `'failed', 0, 1, NULL, NULL, NULL, 'blocked'`),
       delivery(5, 2, `'held', 0, 1, NULL, NULL, NULL, 'unknown_outcome'`),
       delivery(5, 3, `'expired', 0, 0, NULL, NULL, NULL, NULL`),
     ].join()}`,
    `INSERT INTO attempt (delivery_id, number, operation, request_id, started_at_ms, finished_at_ms, outcome)
     VALUES (3, 1, 'post', 'r1', ${nowMs}, NULL, NULL), (4, 1, 'post', 'r2', ${nowMs}, ${nowMs}, 'delivered')`,
    `INSERT INTO seen_activity (digest, seen_at_ms) VALUES ('digest', ${nowMs})`,
  ];
}
