import { once } from 'node:events';
import { createServer } from 'node:net';
import { NOTIFICATIONS, openConnection, startServer, stopServers } from './start-server.ts';

afterEach(stopServers);

const LIVEZ = 'GET /livez HTTP/1.1\r\nHost: a\r\n\r\n';
const GET = `GET ${NOTIFICATIONS}/a HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer key-1\r\n\r\n`;

/** A use case that waits until it is let go. */
function createGate() {
  const entered = Promise.withResolvers<void>();
  const gate = Promise.withResolvers<void>();
  const wait = async () => {
    entered.resolve();
    await gate.promise;
    return { id: 'a' };
  };
  return { wait, entered: entered.promise, open: gate.resolve };
}

describe('draining', () => {
  test('turns readiness off at once, serves on, and ends each connection with its answer', async () => {
    const { server, url, port } = await startServer();
    server.drain();
    expect((await fetch(`${url}/readyz`)).status).toBe(503);
    const connection = await openConnection(port, LIVEZ);
    const answer = await connection.closed();
    expect([answer.status, answer.head]).toEqual([200, expect.stringContaining('Connection: close')]);
  });
});

describe('stopping', () => {
  test('lets a request in flight have its answer', async () => {
    const gate = createGate();
    const { server, port } = await startServer({ getNotification: gate.wait });
    const connection = await openConnection(port, GET);
    await gate.entered;
    const stopped = server.stop(10_000);
    gate.open();
    const answer = await connection.closed();
    await stopped;
    expect([answer.status, answer.head]).toEqual([200, expect.stringContaining('Connection: close')]);
  });

  test('does not wait for connections without a request', async () => {
    const { server, port } = await startServer();
    const silent = await openConnection(port);
    const idle = await openConnection(port, LIVEZ);
    await idle.firstAnswer();
    await server.stop(10_000);
    await Promise.all([silent.closed(), idle.closed()]);
  });

  test('cuts what is not done in time', async () => {
    const gate = createGate();
    const { server, port } = await startServer({ getNotification: gate.wait });
    const connection = await openConnection(port, GET);
    await gate.entered;
    await server.stop(50);
    expect((await connection.closed()).text).toBe('');
    gate.open();
  });

  test('may be asked for twice, and before the start', async () => {
    const { server, url } = await startServer();
    await Promise.all([server.stop(1_000), server.stop(1_000)]);
    await server.stop(1_000);
    await expect(fetch(`${url}/livez`)).rejects.toThrow();
  });
});

test('a port that is taken is a fault of the settings', async () => {
  const blocker = createServer().listen(0, '127.0.0.1');
  await once(blocker, 'listening');
  const address = blocker.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  await expect(startServer({}, { port })).rejects.toMatchObject({ code: 'config_invalid' });
  blocker.close();
});
