import { AppError } from '../../../src/domain/errors.ts';
import { NOTIFICATIONS, readProblem, startServer, stopServers } from './start-server.ts';

afterEach(stopServers);

describe('POST /api/v1/notifications', () => {
  test('is answered 202 with the place of the notification', async () => {
    const { post, calls } = await startServer();
    const response = await post(NOTIFICATIONS, {
      body: '{"title":"a"}',
      headers: { 'idempotency-key': '"a-1"' },
    });
    expect(response.status).toBe(202);
    expect(response.headers.get('location')).toBe(`${NOTIFICATIONS}/ntf_1`);
    expect(response.headers.has('idempotency-replayed')).toBe(false);
    expect(await response.json()).toEqual({ id: 'ntf_1' });
    expect(calls.accepted).toEqual([
      {
        grant: expect.objectContaining({ keyId: 'k1' }),
        json: { title: 'a' },
        body: Buffer.from('{"title":"a"}'),
        idempotencyKey: 'a-1',
        wait: undefined,
      },
    ]);
  });

  test('says so when the answer is that of an earlier request', async () => {
    const { post } = await startServer({
      acceptNotification: async () => ({ status: 202, body: {}, location: '/x', isReplay: true }),
    });
    const response = await post(NOTIFICATIONS);
    expect(response.headers.get('idempotency-replayed')).toBe('true');
  });

  test('hands on every fault and detail of the use case', async () => {
    const faults = [{ pointer: '/to/0', detail: 'Expected an e-mail address.' }];
    const error = new AppError('no_recipient', 'Nobody can be reached.', {
      faults,
      details: { unresolved: [{ reason: 'unknown' }] },
    });
    const { post } = await startServer({ acceptNotification: () => Promise.reject(error) });
    const response = await post(NOTIFICATIONS);
    expect(response.status).toBe(422);
    expect(await readProblem(response)).toMatchObject({ faults, unresolved: [{ reason: 'unknown' }] });
  });

  test.each([
    ['idempotency_key_reused', 422],
    ['forbidden', 403],
    ['invalid_request', 400],
    ['already_exists', 409],
    ['backlog_full', 503],
    ['store_unavailable', 503],
    ['internal', 500],
  ] as const)('turns %s into %i', async (code, status) => {
    const { post } = await startServer({
      acceptNotification: () => Promise.reject(new AppError(code, 'x', { retryAfterMs: 2_500 })),
    });
    const response = await post(NOTIFICATIONS);
    expect(response.status).toBe(status);
    expect(response.headers.get('retry-after')).toBe(status === 503 ? '3' : null);
    await readProblem(response);
  });
});

describe('GET /api/v1/notifications/:id', () => {
  const headers = { authorization: 'Bearer key-1' };

  test('gives what is known of the notification', async () => {
    const { url } = await startServer();
    const response = await fetch(`${url}${NOTIFICATIONS}/ntf_7`, { headers });
    expect([response.status, await response.json()]).toEqual([200, { id: 'ntf_7' }]);
  });

  test('is answered 404 when there is none', async () => {
    const { url } = await startServer({ getNotification: () => Promise.reject(new AppError('not_found', 'None.')) });
    const response = await fetch(`${url}${NOTIFICATIONS}/ntf_7`, { headers });
    expect(response.status).toBe(404);
    await readProblem(response);
  });

  test('needs a key that may read', async () => {
    const { url } = await startServer();
    const response = await fetch(`${url}${NOTIFICATIONS}/ntf_7`, { headers: { authorization: 'Bearer sender' } });
    expect([response.status, (await readProblem(response))['type']]).toEqual([403, 'urn:bellhop:problem:forbidden']);
  });
});

describe('a request to the API', () => {
  test('is refused when its key may not send', async () => {
    const { post, calls } = await startServer();
    const response = await post(NOTIFICATIONS, { headers: { authorization: 'Bearer reader' } });
    expect([response.status, calls.accepted]).toEqual([403, []]);
  });

  test.each([
    'colour=red',
    'dryrun=1',
    'dry_run=yes',
    'wait=sent',
    'wait=delivered&timeout=61s',
    'timeout=1m',
    'timeout=5s',
    'wait=delivered&wait=delivered',
  ])('is refused with the query ?%s', async (query) => {
    const { post } = await startServer();
    const response = await post(`${NOTIFICATIONS}?${query}`);
    expect([response.status, (await readProblem(response))['type']]).toEqual([
      400,
      'urn:bellhop:problem:invalid_request',
    ]);
  });

  test('is refused when its idempotency key is none', async () => {
    const { post } = await startServer();
    const response = await post(NOTIFICATIONS, { headers: { 'idempotency-key': 'a b' } });
    expect((await readProblem(response))['type']).toBe('urn:bellhop:problem:idempotency_key_invalid');
  });

  test('gets the same refusal for every key that does not count', async () => {
    const { post } = await startServer({}, {});
    const answers = ['Bearer unknown', 'Bearer ', 'Basic a2V5LTE6', 'key-1'].map(async (authorization) => {
      const response = await post(NOTIFICATIONS, { headers: { authorization } });
      const { requestId, instance, ...problem } = await readProblem(response);
      return { status: response.status, challenge: response.headers.get('www-authenticate'), problem };
    });
    const [first, ...others] = await Promise.all(answers);
    expect(first).toMatchObject({ status: 401, challenge: 'Bearer' });
    expect(others).toEqual([first, first, first]);
  });

  test('finds no credentials in its URL', async () => {
    const { url, calls } = await startServer();
    const response = await fetch(`${url}${NOTIFICATIONS}/a?access_token=key-1&key=key-1`);
    expect([response.status, calls.authenticated]).toEqual([401, [undefined]]);
  });
});

describe('POST /api/messages', () => {
  test('hands on the bytes, the token and the caller, and answers without a body', async () => {
    const { post, calls } = await startServer();
    const response = await post('/api/messages', {
      body: '{"type":"message"}',
      headers: { authorization: 'Bearer jwt' },
    });
    expect([response.status, await response.text()]).toEqual([200, '']);
    expect(calls.activities).toEqual([
      { authorization: 'Bearer jwt', body: Buffer.from('{"type":"message"}'), peerAddress: '127.0.0.1' },
    ]);
  });

  test('sends back what the bot answers to an invoke', async () => {
    const { post } = await startServer({ receiveActivity: async () => ({ status: 200, body: { statusCode: 200 } }) });
    const response = await post('/api/messages');
    expect([response.headers.get('content-type'), await response.json()]).toEqual([
      'application/json',
      { statusCode: 200 },
    ]);
  });

  test.each([
    [400, 'invalid_request'],
    [401, 'unauthenticated'],
    [403, 'forbidden'],
    [500, 'internal'],
  ])('turns a refusal with %i into a problem document', async (status, code) => {
    const { post } = await startServer({ receiveActivity: async () => ({ status }) });
    const response = await post('/api/messages');
    expect([response.status, (await readProblem(response))['type']]).toEqual([status, `urn:bellhop:problem:${code}`]);
  });

  test('needs a token, unless tools without one are allowed', async () => {
    const init = { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } };
    const strict = await startServer();
    expect((await fetch(`${strict.url}/api/messages`, init)).status).toBe(401);
    expect(strict.calls.activities).toEqual([]);
    const open = await startServer({}, { isActivityTokenRequired: false });
    expect((await fetch(`${open.url}/api/messages`, init)).status).toBe(200);
  });

  test('takes up to a megabyte, whatever the limit of the API', async () => {
    const { post } = await startServer();
    const body = (size: number) => JSON.stringify('x'.repeat(size - 2));
    expect((await post('/api/messages', { body: body(1_048_576) })).status).toBe(200);
    expect((await post('/api/messages', { body: body(1_048_577) })).status).toBe(413);
  });
});

describe('the probes', () => {
  test('say that the process lives, whatever the rest does', async () => {
    const { url } = await startServer({ isReady: () => Promise.reject(new Error('down')) });
    const response = await fetch(`${url}/livez?verbose`);
    expect([response.status, await response.json()]).toEqual([200, { status: 'alive' }]);
  });

  test('say that the service is ready', async () => {
    const { url } = await startServer();
    const response = await fetch(`${url}/readyz`);
    expect([response.status, await response.json()]).toEqual([200, { status: 'ready', checks: { store: 'ok' } }]);
  });

  test('say what is not ready', async () => {
    const { url } = await startServer({ isReady: async () => ({ isReady: false, checks: { store: 'unreachable' } }) });
    const response = await fetch(`${url}/readyz`);
    expect(response.status).toBe(503);
    expect(await readProblem(response)).toMatchObject({
      type: 'urn:bellhop:problem:not_ready',
      checks: { store: 'unreachable' },
    });
  });
});

describe('the metrics', () => {
  test('are open to this machine, and count requests by route', async () => {
    const { url, post } = await startServer();
    await post(NOTIFICATIONS);
    const response = await fetch(`${url}/metrics`);
    expect(response.headers.get('content-type')).toContain('text/plain');
    expect(await response.text()).toContain(
      'bellhop_http_requests_total{route="/api/v1/notifications",method="POST",status="202"} 1',
    );
  });

  test('are closed to what a proxy passes on', async () => {
    const { url } = await startServer();
    const response = await fetch(`${url}/metrics`, { headers: { 'x-forwarded-for': '127.0.0.1' } });
    expect(response.status).toBe(401);
    await readProblem(response);
  });

  test('are open to the holder of the token', async () => {
    const { url } = await startServer({}, { metricsToken: 'm-1' });
    const statusWith = async (token: string) => {
      const headers = { via: '1.1 proxy', authorization: `Bearer ${token}` };
      return (await fetch(`${url}/metrics`, { headers })).status;
    };
    expect([await statusWith('m-1'), await statusWith('m-2'), await statusWith('key-1')]).toEqual([200, 401, 401]);
  });
});
