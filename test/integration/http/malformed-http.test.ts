import { NOTIFICATIONS, openConnection, sendRaw, startServer, stopServers } from './start-server.ts';

afterEach(stopServers);

const START = `POST ${NOTIFICATIONS} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer key-1\r\nContent-Type: application/json\r\n`;
const SMUGGLED = 'GET /livez HTTP/1.1\r\nHost: a\r\n\r\n';

describe('malformed HTTP', () => {
  test.each([
    ['a length and chunks', `${START}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${SMUGGLED}`, 400],
    ['two lengths', `${START}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}${SMUGGLED}`, 400],
    ['a length with a sign', `${START}Content-Length: +2\r\n\r\n{}${SMUGGLED}`, 400],
    ['lines that end in a bare LF', `${START.replaceAll('\r\n', '\n')}Content-Length: 2\n\n{}${SMUGGLED}`, 400],
    ['a space before the colon', `${START}Content-Length : 2\r\n\r\n{}${SMUGGLED}`, 400],
    ['a folded header', `${START}X-A: 1\r\n Content-Length: 2\r\n\r\n${SMUGGLED}`, 400],
    [
      'an unknown transfer coding last',
      `${START}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n${SMUGGLED}`,
      400,
    ],
    [
      'a chunk size that is no number',
      `${START}Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n${SMUGGLED}`,
      400,
    ],
    ['a NUL in a header', `${START}X-A: a\0b\r\nContent-Length: 2\r\n\r\n{}${SMUGGLED}`, 400],
    ['another protocol', `\x16\x03\x01\x02\x00\x01\x00${SMUGGLED}`, 400],
    ['a head beyond 16 KB', `${START}X-A: ${'a'.repeat(17_000)}\r\n\r\n${SMUGGLED}`, 431],
  ])('with %s is refused, and no second request is read from it', async (_, bytes, status) => {
    const { port, url, calls, logLines } = await startServer();
    const answer = await sendRaw(port, bytes);
    expect(answer.status).toBe(status);
    expect(answer.text.match(/HTTP\/1\.1 /g)).toHaveLength(1);
    expect(calls.accepted).toEqual([]);
    expect(logLines.filter((line) => line.includes('"route":"/livez"'))).toEqual([]);
    expect((await fetch(`${url}/livez`)).status).toBe(200);
  });

  test('is answered with a problem document', async () => {
    const { port } = await startServer();
    const answer = await sendRaw(port, 'canary\r\n\r\n');
    expect(answer.head).toContain('Content-Type: application/problem+json');
    expect(JSON.parse(answer.body)).toMatchObject({ type: 'urn:bellhop:problem:malformed_http', status: 400 });
    expect(answer.head).toContain(JSON.parse(answer.body).requestId);
    expect(answer.text).not.toContain('canary');
  });

  test('behind a request in flight costs that request its answer and is never taken for it', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const { port } = await startServer({
      getNotification: async () => {
        await promise;
        return {};
      },
    });
    const request = `GET ${NOTIFICATIONS}/a HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer key-1\r\n\r\n`;
    const answer = await sendRaw(port, `${request}garbage\r\n\r\n`);
    expect(answer.text).toBe('');
    resolve();
  });
});

describe('a head that is well-formed but strange', () => {
  test.each([
    ['a host that is no host', 'GET /livez HTTP/1.1\r\nHost: [\r\n', 200],
    ['a host that holds a path', 'GET /livez HTTP/1.1\r\nHost: a/metrics?\r\n', 200],
    ['no host', 'GET /livez HTTP/1.1\r\n', 400],
    ['two hosts', 'GET /livez HTTP/1.1\r\nHost: a\r\nHost: b\r\n', 400],
    ['no host in HTTP/1.0', 'GET /livez HTTP/1.0\r\n', 200],
    ['an absolute target that is no URL', 'GET http://[ HTTP/1.1\r\nHost: a\r\n', 404],
    ['an empty authority', 'GET http:// HTTP/1.1\r\nHost: a\r\n', 404],
    ['an asterisk', 'OPTIONS * HTTP/1.1\r\nHost: a\r\n', 404],
    ['an upgrade', 'GET /livez HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n', 200],
    ['an expectation nobody knows', 'GET /livez HTTP/1.1\r\nHost: a\r\nExpect: miracles\r\n', 200],
  ])('with %s is answered, and the server goes on', async (_, head, status) => {
    const { port, url } = await startServer();
    const connection = await openConnection(port, `${head}\r\n`);
    expect((await connection.firstAnswer()).status).toBe(status);
    connection.socket.destroy();
    expect((await fetch(`${url}/livez`)).status).toBe(200);
  });

  test('with CONNECT opens no tunnel', async () => {
    const { port } = await startServer();
    expect((await sendRaw(port, 'CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n')).text).not.toContain(' 200 ');
  });
});

describe('a slow sender', () => {
  const quick = { headersTimeoutMs: 150, requestTimeoutMs: 300, keepAliveTimeoutMs: 150, checkIntervalMs: 30 };

  test('of a head is cut off', async () => {
    const { port } = await startServer({}, quick);
    const answer = await sendRaw(port, 'GET /livez HTTP/1.1\r\nHost: a\r\nX-A');
    expect(answer.status).toBe(408);
    expect(JSON.parse(answer.body)).toMatchObject({ type: 'urn:bellhop:problem:request_timeout' });
  });

  test('of a body is cut off, however steadily it goes on', async () => {
    const { port, calls } = await startServer({}, quick);
    const connection = await openConnection(port, `${START}Content-Length: 1000\r\n\r\n`);
    const drip = setInterval(() => connection.socket.write(' '), 20);
    const answer = await connection.closed();
    clearInterval(drip);
    expect([answer.status, calls.accepted]).toEqual([408, []]);
  });

  test('of nothing is cut off', async () => {
    const { port } = await startServer({}, quick);
    expect((await sendRaw(port, '')).text).not.toContain(' 200 ');
  });

  test('of a next request is cut off', async () => {
    const { port } = await startServer({}, quick);
    expect((await sendRaw(port, 'GET /livez HTTP/1.1\r\nHost: a\r\n\r\n')).status).toBe(200);
  });

  test('slows nobody else', async () => {
    const { port, url } = await startServer();
    const slow = await Promise.all(
      Array.from({ length: 50 }, () => openConnection(port, `${START}Content-Length: 9\r\n\r\n`)),
    );
    expect((await fetch(`${url}/livez`)).status).toBe(200);
    for (const { socket } of slow) {
      socket.destroy();
    }
  });
});

test('connections beyond the limit are not served', async () => {
  const { port } = await startServer({}, { maxConnections: 2 });
  const kept = [await openConnection(port), await openConnection(port)];
  expect((await sendRaw(port, '')).text).toBe('');
  for (const { socket } of kept) {
    socket.destroy();
  }
});
