// What a claim reads while a closed host has a large backlog, on SQLite.

import { join } from 'node:path';
import type { ClaimInput, DeliveryQueue } from '../../../src/store/delivery-queue.ts';
import { createSqliteDeliveryQueue } from '../../../src/store/sqlite/delivery-queue.ts';
import { createStatementCache, type Prepare } from '../../../src/store/sqlite/kysely-dialect.ts';
import { type OpenDatabase, openDatabase } from '../../../src/store/sqlite/open-database.ts';
import { NEXT_OF_LANE } from '../../../src/store/sqlite/queue-sql.ts';
import { createTemporaryFolder, type TemporaryFolder } from '../../support/temporary-folder.ts';

const NOW = Date.UTC(2026, 0, 1);
const BACKLOG = 12_000;
const CLOSED = ['https://closed.example'];

let folder: TemporaryFolder;
let database: OpenDatabase;
let queue: DeliveryQueue;
/** Rows that statements gave to the claim, and the texts of these statements. */
let rows = 0;
const texts = new Set<string>();

/** `count` conversations of one host in one lane, each with a delivery that has been due for a minute. */
function addBacklog(host: string, count: number, firstId: number): void {
  const ids = `WITH RECURSIVE n(id) AS (SELECT ${firstId} UNION ALL SELECT id + 1 FROM n WHERE id < ${firstId + count - 1})`;
  database.writer.exec(`
    ${ids} INSERT INTO conversation (id, lane_id, tenant_id, kind, service_url, updated_at_ms)
      SELECT id, 1, 't', 'personal', 'https://${host}/emea/', 0 FROM n;
    ${ids} INSERT INTO delivery
        (id, notification_id, lane_id, conversation_id, state, priority, due_at_ms, expires_at_ms, updated_at_ms)
      SELECT id, 1, 1, id, 'queued', 1, ${NOW - 60_000}, ${NOW + 1e9}, 0 FROM n;`);
}

beforeEach(() => {
  folder = createTemporaryFolder();
  database = openDatabase(join(folder.path, 'bellhop.db'), true);
  database.writer.exec(`
    INSERT INTO lane (id, app_id, tenant_id, interval_us) VALUES (1, 'a', 't', 1);
    INSERT INTO producer (id, name, created_at_ms) VALUES (1, 'ci', 0);
    INSERT INTO notification
        (id, public_id, producer_id, content, priority, unknown_policy, unresolved, created_at_ms, expires_at_ms)
      VALUES (1, 'n', 1, '{}', 1, 'resend', '[]', 0, ${NOW + 1e9});`);
  const prepare = createStatementCache(database.writer);
  const counting: Prepare = (text) => {
    texts.add(text);
    const statement = prepare(text);
    return {
      ...statement,
      all(...values) {
        const found = statement.all(...values);
        rows += found.length;
        return found;
      },
    };
  };
  queue = createSqliteDeliveryQueue(counting);
});

afterEach(() => {
  database.close();
  folder.remove();
});

/** @returns how many deliveries were claimed, and how many rows were read for them */
async function claim(input: Partial<ClaimInput> = {}) {
  rows = 0;
  texts.clear();
  const usual = { nowMs: NOW, owner: 'o', leaseMs: 60_000, limit: 64, quantum: 20, horizonMs: 400 };
  const claimed = await queue.claim({ ...usual, closedOrigins: CLOSED, isClosedToRetries: false, ...input });
  return { claimed: claimed.length, rows };
}

test('is looked through once, in parts, and not again before another host is closed or opened', async () => {
  addBacklog('closed.example', BACKLOG, 1);
  const read = [];
  for (let round = 0; round < 5; round++) {
    read.push((await claim()).rows);
    expect(texts).not.toContain(NEXT_OF_LANE);
  }
  // Each claim also reads the lane.
  expect(read).toEqual([5_001, 5_001, 2_001, 1, 1]);
  await claim({ closedOrigins: [...CLOSED, 'https://closed-too.example'] });
  expect(rows).toBe(5_001);
});

test('costs one more delivery of it one row, once', async () => {
  addBacklog('closed.example', 100, 1);
  await claim();
  addBacklog('closed.example', 1, 200);
  expect([await claim(), await claim()]).toEqual([
    { claimed: 0, rows: 2 },
    { claimed: 0, rows: 1 },
  ]);
});

test('in front of a host that is well lets all of that pass, and no claim reads more than a part of it', async () => {
  addBacklog('closed.example', BACKLOG, 1);
  addBacklog('open.example', 3_000, BACKLOG + 1);
  const claims = [];
  for (let round = 0; round < 155; round++) {
    claims.push(await claim({ nowMs: NOW + round }));
    database.writer.exec(`UPDATE delivery SET state = 'sent' WHERE state = 'leased'`);
  }
  expect(claims.reduce((sum, { claimed }) => sum + claimed, 0)).toBe(3_000);
  expect(Math.max(...claims.map((one) => one.rows))).toBeLessThan(6_100);
});
