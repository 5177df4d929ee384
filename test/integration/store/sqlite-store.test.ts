// The SQLite store: the contract, and what only a file can go wrong with.

import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { CLOSE_FANOUT, FANOUT_TEXTS, MOVE_FANOUT, OPEN_FANOUT } from '../../../src/store/sqlite/fanout-sql.ts';
import { createKysely, createStatementCache } from '../../../src/store/sqlite/kysely-dialect.ts';
import { openDatabase } from '../../../src/store/sqlite/open-database.ts';
import * as queueSql from '../../../src/store/sqlite/queue-sql.ts';
import { openSqliteStore } from '../../../src/store/sqlite/sqlite-store.ts';
import { createDeliveryStatements } from '../../../src/store/statements/deliveries.ts';
import type { Store } from '../../../src/store/store.ts';
import { addProducer, installPerson, queueNotification } from '../../support/store-fixtures.ts';
import { createTemporaryFolder, type TemporaryFolder } from '../../support/temporary-folder.ts';
import { describeStoreContract } from './store-contract.ts';

describeStoreContract('SQLite', () => {
  const folder = createTemporaryFolder();
  const open = async () => openSqliteStore({ path: join(folder.path, 'data', 'bellhop.db'), isServer: true });
  return {
    open,
    async reopen(store) {
      await store.close();
      return open();
    },
    async run(sql) {
      const db = new DatabaseSync(join(folder.path, 'data', 'bellhop.db'));
      db.exec(sql);
      db.close();
    },
    dispose: async () => folder.remove(),
  };
});

const ALL_TEXTS = [
  ...Object.entries(queueSql),
  ...Object.entries({ OPEN_FANOUT, MOVE_FANOUT, CLOSE_FANOUT }),
  ...Object.entries(FANOUT_TEXTS).flatMap(([audience, texts]) =>
    Object.entries(texts).map(([name, sql]): [string, string] => [`${audience} ${name}`, sql]),
  ),
];

describe('a SQLite file', () => {
  let folder: TemporaryFolder;
  let path: string;
  const stores: Store[] = [];

  const open = (isServer = true) => {
    const store = openSqliteStore({ path, isServer, lockWaitMs: 60 });
    stores.push(store);
    return store;
  };

  beforeEach(() => {
    folder = createTemporaryFolder();
    path = join(folder.path, 'bellhop.db');
  });

  afterEach(async () => {
    await Promise.all(stores.splice(0).map((store) => store.close()));
    folder.remove();
  });

  test('is made with its folder, and every commit waits for the disk', () => {
    path = join(folder.path, 'new', 'folder', 'bellhop.db');
    const { writer, close } = openDatabase(path, true);
    expect(existsSync(path)).toBe(true);
    expect(writer.prepare('PRAGMA journal_mode').get()).toMatchObject({ journal_mode: 'wal' });
    expect(writer.prepare('PRAGMA synchronous').get()).toMatchObject({ synchronous: 2 });
    close();
  });

  test.each(ALL_TEXTS)('is searched, never scanned, by the queue: %s', (_name, sql) => {
    const { writer, close } = openDatabase(path, false);
    const plan = writer
      .prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .all()
      .map((step) => String(step['detail']));
    close();
    // z is the list of zones that a statement brings itself.
    const isSlow = (step: string) =>
      /AUTOMATIC|^SCAN (delivery|d|e|f|i|r|t|p|c|n)\b/.test(step) && !step.startsWith('SEARCH z ');
    expect(plan.filter(isSlow)).toEqual([]);
  });

  test.each(ALL_TEXTS)('has no statement that is compiled anew for its limit: %s', (_name, sql) => {
    expect(sql).not.toMatch(/LIMIT\s*[?:]/);
  });

  test('has no query that is compiled anew for its limit', () => {
    const statements = fileURLToPath(new URL('../../../src/store/statements/', import.meta.url));
    const limits = readdirSync(statements).flatMap(
      (file) => readFileSync(join(statements, file), 'utf8').match(/\.limit\(\w*/g) ?? [],
    );
    expect(new Set(limits)).toEqual(new Set(['.limit(atMost']));
  });

  test('tells when the oldest delivery was due without looking at the others', async () => {
    await open().close();
    const texts: string[] = [];
    const { reader, close } = openDatabase(path, false);
    const prepare = createStatementCache(reader);
    const db = createKysely((sql) => {
      texts.push(sql);
      return prepare(sql);
    });
    await createDeliveryStatements(db).oldestDueAtMs(0);
    const plan = texts.flatMap((sql) => reader.prepare(`EXPLAIN QUERY PLAN ${sql}`).all());
    close();
    const ofDeliveries = plan.map((step) => String(step['detail'])).filter((step) => / d /.test(step));
    expect(ofDeliveries).toEqual([
      expect.stringMatching(/^SEARCH d USING COVERING INDEX delivery_due \(lane_id=\? AND priority=\?/),
    ]);
  });

  test('deals the places of a claim out to the lanes that wait', async () => {
    const store = open();
    const producerId = await addProducer(store);
    for (const lane of [1, 2, 3]) {
      const tenantId = `0000000${lane}-1111-4111-8111-111111111111`;
      const install = (index: number) => installPerson(store, { index, nowMs: 0, tenantId });
      // The first lane has fewer than its share: the others get what it leaves.
      const to = await Promise.all((lane === 1 ? [1] : [1, 2, 3, 4, 5]).map(install));
      await queueNotification(store, { producerId, to, nowMs: 0 });
    }
    const limits = {
      owner: 'a',
      leaseMs: 60_000,
      limit: 7,
      quantum: 20,
      horizonMs: 400,
      closedOrigins: [],
      isClosedToRetries: false,
    };
    const claimed = await store.write((tx) => tx.queue.claim({ nowMs: 0, ...limits }));
    const countOf = (laneId: number) => claimed.filter((delivery) => delivery.laneId === laneId).length;
    expect([1, 2, 3].map(countOf)).toEqual([1, 3, 3]);
  });

  test('has one server at a time, and tools beside it', async () => {
    const server = open();
    expect(() => open()).toThrow(expect.objectContaining({ code: 'store_in_use' }));
    const tool = open(false);
    await tool.write((tx) => tx.producers.insert('by-tool', null, 0));
    expect(await server.read.producers.findByName('by-tool')).toMatchObject({ name: 'by-tool' });
    await server.close();
    expect(() => open()).not.toThrow();
  });

  test('with the schema that is wanted is opened while another process writes', async () => {
    await open().close();
    const other = new DatabaseSync(path);
    other.exec('BEGIN IMMEDIATE');
    const tool = open(false);
    expect(await tool.read.producers.findByName('by-tool')).toBeUndefined();
    other.exec('ROLLBACK');
    other.close();
  });

  test('of a newer schema is refused and left as it is', async () => {
    await open().close();
    const db = new DatabaseSync(path);
    db.exec(`INSERT INTO schema_migration (id, name, applied_at_ms) VALUES (999, 'from the future', 0)`);
    db.close();
    expect(() => open()).toThrow(expect.objectContaining({ code: 'store_newer_schema' }));
  });

  test('that is no database is refused with its name and the remedy', () => {
    writeFileSync(path, 'this is not a database, but long enough to have a header'.repeat(20));
    expect(() => open()).toThrow(
      expect.objectContaining({ code: 'store_unavailable', message: expect.stringContaining(path) }),
    );
  });

  test('locked by another process refuses the write, keeps what it has, and works again afterwards', async () => {
    const store = open();
    const other = new DatabaseSync(path);
    other.exec('BEGIN IMMEDIATE');
    await expect(store.write((tx) => tx.producers.insert('a', null, 0))).rejects.toMatchObject({
      code: 'store_unavailable',
      retryAfterMs: expect.any(Number),
    });
    other.exec('ROLLBACK');
    other.close();
    await expect(store.write((tx) => tx.producers.insert('a', null, 0))).resolves.toMatchObject({ name: 'a' });
  });

  // The limit is set with prlimit, which is Linux's own.
  const onLinux = process.platform === 'linux' ? test : test.skip;

  onLinux('on a full disk refuses the write, stays whole, and works again when there is room', () => {
    const script = fileURLToPath(new URL('full-disk.ts', import.meta.url));
    const report = JSON.parse(execFileSync(process.execPath, [script, path], { encoding: 'utf8' }));
    expect(report).toEqual({ refusal: 'store_unavailable', names: ['after', 'before'] });
    const db = new DatabaseSync(path, { readOnly: true });
    expect(db.prepare('PRAGMA integrity_check').get()).toMatchObject({ integrity_check: 'ok' });
    db.close();
  });
});
