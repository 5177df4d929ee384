// Messages on their way to a receiver: taken, tried again, given up, never lost.

import { join } from 'node:path';
import { expandEvents } from '../../../src/callbacks/expand-events.ts';
import { RETRY_DELAYS_MS } from '../../../src/callbacks/retry-rules.ts';
import { openSqliteStore } from '../../../src/store/sqlite/sqlite-store.ts';
import type { Store } from '../../../src/store/store.ts';
import { storeWithWrite } from '../../support/store-with-write.ts';
import { createTemporaryFolder, type TemporaryFolder } from '../../support/temporary-folder.ts';
import { eventually, settled } from '../../support/waiting.ts';
import { newSealingKey, WebhookFixture } from '../../support/webhook-fixture.ts';

let folder: TemporaryFolder;
let store: Store;
let fixture: WebhookFixture;

beforeEach(async () => {
  folder = createTemporaryFolder();
  store = openSqliteStore({ path: join(folder.path, 'bellhop.db'), isServer: true });
  fixture = await WebhookFixture.open(store);
});

afterEach(async () => {
  await fixture.dispose();
  await store.close();
  folder.remove();
});

const isLogged = (text: string) => fixture.log.some((line) => line.includes(text));

test('an event reaches its receiver signed, once, and is not sent again', async () => {
  const { id, secret } = await fixture.register();
  fixture.startSender();
  await fixture.accept();
  await fixture.untilMessages(id, 'delivered');
  await fixture.pass(3 * 60_000);
  expect(fixture.verified(secret)).toMatchObject([{ type: 'notification.accepted', data: { key: null } }]);
  const [{ headers, method } = { headers: {}, method: '' }] = fixture.receiver.requests;
  expect([method, headers['content-type'], headers['user-agent']]).toEqual(['POST', 'application/json', 'Bellhop']);
});

test('a webhook is told of what it wants only, and another producer of nothing', async () => {
  const wanting = await fixture.register({ events: ['notification.accepted'] });
  const other = await fixture.register({ events: ['delivery.failed'] });
  fixture.startSender();
  await fixture.accept();
  await fixture.untilMessages(wanting.id, 'delivered');
  expect(await fixture.list(other.id)).toEqual([]);
});

test('what is refused is tried again at its times under the same id, then listed as failed, and sent again on demand', async () => {
  const { id, secret } = await fixture.register();
  const { producerId } = fixture;
  fixture.answer = () => ({ status: 500, body: 'out of order' });
  fixture.startSender();
  await fixture.accept();
  await fixture.untilReceived(1);
  for (const [at, delayMs] of RETRY_DELAYS_MS.entries()) {
    const isCounted = async () => (await fixture.list(id))[0]?.attempts === at + 1;
    await eventually(isCounted, 'the attempt is recorded');
    await fixture.pass(delayMs - 100);
    expect(fixture.receiver.requests).toHaveLength(at + 1);
    await fixture.pass(0.1 * delayMs + 1_100);
    await fixture.untilReceived(at + 2);
  }
  await fixture.untilMessages(id, 'failed');
  const [message] = await fixture.list(id, { state: 'failed' });
  expect(message).toMatchObject({ attempts: 10, httpStatus: 500, answer: 'out of order', reason: { code: 'refused' } });
  expect(new Set(fixture.ids).size).toBe(1);

  fixture.answer = () => ({ status: 200 });
  await fixture.messages.resendMessage({ producerId, id, message: message?.id ?? '', json: {} });
  fixture.clock.advance(3_600_000);
  await fixture.untilMessages(id, 'delivered');
  expect(new Set(fixture.ids)).toEqual(new Set([message?.id]));
  expect(() => fixture.verified(secret)).toThrow(/too old|too new/);
});

test('a receiver that asks for a rest is left alone that long', async () => {
  const { id } = await fixture.register();
  fixture.answer = () => ({ status: 503, headers: { 'retry-after': '600' } });
  fixture.startSender();
  await fixture.accept();
  await eventually(async () => (await fixture.list(id))[0]?.attempts === 1, 'the attempt is recorded');
  await fixture.accept();
  await fixture.pass(590_000);
  expect(fixture.receiver.requests).toHaveLength(1);
  fixture.answer = () => ({ status: 204 });
  await fixture.pass(11_000);
  await fixture.untilMessages(id, 'delivered', 2);
});

test('410 disables the webhook, and nothing goes there until it is enabled again', async () => {
  const { id } = await fixture.register();
  const { producerId } = fixture;
  fixture.answer = () => ({ status: 410 });
  fixture.startSender();
  await fixture.accept();
  await fixture.untilMessages(id, 'failed');
  expect(await fixture.manage.getWebhook({ producerId, id })).toMatchObject({
    isEnabled: false,
    disabledReason: 'gone',
  });
  expect(isLogged('was disabled')).toBe(true);
  await expect(fixture.messages.testWebhook({ producerId, id, json: {} })).rejects.toMatchObject({ code: 'conflict' });
  fixture.answer = () => ({ status: 204 });
  await fixture.manage.changeWebhook({ producerId, id, json: { isEnabled: true } });
  await fixture.messages.testWebhook({ producerId, id, json: {} });
  fixture.wake();
  await fixture.untilMessages(id, 'delivered');
});

test('what an operator disables stays so, whatever the attempts under way come to', async () => {
  const { id } = await fixture.register();
  const { producerId } = fixture;
  const held = Promise.withResolvers<void>();
  fixture.answer = async () => {
    await held.promise;
    return { status: 410 };
  };
  fixture.startSender();
  await fixture.accept();
  await fixture.untilReceived(1);
  const [webhook] = await store.read.webhookEndpoints.list();
  await store.write((tx) => tx.webhookHealth.disable(webhook?.id ?? 0, 'operator', fixture.clock.nowMs()));
  held.resolve();
  await fixture.untilMessages(id, 'failed');
  const enabling = fixture.manage.changeWebhook({ producerId, id, json: { isEnabled: true } });
  await expect(enabling).rejects.toMatchObject({ code: 'conflict' });
});

test('a redirect is not followed', async () => {
  const { id } = await fixture.register();
  fixture.answer = () => ({ status: 308, headers: { location: `${fixture.receiver.url}elsewhere` } });
  fixture.startSender();
  await fixture.accept();
  await eventually(async () => (await fixture.list(id))[0]?.attempts === 1, 'the attempt is recorded');
  expect((await fixture.list(id))[0]).toMatchObject({ state: 'queued', reason: { code: 'redirected' } });
  expect(fixture.receiver.requests.map(({ path }) => path)).toEqual(['/']);
});

test('after five failures in a row one message at a time goes out, and others are not held up', async () => {
  const failing = await fixture.register({}, `${fixture.receiver.url}failing`);
  fixture.answer = ({ path }) => ({ status: path === '/failing' ? 500 : 204 });
  fixture.startSender();
  for (let count = 0; count < 5; count++) {
    await fixture.accept();
  }
  await eventually(() => isLogged('one message at a time'), 'the circuit has opened');
  const well = await fixture.register({}, `${fixture.receiver.url}well`);
  for (let count = 0; count < 5; count++) {
    await fixture.accept();
  }
  await fixture.untilMessages(well.id, 'delivered', 5);
  const count = () => fixture.receiver.requests.filter(({ path }) => path === '/failing').length;
  const before = count();
  await fixture.pass(29_000);
  expect(count()).toBe(before);
  await fixture.pass(2_000);
  await eventually(() => count() === before + 1, 'a probe has come');
  await eventually(
    () => fixture.log.filter((line) => line.includes('"refused"')).length === before + 1,
    'it is recorded',
  );
  await fixture.pass(28_000);
  expect(count()).toBe(before + 1);
  fixture.answer = () => ({ status: 204 });
  await fixture.pass(3_000);
  await eventually(() => isLogged('takes messages again'), 'the circuit has closed');
  await fixture.pass(10 * 60_000);
  await fixture.untilMessages(failing.id, 'delivered', 10);
});

test('no more than eight messages are under way to one receiver', async () => {
  const { id } = await fixture.register();
  const held = Promise.withResolvers<void>();
  let [underWay, most] = [0, 0];
  fixture.answer = async () => {
    underWay += 1;
    most = Math.max(most, underWay);
    await held.promise;
    underWay -= 1;
    return { status: 204 };
  };
  for (let count = 0; count < 19; count++) {
    await fixture.accept();
  }
  fixture.startSender();
  await fixture.untilReceived(8);
  await settled();
  held.resolve();
  await fixture.untilMessages(id, 'delivered', 19);
  expect(most).toBe(8);
});

test('a webhook that takes nothing for five days is disabled, with its reason', async () => {
  const { id } = await fixture.register();
  const { producerId } = fixture;
  fixture.answer = () => ({ status: 500 });
  fixture.startSender();
  await fixture.accept();
  await eventually(async () => (await fixture.list(id))[0]?.attempts === 1, 'the first attempt is recorded');
  await fixture.pass(5 * 86_400_000);
  const isDisabled = async () => !(await fixture.manage.getWebhook({ producerId, id })).isEnabled;
  await eventually(isDisabled, 'it is disabled');
  expect(await fixture.manage.getWebhook({ producerId, id })).toMatchObject({ disabledReason: 'failing' });
});

test('what was sent and not recorded is sent again under the same id', async () => {
  const { id, secret } = await fixture.register();
  const writes = { areBroken: false };
  fixture.answer = () => {
    writes.areBroken = true;
    return { status: 204 };
  };
  const dying = storeWithWrite(store, async (work) => {
    if (writes.areBroken) {
      throw new Error('the process has ended');
    }
    return store.write(work);
  });
  fixture.startSender({ store: dying });
  await fixture.accept();
  await eventually(() => isLogged('could not be recorded'), 'the attempt is lost');
  writes.areBroken = false;
  fixture.answer = () => ({ status: 204 });
  await fixture.pass(59_000);
  expect(fixture.receiver.requests).toHaveLength(1);
  await fixture.pass(2_000);
  await fixture.untilMessages(id, 'delivered');
  expect(fixture.verified(secret)).toHaveLength(2);
  expect(new Set(fixture.ids).size).toBe(1);
});

test('a stop ends what is under way without counting it, and the next start sends it', async () => {
  const { id } = await fixture.register();
  fixture.answer = () => new Promise(() => undefined);
  const sender = fixture.startSender();
  await fixture.accept();
  await fixture.untilReceived(1);
  await sender.stop(0);
  expect(await fixture.list(id)).toMatchObject([{ state: 'queued', attempts: 0 }]);
  fixture.answer = () => ({ status: 204 });
  fixture.startSender();
  await fixture.untilMessages(id, 'delivered');
  expect(new Set(fixture.ids).size).toBe(1);
});

test('a secret that cannot be opened sends nothing and says so, and the right key mends it', async () => {
  const { id, secret } = await fixture.register();
  const blind = fixture.startSender({ keys: [newSealingKey()] });
  await fixture.accept();
  await eventually(() => isLogged('ENCRYPTION_KEY'), 'it says so');
  await blind.stop(0);
  expect(fixture.receiver.requests).toEqual([]);
  expect(await fixture.list(id)).toMatchObject([{ state: 'queued', attempts: 0 }]);
  fixture.startSender({ keys: [newSealingKey(), ...fixture.keys] });
  await fixture.pass(5 * 60_000 + 1_000);
  await fixture.untilMessages(id, 'delivered');
  expect(fixture.receiver.requests).toHaveLength(1);
  expect(secret).toMatch(/^whsec_/);
});

test('the log names no address, secret or answer', async () => {
  const { id, secret } = await fixture.register({}, `${fixture.receiver.url}canary-path`);
  fixture.answer = () => ({ status: 500, body: 'canary-answer' });
  fixture.startSender();
  await fixture.accept();
  await eventually(async () => (await fixture.list(id))[0]?.attempts === 1, 'the attempt is recorded');
  const log = fixture.log.join('');
  expect(log).toContain('webhook attempt');
  expect(log).not.toContain('canary');
  expect(log).not.toContain(secret.slice(6));
});

test('a flood of events is turned into messages a part at a time, with what is due in between', async () => {
  await fixture.register();
  const notificationId = await fixture.accept();
  const nowMs = fixture.clock.nowMs();
  await store.write(async (tx) => {
    for (let count = 0; count < 1_099; count++) {
      await tx.statusEvents.record({ type: 'notification.recalled', notificationId, nowMs });
    }
  });
  expect(await expandEvents(store, () => nowMs)).toBe(true);
  expect(await expandEvents(store, () => nowMs)).toBe(false);
  const [webhook] = await store.read.webhookEndpoints.list();
  expect(await store.read.webhookMessages.list(webhook?.id ?? 0, { limit: 2_000 })).toHaveLength(1_100);
});
