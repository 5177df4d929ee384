// Prepared queries: put together once, given their values each time.

import {
  type CompiledQuery,
  DummyDriver,
  Kysely,
  type KyselyConfig,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { only, type Places, prepared } from '../../../src/store/prepared.ts';
import type { Schema } from '../../../src/store/schema.ts';

/** A database that answers nothing and remembers what it was asked. */
function createRecorder() {
  const asked: CompiledQuery[] = [];
  const config: KyselyConfig = {
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (inner) => new SqliteIntrospector(inner),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
    log: (event) => {
      asked.push(event.query);
    },
  };
  return { db: new Kysely<Schema>(config), asked: () => asked.map(({ sql, parameters }) => ({ sql, parameters })) };
}

test('a prepared query is built once and run with the values of each call', async () => {
  const { db, asked } = createRecorder();
  let builds = 0;
  const find = prepared(db, (place: Places<{ laneId: number; appId: string }>) => {
    builds += 1;
    return db.selectFrom('lane').select('id').where('id', '=', place('laneId')).where('app_id', '=', place('appId'));
  });
  await find({ laneId: 7, appId: 'a' });
  await find({ appId: 'b', laneId: 8 });
  const sql = 'select "id" from "lane" where "id" = ? and "app_id" = ?';
  expect(asked()).toEqual([
    { sql, parameters: [7, 'a'] },
    { sql, parameters: [8, 'b'] },
  ]);
  expect(builds).toBe(1);
});

test('values that do not change stay in the query, and a value may stand in several places', async () => {
  const { db, asked } = createRecorder();
  const rename = prepared(db, (place: Places<{ name: string | null }>) =>
    db
      .updateTable('person')
      .set({ name: place('name'), email: place('name') })
      .where('tenant_id', '=', 'fixed'),
  );
  await rename({ name: null });
  expect(asked().map(({ parameters }) => parameters)).toEqual([[null, null, 'fixed']]);
});

test('the only row is an error of ours when it is missing', () => {
  expect(only([5])).toBe(5);
  expect(() => only([])).toThrow(expect.objectContaining({ code: 'internal' }));
});
