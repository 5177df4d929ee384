// What a producer is told about how long it will take.

import { createEstimator } from '../../../src/notifications/estimate.ts';
import { TENANT } from '../../support/store-fixtures.ts';
import { type Notifications, openNotifications } from './accept-fixture.ts';

const OTHER_TENANT = '99999999-9999-4999-8999-999999999999';

let notifications: Notifications;

beforeEach(async () => {
  notifications = await openNotifications();
});

afterEach(() => notifications.close());

async function install(count: number, tenantId = TENANT): Promise<readonly string[]> {
  const emails: string[] = [];
  for (let index = 1; index <= count; index++) {
    emails.push((await notifications.install(index + (tenantId === TENANT ? 0 : 1_000), tenantId)).email);
  }
  return emails;
}

const estimateOf = async (fields: object) => (await notifications.ask(fields)).answer.estimate;

test('one person in an idle lane takes a moment', async () => {
  const [to] = await install(1);
  expect(await estimateOf({ to })).toEqual({ recipients: 1, seconds: 1, queuedBefore: 0 });
});

test('people count once, however often they are named', async () => {
  await install(1);
  const to = ['person1@contoso.com', 'PERSON1@contoso.com', 'nobody@contoso.com'];
  expect(await estimateOf({ to })).toMatchObject({ recipients: 1 });
});

test('what waits with the same or a higher priority comes before it', async () => {
  const to = await install(5);
  await estimateOf({ to, priority: 'urgent' });
  await estimateOf({ to, priority: 'bulk' });
  expect(await estimateOf({ to, priority: 'urgent' })).toMatchObject({ queuedBefore: 5 });
  expect(await estimateOf({ to, priority: 'normal' })).toMatchObject({ queuedBefore: 10 });
  expect(await estimateOf({ to, priority: 'bulk' })).toMatchObject({ queuedBefore: 20 });
});

test('the lane that ends last decides, at its own pace and after its pause', async () => {
  const near = await install(2);
  const far = await install(2, OTHER_TENANT);
  notifications.runSql(`UPDATE lane SET interval_us = 500000 WHERE tenant_id = '${OTHER_TENANT}'`);
  expect(await estimateOf({ to: near })).toMatchObject({ seconds: 1 });
  expect(await estimateOf({ to: far })).toMatchObject({ seconds: 1 });
  expect(await estimateOf({ to: [...near, ...far] })).toMatchObject({ recipients: 4, seconds: 2, queuedBefore: 4 });
  notifications.runSql(`UPDATE lane SET blocked_until_ms = ${notifications.clock.nowMs() + 60_000}`);
  expect(await estimateOf({ to: near })).toMatchObject({ seconds: 61 });
});

describe('a message to everyone', () => {
  test('counts the active personal installations', async () => {
    await install(3);
    await install(2, OTHER_TENANT);
    notifications.runSql("UPDATE installation SET state = 'unreachable' WHERE id = 1");
    notifications.runSql("UPDATE installation SET scope = 'team' WHERE id = 2");
    expect(await estimateOf({ to: 'everyone' })).toEqual({ recipients: 3, seconds: 1, queuedBefore: 0 });
  });

  test('counts those of the tenant that the key is for', async () => {
    await install(3);
    await install(2, OTHER_TENANT);
    const { answer } = await notifications.ask({ to: 'everyone' }, { rights: { tenantId: OTHER_TENANT } });
    expect(answer.estimate).toMatchObject({ recipients: 2 });
  });

  test('makes the estimates of others the least it can be, until it is turned into deliveries', async () => {
    const [to] = await install(1);
    await estimateOf({ to: 'everyone' });
    expect(await estimateOf({ to })).toMatchObject({ isLowerBound: true });
    notifications.runSql('UPDATE fanout SET is_done = 1');
    expect(await estimateOf({ to })).not.toHaveProperty('isLowerBound');
  });
});

test('counting ends at a bound, and the answer says so', async () => {
  const to = await install(3);
  await notifications.ask({ to });
  const { read } = notifications.store;
  const { laneId } = await notifications.install(1_000);
  const addressed = { laneIds: [laneId], audiences: [], tenantId: undefined, priority: 'normal' as const };
  const estimateUpTo = (max: number) => createEstimator(notifications, max).estimate(read, addressed);
  expect(await estimateUpTo(2)).toMatchObject({ queuedBefore: 2, isLowerBound: true });
  expect(await estimateUpTo(4)).toEqual({ recipients: 1, seconds: 1, queuedBefore: 3 });
});

test('a retry is answered with the first estimate', async () => {
  const [to] = await install(2);
  const first = await notifications.ask({ to }, { idempotencyKey: 'k' });
  await notifications.ask({ to });
  expect((await notifications.ask({ to }, { idempotencyKey: 'k' })).answer.estimate).toEqual(first.answer.estimate);
});

test('a large count is believed for a second, so that accepting stays cheap', async () => {
  const [to] = await install(1);
  await notifications.ask({ to });
  const copies = Array.from({ length: 999 }, (_, at) => {
    const id = at + 10;
    return `INSERT INTO conversation (id, lane_id, tenant_id, kind, updated_at_ms) VALUES (${id}, 1, 't', 'personal', 0);
      INSERT INTO delivery (notification_id, lane_id, conversation_id, state, priority, due_at_ms, expires_at_ms, updated_at_ms)
      SELECT 1, 1, ${id}, 'queued', 1, 0, expires_at_ms, 0 FROM delivery WHERE id = 1;`;
  });
  notifications.runSql(copies.join(''));
  expect(await estimateOf({ to })).toMatchObject({ queuedBefore: 1_000, seconds: 26 });
  expect(await estimateOf({ to })).toMatchObject({ queuedBefore: 1_000 });
  notifications.clock.advance(1_000);
  expect(await estimateOf({ to })).toMatchObject({ queuedBefore: 1_002 });
});
