// What an accepted notification leaves in the store, and what it is answered with.

import { type Notifications, openNotifications } from './accept-fixture.ts';

const HOUR_MS = 3_600_000;

let notifications: Notifications;

beforeEach(async () => {
  notifications = await openNotifications();
  await notifications.install(1);
  await notifications.install(2);
});

afterEach(() => notifications.close());

const countsOf = (...tables: string[]) =>
  tables.map((table) => notifications.readRows(`SELECT count(*) AS rows FROM ${table}`)[0]?.['rows']);

describe('an accepted notification', () => {
  test('is answered with its id and one delivery for each recipient, as they were written', async () => {
    const { answer, isReplay } = await notifications.ask({ to: ['Person1@Contoso.com', 'person2@contoso.com'] });
    expect(answer).toEqual({
      id: expect.stringMatching(/^ntf_[0-9A-HJKMNP-TV-Z]{26}$/),
      estimate: { recipients: 2, seconds: 1, queuedBefore: 0 },
      deliveries: [
        { recipient: 'Person1@Contoso.com', state: 'queued' },
        { recipient: 'person2@contoso.com', state: 'queued' },
      ],
      unresolved: [],
    });
    expect(isReplay).toBe(false);
  });

  test('is in the file when the answer comes', async () => {
    await notifications.ask({ to: ['person1@contoso.com', 'person2@contoso.com'] }, { idempotencyKey: 'k' });
    expect(countsOf('notification', 'delivery', 'idempotency')).toEqual([1, 2, 1]);
  });

  test('is there after a restart, with all its deliveries', async () => {
    const { answer } = await notifications.ask({ to: ['person1@contoso.com', 'person2@contoso.com'] });
    await notifications.reopen();
    const { id, counts, deliveries } = await notifications.statusOf(answer.id);
    expect({ id, counts }).toEqual({ id: answer.id, counts: { queued: 2 } });
    expect(deliveries.map(({ recipient }) => recipient)).toEqual(['person1@contoso.com', 'person2@contoso.com']);
  });

  test('keeps what was said, who said it, and until when it matters', async () => {
    const fields = { text: 'api 4.2.0', severity: 'warning', facts: [{ name: 'a', value: 'b' }], summary: 'live' };
    const links = [{ title: 'View run', url: 'https://ci.example/1' }];
    const policy = { priority: 'urgent', ttl: 'PT1H', onUnknown: 'hold' };
    await notifications.ask({ to: 'person1@contoso.com', ...fields, links, ...policy });
    const nowMs = notifications.clock.nowMs();
    const [row] = notifications.readRows('SELECT * FROM notification');
    expect(row).toMatchObject({
      producer_id: notifications.ci,
      priority: 0,
      unknown_policy: 'hold',
      created_at_ms: nowMs,
      expires_at_ms: nowMs + HOUR_MS,
    });
    expect(JSON.parse(String(row?.['content']))).toEqual({
      kind: 'event',
      title: 'Deploy finished',
      ...fields,
      links,
      source: 'ci',
    });
    expect(notifications.readRows('SELECT state, priority, due_at_ms, expires_at_ms FROM delivery')).toEqual([
      { state: 'queued', priority: 0, due_at_ms: nowMs, expires_at_ms: nowMs + HOUR_MS },
    ]);
  });

  test('wakes whoever sends, once its rows can be seen', async () => {
    const seen: unknown[] = [];
    const cancel = notifications.store.onWork(() => seen.push(countsOf('delivery')[0]));
    await notifications.ask({ to: 'person1@contoso.com' });
    cancel();
    expect(seen).toEqual([1]);
  });

  test('is counted by its priority, a replay apart', async () => {
    const ask = () => notifications.ask({ to: 'person1@contoso.com', priority: 'bulk' }, { idempotencyKey: 'k' });
    await ask();
    await ask();
    const text = await notifications.metrics.registry.metrics();
    expect(text).toContain('bellhop_notifications_accepted_total{priority="bulk"} 1\n');
    expect(text).toContain('bellhop_notifications_replayed_total 1\n');
  });
});

describe('one person who is named twice', () => {
  test('in different forms gets one delivery, and each further name says which it is the same as', async () => {
    const { aadObjectId } = await notifications.install(3);
    const to = ['person3@contoso.com', `aad:${aadObjectId}`, ' PERSON3@contoso.com', 'person1@contoso.com'];
    const { answer } = await notifications.ask({ to });
    expect(answer.deliveries).toEqual([
      { recipient: 'person3@contoso.com', state: 'queued' },
      { recipient: `aad:${aadObjectId}`, state: 'queued', sameAs: 'person3@contoso.com' },
      { recipient: ' PERSON3@contoso.com', state: 'queued', sameAs: 'person3@contoso.com' },
      { recipient: 'person1@contoso.com', state: 'queued' },
    ]);
    expect(countsOf('delivery')).toEqual([2]);
  });

  test('in the same form is one recipient', async () => {
    const { answer } = await notifications.ask({ to: Array(5).fill('person1@contoso.com') });
    expect(answer.deliveries).toHaveLength(1);
    expect(countsOf('delivery')).toEqual([1]);
  });
});

describe('everyone', () => {
  test('is one queued entry, to be turned into deliveries later', async () => {
    const { answer } = await notifications.ask({ to: 'everyone' });
    expect(answer.deliveries).toEqual([{ recipient: 'everyone', state: 'queued' }]);
    expect(notifications.readRows('SELECT tenant_id, cursor, is_done FROM fanout')).toEqual([
      { tenant_id: null, cursor: 0, is_done: 0 },
    ]);
    expect((await notifications.statusOf(answer.id)).progress).toBe('expanding');
  });

  test('may stand beside single people, who do not wait for it', async () => {
    const { answer } = await notifications.ask({ to: ['everyone', 'person1@contoso.com'] });
    expect(answer.deliveries.map(({ recipient }) => recipient)).toEqual(['person1@contoso.com', 'everyone']);
    expect(countsOf('delivery', 'fanout')).toEqual([1, 1]);
  });

  test('of a producer that is bound to a tenant is everyone of the tenant', async () => {
    const tenantId = '99999999-1111-4111-8111-111111111111';
    await notifications.ask({ to: 'everyone' }, { rights: { tenantId } });
    expect(notifications.readRows('SELECT tenant_id FROM fanout')).toEqual([{ tenant_id: tenantId }]);
  });
});

describe('a notification that is refused', () => {
  test('leaves nothing behind, and wakes nobody', async () => {
    let wakes = 0;
    const cancel = notifications.store.onWork(() => {
      wakes += 1;
    });
    const asking = { idempotencyKey: 'k' };
    await expect(notifications.ask({ to: 'person1@contoso.com', title: '' }, asking)).rejects.toMatchObject({
      code: 'invalid_request',
    });
    await expect(notifications.ask({ to: 'nobody@contoso.com' }, asking)).rejects.toMatchObject({
      code: 'no_recipient',
    });
    cancel();
    expect(countsOf('notification', 'delivery', 'idempotency', 'fanout')).toEqual([0, 0, 0, 0]);
    expect(wakes).toBe(0);
  });

  test('by a closed store says that it was not stored', async () => {
    await notifications.ask({ to: 'person1@contoso.com' });
    await notifications.store.close();
    await expect(notifications.ask({ to: 'person1@contoso.com' })).rejects.toMatchObject({
      code: 'store_unavailable',
    });
  });
});
