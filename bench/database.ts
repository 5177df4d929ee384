// The database of the service under test: filled before it starts, looked at while it runs.

import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { systemClock } from '../src/domain/clock.ts';
import { AppError } from '../src/domain/errors.ts';
import { addKey, addProducer } from '../src/producers/administer.ts';
import { syntheticPerson } from '../src/sandbox/organisation.ts';
import type { Statements } from '../src/store/store.ts';
import type { Database } from './engine.ts';

export interface Population {
  readonly appId: string;
  readonly serviceUrl: string;
  readonly peopleCount: number;
  /** People are dealt out to this many tenants, because each tenant has a pace of its own. */
  readonly tenantCount: number;
}

/** What the service paces a tenant to unless it is told otherwise: 40 requests a second. */
const LANE_INTERVAL_US = 25_000;

/** Fills it with people who have the bot installed, and a producer. @returns the producer's API key */
export async function populate(database: Database, population: Population): Promise<string> {
  const store = await database.openStore();
  try {
    await store.write(async (tx) => {
      for (let index = 0; index < population.peopleCount; index++) {
        await installPerson(tx, population, index);
      }
    });
    const deps = { store, clock: systemClock, randomBytes };
    await addProducer(deps, 'bench');
    return (await addKey(deps, { producer: 'bench', scopes: ['send', 'broadcast'], recipients: [] })).text;
  } finally {
    await store.close();
  }
}

async function installPerson(tx: Statements, population: Population, index: number): Promise<void> {
  const { appId, serviceUrl, tenantCount } = population;
  const { aadObjectId, teamsUserId, email, conversationId } = syntheticPerson(index);
  const tenantId = `7e7a0000-0000-4000-8000-${String(index % tenantCount).padStart(12, '0')}`;
  const nowMs = Date.now();
  const personId = await tx.people.insert({ tenantId, aadObjectId, teamsUserId, email }, nowMs);
  const laneId = await tx.lanes.ensure({ appId, tenantId, intervalUs: LANE_INTERVAL_US });
  const reference = {
    tenantId,
    kind: 'personal',
    serviceUrl,
    botAccountId: `28:${appId}`,
    conversationId,
  } as const;
  const conversation = await tx.conversations.insert(reference, { laneId, personId }, nowMs);
  await tx.installations.save(
    { tenantId, scope: 'personal', digest: `bench-${index}` },
    { state: 'active', changedAtMs: nowMs, generation: 1 },
    { conversationId: conversation.id, personId, name: null },
  );
}

/** Lets nothing leave, without a word to the service: every lane looks as if Teams had asked it to wait. */
export async function holdDeliveries(database: Database): Promise<void> {
  await database.run([`UPDATE lane SET blocked_until_ms = ${Number.MAX_SAFE_INTEGER}`]);
}

/** The service finds out within the second. */
export async function releaseDeliveries(database: Database): Promise<void> {
  await database.run(['UPDATE lane SET blocked_until_ms = 0']);
}

const SENT_TIMEOUT_MS = 60_000;
const SENT_POLL_MS = 50;

/** Waits until every delivery is sent, those that a broadcast has not made yet included. @throws AppError `internal` when one ends otherwise, or too late */
export async function waitUntilSent(database: Database): Promise<void> {
  const deadlineMs = performance.now() + SENT_TIMEOUT_MS;
  for (;;) {
    const open = await database.count(`
      SELECT (SELECT count(*) FROM delivery WHERE state IN ('queued', 'leased', 'sending'))
           + (SELECT count(*) FROM fanout WHERE is_done = 0) AS count`);
    if (open === 0) {
      break;
    }
    if (performance.now() > deadlineMs) {
      throw new AppError('internal', `Expected every delivery to be sent in time, found ${open} to do`);
    }
    await setTimeout(SENT_POLL_MS);
  }
  const unsent = await database.count(`SELECT count(*) AS count FROM delivery WHERE state <> 'sent'`);
  if (unsent > 0) {
    throw new AppError('internal', `Expected every delivery to be sent, found ${unsent} that ended otherwise`);
  }
}

/** Adds notifications with one delivery and one attempt each, sent a while ago; in the words of SQLite. */
export async function addFinishedDeliveries(database: Database, count: number): Promise<void> {
  const numbers = `WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${count})`;
  await database.run([
    `${numbers}
     INSERT INTO notification
       (id, public_id, producer_id, content, priority, unknown_policy, unresolved, created_at_ms, expires_at_ms)
     SELECT n, printf('ntf_%026d', n), (SELECT max(id) FROM producer), '{"kind":"reply","text":"' || hex(randomblob(200)) || '"}',
            1, 'resend', '[]', 1, 2 FROM numbers`,
    `${numbers}
     INSERT INTO delivery
       (id, notification_id, lane_id, conversation_id, state, priority, attempts, due_at_ms, expires_at_ms, activity_id, updated_at_ms)
     SELECT n, n, c.lane_id, c.id, 'sent', 1, 1, 1, 2, n, 1
       FROM numbers JOIN conversation c ON c.id = 1 + n % (SELECT max(id) FROM conversation)`,
    `INSERT INTO attempt (delivery_id, number, operation, request_id, started_at_ms, finished_at_ms, outcome, http_status)
     SELECT id, 1, 'post', hex(randomblob(16)), 1, 1, 'delivered', 201 FROM delivery`,
  ]);
}
