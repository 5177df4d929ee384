import { once } from 'node:events';
import { NOTIFICATIONS, openConnection, startServer, stopServers } from './start-server.ts';

afterEach(stopServers);

const answered = (lines: string[]) =>
  lines.map((line) => JSON.parse(line)).filter((line) => line.msg === 'request answered');

describe('the access log', () => {
  test('has one line for a request, with the route and the key, and without what names a person', async () => {
    const { url, logLines, server } = await startServer();
    const response = await fetch(`${url}${NOTIFICATIONS}/canary-id?canary=ana`, {
      headers: { authorization: 'Bearer key-1', 'user-agent': 'canary', 'x-forwarded-for': '1.2.3.4' },
    });
    await server.stop(1_000);
    expect(answered(logLines)).toEqual([
      {
        level: 'info',
        time: expect.any(String),
        route: `${NOTIFICATIONS}/:id`,
        method: 'GET',
        status: 400,
        durationMs: expect.any(Number),
        requestId: response.headers.get('x-request-id'),
        keyId: 'k1',
        msg: 'request answered',
      },
    ]);
    expect(logLines.join('')).not.toMatch(/canary|ana|1\.2\.3\.4|key-1/);
  });

  test('mentions probes only at debug level, and unknown paths by no name', async () => {
    const { url, logLines, server } = await startServer();
    await fetch(`${url}/livez`);
    await fetch(`${url}/canary`);
    await server.stop(1_000);
    const lines = answered(logLines).map(({ level, route, status }) => ({ level, route, status }));
    expect(lines).toEqual([
      { level: 'debug', route: '/livez', status: 200 },
      { level: 'info', route: 'none', status: 404 },
    ]);
  });

  test('tells when the caller hung up first', async () => {
    const entered = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    const { port, logLines, server } = await startServer({
      getNotification: async () => {
        entered.resolve();
        await gate.promise;
        return {};
      },
    });
    const head = `GET ${NOTIFICATIONS}/a HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer key-1\r\n\r\n`;
    const { socket } = await openConnection(port, head);
    await entered.promise;
    socket.destroy();
    await once(socket, 'close');
    await server.stop(1_000);
    gate.resolve();
    expect(answered(logLines)).toEqual([expect.objectContaining({ status: 499 })]);
  });
});
