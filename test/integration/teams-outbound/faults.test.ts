// What becomes of a request when the network or the other side fails.

import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { readOutcome } from '../../../src/teams/outcome.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { type ConnectorFixture, connectTo } from './connector-fixture.ts';
import { type LocalServer, startHttpServer, startRawServer } from './local-servers.ts';

const LIMITS = { connectTimeoutMs: 500, firstByteTimeoutMs: 200, totalTimeoutMs: 600 };

async function sendTo(server: LocalServer, signal?: AbortSignal) {
  const local = connectTo(server, { limits: LIMITS });
  try {
    return await send(local, signal);
  } finally {
    await local.close();
  }
}

function send({ connector, target }: ConnectorFixture, signal?: AbortSignal) {
  return connector.sendToConversation({ ...target, ...(signal && { signal }) }, 'a:1conv', { type: 'message' });
}

const lost = { kind: 'unknown', reason: 'response_lost' };

test('a refused connection means that nothing was written', async () => {
  const server = await startRawServer(() => undefined);
  const local = connectTo(server);
  await server.close();
  const answer = await send(local);
  expect(answer).toEqual({ kind: 'failure', isWritten: false, code: 'ECONNREFUSED' });
  await local.connector.close();
});

test('a name that does not resolve means that nothing was written', async () => {
  const server = await startRawServer(() => undefined);
  const local = connectTo(server, { serviceUrlPolicy: { kind: 'hosts', hosts: ['bellhop.invalid'] } });
  const target = { ...local.target, serviceUrl: 'https://bellhop.invalid/' };
  const answer = await local.connector.sendToConversation(target, 'a:1conv', { type: 'message' });
  expect(answer).toMatchObject({ kind: 'failure', isWritten: false });
  expect(readOutcome('post', answer, 0)).toEqual({ kind: 'transient', reason: 'unreachable_host' });
  await local.close();
});

test('a failed TLS handshake means that nothing was written', async () => {
  const server = await startRawServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  const serviceUrl = server.url.replace('http:', 'https:');
  const local = connectTo(server, { serviceUrlPolicy: { kind: 'prefix', prefix: serviceUrl } });
  const answer = await local.connector.sendToConversation({ ...local.target, serviceUrl }, 'a:1conv', {
    type: 'message',
  });
  expect(answer).toMatchObject({ kind: 'failure', isWritten: false });
  await local.close();
});

test('a TLS handshake that takes too long means that nothing was written', async () => {
  const server = await startRawServer(() => undefined);
  const serviceUrl = server.url.replace('http:', 'https:');
  const local = connectTo(server, {
    serviceUrlPolicy: { kind: 'prefix', prefix: serviceUrl },
    limits: { connectTimeoutMs: 200 },
  });
  const answer = await local.connector.sendToConversation({ ...local.target, serviceUrl }, 'a:1conv', {
    type: 'message',
  });
  expect(answer).toEqual({ kind: 'failure', isWritten: false, code: 'UND_ERR_CONNECT_TIMEOUT' });
  await local.close();
});

test.each<[string, Parameters<typeof startRawServer>[0]]>([
  ['reset after the request', (socket) => socket.resetAndDestroy()],
  ['closed after the request', (socket) => socket.end()],
  ['silent after the request', () => undefined],
  ['half a head', (socket) => socket.end('HTTP/1.1 200 O')],
  ['no HTTP', (socket) => socket.end('hello')],
])('a connection %s leaves the outcome unknown', async (_name, onRequest) => {
  const server = await startRawServer(onRequest);
  const answer = await sendTo(server);
  expect(answer).toMatchObject({ kind: 'failure', isWritten: true });
  expect(readOutcome('post', answer, 0)).toEqual(lost);
  expect(server.connectionCount).toBe(1);
});

test.each<[string, Parameters<typeof startRawServer>[0]]>([
  ['breaks off', (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"id":')],
  [
    'is reset',
    (socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{', () => socket.resetAndDestroy()),
  ],
  ['stops', (socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"id":')],
])('a success that %s leaves the outcome unknown', async (_name, onRequest) => {
  const server = await startRawServer(onRequest);
  const answer = await sendTo(server);
  expect(answer).toMatchObject({ kind: 'response', status: 200, isTruncated: true });
  expect(readOutcome('post', answer, 0)).toEqual(lost);
  expect(server.connectionCount).toBe(1);
});

test('an answer that drips is given up when the time for everything is over', async () => {
  const server = await startRawServer((socket) => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n');
    const drip = setInterval(() => socket.write(' '), 50);
    socket.on('close', () => clearInterval(drip));
  });
  const startedAt = performance.now();
  await expect(sendTo(server)).resolves.toMatchObject({ status: 200, isTruncated: true });
  expect(performance.now() - startedAt).toBeLessThan(LIMITS.totalTimeoutMs + 1_000);
});

test('a call that waits too long for a free connection is given up unwritten', async () => {
  const clock = new ManualClock();
  const arrived = Promise.withResolvers<void>();
  const server = await startRawServer(() => arrived.resolve());
  const local = connectTo(server, { maxConnections: 1, limits: { totalTimeoutMs: 300 } }, clock);
  const first = send(local);
  await arrived.promise;
  const second = send(local);
  await setImmediate();
  clock.advance(300);
  expect(await first).toMatchObject({ kind: 'failure', isWritten: true });
  expect(await second).toEqual({ kind: 'failure', isWritten: false, code: 'TOTAL_TIMEOUT' });
  expect(server.connectionCount).toBe(1);
  await local.close();
});

test('a call that was given up before its turn is never written', async () => {
  let requestCount = 0;
  const waiting = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const server = await startHttpServer(async (_request, response) => {
    requestCount += 1;
    waiting.resolve();
    await release.promise;
    response.end('{"id":"1"}');
  });
  const local = connectTo(server, { maxConnections: 1 });
  const abort = new AbortController();
  const first = send(local);
  await waiting.promise;
  const second = send(local, abort.signal);
  const third = send(local);
  abort.abort();
  await expect(second).resolves.toEqual({ kind: 'failure', isWritten: false, code: 'ABORTED' });
  release.resolve();
  await expect(first).resolves.toMatchObject({ status: 200 });
  await expect(third).resolves.toMatchObject({ status: 200 });
  expect(requestCount).toBe(2);
  await local.close();
});

test('an abort ends a running call at once', async () => {
  const abort = new AbortController();
  const server = await startRawServer(() => abort.abort());
  await expect(sendTo(server, abort.signal)).resolves.toEqual({ kind: 'failure', isWritten: true, code: 'ABORTED' });
});

test('a call with a signal that is aborted already is not written', async () => {
  const server = await startRawServer(() => undefined);
  const answer = await sendTo(server, AbortSignal.abort());
  expect(answer).toEqual({ kind: 'failure', isWritten: false, code: 'ABORTED' });
});

test('an answer of 200 MB is dropped after 64 KB', async () => {
  let writtenBytes = 0;
  const closed = Promise.withResolvers<void>();
  const server = await startHttpServer(async (_request, response) => {
    response.on('close', () => closed.resolve());
    const chunk = Buffer.alloc(64 * 1024, 0x20);
    response.writeHead(200, { 'content-length': 200 * 1024 * 1024 });
    while (!response.destroyed && writtenBytes < 200 * 1024 * 1024) {
      writtenBytes += chunk.length;
      if (!response.write(chunk)) {
        await Promise.race([once(response, 'drain'), closed.promise]);
      }
    }
  });
  const local = connectTo(server);
  const answer = await send(local);
  expect(answer).toMatchObject({ kind: 'response', status: 200, isTruncated: false });
  expect(answer).not.toHaveProperty('body');
  expect(readOutcome('post', answer, 0)).toEqual({ kind: 'unknown', reason: 'response_invalid' });
  await closed.promise;
  expect(writtenBytes).toBeLessThan(20 * 1024 * 1024);
  await local.close();
});

test.each([
  ['nothing', ''],
  ['HTML', '<html><body>Sign in</body></html>'],
  ['JSON without an id', '{"ok":true}'],
])('a success with %s leaves the outcome unknown, after one request', async (_name, body) => {
  const server = await startHttpServer((_request, response) => response.end(body));
  expect(readOutcome('post', await sendTo(server), 0)).toEqual({ kind: 'unknown', reason: 'response_invalid' });
  expect(server.connectionCount).toBe(1);
});

test('answers of 200 MB do not stay in memory', async () => {
  const chunk = Buffer.alloc(64 * 1024, 0x20);
  const server = await startHttpServer((_request, response) => {
    response.writeHead(200, { 'content-length': 200 * 1024 * 1024 });
    const write = () => {
      while (!response.destroyed && response.write(chunk));
    };
    response.on('drain', write);
    write();
  });
  const local = connectTo(server);
  await send(local);
  const beforeBytes = process.memoryUsage().rss;
  for (let count = 0; count < 20; count++) {
    await send(local);
  }
  expect(process.memoryUsage().rss - beforeBytes).toBeLessThan(64 * 1024 * 1024);
  await local.close();
});

test('a thousand calls among faults are a thousand requests', async () => {
  const STATUSES = [200, 201, 400, 403, 404, 408, 412, 429, 500, 502, 503, 504];
  let requestCount = 0;
  const server = await startHttpServer((request, response) => {
    const index = requestCount;
    requestCount += 1;
    request.resume();
    if (index % 13 === 12) {
      request.socket.resetAndDestroy();
      return;
    }
    const status = STATUSES[index % STATUSES.length] ?? 200;
    response.writeHead(status, { 'retry-after': '1' });
    response.end(index % 3 === 0 ? '<html>' : '{"id":"1"}');
  });
  const local = connectTo(server);
  const answers = await Promise.all(Array.from({ length: 1_000 }, () => send(local)));
  expect(requestCount).toBe(1_000);
  expect(answers.filter(({ kind }) => kind === 'failure')).toHaveLength(76);
  await local.close();
});
