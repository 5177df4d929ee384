// The list of what did not arrive.

import { listUndelivered, type UndeliveredList } from '../../../src/notifications/list-undelivered.ts';
import { type Notifications, openNotifications } from './accept-fixture.ts';

let notifications: Notifications;
let startMs: number;

beforeEach(async () => {
  notifications = await openNotifications();
  startMs = notifications.clock.nowMs();
});

afterEach(() => notifications.close());

/** A notification to this many people. */
async function notify(count: number): Promise<string> {
  const to = Array.from({ length: count }, (_, at) => `person${at + 1}@contoso.com`);
  return (await notifications.ask({ to })).answer.id;
}

async function install(count: number): Promise<void> {
  for (let index = 1; index <= count; index++) {
    await notifications.install(index);
  }
}

/** Ends the delivery this many seconds after the start. */
function end(id: number, state: string, { reason = 'unavailable', second = id } = {}): void {
  const atMs = startMs + second * 1_000;
  notifications.runSql(
    `UPDATE delivery SET state = '${state}', reason = '${reason}', updated_at_ms = ${atMs} WHERE id = ${id}`,
  );
}

const list = (query: Record<string, string> = {}, producerId = notifications.ci): Promise<UndeliveredList> =>
  listUndelivered({ store: notifications.store }, { producerId, query });
const idsOf = async (query: Record<string, string> = {}, producerId = notifications.ci) =>
  (await list(query, producerId)).deliveries.map(({ id }) => id);
const secondsAfterStart = (seconds: number) => new Date(startMs + seconds * 1_000).toISOString();

test('what failed, is held or expired is listed, newest first, with the reason in a sentence', async () => {
  await install(6);
  const notification = await notify(6);
  end(1, 'failed');
  end(2, 'held', { reason: 'response_lost' });
  end(3, 'expired', { reason: 'expired' });
  end(4, 'sent');
  end(5, 'cancelled');
  const { deliveries, nextCursor } = await list();
  expect(deliveries.map(({ id, state, reason }) => [id, state, reason?.code])).toEqual([
    ['dlv_3', 'expired', 'expired'],
    ['dlv_2', 'held', 'response_lost'],
    ['dlv_1', 'failed', 'unavailable'],
  ]);
  expect(deliveries[2]).toEqual({
    id: 'dlv_1',
    notification,
    recipient: 'person1@contoso.com',
    state: 'failed',
    reason: { code: 'unavailable', detail: expect.stringContaining('was not available') },
    attempts: 0,
    updatedAt: secondsAfterStart(1),
  });
  expect(nextCursor).toBeNull();
});

test('each filter leaves the others out', async () => {
  await install(2);
  const [first, second] = [await notify(2), await notify(2)];
  end(1, 'failed');
  end(2, 'held');
  end(3, 'failed', { reason: 'forbidden' });
  end(4, 'expired', { reason: 'expired' });
  expect(await idsOf({ state: 'failed' })).toEqual(['dlv_3', 'dlv_1']);
  expect(await idsOf({ reason: 'forbidden' })).toEqual(['dlv_3']);
  expect(await idsOf({ notification: first })).toEqual(['dlv_2', 'dlv_1']);
  expect(await idsOf({ notification: second, state: 'expired' })).toEqual(['dlv_4']);
  expect(await idsOf({ since: secondsAfterStart(2), until: secondsAfterStart(4) })).toEqual(['dlv_3', 'dlv_2']);
});

test('nothing of another producer is listed, and its notifications do not exist', async () => {
  await install(1);
  const notification = await notify(1);
  end(1, 'failed');
  const billing = await notifications.addProducer('billing');
  expect(await idsOf({}, billing)).toEqual([]);
  await expect(list({ notification }, billing)).rejects.toMatchObject({ code: 'not_found' });
});

test('pages join without a gap, also where many ended in the same instant', async () => {
  await install(7);
  await notify(7);
  for (let id = 1; id <= 7; id++) {
    end(id, 'failed', { second: 1 });
  }
  const found: string[] = [];
  let cursor: string | null = null;
  do {
    const page: UndeliveredList = await list({ limit: '3', ...(cursor !== null && { cursor }) });
    found.push(...page.deliveries.map(({ id }) => id));
    cursor = page.nextCursor;
  } while (cursor !== null);
  expect(found).toEqual([7, 6, 5, 4, 3, 2, 1].map((id) => `dlv_${id}`));
});

test('a page that finds nothing among the many of others leads on to the next one', async () => {
  await install(1);
  await notify(1);
  end(1, 'failed', { second: 0 });
  const billing = await notifications.addProducer('billing');
  await notifications.ask({ to: 'person1@contoso.com' }, { producerId: billing });
  notifications.runSql(`
    INSERT INTO conversation (id, lane_id, tenant_id, kind, updated_at_ms)
      WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 6009) SELECT i, 1, 't', 'personal', 0 FROM n;
    INSERT INTO delivery (notification_id, lane_id, conversation_id, state, priority, due_at_ms, expires_at_ms, updated_at_ms)
      SELECT 2, 1, id, 'failed', 1, 0, 0, ${startMs + 1} FROM conversation WHERE id >= 10;`);
  const page = await list();
  expect(page).toEqual({ deliveries: [], nextCursor: expect.any(String) });
  expect(await idsOf({ cursor: String(page.nextCursor) })).toEqual(['dlv_1']);
});

test.each([
  [{ sate: 'failed' }],
  [{ state: 'queued' }],
  [{ state: '' }],
  [{ reason: 'bad luck' }],
  [{ since: 'yesterday' }],
  [{ until: '2026-13-01T00:00:00Z' }],
  [{ cursor: 'x' }],
  [{ limit: '0' }],
  [{ limit: '201' }],
  [{ limit: '1.5' }],
])('the query %j is refused', async (query) => {
  await expect(list(query)).rejects.toMatchObject({ code: 'invalid_request' });
});

test('the list is read from its indexes', () => {
  const plan = (where: string) =>
    notifications
      .readRows(
        `EXPLAIN QUERY PLAN SELECT id FROM delivery WHERE state IN ('failed', 'held', 'expired') ${where}
          ORDER BY updated_at_ms DESC, id DESC LIMIT 1`,
      )
      .map(({ detail }) => detail);
  expect(plan('AND (updated_at_ms, id) < (5, 5)')).toEqual([expect.stringContaining('INDEX delivery_undelivered ')]);
  expect(plan('AND notification_id = 1')).toEqual([expect.stringContaining('INDEX delivery_undelivered_of ')]);
});
