// The lists of a producer's notifications and of their deliveries.

import { listDeliveriesOf } from '../../../src/notifications/list-deliveries.ts';
import { listNotifications } from '../../../src/notifications/list-notifications.ts';
import { type Notifications, notifyPeople, openNotifications } from './accept-fixture.ts';

let notifications: Notifications;

beforeEach(async () => {
  notifications = await openNotifications();
});

afterEach(() => notifications.close());

const notify = (count: number) => notifyPeople(notifications, count);

/** All pages, one after the other. */
async function readPages<Page extends { readonly nextCursor: string | null }>(
  read: (query: Record<string, string>) => Promise<Page>,
): Promise<readonly Page[]> {
  const pages: Page[] = [];
  let cursor: string | null = null;
  do {
    const page: Page = await read(cursor === null ? {} : { cursor });
    pages.push(page);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return pages;
}

describe('the deliveries of a notification', () => {
  const list = (id: string, query: Record<string, string> = {}, producerId = notifications.ci) =>
    listDeliveriesOf({ store: notifications.store, clock: notifications.clock }, { producerId, id, query });

  test('are listed once each over all pages, with every attempt', async () => {
    const id = await notify(5);
    notifications.runSql(
      `INSERT INTO attempt VALUES (2, 1, 'post', 'r-1', 0, 5, 'rejected', 'forbidden', 403, 'ms-1')`,
    );
    notifications.runSql(`UPDATE delivery SET state = 'failed', reason = 'forbidden' WHERE id = 2`);
    const pages = await readPages((query) => list(id, { limit: '2', ...query }));
    expect(pages.map(({ deliveries }) => deliveries.map((one) => one.id))).toEqual([
      ['dlv_1', 'dlv_2'],
      ['dlv_3', 'dlv_4'],
      ['dlv_5'],
    ]);
    expect(pages[0]?.deliveries[1]).toMatchObject({
      recipient: 'person2@contoso.com',
      state: 'failed',
      reason: { code: 'forbidden' },
      attempts: [{ number: 1, outcome: 'rejected', reason: 'forbidden', requestId: 'r-1', correlationId: 'ms-1' }],
    });
  });

  test('are chosen by the state that producers see', async () => {
    const id = await notify(3);
    notifications.runSql(`UPDATE delivery SET state = 'leased' WHERE id = 3`);
    // One that is in the chat and being edited is shown as sent.
    notifications.runSql(`UPDATE delivery SET state = 'queued', operation = 'update', activity_id = '1' WHERE id = 2`);
    const idsIn = async (state: string) => (await list(id, { state })).deliveries.map((one) => one.id);
    expect([await idsIn('queued'), await idsIn('sent'), await idsIn('held')]).toEqual([
      ['dlv_1', 'dlv_3'],
      ['dlv_2'],
      [],
    ]);
  });

  test('few among many are found a bounded part at a time', async () => {
    const id = await notify(1);
    notifications.runSql(`
      WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 5100)
      INSERT INTO conversation (lane_id, tenant_id, kind, updated_at_ms)
      SELECT 1, 'x', 'personal', 0 FROM n;
      INSERT INTO delivery (notification_id, lane_id, conversation_id, state, priority, due_at_ms, expires_at_ms, updated_at_ms)
      SELECT 1, 1, id, CASE id WHEN 5100 THEN 'held' ELSE 'sent' END, 1, 0, 0, 0 FROM conversation WHERE id > 1;`);
    const pages = await readPages((query) => list(id, { state: 'held', ...query }));
    expect(pages.map(({ deliveries }) => deliveries.length)).toEqual([0, 1]);
  });

  test('are there for their producer only', async () => {
    const id = await notify(1);
    const billing = await notifications.addProducer('billing');
    await expect(list(id, {}, billing)).rejects.toMatchObject({ code: 'not_found' });
    await expect(list('ntf_1')).rejects.toMatchObject({ code: 'not_found' });
  });

  test.each([
    { state: 'leased' },
    { limit: '0' },
    { limit: '201' },
    { limit: '1.5' },
    { cursor: 'x' },
    { colour: 'red' },
  ])('are not listed for %j', async (query) => {
    const id = await notify(1);
    await expect(list(id, query)).rejects.toMatchObject({ code: 'invalid_request' });
  });
});

describe('the notifications of a producer', () => {
  const list = (query: Record<string, string> = {}, producerId = notifications.ci) =>
    listNotifications({ store: notifications.store }, { producerId, query });
  const idsOf = async (query: Record<string, string> = {}, producerId = notifications.ci) =>
    (await list(query, producerId)).notifications.map(({ id }) => id);

  /** One at each of these seconds. */
  async function notifyEachSecond(count: number): Promise<readonly string[]> {
    await notifications.install(1);
    const ids = [];
    for (let second = 0; second < count; second++) {
      ids.push((await notifications.ask({ to: 'person1@contoso.com' })).answer.id);
      notifications.clock.advance(1_000);
    }
    return ids;
  }

  test('are listed newest first, once each over all pages', async () => {
    const ids = await notifyEachSecond(5);
    const pages = await readPages((query) => list({ limit: '2', ...query }));
    expect(pages.map((page) => page.notifications.length)).toEqual([2, 2, 1]);
    expect(pages.flatMap((page) => page.notifications.map(({ id }) => id))).toEqual(ids.toReversed());
    expect(pages[0]?.notifications[0]).toEqual({
      id: ids[4],
      lifecycle: null,
      priority: 'normal',
      createdAt: '2026-01-01T00:00:04.000Z',
      expiresAt: '2026-01-02T00:00:04.000Z',
    });
  });

  test('are chosen by when they were accepted', async () => {
    const ids = await notifyEachSecond(4);
    expect(await idsOf({ since: '2026-01-01T00:00:01Z', until: '2026-01-01T00:00:03Z' })).toEqual([ids[2], ids[1]]);
  });

  test('are chosen by the key of their thing and by the state that they tell', async () => {
    const person = await notifications.install(1);
    const tell = async (fields: object) => (await notifications.ask({ to: person.email, ...fields })).answer.id;
    const [opened, other] = [await tell({ key: 'disk/db1' }), await tell({})];
    const resolved = await tell({ key: 'disk/db1', state: 'resolved' });
    expect(await idsOf()).toEqual([resolved, other, opened]);
    expect(await idsOf({ key: 'disk/db1' })).toEqual([resolved, opened]);
    expect(await idsOf({ key: 'disk/db2' })).toEqual([]);
    expect(await idsOf({ state: 'open' })).toEqual([opened]);
    expect(await idsOf({ key: 'disk/db1', state: 'resolved' })).toEqual([resolved]);
    expect((await list({ state: 'open' })).notifications[0]).toMatchObject({
      lifecycle: { key: 'disk/db1', state: 'open' },
    });
  });

  test('are nobody else’s', async () => {
    await notifyEachSecond(1);
    expect(await idsOf({}, await notifications.addProducer('billing'))).toEqual([]);
  });

  test.each([
    { state: 'done' },
    { since: 'yesterday' },
    { until: '2026-01-01' },
    { limit: '-1' },
    { cursor: '1' },
    { id: 'x' },
  ])('are not listed for %j', async (query) => {
    await expect(list(query)).rejects.toMatchObject({ code: 'invalid_request' });
  });
});
