import { NOTIFICATIONS, readProblem, startServer, stopServers, type TestServer } from './start-server.ts';

afterEach(stopServers);

async function statusOf(server: TestServer, key: string, headers: Record<string, string> = {}): Promise<number> {
  const response = await server.post(NOTIFICATIONS, { headers: { authorization: `Bearer ${key}`, ...headers } });
  await response.arrayBuffer();
  return response.status;
}

describe('failed authentications', () => {
  test('from one address are throttled after twenty in a minute', async () => {
    const server = await startServer({}, { failuresPerMinute: 20 });
    for (let i = 0; i < 20; i++) {
      expect(await statusOf(server, `guess-${i}`)).toBe(401);
    }
    const response = await server.post(NOTIFICATIONS, { headers: { authorization: 'Bearer guess' } });
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '3']);
    await readProblem(response);
    server.advance(3_000);
    expect(await statusOf(server, 'guess')).toBe(401);
  });

  test('do not lock out who has a right key and comes from the same address', async () => {
    const server = await startServer({}, { failuresPerMinute: 1 });
    expect([await statusOf(server, 'guess'), await statusOf(server, 'guess')]).toEqual([401, 429]);
    expect(await statusOf(server, 'key-1')).toBe(202);
  });

  test('are counted for the metrics token, too', async () => {
    const { url } = await startServer({}, { failuresPerMinute: 1, metricsToken: 'm-1' });
    const headers = { via: 'x', authorization: 'Bearer guess' };
    const statuses = [
      (await fetch(`${url}/metrics`, { headers })).status,
      (await fetch(`${url}/metrics`, { headers })).status,
    ];
    expect(statuses).toEqual([401, 429]);
  });

  test('cannot be spread over made-up addresses', async () => {
    const server = await startServer({}, { failuresPerMinute: 1 });
    expect(await statusOf(server, 'guess', { 'x-forwarded-for': '192.0.2.1' })).toBe(401);
    expect(await statusOf(server, 'guess', { 'x-forwarded-for': '192.0.2.2' })).toBe(429);
  });

  test('behind a known proxy hold back only the address they came from', async () => {
    const server = await startServer({}, { failuresPerMinute: 1, trustedProxies: ['127.0.0.0/8'] });
    expect(await statusOf(server, 'guess', { 'x-forwarded-for': '192.0.2.1' })).toBe(401);
    expect(await statusOf(server, 'guess', { 'x-forwarded-for': '192.0.2.1' })).toBe(429);
    expect(await statusOf(server, 'guess', { 'x-forwarded-for': '192.0.2.2' })).toBe(401);
    expect(await statusOf(server, 'guess', { 'x-forwarded-for': '192.0.2.2, 192.0.2.1' })).toBe(429);
  });
});

describe('the pace of a key', () => {
  test('is its burst and then its rate, and slows no other key', async () => {
    const server = await startServer({}, { keyRatePerSecond: 1, keyBurst: 2 });
    expect([await statusOf(server, 'key-1'), await statusOf(server, 'key-1')]).toEqual([202, 202]);
    const response = await server.post(NOTIFICATIONS);
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '1']);
    expect((await readProblem(response))['type']).toBe('urn:bellhop:problem:rate_limited');
    expect(await statusOf(server, 'key-2')).toBe(202);
    server.advance(1_000);
    expect(await statusOf(server, 'key-1')).toBe(202);
  });
});
