// What a producer is shown of its notification.

import { FAILURE_REASONS } from '../../../src/domain/failure-reason.ts';
import { createNotificationId } from '../../../src/domain/notification-id.ts';
import { getNotificationStatus } from '../../../src/notifications/notification-status.ts';
import { type Notifications, notifyPeople, openNotifications } from './accept-fixture.ts';

let notifications: Notifications;

beforeEach(async () => {
  notifications = await openNotifications();
});

afterEach(() => notifications.close());

const notify = (count: number) => notifyPeople(notifications, count);

const setState = (id: number, state: string, reason?: string) =>
  notifications.runSql(
    `UPDATE delivery SET state = '${state}', reason = ${reason ? `'${reason}'` : 'NULL'} WHERE id = ${id}`,
  );

const MEMBERS_OF_STATUS = [
  'id',
  'priority',
  'createdAt',
  'expiresAt',
  'progress',
  'counts',
  'changes',
  'lifecycle',
  'changedAt',
  'recalledAt',
  'timeline',
  'broadcasts',
  'deliveries',
  'hasMore',
  'unresolved',
];

describe('a new notification', () => {
  test('is open, with one queued delivery for each person', async () => {
    const id = await notify(1);
    const status = await notifications.statusOf(id);
    expect(Object.keys(status)).toEqual(MEMBERS_OF_STATUS);
    expect(status).toEqual({
      id,
      priority: 'normal',
      createdAt: '2026-01-01T00:00:00.000Z',
      expiresAt: '2026-01-01T01:00:00.000Z',
      progress: 'sending',
      counts: { queued: 1 },
      changes: { waiting: 0, failed: 0 },
      lifecycle: null,
      changedAt: null,
      recalledAt: null,
      timeline: [{ at: '2026-01-01T00:00:00.000Z', what: 'accepted' }],
      broadcasts: [],
      deliveries: [
        {
          id: 'dlv_1',
          recipient: 'person1@contoso.com',
          state: 'queued',
          updatedAt: '2026-01-01T00:00:00.000Z',
          attempts: [],
        },
      ],
      hasMore: false,
      unresolved: [],
    });
  });

  test('is there for its producer only', async () => {
    const id = await notify(1);
    const billing = await notifications.addProducer('billing');
    await expect(notifications.statusOf(id, billing)).rejects.toMatchObject({ code: 'not_found' });
  });
});

test.each(['', 'x', "ntf_' OR 1=1", createNotificationId(0, (size) => new Uint8Array(size))])(
  'there is no notification %j',
  async (id) => {
    await expect(notifications.statusOf(id)).rejects.toMatchObject({ code: 'not_found' });
  },
);

describe('deliveries', () => {
  test('are counted by state; a lease is nothing to a producer', async () => {
    const id = await notify(7);
    const states = ['queued', 'leased', 'sending', 'sent', 'failed', 'expired', 'cancelled'];
    for (const [at, state] of states.entries()) {
      setState(at + 1, state);
    }
    const { counts, deliveries } = await notifications.statusOf(id);
    expect(counts).toEqual({ queued: 2, sending: 1, sent: 1, failed: 1, expired: 1, cancelled: 1 });
    expect(deliveries.map(({ state }) => state)).toEqual(states.with(1, 'queued'));
  });

  test.each([
    ['failed', 'blocked_by_user'],
    ['held', 'response_lost'],
    ['expired', 'expired'],
    ['queued', 'unavailable'],
  ] as const)('that are %s say why, in a sentence', async (state, code) => {
    const id = await notify(1);
    setState(1, state, code);
    const { deliveries } = await notifications.statusOf(id);
    expect(deliveries[0]).toMatchObject({ state, reason: { code, detail: FAILURE_REASONS[code] } });
  });

  test('that were sent after trouble do not complain about it', async () => {
    const id = await notify(1);
    setState(1, 'sent', 'unavailable');
    expect((await notifications.statusOf(id)).deliveries[0]).not.toHaveProperty('reason');
  });

  test('whose person was erased are shown without their name', async () => {
    const id = await notify(1);
    notifications.runSql('UPDATE delivery SET recipient = NULL');
    expect((await notifications.statusOf(id)).deliveries[0]).toMatchObject({ recipient: null, state: 'queued' });
  });

  test('beyond two hundred are counted and not listed', async () => {
    const id = await notify(1);
    const copy = (row: number) => `
      INSERT INTO conversation (lane_id, tenant_id, kind, updated_at_ms) SELECT lane_id, tenant_id, kind, 0 FROM conversation WHERE id = 1;
      INSERT INTO delivery (notification_id, lane_id, conversation_id, state, priority, due_at_ms, expires_at_ms, updated_at_ms)
      SELECT notification_id, lane_id, ${row}, 'sent', priority, due_at_ms, expires_at_ms, 0 FROM delivery WHERE id = 1;`;
    notifications.runSql(Array.from({ length: 199 }, (_, at) => copy(at + 2)).join(''));
    expect(await notifications.statusOf(id)).toMatchObject({ hasMore: false, counts: { queued: 1, sent: 199 } });
    notifications.runSql(copy(201));
    const { hasMore, counts, deliveries } = await notifications.statusOf(id);
    expect({ hasMore, counts, listed: deliveries.length }).toEqual({
      hasMore: true,
      counts: { queued: 1, sent: 200 },
      listed: 200,
    });
  });
});

test('a notification is done when nothing of it waits or is on its way', async () => {
  const id = await notify(2);
  const progressAfter = async (state: string) => {
    setState(2, state);
    return (await notifications.statusOf(id)).progress;
  };
  setState(1, 'sent');
  expect([await progressAfter('queued'), await progressAfter('leased'), await progressAfter('sending')]).toEqual(
    Array(3).fill('sending'),
  );
  expect([await progressAfter('sent'), await progressAfter('failed'), await progressAfter('expired')]).toEqual(
    Array(3).fill('done'),
  );
});

test('attempts are listed with their delivery, in order, with the ids that Microsoft asks for', async () => {
  const id = await notify(2);
  const nowMs = notifications.clock.nowMs();
  notifications.runSql(`INSERT INTO attempt VALUES
    (1, 2, 'post', 'r-2', ${nowMs + 5}, NULL, NULL, NULL, NULL, NULL),
    (1, 1, 'create_conversation', 'r-1', ${nowMs}, ${nowMs + 3}, 'transient', 'unavailable', 503, 'ms-1')`);
  const { deliveries } = await notifications.statusOf(id);
  expect(deliveries.map(({ attempts }) => attempts)).toEqual([
    [
      {
        number: 1,
        operation: 'create_conversation',
        startedAt: '2026-01-01T00:00:00.000Z',
        finishedAt: '2026-01-01T00:00:00.003Z',
        outcome: 'transient',
        reason: 'unavailable',
        httpStatus: 503,
        requestId: 'r-1',
        correlationId: 'ms-1',
      },
      expect.objectContaining({ number: 2, startedAt: '2026-01-01T00:00:00.005Z', finishedAt: null, outcome: null }),
    ],
    [],
  ]);
});

test('what it calls done is listed as it ended, also when it ends while it is being read', async () => {
  const id = await notify(1);
  await setState(1, 'sending');
  const { store, ci } = notifications;
  const { deliveries } = store.read;
  const endsMeanwhile = {
    ...deliveries,
    async listOfNotification(notificationId: number, limit: number) {
      const rows = await deliveries.listOfNotification(notificationId, limit);
      setState(1, 'sent');
      return rows;
    },
  };
  const watched = { ...store, read: { ...store.read, deliveries: endsMeanwhile } };
  const status = await getNotificationStatus(
    { store: watched, clock: notifications.clock },
    { publicId: id, producerId: ci },
  );
  expect([status.progress, status.deliveries[0]?.state]).toEqual(['sending', 'sending']);
});

describe('the timeline', () => {
  const endAt = (id: number, state: string, second: number) =>
    notifications.runSql(
      `UPDATE delivery SET state = '${state}', updated_at_ms = ${notifications.clock.nowMs() + second * 1_000} WHERE id = ${id}`,
    );
  const timelineOf = async (id: string) =>
    (await notifications.statusOf(id)).timeline.map(({ at, what, count }) => [at.slice(17, 19), what, count]);

  test('of what waits tells when it was accepted', async () => {
    expect(await timelineOf(await notify(2))).toEqual([['00', 'accepted', undefined]]);
  });

  test('tells when the first and the last of each state came to it, and when all was done', async () => {
    const id = await notify(4);
    endAt(1, 'sent', 3);
    endAt(2, 'failed', 5);
    endAt(3, 'sent', 7);
    expect(await timelineOf(id)).toEqual([
      ['00', 'accepted', undefined],
      ['03', 'first_sent', undefined],
      ['05', 'failed', 1],
      ['07', 'sent', 2],
    ]);
    endAt(4, 'expired', 9);
    expect((await timelineOf(id)).slice(-2)).toEqual([
      ['09', 'expired', 1],
      ['09', 'done', undefined],
    ]);
  });
});
