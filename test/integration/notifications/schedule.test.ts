// A scheduled notification: what is stored and answered, and what its status says.

import { cancelNotification } from '../../../src/delivery/cancel.ts';
import { silentLogger } from '../../../src/telemetry/logger.ts';
import { type InstalledPerson, installPerson } from '../../support/store-fixtures.ts';
import { type Notifications, openNotifications } from './accept-fixture.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

let notifications: Notifications;

beforeEach(async () => {
  notifications = await openNotifications();
});

afterEach(() => notifications.close());

const iso = (ms: number) => new Date(ms).toISOString();
const inMs = (ms: number) => iso(notifications.clock.nowMs() + ms);
const install = (index: number, timeZone?: string): Promise<InstalledPerson> =>
  installPerson(notifications.store, { index, nowMs: notifications.clock.nowMs(), ...(timeZone && { timeZone }) });
const deliveries = () =>
  notifications.readRows('SELECT due_at_ms, scheduled_at_ms, expires_at_ms FROM delivery ORDER BY id');

test('an instant is when the delivery is due, from then on it lives, and the answer tells it', async () => {
  const { email } = await install(1);
  const at = inMs(DAY_MS);
  const { answer } = await notifications.ask({ to: email, at, ttl: 'PT1H' });
  expect(answer.deliveries).toEqual([{ recipient: email, state: 'queued', dueAt: at }]);
  const atMs = Date.parse(at);
  expect(deliveries()).toEqual([{ due_at_ms: atMs, scheduled_at_ms: atMs, expires_at_ms: atMs + HOUR_MS }]);
});

test('a local time is when it is that time where each person is', async () => {
  const people = [await install(1, 'Europe/Berlin'), await install(2, 'America/New_York'), await install(3)];
  const to = people.map(({ email }) => email);
  const { answer } = await notifications.ask({ to, at: '2026-03-29T02:30', timeZone: 'Asia/Tokyo' });
  expect(answer.deliveries.map(({ dueAt }) => dueAt)).toEqual([
    '2026-03-29T01:30:00.000Z',
    '2026-03-29T06:30:00.000Z',
    '2026-03-28T17:30:00.000Z',
  ]);
  expect(await notifications.statusOf(answer.id)).toMatchObject({
    progress: 'scheduled',
    counts: { queued: 3 },
    expiresAt: '2026-03-30T06:30:00.000Z',
    deliveries: answer.deliveries.map(({ recipient, dueAt }) => ({ recipient, dueAt, state: 'queued' })),
  });
});

test('a local time that is past for some is due for them at once, with all its time to live', async () => {
  // It is 00:00 in UTC, 09:00 in Tokyo.
  const people = [await install(1, 'Asia/Tokyo'), await install(2, 'America/New_York')];
  const at = '2026-01-01T07:00';
  const { answer } = await notifications.ask({ to: people.map(({ email }) => email), at, ttl: 'PT1H' });
  const nowMs = notifications.clock.nowMs();
  expect(answer.deliveries.map(({ dueAt }) => dueAt)).toEqual([iso(nowMs), '2026-01-01T12:00:00.000Z']);
  expect(deliveries()).toMatchObject([
    { due_at_ms: nowMs, scheduled_at_ms: null, expires_at_ms: nowMs + HOUR_MS },
    { due_at_ms: Date.UTC(2026, 0, 1, 12) },
  ]);
  expect(await notifications.statusOf(answer.id)).toMatchObject({ progress: 'sending' });
});

test('the status says scheduled until the first of it is due, and names each instant until then', async () => {
  const { email } = await install(1);
  const { answer } = await notifications.ask({ to: email, at: inMs(DAY_MS) });
  notifications.clock.advance(DAY_MS - 1);
  expect(await notifications.statusOf(answer.id)).toMatchObject({ progress: 'scheduled' });
  notifications.clock.advance(1);
  const status = await notifications.statusOf(answer.id);
  expect(status.progress).toBe('sending');
  expect(status.deliveries[0]).not.toHaveProperty('dueAt');
});

test('what is not scheduled has no instant in its answer and its status', async () => {
  const { email } = await install(1);
  const { answer } = await notifications.ask({ to: [email, 'everyone'] });
  expect(answer.deliveries.filter((one) => 'dueAt' in one)).toEqual([]);
  expect((await notifications.statusOf(answer.id)).deliveries[0]).not.toHaveProperty('dueAt');
});

describe('a broadcast', () => {
  test('at an instant is scheduled until then, and its answer tells it', async () => {
    await install(1);
    const at = inMs(DAY_MS);
    const { answer } = await notifications.ask({ to: 'everyone', at });
    expect(answer.deliveries).toEqual([{ recipient: 'everyone', state: 'queued', dueAt: at }]);
    expect(await notifications.statusOf(answer.id)).toMatchObject({ progress: 'scheduled', deliveries: [] });
    notifications.clock.advance(DAY_MS);
    expect(await notifications.statusOf(answer.id)).toMatchObject({ progress: 'expanding' });
  });

  test('at a local time begins with the first zone on earth and names no instant, which each has of their own', async () => {
    const { answer } = await notifications.ask({
      to: 'everyone',
      at: '2026-01-03T09:00',
      timeZone: 'Asia/Tokyo',
      ttl: 'PT1H',
    });
    expect(answer.deliveries).toEqual([{ recipient: 'everyone', state: 'queued' }]);
    expect(notifications.readRows('SELECT * FROM fanout')).toMatchObject([
      {
        starts_at_ms: Date.UTC(2026, 0, 2, 19),
        local_at: '2026-01-03T09:00:00',
        time_zone: 'Asia/Tokyo',
        ttl_ms: HOUR_MS,
      },
    ]);
    expect(await notifications.statusOf(answer.id)).toMatchObject({
      progress: 'scheduled',
      expiresAt: '2026-01-03T22:00:00.000Z',
    });
  });
});

describe('withdrawn before it goes', () => {
  const cancel = (id: string) => {
    const { store, clock, ci } = notifications;
    return cancelNotification({ store, clock, logger: silentLogger }, { id, producerId: ci });
  };

  test('a scheduled notification goes to nobody', async () => {
    const people = [await install(1), await install(2)];
    const { answer } = await notifications.ask({ to: people.map(({ email }) => email), at: inMs(DAY_MS) });
    expect(await cancel(answer.id)).toEqual({ cancelled: 2, untouched: 0, isBroadcastStopped: false });
    expect(await notifications.statusOf(answer.id)).toMatchObject({ progress: 'done', counts: { cancelled: 2 } });
  });

  test('a scheduled broadcast goes to nobody', async () => {
    await install(1);
    const { answer } = await notifications.ask({ to: 'everyone', at: '2026-01-03T09:00' });
    expect(await cancel(answer.id)).toEqual({ cancelled: 0, untouched: 0, isBroadcastStopped: true });
    expect(await notifications.statusOf(answer.id)).toMatchObject({ progress: 'done', counts: {} });
    expect(await notifications.store.read.queue.nextDueAtMs()).toBeUndefined();
  });
});

describe('a time that is past or too far ahead', () => {
  test('is a fault, and nothing is stored', async () => {
    const { email } = await install(1);
    for (const at of [inMs(-61_000), inMs(367 * DAY_MS), '2025-12-31T11:58']) {
      const fault = { code: 'invalid_request', faults: [{ pointer: '/at' }] };
      await expect(notifications.ask({ to: email, at })).rejects.toMatchObject(fault);
    }
    expect(notifications.readRows('SELECT id FROM notification')).toEqual([]);
  });

  test('is none for a retry: it gets its first answer, also when the time has passed', async () => {
    const { email } = await install(1);
    const fields = { to: email, at: inMs(HOUR_MS) };
    const first = await notifications.ask(fields, { idempotencyKey: 'k' });
    notifications.clock.advance(DAY_MS);
    const again = await notifications.ask(fields, { idempotencyKey: 'k' });
    expect(again).toEqual({ answer: first.answer, isReplay: true });
  });
});

describe('the estimate', () => {
  test('of what is scheduled counts from its own beginning, and nothing is before it', async () => {
    const { email } = await install(1);
    await notifications.ask({ to: email });
    await notifications.ask({ to: 'everyone' });
    notifications.runSql(`UPDATE lane SET blocked_until_ms = ${notifications.clock.nowMs() + HOUR_MS}`);
    const { answer } = await notifications.ask({ to: email, at: inMs(DAY_MS) });
    expect(answer.estimate).toEqual({ recipients: 1, seconds: 1, queuedBefore: 0 });
  });

  test('of what goes now does not count what is scheduled for later', async () => {
    const { email } = await install(1);
    await notifications.ask({ to: [email, 'everyone'], at: inMs(DAY_MS) });
    expect((await notifications.ask({ to: email })).answer.estimate).toEqual({
      recipients: 1,
      seconds: 1,
      queuedBefore: 0,
    });
  });
});

test('the limit of what waits for one person counts what is scheduled', async () => {
  const { email, conversationId } = await install(1);
  await notifications.ask({ to: email, at: inMs(DAY_MS) });
  expect(await notifications.store.read.deliveries.hasWaiting(conversationId, 1)).toBe(true);
});
