import fc from 'fast-check';
import { NOTIFICATIONS, openConnection, startServer, stopServers } from './start-server.ts';

afterAll(stopServers);

const DOCUMENTED = [200, 202, 400, 401, 403, 404, 405, 408, 413, 415, 422, 429, 431, 503];

const token = fc.stringMatching(/^[A-Za-z]{1,12}$/);
const headerValue = fc.oneof(
  fc.stringMatching(/^[\x21-\x7e]{0,40}$/),
  fc.constantFrom('gzip', 'chunked', '100-continue', 'close'),
);
const path = fc.oneof(
  fc.constantFrom(NOTIFICATIONS, `${NOTIFICATIONS}/ntf_1`, '/api/messages', '/livez', '/readyz', '/metrics', '*'),
  fc.webPath(),
  fc.stringMatching(/^\/[\x21-\x7e]{0,60}$/),
  fc.webUrl(),
);
const header = fc.tuple(
  fc.oneof(
    token,
    fc.constantFrom(
      'Host',
      'Content-Type',
      'Content-Encoding',
      'Authorization',
      'Idempotency-Key',
      'Expect',
      'Upgrade',
      'X-Forwarded-For',
    ),
  ),
  headerValue,
);
const request = fc.record({
  method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS', 'PATCH', 'TRACE', 'QUERY', 'PROPFIND'),
  path,
  isKnown: fc.boolean(),
  contentType: fc.constantFrom(
    'application/json',
    'application/json; charset=utf-16',
    'text/plain',
    'multipart/form-data',
    '',
  ),
  headers: fc.array(header, { maxLength: 4 }),
  body: fc.oneof(
    fc.json().map((text) => Buffer.from(text)),
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  ),
});

test('any request gets a documented answer, and the server goes on', async () => {
  const { port, url } = await startServer(
    {},
    { trustedProxies: ['127.0.0.1'], headersTimeoutMs: 500, requestTimeoutMs: 1_000, checkIntervalMs: 100 },
  );
  await fc.assert(
    fc.asyncProperty(request, async ({ method, path: target, isKnown, contentType, headers, body }) => {
      const lines = [
        `${method} ${target} HTTP/1.1`,
        'Host: a',
        ...(isKnown ? ['Authorization: Bearer key-1'] : []),
        `Content-Type: ${contentType}`,
        ...headers.map(([name, value]) => `${name}: ${value}`),
        `Content-Length: ${body.length}`,
      ];
      const connection = await openConnection(
        port,
        Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), body]),
      );
      const answer = await connection.firstAnswer();
      connection.socket.destroy();
      expect(DOCUMENTED).toContain(answer.status === 100 ? 200 : answer.status);
      expect(answer.status < 400 || answer.head.includes('Content-Type: application/problem+json')).toBe(true);
      expect((await fetch(`${url}/livez`)).status).toBe(200);
    }),
    { numRuns: 400 },
  );
}, 60_000);
