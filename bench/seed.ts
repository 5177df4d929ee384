// Fills a database with people and with what waits for them, in SQL that every engine understands: a million rows are
// a matter of seconds.

import { randomBytes } from 'node:crypto';
import { systemClock } from '../src/domain/clock.ts';
import { PRIORITIES, type Priority } from '../src/domain/notification.ts';
import { addKey, addProducer } from '../src/producers/administer.ts';
import type { Audience } from '../src/store/notification-schema.ts';
import type { Database } from './engine.ts';
import { ORDINARY_EVENT } from './samples.ts';

/** Whom the bot knows: person `n` is in tenant `n % tenantCount`, with the ids that the sandbox gives to `n`. */
export interface Crowd {
  readonly appId: string;
  readonly serviceUrl: string;
  readonly peopleCount: number;
  readonly tenantCount: number;
}

/** What the service paces a tenant to unless it is told otherwise. */
export const LANE_RATE_PER_SECOND = 40;
const LANE_INTERVAL_US = 1_000_000 / LANE_RATE_PER_SECOND;
const DAY_MS = 86_400_000;

/** People who have the bot installed, and a producer. @returns an API key of it that may do everything */
export async function seedCrowd(database: Database, crowd: Crowd): Promise<string> {
  const { appId, serviceUrl, peopleCount, tenantCount } = crowd;
  await database.run([
    `${numbers(tenantCount)}
     INSERT INTO lane (app_id, tenant_id, interval_us)
     SELECT '${appId}', ${tenantId('n')}, ${LANE_INTERVAL_US} FROM numbers`,
    `${numbers(peopleCount)}
     INSERT INTO person (tenant_id, aad_object_id, teams_user_id, email, email_key, updated_at_ms)
     SELECT ${tenantId(`n % ${tenantCount}`)}, '5e7e0000-0000-4000-8000-' || ${twelveDigits('n')}, '29:1p' || n,
            'person' || n || '@contoso.com', 'person' || n || '@contoso.com', 1
       FROM numbers`,
    `INSERT INTO conversation
       (lane_id, tenant_id, kind, person_id, teams_conversation_id, service_url, bot_account_id, updated_at_ms)
     SELECT l.id, p.tenant_id, 'personal', p.id, 'a:1p' || substr(p.teams_user_id, 6), '${serviceUrl}', '28:${appId}', 1
       FROM person p JOIN lane l ON l.tenant_id = p.tenant_id
      ORDER BY p.id`,
    `INSERT INTO installation
       (tenant_id, scope, subject_digest, conversation_id, person_id, state, changed_at_ms, generation)
     SELECT tenant_id, 'personal', 'bench-' || id, id, person_id, 'active', 1, 1 FROM conversation ORDER BY id`,
  ]);
  const store = await database.openStore();
  try {
    const deps = { store, clock: systemClock, randomBytes };
    await addProducer(deps, 'bench');
    return (await addKey(deps, { producer: 'bench', scopes: ['send', 'broadcast'], recipients: [] })).text;
  } finally {
    await store.close();
  }
}

/** Notifications to everyone that have become deliveries already, all due since `dueAtMs`. */
export async function seedBacklog(
  database: Database,
  { messagesEach, dueAtMs, priority }: { messagesEach: number; dueAtMs: number; priority: Priority },
): Promise<void> {
  const rank = PRIORITIES.indexOf(priority);
  const expiresAtMs = dueAtMs + DAY_MS;
  const round = (number: number) => [
    notification(number, { rank, createdAtMs: dueAtMs, expiresAtMs }),
    `INSERT INTO delivery
       (notification_id, lane_id, conversation_id, state, priority, due_at_ms, expires_at_ms, updated_at_ms)
     SELECT (SELECT max(id) FROM notification), lane_id, id, 'queued', ${rank}, ${dueAtMs}, ${expiresAtMs}, ${dueAtMs}
       FROM conversation ORDER BY id`,
  ];
  await database.run(Array.from({ length: messagesEach }, (_, index) => round(index)).flat());
}

/** One notification to everyone of which nobody has a delivery yet. */
export async function seedBroadcast(database: Database, nowMs: number): Promise<void> {
  await database.run([
    notification(0, { rank: PRIORITIES.indexOf('bulk'), createdAtMs: nowMs, expiresAtMs: nowMs + DAY_MS }),
    fanoutTo('everyone'),
  ]);
}

/** Everybody is in one team and has subscribed to one topic; the row id of both is 1. */
export async function seedAudiences(database: Database): Promise<void> {
  await database.run([
    `INSERT INTO roster (id, tenant_id, scope, teams_id, state, conversation_id)
     SELECT 1, min(tenant_id), 'team', '19:bench', 'active', min(id) FROM conversation`,
    'INSERT INTO roster_member (roster_id, person_id, reading) SELECT 1, id, 1 FROM person ORDER BY id',
    "INSERT INTO topic (id, name, description, created_at_ms, updated_at_ms) VALUES (1, 'bench', 'Bench', 1, 1)",
    'INSERT INTO subscription (topic_id, person_id, subscribed_at_ms) SELECT 1, id, 1 FROM person ORDER BY id',
  ]);
}

/** One notification to everyone, to that team or to that topic, of which nobody has a delivery yet. */
export async function addBroadcast(database: Database, audience: Audience, number: number): Promise<void> {
  const nowMs = Date.now();
  await database.run([
    notification(number, { rank: PRIORITIES.indexOf('bulk'), createdAtMs: nowMs, expiresAtMs: nowMs + DAY_MS }),
    fanoutTo(audience),
  ]);
}

function fanoutTo(audience: Audience): string {
  return `
    INSERT INTO fanout (notification_id, audience, audience_id, recipient, tenant_id, cursor)
    SELECT max(id), '${audience}', ${audience === 'everyone' ? 0 : 1}, '${audience}', NULL, 0 FROM notification`;
}

function notification(
  number: number,
  { rank, createdAtMs, expiresAtMs }: { rank: number; createdAtMs: number; expiresAtMs: number },
): string {
  const content = JSON.stringify(ORDINARY_EVENT).replaceAll("'", "''");
  return `
    INSERT INTO notification
      (public_id, producer_id, content, priority, unknown_policy, unresolved, created_at_ms, expires_at_ms)
    SELECT 'ntf_' || ${twelveDigits(String(number))}, id, '${content}', ${rank}, 'resend', '[]', ${createdAtMs}, ${expiresAtMs}
      FROM producer WHERE name = 'bench'`;
}

/** A table expression with `n` from 0 to `count` - 1. */
function numbers(count: number): string {
  return `WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${count - 1})`;
}

function tenantId(number: string): string {
  return `'7e7a0000-0000-4000-8000-' || ${twelveDigits(number)}`;
}

/** Neither `printf` nor `lpad` is known to both. */
function twelveDigits(number: string): string {
  return `substr(CAST(1000000000000 + (${number}) AS TEXT), 2)`;
}
