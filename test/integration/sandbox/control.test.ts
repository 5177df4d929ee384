// The control API: what other processes and the page do, and who may not.

import { request } from 'node:http';
import { createSandbox } from '../../../src/sandbox/sandbox.ts';
import { APP_ID, APP_SECRET, call, cardActivity, type Fixture, startFixture } from './sandbox-fixture.ts';

let fixture: Fixture;
beforeEach(async () => {
  fixture = await startFixture({ hasRateLimits: false, deliveryRetryDelaysMs: [] });
});
afterEach(() => fixture.close());

async function control(route: string, body?: unknown, headers: Record<string, string> = {}) {
  const [method = 'GET', path = ''] = route.split(' ');
  const response = await fetch(`${fixture.sandbox.url}/sandbox/${path}`, {
    method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, json: text === '' ? undefined : JSON.parse(text) };
}

/** `fetch` does not let a caller choose these headers. */
function statusWith(headers: Record<string, string>, path = '/sandbox/people/ana/install', method = 'POST') {
  return new Promise<number | undefined>((resolve, reject) => {
    const sent = request(`${fixture.sandbox.url}${path}`, { method, headers }, (response) => {
      response.resume().once('end', () => resolve(response.statusCode));
    });
    sent.once('error', reject).end();
  });
}

test('a whole day: install, post, press, write, block, remove', async () => {
  expect(await control('POST people/ana/install')).toMatchObject({ status: 200, json: { result: 'delivered' } });
  const posted = await call(fixture.sandbox, 'POST v3/conversations/a:1mT9xKc4Ana7WqZb2RfVyUj6HdPn8LsGe/activities', {
    body: cardActivity({ actions: [{ type: 'Action.Submit', title: 'OK', data: { a: 1 } }] }),
  });
  const press = { messageId: posted.json['id'], action: 'OK', inputs: { b: 2 } };
  expect((await control('POST people/ana/actions', press)).status).toBe(200);
  expect((await control('POST people/ana/messages', { text: 'hi' })).status).toBe(200);
  expect((await control('POST people/ana/block')).status).toBe(204);
  const { json } = await control('GET state');
  expect(json.people[0]).toMatchObject({ key: 'ana', isInstalled: true, isBlocked: true });
  expect(json.people[0].messages).toHaveLength(2);
  expect((await control('POST people/ana/unblock')).status).toBe(204);
  expect((await control('POST people/ana/uninstall')).status).toBe(200);
  expect(fixture.bot.received.map(({ activity }) => activity['type'])).toEqual([
    'installationUpdate',
    'conversationUpdate',
    'message',
    'message',
    'installationUpdate',
  ]);
});

test('teams and group chats are installed and removed by their keys', async () => {
  expect((await control('POST teams/operations/install')).status).toBe(200);
  expect((await control('POST group-chats/on-call/install')).status).toBe(200);
  const { json } = await control('GET state');
  expect(json.teams[0].channels.map((channel: { isInstalled: boolean }) => channel.isInstalled)).toEqual([true, true]);
  expect(json.groupChats[0].isInstalled).toBe(true);
});

test('faults are added, listed and cleared', async () => {
  const spec = { operation: 'getTeam', times: 3, answer: { kind: 'error', name: 'Throttled', retryAfter: '2' } };
  expect(await control('POST faults', spec)).toMatchObject({ status: 201, json: { ...spec, hits: 0 } });
  expect((await control('GET faults')).json.faults).toHaveLength(1);
  expect((await control('DELETE faults')).status).toBe(204);
  expect((await control('GET faults')).json.faults).toEqual([]);
});

test.each([
  [{}],
  [{ answer: { kind: 'explode' } }],
  [{ answer: { kind: 'error', name: 'NoSuchError' } }],
  [{ answer: { kind: 'status', status: 99 } }],
  [{ answer: { kind: 'reset' }, times: 0 }],
  [{ answer: { kind: 'reset' }, target: 'moon' }],
  [{ answer: { kind: 'reset' }, operation: 'dance' }],
  [{ answer: { kind: 'late' } }],
])('the fault %j is refused', async (spec) => {
  expect(await control('POST faults', spec)).toMatchObject({
    status: 400,
    json: { error: { code: 'invalid_request' } },
  });
});

test('the ledger is read from a sequence on, with the counts of everything', async () => {
  await call(fixture.sandbox, 'GET v3/teams/19:none');
  await call(fixture.sandbox, 'GET v3/teams/19:none');
  const { json } = await control('GET ledger?since=1');
  expect(json.entries).toEqual([expect.objectContaining({ sequence: 2, operation: 'getTeam', status: 404 })]);
  expect(json.counts).toEqual({ requests: 2, posted: 0, byStatus: { 404: 2 }, byOperation: { getTeam: 2 } });
});

test('tokens are revoked, keys rolled, the bot disabled and its endpoint set', async () => {
  const token = `Bearer ${fixture.sandbox.tokens.issue()}`;
  const before = await fixture.sandbox.signToken();
  await control('POST tokens/revoke');
  await control('POST keys/roll');
  await control('POST bot/disable');
  const reply = await call(fixture.sandbox, 'GET v3/teams/19:none', { headers: { authorization: token } });
  expect(reply.status).toBe(401);
  expect((await fixture.sandbox.signToken()).split('.')[0]).not.toBe(before.split('.')[0]);
  expect(fixture.sandbox.conversations.isBotDisabled).toBe(true);
  await control('POST bot/enable');
  expect(fixture.sandbox.conversations.isBotDisabled).toBe(false);
  expect((await control('PUT bot/endpoint', { url: 'https://bot.example.com/api/messages' })).status).toBe(400);
  expect((await control('PUT bot/endpoint', { url: fixture.bot.endpoint })).status).toBe(204);
});

test('a raw activity is sent signed, and its answer is told', async () => {
  fixture.bot.answer = () => ({ status: 418, body: '{"tea":true}' });
  const { json } = await control('POST activities', { type: 'event', conversation: { id: 'a:1x' } });
  expect(json).toEqual({ result: 'refused', status: 418, body: '{"tea":true}' });
  expect(fixture.bot.received[0]?.headers.authorization).toMatch(/^Bearer ey/);
});

test.each([
  ['POST people/nobody/install', undefined, 404],
  ['POST people/ana/fly', undefined, 404],
  ['GET nothing', undefined, 404],
  ['POST people/ana/messages', { text: '  ' }, 400],
  ['POST people/ana/messages', { text: 'hi' }, 403],
  ['POST people/ana/actions', { messageId: 1 }, 400],
])('%s with %j is answered %s %i', async (route, body, status) => {
  expect((await control(route, body)).status).toBe(status);
});

describe('who may drive the sandbox', () => {
  const own = () => fixture.sandbox.url.replace('http://', '');

  test("a local program and the sandbox's own page may", async () => {
    expect(await statusWith({ host: own() })).toBe(200);
    expect(await statusWith({ host: own(), origin: `http://${own()}`, 'sec-fetch-site': 'same-origin' })).toBe(200);
  });

  test.each([
    ['a name that leads here', { host: 'evil.example:80' }],
    ['another port', { host: '127.0.0.1:1' }],
  ])('%s may not, by the Host header', async (_what, headers) => {
    expect(await statusWith(headers)).toBe(403);
    expect(await statusWith(headers, '/', 'GET')).toBe(403);
    expect(await statusWith(headers, '/sandbox/state', 'GET')).toBe(403);
  });

  test.each([
    ['a foreign page', { origin: 'https://evil.example' }],
    ['a page of another local server', { origin: 'http://127.0.0.1:1' }],
    ['a page without an origin', { origin: 'null' }],
    ['a request that the browser calls cross-site', { 'sec-fetch-site': 'cross-site' }],
  ])('%s may not', async (_what, headers) => {
    expect(await statusWith({ host: own(), ...headers })).toBe(403);
    expect(fixture.bot.received).toEqual([]);
  });

  test('a form may not: changes with a body take JSON only', async () => {
    const body = JSON.stringify({ text: 'hi' });
    const response = await fetch(`${fixture.sandbox.url}/sandbox/people/ana/messages`, { method: 'POST', body });
    expect(response.status).toBe(400);
  });
});

describe('the event stream', () => {
  async function openStream(headers: Record<string, string> = {}, query = '') {
    const ending = new AbortController();
    const response = await fetch(`${fixture.sandbox.url}/sandbox/events${query}`, { headers, signal: ending.signal });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    return {
      until: async (wanted: string) => {
        while (!text.includes(wanted)) {
          text += (await reader?.read())?.value;
        }
        return text;
      },
      close: () => ending.abort(),
    };
  }

  test('tells what happens, as it happens', async () => {
    const stream = await openStream();
    await stream.until('retry:');
    await fixture.sandbox.people.install('ana');
    const text = await stream.until('"activityType":"conversationUpdate"');
    expect(text).toMatch(/id: 1\nevent: install\ndata: \{.*a:1mT9xKc4Ana/);
    stream.close();
  });

  test('goes on where the caller was', async () => {
    await fixture.sandbox.people.install('ana');
    const stream = await openStream({ 'last-event-id': '1' });
    const text = await stream.until('id: 3\n');
    expect(text).not.toContain('id: 1\n');
    stream.close();
  });

  test('begins after the event that the caller names, unless the browser knows better', async () => {
    await fixture.sandbox.people.install('ana');
    const first = await openStream({}, '?after=1');
    expect(await first.until('id: 3\n')).toContain('id: 2\n');
    first.close();
    const again = await openStream({ 'last-event-id': '2' }, '?after=1');
    expect(await again.until('id: 3\n')).not.toContain('id: 2\n');
    again.close();
  });

  test('says reset when the caller comes from another run', async () => {
    const stream = await openStream({ 'last-event-id': '999' });
    await stream.until('event: reset');
    stream.close();
  });
});

describe('a sandbox', () => {
  const options = { appId: APP_ID, appSecret: APP_SECRET };

  test.each([
    ['another address than loopback', { host: '0.0.0.0' }],
    ['an app id that is no GUID', { appId: 'my-bot' }],
    ['a bot on another machine', { botEndpoint: 'http://192.0.2.1:3978/api/messages' }],
  ])('is refused with %s', (_what, change) => {
    expect(() => createSandbox({ ...options, ...change })).toThrow(expect.objectContaining({ code: 'config_invalid' }));
  });

  test('starts and stops as often as asked, and a port in use can be tried again', async () => {
    const port = Number(new URL(fixture.sandbox.url).port);
    const second = createSandbox({ ...options, port });
    await expect(second.start()).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await fixture.sandbox.stop();
    await fixture.sandbox.stop();
    await Promise.all([second.start(), second.start()]);
    expect(second.url).toBe(`http://127.0.0.1:${port}`);
    await second.stop();
    expect(() => second.url).toThrow(expect.objectContaining({ code: 'internal' }));
  });
});
