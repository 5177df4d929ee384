// A database of the time before lifecycles, templates and webhooks, with rows in every table, under the service of today.

import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { eraseOldData } from '../../../src/delivery/retention.ts';
import { erasePerson } from '../../../src/directory/erase-person.ts';
import { exportPerson } from '../../../src/directory/export-person.ts';
import type { Cancel } from '../../../src/domain/clock.ts';
import { POSTGRES_MIGRATIONS } from '../../../src/store/postgres/migrations.ts';
import { openPostgresStore } from '../../../src/store/postgres/postgres-store.ts';
import { SQLITE_MIGRATIONS } from '../../../src/store/sqlite/migrations.ts';
import { openSqliteStore } from '../../../src/store/sqlite/sqlite-store.ts';
import type { Store } from '../../../src/store/store.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { OLD_SCHEMA, oldRows } from '../../support/old-rows.ts';
import { PostgresServer } from '../../support/postgres.ts';
import { QueueFixture } from '../../support/queue-fixture.ts';
import { createTemporaryFolder, type TemporaryFolder } from '../../support/temporary-folder.ts';
import { eventually } from '../../support/waiting.ts';

const NOW = new ManualClock().nowMs();
const DAY_MS = 86_400_000;
const LOOKS = 20;

const record = (id: number) => `INSERT INTO schema_migration VALUES (${id}, 'old', 0)`;

class UpgradedQueue extends QueueFixture {
  constructor(store: Store) {
    super({ store, producerId: 1 });
  }

  async dispose(): Promise<void> {
    await this.stopDispatchers();
    await this.store.close();
  }

  /** Moves the clock until so many deliveries of a notification are sent; now and then only, because databases take time. */
  async untilSent(notificationId: number, sent: number): Promise<void> {
    let looks = 0;
    const isSent = async () => {
      looks += 1;
      this.clock.advance(looks % LOOKS === 0 ? 500 : 0);
      return (await this.states(notificationId))['sent'] === sent;
    };
    await eventually(isSent, `${sent} of notification ${notificationId} are sent`);
  }

  /** How many deliveries of a notification are in each state. */
  async states(notificationId: number): Promise<Readonly<Record<string, number>>> {
    const counts = await this.store.read.deliveries.countOfNotification(notificationId);
    return Object.fromEntries(counts.map(({ state, count }) => [state, count]));
  }
}

function endAtOnce(_delayMs: number, action: () => void): Cancel {
  const immediate = setImmediate(action);
  return () => clearImmediate(immediate);
}

let folder: TemporaryFolder;
let server: PostgresServer;

beforeAll(async () => {
  folder = createTemporaryFolder();
  server = await PostgresServer.start();
});

afterAll(async () => {
  folder.remove();
  await server.dispose();
});

async function openOldSqlite(): Promise<Store> {
  const path = join(folder.path, 'bellhop.db');
  const db = new DatabaseSync(path);
  db.exec(`PRAGMA journal_mode = WAL;
    CREATE TABLE schema_migration (id INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at_ms INTEGER NOT NULL) STRICT`);
  const steps = SQLITE_MIGRATIONS.filter(({ id }) => id <= OLD_SCHEMA);
  const rows = oldRows(NOW, `X'${'00'.repeat(32)}'`);
  for (const sql of [...steps.flatMap(({ id, sql: step }) => [step, record(id)]), ...rows]) {
    db.exec(sql);
  }
  db.close();
  return openSqliteStore({ path, isServer: true });
}

async function openOldPostgres(): Promise<Store> {
  const database = await server.createEmptyDatabase();
  const [first] = POSTGRES_MIGRATIONS;
  const table =
    'CREATE TABLE schema_migration (id bigint PRIMARY KEY, name text NOT NULL, applied_at_ms bigint NOT NULL)';
  for (const sql of [table, first?.sql ?? '', record(1), ...oldRows(NOW, `'\\x${'00'.repeat(32)}'`)]) {
    await server.query(database, sql);
  }
  // Slots begin at once: the clock stands still during a claim.
  return openPostgresStore({ url: server.url(database), isServer: true, lead: { measure: (claim) => claim(0) } });
}

describe.each([
  ['SQLite', openOldSqlite],
  ['PostgreSQL', openOldPostgres],
])('an old %s database', (engine, open) => {
  let queue: UpgradedQueue;

  beforeAll(async () => {
    queue = new UpgradedQueue(await open());
  });

  afterAll(() => queue.dispose());

  test('keeps what it holds, and sends all that waits', async () => {
    const ended = { failed: 1, held: 1, expired: 1 };
    expect(await queue.states(1)).toEqual({ queued: 1 });
    expect(await queue.states(5)).toEqual(ended);
    await queue.createDispatcher({ isAlone: engine === 'SQLite' }).start();
    for (const [notificationId, sent] of Object.entries({ 1: 1, 2: 1, 3: 1, 4: 3 })) {
      await queue.untilSent(Number(notificationId), sent);
    }
    expect(await queue.states(5)).toEqual(ended);
    expect(queue.sender.posts.map(({ place }) => place).sort()).toEqual(['a:1', 'a:2', 'a:2', 'a:3', 'a:3']);
  });

  test('tells a webhook of what is sent from now on, and of nothing from before', async () => {
    const { store, clock } = queue;
    const webhook = { publicId: 'whe_1', producerId: 1, url: 'https://example.com/', events: null, description: null };
    await store.write((tx) => tx.webhookEndpoints.insert({ ...webhook, secret: 'sealed', createdAtMs: clock.nowMs() }));
    const reached = await store.read.people.findReachable({ kind: 'address', address: 'person1@contoso.com' });
    const [{ conversationRowId, laneId, personId } = { conversationRowId: null, laneId: null, personId: 0 }] = reached;
    const ana = { conversationId: conversationRowId ?? 0, laneId: laneId ?? 0, personId, aadObjectId: '' };
    const notificationId = await queue.queue([{ ...ana, email: 'person1@contoso.com' }]);
    await queue.untilSent(notificationId, 1);
    const events = await store.write((tx) => tx.statusEvents.takeWaiting(100));
    expect(events.map(({ type }) => type).sort()).toEqual(['delivery.sent', 'notification.accepted']);
  });

  test('exports and erases a person of that time', async () => {
    const { store, clock } = queue;
    const who = { recipient: { kind: 'address', address: 'person3@contoso.com' } } as const;
    let json = '';
    for await (const part of await exportPerson({ store, nowMs: clock.nowMs(), onEnd: () => undefined }, who)) {
      json += part;
    }
    expect(JSON.parse(json).deliveries).toHaveLength(3);
    expect(await erasePerson({ store, clock }, who)).toMatchObject({ people: 1, contents: 1 });
  });

  test('erases contents and rows of that time when their own has come', async () => {
    const { store, clock } = queue;
    clock.advance(40 * DAY_MS);
    // Its pauses end at once.
    const passing = { nowMs: () => clock.nowMs(), after: endAtOnce };
    const rules = { contentMs: 7 * DAY_MS, metadataMs: 31 * DAY_MS };
    const counts = await eraseOldData({ store, clock: passing, signal: new AbortController().signal }, rules);
    expect(counts).toMatchObject({ contents: 5, notifications: 6, deliveries: 10, attempts: 8 });
  });
});
