// Status webhooks through the whole service: registered over HTTP, told what became of a notification, verified.

import { randomBytes } from 'node:crypto';
import { bellhop as runBellhop } from '../../support/bellhop-command.ts';
import { nextMessage } from '../../support/chat.ts';
import { type RunningService, startService } from '../../support/running-service.ts';
import { until } from '../../support/until.ts';
import { verify } from '../../support/webhook-fixture.ts';
import { type RecordingServer, startRecordingServer } from '../teams-outbound/local-servers.ts';

let service: RunningService;
let receiver: RecordingServer;
let key: string;

beforeAll(async () => {
  receiver = await startRecordingServer(() => ({ status: 204 }));
  service = await startService({ env: { ENCRYPTION_KEY: randomBytes(32).toString('base64') } });
  key = await service.createKey({ scopes: ['manage'] });
});

afterAll(async () => {
  await service.stop();
  await receiver.close();
});

async function call(method: string, path: string, json?: object, bearer = key) {
  const response = await fetch(`${service.url}/api/v1/webhooks${path}`, {
    method,
    headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
    ...(json && { body: JSON.stringify(json) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    location: response.headers.get('location'),
    body: text === '' ? {} : JSON.parse(text),
  };
}

const bellhop = (...words: readonly string[]) => runBellhop(service, ...words);

const received = (count: number) =>
  until(
    async () => receiver.requests.length,
    (length) => length >= count,
  );

test('who posts a notification is told that it was accepted and that it was sent', async () => {
  const registered = await call('POST', '', { url: receiver.url });
  const { id, secret } = registered.body;
  expect([registered.status, registered.location]).toEqual([201, `/api/v1/webhooks/${id}`]);
  const welcome = nextMessage(service.sandbox, 'Good to be here');
  await service.sandbox.people.install('ana');
  await welcome;
  const posted = await service.post({ to: ['ana@contoso.com'], title: 'Deploy finished' });
  const { id: notification } = (await posted.json()) as { id: string };
  await received(2);
  const told = receiver.requests.map((request) => verify(request, secret));
  expect(told).toMatchObject([
    { type: 'notification.accepted', data: { notification, key: null } },
    { type: 'delivery.sent', data: { notification, recipient: 'ana@contoso.com', state: 'sent', reason: null } },
  ]);
  const { body } = await until(
    () => call('GET', `/${id}/messages?state=delivered`),
    (answer) => answer.body.messages.length === 2,
  );
  expect(body.messages[0]).toMatchObject({ type: 'delivery.sent', notification, attempts: 1, httpStatus: 204 });
  const metrics = await (await fetch(`${service.url}/metrics`)).text();
  expect(metrics).toContain('bellhop_webhook_attempts_total{outcome="delivered"} 2');
});

test('every request of the API does what it says', async () => {
  const { id } = (await call('POST', '', { url: receiver.url, events: ['delivery.held'] })).body;
  const before = receiver.requests.length;
  expect((await call('POST', `/${id}/test`)).status).toBe(202);
  await received(before + 1);
  const message = String(receiver.requests[before]?.headers['webhook-id']);
  expect(JSON.parse(receiver.requests[before]?.body ?? '')).toMatchObject({
    type: 'webhook.test',
    data: { webhook: id },
  });
  expect(await call('POST', `/${id}/messages/${message}/resend`)).toMatchObject({ status: 202, body: { message } });
  await received(before + 2);
  expect(await call('POST', `/${id}/messages/evt_1/resend`)).toMatchObject({ status: 404 });
  expect(await call('PATCH', `/${id}`, { description: 'pager' })).toMatchObject({
    status: 200,
    body: { description: 'pager' },
  });
  expect(await call('POST', `/${id}/rotate`, {})).toMatchObject({
    status: 200,
    body: { secret: expect.stringMatching(/^whsec_/) },
  });
  expect(await call('POST', `/${id}/replay`, { since: '2026-01-01T00:00:00Z' })).toMatchObject({ status: 202 });
  expect((await call('GET', '')).body.webhooks).toHaveLength(2);
  expect((await call('GET', `/${id}`)).body.secret).toBeUndefined();
  expect(await call('DELETE', `/${id}`)).toMatchObject({ status: 204 });
  expect(await call('GET', `/${id}`)).toMatchObject({ status: 404 });
});

test('a key without the scope `manage` is refused, and a wrong body gets its pointer', async () => {
  expect(await call('GET', '', undefined, service.apiKey)).toMatchObject({ status: 403 });
  const { status, body } = await call('POST', '', { url: 'http://hooks.example.com/' });
  expect(status).toBe(400);
  expect(body.faults).toEqual([{ pointer: '/url', detail: 'Expected an https URL' }]);
});

test('an operator lists, disables, enables and replays from the command line', async () => {
  const [{ id }] = (await call('GET', '')).body.webhooks;
  expect((await bellhop('webhook', 'list')).stdout).toMatch(
    new RegExp(`^${id}  ci  127\\.0\\.0\\.1:\\d+  all events  well\n$`),
  );
  expect(await bellhop('webhook', 'disable', id)).toMatchObject({ status: 0, stdout: 'Disabled.\n' });
  expect(await call('POST', `/${id}/test`)).toMatchObject({ status: 409 });
  expect(await call('PATCH', `/${id}`, { isEnabled: true })).toMatchObject({ status: 409 });
  expect((await bellhop('webhook', 'list')).stdout).toContain('DISABLED (operator)');
  expect(await bellhop('webhook', 'enable', id)).toMatchObject({ status: 0 });
  const before = receiver.requests.length;
  expect(await bellhop('webhook', 'replay', id, '--since', '1h')).toMatchObject({ status: 0, stdout: 'Queued: 2.\n' });
  await received(before + 2);
  expect((await bellhop('webhook', 'disable', 'whe_1')).status).toBe(1);
});

test('who begins a dialog is told of its end, with the answers', async () => {
  const { id, secret } = (await call('POST', '', { url: receiver.url, events: ['dialog.ended'] })).body;
  const before = receiver.requests.length;
  const asked = nextMessage(service.sandbox, 'Was it good?');
  const questions = [{ id: 'good', kind: 'choice', text: 'Was it good?', choices: ['Yes', 'No'] }] as const;
  const { id: dialog, person } = await service.client.startDialog({
    to: 'ana@contoso.com',
    definition: { title: 'Lunch', questions },
  });
  await asked;
  await service.sandbox.people.write('ana', 'yes');
  await until(
    async () => receiver.requests.slice(before).map(({ body }) => JSON.parse(body).type),
    (types) => types.includes('dialog.ended'),
  );
  const ofThis = receiver.requests.slice(before).filter(({ body }) => JSON.parse(body).type === 'dialog.ended');
  const [told] = ofThis.flatMap((request) => {
    try {
      return [verify(request, secret)];
    } catch {
      // Signed for another webhook of these tests.
      return [];
    }
  });
  expect(told).toMatchObject({
    type: 'dialog.ended',
    data: { dialog, title: 'Lunch', person, state: 'completed', reason: null, answers: { good: 'Yes' } },
  });
  const { body } = await until(
    () => call('GET', `/${id}/messages?state=delivered`),
    (answer) => answer.body.messages.length === 1,
  );
  expect(body.messages[0]).toMatchObject({ type: 'dialog.ended', notification: null, dialog });
  await call('DELETE', `/${id}`);
});
