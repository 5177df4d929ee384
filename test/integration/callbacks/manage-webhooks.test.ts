// A producer's webhooks: what is stored, shown, changed and forgotten.

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createWebhookManagement } from '../../../src/callbacks/manage-webhooks.ts';
import { EVENT_RETENTION_MS, WebhookMaintenance } from '../../../src/callbacks/webhook-maintenance.ts';
import { createWebhookSchemas } from '../../../src/callbacks/webhook-requests.ts';
import { createWebhookSecrets } from '../../../src/callbacks/webhook-secrets.ts';
import { createSealer, keyIdOf } from '../../../src/domain/seal.ts';
import { openSqliteStore } from '../../../src/store/sqlite/sqlite-store.ts';
import type { Store } from '../../../src/store/store.ts';
import { silentLogger } from '../../../src/telemetry/logger.ts';
import { addProducer } from '../../support/store-fixtures.ts';
import { createTemporaryFolder, type TemporaryFolder } from '../../support/temporary-folder.ts';
import { eventually, settled } from '../../support/waiting.ts';
import { newSealingKey, verify, WebhookFixture } from '../../support/webhook-fixture.ts';

const OUTSIDE = 'https://hooks.example.com/bellhop';
const DAY_MS = 86_400_000;

let folder: TemporaryFolder;
let path: string;
let store: Store;
let fixture: WebhookFixture;

beforeEach(async () => {
  folder = createTemporaryFolder();
  path = join(folder.path, 'bellhop.db');
  store = openSqliteStore({ path, isServer: true });
  fixture = await WebhookFixture.open(store);
});

afterEach(async () => {
  await fixture.dispose();
  await store.close();
  folder.remove();
});

const storedSecret = () => {
  const db = new DatabaseSync(path, { readOnly: true });
  const row = db.prepare('SELECT secret FROM webhook_endpoint').get();
  db.close();
  return String(row?.['secret']);
};

const register = (wish: object = {}) => fixture.register(wish, OUTSIDE);

describe('registering', () => {
  test('shows the secret once, and stores it sealed', async () => {
    const { secret, ...view } = await register({ events: ['delivery.failed'], description: 'pager' });
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(view).toMatchObject({ id: expect.stringMatching(/^whe_[0-9a-f]{24}$/), url: OUTSIDE, isEnabled: true });
    const { producerId } = fixture;
    expect(await fixture.manage.getWebhook({ producerId, id: view.id })).toEqual(view);
    expect(await fixture.manage.listWebhooks({ producerId })).toEqual({ webhooks: [view] });
    expect(keyIdOf(storedSecret())).toBe(fixture.keys[0]?.id);
  });

  test('without an encryption key is refused with what to do, and stores nothing', async () => {
    const { clock, producerId } = fixture;
    const keyless = createWebhookManagement({
      store,
      clock,
      randomBytes,
      secrets: createWebhookSecrets(createSealer({ randomBytes }, [])),
      schemas: createWebhookSchemas({ isLoopbackAllowed: false }),
    });
    const refused = keyless.registerWebhook({ producerId, json: { url: OUTSIDE } });
    await expect(refused).rejects.toMatchObject({
      code: 'encryption_key_missing',
      message: expect.stringContaining('ENCRYPTION_KEY'),
    });
    expect(await keyless.listWebhooks({ producerId })).toEqual({ webhooks: [] });
  });

  test('more than ten is refused, also at the same time', async () => {
    const results = await Promise.allSettled(Array.from({ length: 12 }, () => register()));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
    await expect(register()).rejects.toMatchObject({ code: 'conflict' });
    const [first] = (await fixture.manage.listWebhooks(fixture)).webhooks;
    await fixture.manage.removeWebhook({ producerId: fixture.producerId, id: first?.id ?? '' });
    await register();
  });

  test.each([
    [{ url: 'http://hooks.example.com/' }, '/url'],
    [{ url: 'https://192.168.0.1/' }, '/url'],
    [{ url: OUTSIDE, events: [] }, '/events'],
    [{ url: OUTSIDE, events: ['delivery.sent', 'delivery.lost'] }, '/events/1'],
    [{ url: OUTSIDE, description: '' }, '/description'],
    [{ url: OUTSIDE, secret: 'whsec_mine' }, '/secret'],
    [{}, '/url'],
    [[], ''],
  ])('%j is refused with a pointer', async (json, pointer) => {
    const refused = fixture.manage.registerWebhook({ producerId: fixture.producerId, json });
    await expect(refused).rejects.toMatchObject({
      code: 'invalid_request',
      faults: [expect.objectContaining({ pointer })],
    });
  });
});

describe('changing', () => {
  test('alters what is named and leaves the rest', async () => {
    const { secret: _secret, ...view } = await register({ events: ['delivery.failed'], description: 'pager' });
    const { producerId } = fixture;
    const change = (json: object) => fixture.manage.changeWebhook({ producerId, id: view.id, json });
    expect(await change({ description: null })).toEqual({ ...view, description: null });
    expect(await change({ events: null, url: `${OUTSIDE}/2` })).toMatchObject({ events: null, url: `${OUTSIDE}/2` });
    expect(await change({ isEnabled: false })).toMatchObject({ isEnabled: false, disabledReason: 'producer' });
    expect(await change({ isEnabled: true })).toMatchObject({ isEnabled: true, disabledReason: null });
    await expect(change({})).rejects.toMatchObject({ code: 'invalid_request' });
  });

  test('does not enable what an operator has disabled', async () => {
    const { id } = await register();
    const webhook = await store.read.webhookEndpoints.find(id);
    await store.write((tx) => tx.webhookHealth.disable(webhook?.id ?? 0, 'operator', 0));
    const change = fixture.manage.changeWebhook({ producerId: fixture.producerId, id, json: { isEnabled: true } });
    await expect(change).rejects.toMatchObject({ code: 'conflict' });
  });

  test('is for the owner only, and so is everything else', async () => {
    const { id } = await register();
    const stranger = { producerId: await addProducer(store, 'stranger'), id };
    const json = {};
    const asked = [
      fixture.manage.getWebhook(stranger),
      fixture.manage.changeWebhook({ ...stranger, json: { isEnabled: false } }),
      fixture.manage.removeWebhook(stranger),
      fixture.manage.rotateSecret({ ...stranger, json }),
      fixture.messages.testWebhook({ ...stranger, json }),
      fixture.messages.replayWebhook({ ...stranger, json: { since: '2026-01-01T00:00:00Z' } }),
      fixture.messages.listMessages({ ...stranger, query: {} }),
      fixture.messages.resendMessage({ ...stranger, json, message: 'evt_1' }),
    ];
    const codes = (await Promise.allSettled(asked)).map((one) => one.status === 'rejected' && one.reason.code);
    expect(codes).toEqual(asked.map(() => 'not_found'));
    expect((await fixture.manage.listWebhooks(stranger)).webhooks).toEqual([]);
  });
});

test('while a secret is exchanged both sign, so that no message is refused; afterwards the new one alone', async () => {
  const { id, secret: old } = await fixture.register();
  const { producerId } = fixture;
  fixture.startSender();
  await fixture.accept();
  await fixture.untilMessages(id, 'delivered', 1);
  const rotated = await fixture.manage.rotateSecret({ producerId, id, json: { keepPreviousFor: 'PT2M' } });
  expect(Date.parse(rotated.previousSecretUntil ?? '')).toBe(fixture.clock.nowMs() + 120_000);
  await fixture.accept();
  await fixture.untilMessages(id, 'delivered', 2);
  fixture.clock.advance(120_000);
  await fixture.accept();
  await fixture.untilMessages(id, 'delivered', 3);
  const [before, between, after] = fixture.receiver.requests;
  if (!(before && between && after)) {
    throw new Error('three messages have come');
  }
  const isGood = (request: typeof before, secret: string) => {
    try {
      return verify(request, secret) !== undefined;
    } catch {
      return false;
    }
  };
  expect([before, between, after].map((request) => [isGood(request, old), isGood(request, rotated.secret)])).toEqual([
    [true, false],
    [true, true],
    [false, true],
  ]);
});

describe('messages', () => {
  test('are listed newest first, a page at a time', async () => {
    const { id } = await fixture.register();
    fixture.startSender();
    for (let count = 0; count < 5; count++) {
      await fixture.accept();
    }
    await fixture.untilMessages(id, 'delivered', 5);
    const all = (await fixture.list(id)).map((message) => message.id);
    const paged: string[] = [];
    let query: Record<string, string> = { limit: '2' };
    for (;;) {
      const page = await fixture.messages.listMessages({ producerId: fixture.producerId, id, query });
      paged.push(...page.messages.map((message) => message.id));
      if (page.nextCursor === null) {
        break;
      }
      query = { limit: '2', cursor: page.nextCursor };
    }
    expect(paged).toEqual(all);
    expect(await fixture.list(id, { state: 'failed' })).toEqual([]);
  });

  test.each([{ state: 'lost' }, { cursor: '-1' }, { limit: '0' }, { limit: '201' }, { page: '2' }])(
    'the query %j is refused',
    async (query) => {
      const { id } = await fixture.register();
      await expect(fixture.list(id, query)).rejects.toMatchObject({ code: 'invalid_request' });
    },
  );

  test('a replay sends again what happened in its time, also to a webhook that is new, under the ids of then', async () => {
    const first = await fixture.register();
    fixture.startSender();
    await fixture.accept();
    await fixture.untilMessages(first.id, 'delivered', 1);
    fixture.clock.advance(60_000);
    const since = new Date(fixture.clock.nowMs()).toISOString();
    await fixture.accept();
    await fixture.untilMessages(first.id, 'delivered', 2);
    fixture.clock.advance(60_000);
    const until = new Date(fixture.clock.nowMs()).toISOString();
    await fixture.accept();
    await fixture.untilMessages(first.id, 'delivered', 3);
    const { producerId } = fixture;
    const second = await fixture.register({ events: ['notification.accepted'] });
    for (const { id } of [first, second]) {
      expect(await fixture.messages.replayWebhook({ producerId, id, json: { since, until } })).toEqual({ queued: 1 });
    }
    fixture.clock.advance(50);
    await fixture.untilMessages(second.id, 'delivered', 1);
    await fixture.untilReceived(5);
    expect(fixture.ids.slice(3)).toEqual([fixture.ids[1], fixture.ids[1]]);
    const unwanted = await fixture.register({ events: ['delivery.held'] });
    expect(await fixture.messages.replayWebhook({ producerId, id: unwanted.id, json: { since } })).toEqual({
      queued: 0,
    });
  });

  test.each([{}, { since: 'yesterday' }, { since: '2026-01-02T00:00:00Z', until: '2026-01-01T00:00:00Z' }])(
    'a replay of %j is refused',
    async (json) => {
      const { id } = await fixture.register();
      const replay = fixture.messages.replayWebhook({ producerId: fixture.producerId, id, json });
      await expect(replay).rejects.toMatchObject({ code: 'invalid_request' });
    },
  );
});

describe('the upkeep', () => {
  const run = async (keys = fixture.keys) => {
    const secrets = createWebhookSecrets(createSealer({ randomBytes }, keys));
    const maintenance = new WebhookMaintenance({ store, clock: fixture.clock, logger: silentLogger, secrets });
    maintenance.start();
    await settled();
    await maintenance.stop();
    return secrets;
  };

  test('forgets events and their messages after thirty days, and webhooks that were removed', async () => {
    const { id } = await fixture.register();
    fixture.startSender();
    await fixture.accept();
    await fixture.untilMessages(id, 'delivered', 1);
    const gone = await register();
    await fixture.manage.removeWebhook({ producerId: fixture.producerId, id: gone.id });
    fixture.clock.advance(EVENT_RETENTION_MS - DAY_MS);
    await fixture.accept();
    await fixture.untilMessages(id, 'delivered', 2);
    fixture.clock.advance(DAY_MS + 1_000);
    await run();
    expect(await fixture.list(id)).toHaveLength(1);
    expect(await store.read.statusEvents.listOldest(fixture.producerId, 10)).toHaveLength(1);
    const db = new DatabaseSync(path, { readOnly: true });
    expect(db.prepare('SELECT count(*) AS count FROM webhook_endpoint').get()).toEqual({ count: 1 });
    db.close();
  });

  test('is not held up by events of a time when the clock was ahead', async () => {
    const { id } = await register();
    const { producerId, clock } = fixture;
    const aheadMs = clock.nowMs() + 400 * DAY_MS;
    await store.write(async (tx) => {
      for (let count = 0; count < 500; count++) {
        await tx.statusEvents.insertTest(producerId, aheadMs);
      }
    });
    await fixture.messages.testWebhook({ producerId, id, json: {} });
    clock.advance(EVENT_RETENTION_MS + 1_000);
    await run();
    expect(await fixture.list(id)).toEqual([]);
  });

  test('seals secrets under the present key, so that the one before can go', async () => {
    const { id, secret } = await register();
    const present = newSealingKey();
    await run([present, ...fixture.keys]);
    await eventually(() => keyIdOf(storedSecret()) === present.id, 'the secret is sealed anew');
    const secrets = await run([present]);
    const webhook = await store.read.webhookEndpoints.find(id);
    expect(webhook && secrets.open(webhook, 0)).toEqual([secret]);
  });
});
