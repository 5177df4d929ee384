// The plans of PostgreSQL: the same whatever the statistics say.

import pg from 'pg';
import * as claimSql from '../../../src/store/postgres/claim-sql.ts';
import { createPostgresDeliveryQueue } from '../../../src/store/postgres/delivery-queue.ts';
import { CLOSE_FANOUT, FANOUT_TEXTS, LOCK_FANOUT, MOVE_FANOUT } from '../../../src/store/postgres/fanout-sql.ts';
import { createKysely } from '../../../src/store/postgres/kysely-binding.ts';
import { createLocks } from '../../../src/store/postgres/locks.ts';
import type { Query } from '../../../src/store/postgres/query.ts';
import * as queueSql from '../../../src/store/postgres/queue-sql.ts';
import { BEGIN_WITH_SETTINGS, SET_SESSION } from '../../../src/store/postgres/settings.ts';
import { bindStatements } from '../../../src/store/store.ts';
import { PostgresServer } from '../../support/postgres.ts';
import { CHANGED_ROWS, runEveryChange } from './change-plans.ts';

let server: PostgresServer;

beforeAll(async () => {
  server = await PostgresServer.start();
});

afterAll(() => server.dispose());

const FANOUT_STATEMENTS = Object.fromEntries(
  Object.entries(FANOUT_TEXTS).flatMap(([audience, texts]) =>
    Object.entries(texts).map(([name, sql]) => [`${audience} ${name}`, sql]),
  ),
);
const STATEMENTS = Object.entries({
  ...claimSql,
  ...queueSql,
  ...{ LOCK_FANOUT, MOVE_FANOUT, CLOSE_FANOUT },
  ...FANOUT_STATEMENTS,
});

describe('right after a backlog has been analysed', () => {
  let database: string;

  beforeAll(async () => {
    database = await server.createDatabase();
    await server.query(database, BACKLOG);
  });

  const planOf = (sql: string, begin: string) => server.explain(database, `${begin}; EXPLAIN (GENERIC_PLAN) ${sql}`);

  test.each(STATEMENTS)('no table of the queue is read from end to end: %s', async (_name, sql) => {
    const plan = await planOf(sql, BEGIN_WITH_SETTINGS);
    expect(plan.length).toBeGreaterThan(0);
    expect(
      plan.filter((line) => /Seq Scan on (delivery|conversation|notification|attempt)|Hash Join|Merge Join/.test(line)),
    ).toEqual([]);
  });

  test.each([queueSql.HAS_DUE, queueSql.NEXT_DUE])('neither without any settings: %s', async (sql) => {
    const plan = await planOf(sql, 'BEGIN');
    expect(plan.filter((line) => line.includes('Seq Scan on delivery'))).toEqual([]);
  });

  const { BEGIN_ATTEMPTS, END_ATTEMPT, FINISH_ATTEMPTS, RELEASE, ADD_REMEDY, GIVE_BACK } = queueSql;

  test.each(Object.entries({ BEGIN_ATTEMPTS, END_ATTEMPT, FINISH_ATTEMPTS, RELEASE, ADD_REMEDY, GIVE_BACK }))(
    'a delivery is found by its id, not among all that are in flight: %s',
    async (_name, sql) => {
      const plan = await planOf(sql, BEGIN_WITH_SETTINGS);
      expect(plan.join('\n')).toContain('Index Scan using delivery_pkey');
      expect(plan.join('\n')).not.toMatch(/delivery_in_flight|delivery_lease/);
    },
  );

  test('the next deliveries of a lane come in their order from the index, and none is sorted', async () => {
    const plan = await planOf(claimSql.LOCK_DELIVERIES, BEGIN_WITH_SETTINGS);
    const inLane = plan.slice(plan.findIndex((line) => line.includes('LockRows')));
    expect(inLane.join('\n')).toContain('Index Scan using delivery_due');
    expect(inLane.join('\n')).not.toContain('Sort');
  });
});

test('a change of messages finds its rows by an index', async () => {
  const database = await server.createDatabase();
  await server.query(database, BACKLOG);
  await server.query(database, CHANGED_ROWS);
  const client = new pg.Client({ connectionString: server.url(database) });
  await client.connect();
  await client.query(SET_SESSION);
  const plans: string[] = [];
  const query: Query = async (sql, values = []) => {
    const plan = await client.query(`EXPLAIN ${sql}`, [...values]);
    plans.push(...plan.rows.map((row) => `${row['QUERY PLAN']} in ${sql}`));
    const { rows, rowCount, command } = await client.query(sql, [...values]);
    return { rows, count: rowCount ?? 0, command };
  };
  const queue = createPostgresDeliveryQueue(query, { measure: (claim) => claim(0) });
  await runEveryChange(bindStatements(createKysely(query), { queue, locks: createLocks(query) }));
  await client.end();
  expect(plans.length).toBeGreaterThan(20);
  expect(plans.filter((line) => /Seq Scan on (delivery|notification|attempt|conversation)\b/.test(line))).toEqual([]);
});

test('one attempt is found by its key alone, whoever else has attempts', () => {
  // Two conditions on one id made the completion of a batch quadratic.
  for (const [name, sql] of STATEMENTS) {
    expect([name, /ANY\s*\(\s*\$/.test(sql)]).toEqual([name, false]);
  }
});

test('nothing in the schema is called by name but by its trigger: two versions of Bellhop at once cannot call each other\u2019s', async () => {
  const database = await server.createDatabase();
  const functions = await server.query(
    database,
    `SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY oid`,
  );
  expect(functions).toEqual([{ proname: 'record_delivery_status' }, { proname: 'end_digest' }]);
});

/** One tenant, everything waiting: what misleads the planner most. */
const BACKLOG = `
  INSERT INTO lane (app_id, tenant_id, interval_us) VALUES ('a', 't', 25000);
  INSERT INTO conversation (lane_id, tenant_id, kind, updated_at_ms, teams_conversation_id)
  SELECT 1, 't', 'personal', 0, i FROM generate_series(1, 50000) i;
  INSERT INTO notification (public_id, producer_id, content, priority, unknown_policy, unresolved, created_at_ms, expires_at_ms)
  VALUES ('n', 1, '{}', 2, 'resend', '[]', 0, 1);
  INSERT INTO delivery (notification_id, lane_id, conversation_id, state, priority, due_at_ms, expires_at_ms, updated_at_ms)
  SELECT 1, 1, i, 'queued', 2, 0, 1, 0 FROM generate_series(1, 50000) i;
  ANALYZE`;
