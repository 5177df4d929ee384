// An answer that waits until all deliveries of a notification have ended.

import { createWaitUntilEnded } from '../../../src/notifications/wait-until-ended.ts';
import { createWaiting } from '../../../src/notifications/waiting.ts';
import { type Notifications, openNotifications } from './accept-fixture.ts';

let notifications: Notifications;

beforeEach(async () => {
  notifications = await openNotifications();
});

afterEach(() => notifications.close());

const UNTIL_ENDED = { until: 'delivered', timeoutMs: 30_000, signal: new AbortController().signal } as const;

async function accept(fields: object = {}) {
  const people = [await notifications.install(1), await notifications.install(2)];
  const { answer } = await notifications.ask({ to: people.map(({ email }) => email), ...fields });
  return { answer, producerId: notifications.ci };
}

const setState = (id: number, state: string) =>
  notifications.runSql(`UPDATE delivery SET state = '${state}' WHERE id = ${id}`);

/** The function under test, and how often it has looked. */
function createWait(options: { readonly max?: number; readonly isBroken?: boolean } = {}) {
  const { read } = notifications.store;
  let looks = 0;
  const findOpen = async (notificationId: number, from: number) => {
    looks += 1;
    if (options.isBroken) {
      throw new Error('the database is gone');
    }
    return read.pages.findOpen(notificationId, from);
  };
  const onWork = notifications.store.onWork.bind(notifications.store);
  const deps = { store: { read: { ...read, pages: { ...read.pages, findOpen } }, onWork }, clock: notifications.clock };
  const wait = createWaitUntilEnded({ ...deps, waitFor: createWaiting(deps, options.max) });
  return { wait, looks: () => looks };
}

/** Lets a wait go on until it has ended; time passes only where it waits for time. */
async function whileTimePasses<T>(
  waiting: Promise<T>,
  onPause: (elapsedMs: number) => void = () => undefined,
): Promise<T> {
  const { clock } = notifications;
  const startMs = clock.nowMs();
  let isOver = false;
  const over = waiting.finally(() => {
    isOver = true;
  });
  while (!isOver) {
    await new Promise(setImmediate);
    if (clock.jump()) {
      onPause(clock.nowMs() - startMs);
    }
  }
  return over;
}

test('it is answered as soon as the last delivery has ended, with the states of that moment', async () => {
  const awaited = await accept();
  const { clock } = notifications;
  const startMs = clock.nowMs();
  const { wait } = createWait();
  const answer = await whileTimePasses(wait(awaited, UNTIL_ENDED), (elapsedMs) => {
    setState(1, 'sent');
    setState(2, elapsedMs > 2_000 ? 'failed' : 'sending');
  });
  expect(answer).toEqual({
    ...awaited.answer,
    deliveries: [
      { recipient: 'person1@contoso.com', state: 'sent' },
      { recipient: 'person2@contoso.com', state: 'failed' },
    ],
    progress: 'done',
    counts: { sent: 1, failed: 1 },
  });
  expect(clock.nowMs() - startMs).toBeLessThan(4_000);
});

test('it is answered when the time is over, whatever still waits', async () => {
  const awaited = await accept();
  const startMs = notifications.clock.nowMs();
  const { wait, looks } = createWait();
  const answer = await whileTimePasses(wait(awaited, UNTIL_ENDED));
  expect([answer.progress, answer.deliveries[0]?.state]).toEqual(['sending', 'queued']);
  expect(notifications.clock.nowMs() - startMs).toBe(30_000);
  expect(looks()).toBeLessThan(50);
});

test('it is answered when its caller has hung up, and leaves no timer behind', async () => {
  const awaited = await accept();
  const { wait } = createWait();
  const hungUp = new AbortController();
  const waiting = wait(awaited, { ...UNTIL_ENDED, signal: hungUp.signal });
  await new Promise(setImmediate);
  hungUp.abort();
  expect((await waiting).progress).toBe('sending');
  expect(notifications.clock.pendingTimers).toBe(0);
});

test('one wait too many is answered at once', async () => {
  const awaited = await accept();
  const { wait } = createWait({ max: 1 });
  const over = new AbortController();
  const first = wait(awaited, { ...UNTIL_ENDED, signal: over.signal });
  expect((await wait(awaited, UNTIL_ENDED)).progress).toBe('sending');
  over.abort();
  await first;
  setState(1, 'sent');
  setState(2, 'sent');
  expect((await wait(awaited, UNTIL_ENDED)).progress).toBe('done');
});

test('a broadcast is waited for until it is all deliveries, and has one state', async () => {
  const awaited = await accept({ to: ['everyone', 'person1@contoso.com', 'person1@CONTOSO.com'] });
  const { wait } = createWait();
  const answer = await whileTimePasses(wait(awaited, UNTIL_ENDED), (elapsedMs) => {
    setState(1, 'failed');
    if (elapsedMs > 2_000) {
      notifications.runSql(`
        INSERT OR IGNORE INTO delivery (notification_id, lane_id, conversation_id, state, priority, due_at_ms, expires_at_ms, updated_at_ms)
        SELECT notification_id, lane_id, 2, 'sent', priority, 0, 0, 0 FROM delivery WHERE id = 1;
        UPDATE fanout SET is_done = 1;`);
    }
  });
  expect(answer.deliveries).toEqual([
    { recipient: 'person1@contoso.com', state: 'failed' },
    { recipient: 'person1@CONTOSO.com', state: 'failed', sameAs: 'person1@contoso.com' },
    { recipient: 'everyone', state: 'sent' },
  ]);
  expect([answer.progress, answer.counts]).toEqual(['done', { sent: 1, failed: 1 }]);
});

test('what was accepted is answered as accepted when the database cannot be read', async () => {
  const awaited = await accept();
  const { wait } = createWait({ isBroken: true });
  expect(await wait(awaited, UNTIL_ENDED)).toBe(awaited.answer);
});
