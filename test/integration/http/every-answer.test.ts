import { NOTIFICATIONS, readProblem, startServer, stopServers } from './start-server.ts';

afterEach(stopServers);

describe('any other request', () => {
  test.each(['/', '/api', `${NOTIFICATIONS}/`, `${NOTIFICATIONS}/a/b`, '/LIVEZ', '/%6civez', '/favicon.ico'])(
    'to %s is answered 404',
    async (path) => {
      const { url } = await startServer();
      const response = await fetch(`${url}${path}`);
      expect([response.status, (await readProblem(response))['type']]).toEqual([404, 'urn:bellhop:problem:not_found']);
    },
  );

  test.each([
    ['DELETE', NOTIFICATIONS, 'GET, POST'],
    ['POST', `${NOTIFICATIONS}/ntf_1`, 'DELETE, GET, PATCH'],
    ['OPTIONS', '/api/messages', 'POST'],
    ['PATCH', '/livez', 'GET'],
  ])('%s %s is answered 405 with the methods that exist', async (method, path, allow) => {
    const { url } = await startServer();
    const response = await fetch(`${url}${path}`, { method });
    expect([response.status, response.headers.get('allow')]).toEqual([405, allow]);
    await readProblem(response);
  });

  test('HEAD is answered without a body', async () => {
    const { url } = await startServer();
    const response = await fetch(`${url}/livez`, { method: 'HEAD' });
    expect([response.status, await response.text()]).toEqual([405, '']);
  });
});

describe('every answer', () => {
  test('carries our own request id and the security headers, and names no software', async () => {
    const { url, post } = await startServer();
    const headers = { 'x-request-id': 'theirs' };
    const answers = [
      await post(NOTIFICATIONS, { headers }),
      await fetch(`${url}/nowhere`, { headers }),
      await fetch(`${url}/livez`),
    ];
    for (const response of answers) {
      expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(response.headers.has('server')).toBe(false);
      expect(response.headers.has('x-powered-by')).toBe(false);
    }
  });

  test('shows nothing of what went wrong inside', async () => {
    const error = new Error('canary password=hunter2', { cause: 'canary' });
    const failure = async () => Promise.reject(error);
    const { url, post, logLines } = await startServer({
      acceptNotification: failure,
      getNotification: failure,
      receiveActivity: failure,
      isReady: failure,
    });
    const headers = { authorization: 'Bearer key-1' };
    const answers = [
      await post(NOTIFICATIONS),
      await post('/api/messages'),
      await fetch(`${url}${NOTIFICATIONS}/ntf_1`, { headers }),
      await fetch(`${url}/readyz`),
    ];
    for (const response of answers) {
      expect(response.status).toBe(500);
      const text = JSON.stringify(await readProblem(response)) + JSON.stringify([...response.headers]);
      expect(text).not.toMatch(/canary|hunter2|\.ts|node_modules/);
    }
    expect(logLines.join('')).not.toMatch(/canary|hunter2/);
    expect(logLines.filter((line) => line.includes('"level":"error"'))).toHaveLength(4);
  });

  test('comes also when the use case gives what cannot be sent', async () => {
    const { post } = await startServer({
      acceptNotification: async () => ({ status: 202, body: {}, location: 'a\r\nSet-Cookie: b', isReplay: false }),
    });
    const response = await post(NOTIFICATIONS);
    expect([response.status, response.headers.has('set-cookie')]).toEqual([500, false]);
  });

  test('repeats nothing of a refused request', async () => {
    const { url, post } = await startServer();
    const answers = [
      await post(NOTIFICATIONS, { body: '{"a":canary}' }),
      await post(NOTIFICATIONS, { body: `{"a":"${'canary'.repeat(11_000)}"}` }),
      await post(NOTIFICATIONS, { headers: { 'content-type': 'text/canary' } }),
      await post(NOTIFICATIONS, { headers: { authorization: 'Bearer canary' } }),
      await post(NOTIFICATIONS, { headers: { 'idempotency-key': 'canary,' } }),
      await post(`${NOTIFICATIONS}?canary=1`),
      await fetch(`${url}/canary?canary`),
    ];
    for (const response of answers) {
      expect(response.status).toBeGreaterThanOrEqual(400);
      expect(JSON.stringify([await response.text(), [...response.headers]])).not.toContain('canary');
    }
  });
});
