// The handshake of CloudEvents' webhooks: whom a hook tells that they may deliver, and that nobody else learns anything.

import { randomBytes } from 'node:crypto';
import { bellhop } from '../../support/bellhop-command.ts';
import { type MadeHook, makeHook } from '../../support/hooks.ts';
import { type RunningService, startService } from '../../support/running-service.ts';
import { startRecordingServer } from '../teams-outbound/local-servers.ts';

const ORIGIN = 'eventgrid.azure.net';
const HEADERS = ['allow', 'webhook-allowed-origin', 'webhook-allowed-rate'];

let service: RunningService;

beforeAll(async () => {
  service = await startService({ env: { ENCRYPTION_KEY: randomBytes(32).toString('base64') } });
});

afterAll(() => service.stop());

const ask = async (url: string, headers: Readonly<Record<string, string>> = { 'WebHook-Request-Origin': ORIGIN }) => {
  const response = await fetch(url, { method: 'OPTIONS', headers });
  const text = await response.text();
  return { status: response.status, text, told: HEADERS.map((name) => response.headers.get(name)) };
};
const ALLOWED = { status: 200, text: '', told: ['POST', ORIGIN, '42'] };
const refused = async (url: string, headers?: Readonly<Record<string, string>>) => {
  const { status, text, told } = await ask(url, headers);
  const { instance: _, requestId: __, ...problem } = JSON.parse(text);
  return { status, told, problem };
};

let names = 0;
const make = (wish: object): Promise<MadeHook> =>
  makeHook(service, { name: `hook ${++names}`, source: 'cloudevents', ratePerMinute: 42, ...wish });
const change = async (id: string, json: object) => {
  const key = await service.createKey({ scopes: ['manage', 'send'] });
  const response = await fetch(`${service.url}/api/v1/hooks/${id}`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(json),
  });
  return { status: response.status, json: await response.json() };
};

test('the origin that the owner has allowed is told that it may deliver, and how often', async () => {
  const plain = await make({ origin: ORIGIN });
  const secret = await make({ origin: ORIGIN, auth: 'url' });
  expect(await ask(plain.url)).toEqual(ALLOWED);
  expect(await ask(`${secret.url}/${secret.secret}`)).toEqual(ALLOWED);
});

test('everybody else is answered as at an address where there is no hook', async () => {
  const hook = await make({ origin: ORIGIN });
  const closed = await make({});
  const secret = await make({ origin: ORIGIN, auth: 'url' });
  const disabled = await make({ origin: ORIGIN });
  await change(disabled.id, { isEnabled: false });
  const unknown = await refused(`${service.url}/hooks/hook_${'0'.repeat(24)}`);
  expect(unknown).toMatchObject({ status: 405, told: ['POST', null, null] });
  const answers = await Promise.all([
    refused(`${service.url}/hooks/x`),
    refused(closed.url),
    refused(disabled.url),
    refused(secret.url),
    refused(`${secret.url}/${secret.secret}x`),
    refused(`${hook.url}/${hook.secret}`),
    refused(hook.url, {}),
    ...['eventgrid.azure.com', `${ORIGIN}.`, ORIGIN.toUpperCase(), `${ORIGIN}, ${ORIGIN}`, '*', '', 'null'].map(
      (origin) => refused(hook.url, { 'WebHook-Request-Origin': origin }),
    ),
  ]);
  expect(answers).toEqual(answers.map(() => unknown));
});

test('other methods are refused there as before, and are not told of the handshake', async () => {
  const { url } = await make({ origin: ORIGIN });
  const response = await fetch(url, { headers: { 'WebHook-Request-Origin': ORIGIN } });
  expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
  expect(await response.json()).toMatchObject({ detail: 'Expected one of these methods: POST.' });
});

test('the address at which a sender wants to be called back is not called', async () => {
  const callback = await startRecordingServer(() => ({ status: 200 }));
  const { url } = await make({ origin: ORIGIN });
  const headers = { 'WebHook-Request-Origin': ORIGIN, 'WebHook-Request-Callback': callback.url };
  expect(await ask(url, { ...headers, 'WebHook-Request-Rate': '120' })).toEqual(ALLOWED);
  expect(await ask(url)).toEqual(ALLOWED);
  await callback.close();
  expect(callback.requests).toEqual([]);
});

test('its owner allows and forbids it, by the API and from the command line', async () => {
  const { id, url } = await make({});
  expect(await change(id, { origin: ORIGIN })).toMatchObject({ status: 200, json: { origin: ORIGIN } });
  expect(await ask(url)).toEqual(ALLOWED);
  expect(await change(id, { origin: null })).toMatchObject({ status: 200, json: { origin: null } });
  expect((await ask(url)).status).toBe(405);
  expect(await bellhop(service, 'hook', 'change', id, '--origin', ORIGIN)).toMatchObject({ status: 0 });
  expect(await ask(url)).toEqual(ALLOWED);
});

test.each(['', '*', 'a b', 'a\r\nX: y', 'https://a.example', 'a.', '.a', 'a,b', `${'a'.repeat(254)}`])(
  'an origin is not %j',
  async (origin) => {
    const { id } = await make({});
    expect(await change(id, { origin })).toMatchObject({ status: 400, json: { faults: [{ pointer: '/origin' }] } });
  },
);
