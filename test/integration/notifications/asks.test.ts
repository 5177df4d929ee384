// What a notification asks: how it is stored, ended, shown and waited for.

import { editNotification, recallNotification } from '../../../src/notifications/change-notification.ts';
import { listResponsesTo } from '../../../src/notifications/list-responses.ts';
import { createWaiting, type WaitFor } from '../../../src/notifications/waiting.ts';
import { silentLogger } from '../../../src/telemetry/logger.ts';
import { type Asking, type Notifications, openNotifications } from './accept-fixture.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

let notifications: Notifications;
let startMs: number;

beforeEach(async () => {
  notifications = await openNotifications();
  startMs = notifications.clock.nowMs();
  await notifications.install(1);
  await notifications.install(2);
});

afterEach(() => notifications.close());

const TO = ['person1@contoso.com', 'person2@contoso.com'];
const actions = [{ id: 'approve', title: 'Approve', needed: 2 }];

async function ask(fields: object, asking: Asking = {}): Promise<string> {
  return (await notifications.ask({ to: TO, ...fields }, asking)).answer.id;
}

const askRows = () => notifications.readRows('SELECT * FROM ask ORDER BY notification_id');
const isoAt = (ms: number) => new Date(ms).toISOString();

const answer = (personId: number | null, action: string, input: string | null = null, notificationId = 1) =>
  notifications.runSql(`
    INSERT INTO response (notification_id, person_id, action, input, responded_at_ms)
    VALUES (${notificationId}, ${personId ?? 'NULL'}, '${action}', ${input === null ? 'NULL' : `'${input}'`}, ${startMs})`);

const setState = (state: string) => notifications.runSql(`UPDATE ask SET state = '${state}' WHERE notification_id = 1`);

const changing = () => ({ store: notifications.store, clock: notifications.clock, logger: silentLogger });

describe('what is asked', () => {
  test('is part of the content, with when it is asked again and of whom else beside it', async () => {
    await ask({ acknowledge: true, actions, remind: 'PT30M', escalateTo: 'ben@contoso.com' });
    const [notification] = notifications.readRows('SELECT content FROM notification');
    expect(JSON.parse(String(notification?.['content'])).ask).toEqual({
      canAcknowledge: true,
      actions: [{ id: 'approve', title: 'Approve', needed: 2 }],
    });
    expect(askRows()).toMatchObject([
      {
        ...{ state: 'open', remind_ms: 30 * MINUTE_MS, remind_at_ms: startMs + 30 * MINUTE_MS },
        ...{ escalate_to: '["ben@contoso.com"]', escalate_at_ms: startMs + HOUR_MS, escalated_at_ms: null },
      },
    ]);
  });

  test('counts its times from when it arrives', async () => {
    await ask({ acknowledge: true, remind: 'PT30M', escalateTo: TO, at: isoAt(startMs + 10 * HOUR_MS) });
    expect(askRows()).toMatchObject([
      { remind_at_ms: startMs + 10.5 * HOUR_MS, escalate_at_ms: startMs + 11 * HOUR_MS },
    ]);
  });

  test('is nothing where nothing is asked', async () => {
    const id = await ask({});
    expect(askRows()).toEqual([]);
    expect(await notifications.statusOf(id)).not.toHaveProperty('ask');
  });

  test('is not asked later of those whom the key may not address', async () => {
    const rights = { recipients: ['*@contoso.com'], canBroadcast: false };
    const escalateTo = ['ben@contoso.com', 'ben@fabrikam.com', 'everyone'];
    await expect(ask({ acknowledge: true, escalateTo }, { rights })).rejects.toMatchObject({
      code: 'forbidden',
      faults: [{ pointer: '/escalateTo/1' }, { pointer: '/escalateTo/2' }],
    });
    expect(notifications.readRows('SELECT id FROM notification')).toEqual([]);
  });

  test('makes those who are asked later findable, so that they can be forgotten', async () => {
    await ask({ acknowledge: true, escalateTo: ['Ben@contoso.com', 'everyone'] });
    expect(notifications.readRows('SELECT * FROM mention')).toEqual([
      { name_key: 'ben@contoso.com', notification_id: 1, recipient: 'Ben@contoso.com' },
    ]);
  });
});

describe('it is asked no more', () => {
  const CLOSED = { state: 'closed', remind_at_ms: null, escalate_at_ms: null };
  const times = { remind: 'PT30M', escalateTo: 'ben@contoso.com' };

  test('once it is recalled', async () => {
    const id = await ask({ acknowledge: true, ...times });
    await recallNotification(changing(), { producerId: notifications.ci, id });
    expect(askRows()).toMatchObject([CLOSED]);
    expect((await notifications.statusOf(id)).ask).toMatchObject({ state: 'closed' });
  });

  test('once the thing that it is about is over', async () => {
    await ask({ acknowledge: true, ...times, key: 'disk' });
    await ask({ key: 'disk', state: 'resolved' });
    expect(askRows()).toMatchObject([CLOSED]);
  });

  test('once a later event takes its place, which may ask for itself', async () => {
    await ask({ acknowledge: true, ...times, key: 'disk' });
    await ask({ acknowledge: true, ...times, key: 'other' });
    await ask({ acknowledge: true, ...times, key: 'disk' });
    expect(askRows()).toMatchObject([CLOSED, { state: 'open' }, { state: 'open' }]);
  });

  test('and never by what came too late to be told, which leaves the other open', async () => {
    const [earlier, later] = [isoAt(startMs - HOUR_MS), isoAt(startMs)];
    await ask({ acknowledge: true, ...times, key: 'disk', occurredAt: later });
    await ask({ acknowledge: true, ...times, key: 'disk', occurredAt: earlier });
    expect(askRows()).toMatchObject([{ state: 'open' }, CLOSED]);
  });

  test('an edit leaves it open, and has no more links than there is room for', async () => {
    const id = await ask({ acknowledge: true, actions, ...times });
    const edit = (json: object) => editNotification(changing(), { producerId: notifications.ci, id, json });
    const links = Array(4).fill({ title: 'Runbook', url: 'https://wiki.contoso.com' });
    await expect(edit({ links })).rejects.toMatchObject({ code: 'invalid_request', faults: [{ pointer: '/links' }] });
    expect(await edit({ title: 'Anew', links: links.slice(1) })).toMatchObject({ isChanged: true });
    expect(askRows()).toMatchObject([{ state: 'open', remind_at_ms: startMs + 30 * MINUTE_MS }]);
    const [row] = notifications.readRows('SELECT content FROM notification');
    expect(JSON.parse(String(row?.['content']))).toMatchObject({ title: 'Anew', ask: { canAcknowledge: true } });
  });
});

describe('the status', () => {
  test('tells who answered what, who has read it, and what is to come', async () => {
    const id = await ask({ acknowledge: true, actions, remind: 'PT30M', escalateTo: 'ben@contoso.com' });
    answer(1, 'approve', '"looks good"');
    answer(2, ':acknowledge');
    answer(null, 'approve', '7');
    notifications.runSql(`
      UPDATE ask SET state = 'decided', decided_action = 'approve', escalated_at_ms = ${startMs}, reminders = 2;
      UPDATE delivery SET read_at_ms = ${startMs} WHERE id = 1`);
    const status = await notifications.statusOf(id);
    expect(status.ask).toEqual({
      state: 'decided',
      decided: 'approve',
      responses: [
        {
          person: { name: null, email: 'person1@contoso.com', aadObjectId: '00000000-0000-4000-8000-000000000001' },
          ...{ action: 'approve', input: 'looks good', at: isoAt(startMs) },
        },
        {
          person: { name: null, email: 'person2@contoso.com', aadObjectId: '00000000-0000-4000-8000-000000000002' },
          ...{ action: ':acknowledge', input: null, at: isoAt(startMs) },
        },
        { person: null, action: 'approve', input: 7, at: isoAt(startMs) },
      ],
      ...{ more: 0, reminders: 2 },
      remindsAt: isoAt(startMs + 30 * MINUTE_MS),
      escalatesAt: isoAt(startMs + HOUR_MS),
      escalatedAt: isoAt(startMs),
    });
    expect(status.read).toBe(1);
    expect(status.deliveries.map(({ readAt }) => readAt)).toEqual([isoAt(startMs), undefined]);
  });

  test('tells the first hundred answers; a list tells all of them, page by page, in their order', async () => {
    const id = await ask({ actions });
    for (let count = 0; count < 120; count++) {
      answer(null, 'approve', String(count));
    }
    const { ask: shown } = await notifications.statusOf(id);
    expect([shown?.responses.length, shown?.more, shown?.responses[99]?.input]).toEqual([100, 20, 99]);
    const inputs: unknown[] = [];
    const pages: number[] = [];
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const query = { limit: '50', ...(cursor !== undefined && { cursor }) };
      const page = await listResponsesTo(notifications, { producerId: notifications.ci, id, query });
      inputs.push(...page.responses.map(({ input }) => input));
      pages.push(page.responses.length);
      cursor = page.nextCursor;
    }
    expect(inputs).toEqual(Array.from({ length: 120 }, (_, at) => at));
    expect(pages).toEqual([50, 50, 20]);
  });

  test('is for its producer only', async () => {
    const id = await ask({ actions });
    const producerId = await notifications.addProducer('billing');
    await expect(listResponsesTo(notifications, { producerId, id, query: {} })).rejects.toMatchObject({
      code: 'not_found',
    });
    await expect(
      listResponsesTo(notifications, { producerId: notifications.ci, id, query: { cursor: 'x' } }),
    ).rejects.toMatchObject({ code: 'invalid_request' });
  });
});

describe('waiting for an answer', () => {
  const NEVER = new AbortController().signal;

  /** What waits, whether it is over, and how often it has looked. */
  function begin(publicId: string, { waitFor = waiting().waitFor, timeoutMs = 30_000, signal = NEVER } = {}) {
    const over = { isOver: false };
    const awaited = { publicId, producerId: notifications.ci };
    const wait = waitFor(awaited, { until: 'acknowledged', timeoutMs, signal }).then(() => {
      over.isOver = true;
    });
    return { wait, over };
  }

  function waiting(): { readonly waitFor: WaitFor; looks(): number } {
    const { store } = notifications;
    let looks = 0;
    const listOpen = (ids: readonly number[]) => {
      looks += 1;
      return store.read.askRows.listOpen(ids);
    };
    const read = { ...store.read, askRows: { ...store.read.askRows, listOpen } };
    const deps = { store: { read, onWork: store.onWork.bind(store) }, clock: notifications.clock };
    return { waitFor: createWaiting(deps), looks: () => looks };
  }

  async function settle() {
    for (let turn = 0; turn < 20; turn++) {
      await new Promise(setImmediate);
    }
  }

  test.each(['acknowledged', 'decided', 'closed'])(
    'is over as soon as it is %s, without time passing',
    async (state) => {
      const { wait, over } = begin(await ask({ acknowledge: true }));
      await settle();
      notifications.clock.advance(500);
      await settle();
      expect(over.isOver).toBe(false);
      setState(state);
      notifications.store.signalWork();
      await wait;
      expect(notifications.clock.nowMs()).toBe(startMs + 500);
      expect(notifications.clock.pendingTimers).toBe(0);
    },
  );

  test('looks from time to time, where nobody could tell', async () => {
    const { wait, over } = begin(await ask({ acknowledge: true }));
    await settle();
    setState('acknowledged');
    for (let steps = 0; !over.isOver && steps < 100; steps++) {
      notifications.clock.advance(25);
      await settle();
    }
    await wait;
    expect(notifications.clock.nowMs() - startMs).toBeLessThanOrEqual(1_050);
  });

  test('is over with the first answer, where there is nothing to decide or to acknowledge', async () => {
    const id = await ask({ actions: [{ id: 'later', title: 'Later' }] });
    const { wait, over } = begin(id);
    await settle();
    notifications.clock.advance(100);
    await settle();
    expect(over.isOver).toBe(false);
    answer(1, 'later');
    notifications.store.signalWork();
    await wait;
  });

  test('goes on while too few have chosen', async () => {
    const { wait, over } = begin(await ask({ actions }));
    await settle();
    answer(1, 'approve');
    notifications.store.signalWork();
    notifications.clock.advance(2_000);
    await settle();
    expect(over.isOver).toBe(false);
    notifications.clock.advance(30_000);
    await wait;
  });

  test('is over when its time is, or its caller has hung up, and leaves no timer behind', async () => {
    const id = await ask({ acknowledge: true });
    const hungUp = new AbortController();
    const [{ wait: first }, { wait: second }] = [begin(id), begin(id, { signal: hungUp.signal })];
    await settle();
    hungUp.abort();
    await second;
    notifications.clock.advance(30_000);
    await first;
    await settle();
    expect(notifications.clock.pendingTimers).toBe(0);
  });

  test('looks once for all who wait, however much happens', async () => {
    const { waitFor, looks } = waiting();
    const ids = [];
    for (let count = 0; count < 20; count++) {
      ids.push(await ask({ acknowledge: true }));
    }
    const waits = ids.map((id) => begin(id, { waitFor }).wait);
    await settle();
    const before = looks();
    for (let count = 0; count < 20; count++) {
      notifications.store.signalWork();
      await settle();
    }
    notifications.clock.advance(25);
    await settle();
    expect(looks() - before).toBeLessThanOrEqual(2);
    notifications.clock.advance(30_000);
    await Promise.all(waits);
  });

  test('is over at once where nothing is asked', async () => {
    await begin(await ask({})).wait;
    expect(notifications.clock.pendingTimers).toBe(0);
  });
});
