// The limit on what may wait.

import { UNRESOLVED_DETAIL } from '../../../src/domain/recipient.ts';
import { type Notifications, openNotifications } from './accept-fixture.ts';

const COUNT_MS = 1_000;
const TO = { to: 'person1@contoso.com' };

let notifications: Notifications;

beforeEach(async () => {
  notifications = await openNotifications({ maxBacklog: 3 });
  await notifications.install(1);
});

afterEach(() => notifications.close());

/** Accepts three, and lets the count of them grow old. */
async function fill(): Promise<void> {
  for (let at = 0; at < 3; at++) {
    await notifications.ask(TO);
  }
  notifications.clock.advance(COUNT_MS);
}

test('below the limit notifications are accepted', async () => {
  for (let at = 0; at < 3; at++) {
    notifications.clock.advance(COUNT_MS);
    await notifications.ask(TO);
  }
  expect(notifications.readRows('SELECT id FROM delivery')).toHaveLength(3);
});

test('at the limit they are refused with a time to come back, and nothing is stored', async () => {
  await fill();
  await expect(notifications.ask(TO)).rejects.toMatchObject({ code: 'backlog_full', retryAfterMs: 30_000 });
  expect(notifications.readRows('SELECT id FROM notification')).toHaveLength(3);
});

test.each(['queued', 'leased', 'sending'])('a delivery that is %s counts', async (state) => {
  await fill();
  notifications.runSql(`UPDATE delivery SET state = '${state}'`);
  await expect(notifications.ask(TO)).rejects.toMatchObject({ code: 'backlog_full' });
});

test.each(['sent', 'failed', 'expired', 'held', 'cancelled'])('a delivery that is %s does not', async (state) => {
  await fill();
  notifications.runSql(`UPDATE delivery SET state = '${state}' WHERE id = 1`);
  expect(await notifications.ask(TO)).toMatchObject({ isReplay: false });
});

test('a count is believed for one second, then there is room again as soon as something was sent', async () => {
  await fill();
  await expect(notifications.ask(TO)).rejects.toMatchObject({ code: 'backlog_full' });
  notifications.runSql(`UPDATE delivery SET state = 'sent'`);
  notifications.clock.advance(COUNT_MS - 1);
  await expect(notifications.ask(TO)).rejects.toMatchObject({ code: 'backlog_full' });
  notifications.clock.advance(1);
  expect(await notifications.ask(TO)).toMatchObject({ isReplay: false });
});

test('a wrong request is told so also when nothing would be accepted', async () => {
  await fill();
  await expect(notifications.ask({ to: 5 })).rejects.toMatchObject({ code: 'invalid_request' });
});

test('a retry of what was accepted is answered although the limit is reached', async () => {
  const first = await notifications.ask(TO, { idempotencyKey: 'build-17' });
  await fill();
  expect(await notifications.ask(TO, { idempotencyKey: 'build-17' })).toEqual({ ...first, isReplay: true });
});

describe('what waits for one person', () => {
  /** Copies of one waiting delivery, as that many notifications would leave them. */
  const fillFor = (count: number) =>
    notifications.runSql(`
      WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})
      INSERT INTO notification (id, public_id, producer_id, content, priority, unknown_policy, unresolved, created_at_ms, expires_at_ms)
        SELECT i + 1000, 'copy-' || i, producer_id, content, priority, unknown_policy, unresolved, created_at_ms, expires_at_ms
          FROM n, notification WHERE notification.id = 1;
      INSERT INTO delivery (notification_id, lane_id, conversation_id, state, priority, due_at_ms, expires_at_ms, updated_at_ms)
        SELECT n.id, d.lane_id, d.conversation_id, 'queued', 1, d.due_at_ms, d.expires_at_ms, d.updated_at_ms
          FROM notification n, delivery d WHERE n.id > 1000 AND d.id = 1`);

  beforeEach(async () => {
    await notifications.close();
    notifications = await openNotifications();
    await notifications.install(1);
    await notifications.install(2);
    await notifications.ask(TO);
  });

  test('may be a thousand, not more: then the sender is told to come back', async () => {
    fillFor(999);
    expect(await notifications.ask(TO)).toMatchObject({ isReplay: false });
    await expect(notifications.ask(TO)).rejects.toMatchObject({ code: 'backlog_full', retryAfterMs: 30_000 });
  });

  test('holds back nobody else, and the answer says whom it held back', async () => {
    fillFor(1_000);
    const { answer } = await notifications.ask({ to: ['person1@contoso.com', 'person2@contoso.com'] });
    expect(answer).toMatchObject({
      deliveries: [{ recipient: 'person2@contoso.com' }],
      unresolved: [{ recipient: 'person1@contoso.com', reason: 'overloaded' }],
    });
  });
});

describe('for one person', () => {
  const BOTH = { to: [TO.to, 'person2@contoso.com'] };

  /** Lets this many wait for the first person. */
  async function wait(count: number): Promise<void> {
    await notifications.close();
    notifications = await openNotifications();
    await notifications.install(1);
    await notifications.install(2);
    await notifications.ask(TO);
    notifications.runSql(`
      WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})
      INSERT INTO notification (id, public_id, producer_id, content, priority, unknown_policy, unresolved, created_at_ms, expires_at_ms)
      SELECT i, 'n' || i, producer_id, content, priority, unknown_policy, unresolved, 0, 0 FROM n, notification WHERE id = 1;
      INSERT INTO delivery (notification_id, lane_id, conversation_id, state, priority, due_at_ms, expires_at_ms, updated_at_ms)
      SELECT notification.id, lane_id, conversation_id, state, delivery.priority, 0, 0, 0 FROM notification, delivery WHERE notification.id > 1;`);
  }

  test('a thousand may wait', async () => {
    await wait(999);
    expect((await notifications.ask(TO)).answer.unresolved).toEqual([]);
  });

  test('with a thousand waiting the others get theirs, and this one is listed', async () => {
    await wait(1_000);
    const { deliveries, unresolved } = (await notifications.ask(BOTH)).answer;
    expect(deliveries).toEqual([{ recipient: 'person2@contoso.com', state: 'queued' }]);
    expect(unresolved).toEqual([{ recipient: TO.to, reason: 'overloaded', detail: UNRESOLVED_DETAIL.overloaded }]);
  });

  test('with a thousand waiting a notification to nobody else is refused with a time to come back', async () => {
    await wait(1_000);
    await expect(notifications.ask(TO)).rejects.toMatchObject({
      code: 'backlog_full',
      retryAfterMs: 30_000,
      details: { unresolved: [{ recipient: TO.to, reason: 'overloaded' }] },
    });
  });

  test('what was sent does not wait', async () => {
    await wait(1_000);
    notifications.runSql(`UPDATE delivery SET state = 'sent' WHERE id = 1`);
    expect((await notifications.ask(TO)).answer.deliveries).toHaveLength(1);
  });
});
