// The plans of SQLite for what changes messages: no large table is read from end to end.

import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createSqliteDeliveryQueue } from '../../../src/store/sqlite/delivery-queue.ts';
import { createKysely, createStatementCache } from '../../../src/store/sqlite/kysely-dialect.ts';
import { openSqliteStore } from '../../../src/store/sqlite/sqlite-store.ts';
import { bindStatements } from '../../../src/store/store.ts';
import { addProducer, installPerson, queueNotification } from '../../support/store-fixtures.ts';
import { createTemporaryFolder } from '../../support/temporary-folder.ts';
import { CHANGED_ROWS, runEveryChange } from './change-plans.ts';

test('a change of messages finds its rows by an index', async () => {
  const folder = createTemporaryFolder();
  const path = join(folder.path, 'bellhop.db');
  const store = openSqliteStore({ path, isServer: false });
  const producerId = await addProducer(store);
  const person = await installPerson(store, { index: 1, nowMs: 0, intervalUs: 0 });
  await queueNotification(store, { producerId, to: [person], nowMs: 0 });
  await store.close();
  const db = new DatabaseSync(path);
  db.exec(CHANGED_ROWS);
  const plans: string[] = [];
  const prepare = createStatementCache(db);
  const explained = (sql: string) => {
    const lines = db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all();
    plans.push(...lines.map(({ detail }) => `${detail} in ${sql}`));
    return prepare(sql);
  };
  const nothing = async () => undefined;
  await runEveryChange(
    bindStatements(createKysely(explained), {
      queue: createSqliteDeliveryQueue(prepare),
      locks: { take: nothing, tryTake: async () => true, share: nothing, holdDeliveries: nothing },
    }),
  );
  db.close();
  folder.remove();
  expect(plans.length).toBeGreaterThan(20);
  expect(plans.filter((line) => /^SCAN (delivery|notification|attempt|lifecycle|conversation)\b/.test(line))).toEqual(
    [],
  );
});
