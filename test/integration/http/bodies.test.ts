import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { constants, gzipSync } from 'node:zlib';
import { NOTIFICATIONS, openConnection, readProblem, sendRaw, startServer, stopServers } from './start-server.ts';

afterEach(stopServers);

const HEAD = `POST ${NOTIFICATIONS} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer key-1\r\nContent-Type: application/json\r\n`;

describe('a compressed body', () => {
  const bomb = gzipSync(Buffer.alloc(50_000_000, ' '), { level: constants.Z_BEST_COMPRESSION });

  test.each([
    ['that is none', Buffer.from('{}')],
    ['that breaks off', gzipSync('{"title":"a"}').subarray(0, 12)],
    ['that is whole', gzipSync('{}')],
    ['that unpacks to a thousand times its size', bomb],
  ])('%s is refused unread, and the server goes on', async (_, body) => {
    const { url, post, calls } = await startServer();
    const before = process.memoryUsage().rss;
    for (const path of [NOTIFICATIONS, '/api/messages']) {
      const response = await post(path, { body, headers: { 'content-encoding': 'gzip' } });
      expect(response.status).toBe(415);
      await readProblem(response);
    }
    expect(process.memoryUsage().rss - before).toBeLessThan(40_000_000);
    expect([calls.accepted, calls.activities]).toEqual([[], []]);
    expect((await fetch(`${url}/livez`)).status).toBe(200);
  });
});

describe('a body', () => {
  test('of several parts is refused and leaves no file', async () => {
    const { url } = await startServer();
    const body = new FormData();
    body.append('file', new Blob(['x'.repeat(10_000)]), 'a.txt');
    const before = await readdir(tmpdir());
    const response = await fetch(`${url}${NOTIFICATIONS}`, {
      method: 'POST',
      body,
      headers: { authorization: 'Bearer key-1' },
    });
    expect(response.status).toBe(415);
    const added = (await readdir(tmpdir())).filter(
      (name) => !before.includes(name) && /^(upload_|[0-9a-f]{25,})/.test(name),
    );
    expect(added).toEqual([]);
  });

  test('that is not UTF-8 is refused', async () => {
    const { post, calls } = await startServer();
    const response = await post(NOTIFICATIONS, { body: Buffer.from([0x22, 0xff, 0x22]) });
    expect([response.status, (await readProblem(response))['type']]).toEqual([400, 'urn:bellhop:problem:invalid_json']);
    expect(calls.accepted).toEqual([]);
  });

  test('that is not JSON is refused with the place', async () => {
    const { post } = await startServer();
    const response = await post(NOTIFICATIONS, { body: '{"a":1,\n}' });
    expect(await readProblem(response)).toMatchObject({
      status: 400,
      detail: expect.stringContaining('line 2, column 1'),
    });
  });

  test('beyond the structure limits is refused with the pointer', async () => {
    const { post } = await startServer();
    const response = await post(NOTIFICATIONS, { body: '{"a":{"__proto__":{"isAdmin":true}}}' });
    expect(await readProblem(response)).toMatchObject({ status: 400, faults: [{ pointer: '/a/__proto__' }] });
    expect('isAdmin' in {}).toBe(false);
  });

  test('arrives byte for byte when it comes in pieces', async () => {
    const { port, calls } = await startServer();
    const body = JSON.stringify({ text: 'äöü'.repeat(5_000) });
    const bytes = Buffer.from(body);
    const chunks = Array.from({ length: Math.ceil(bytes.length / 7) }, (_, i) => bytes.subarray(i * 7, i * 7 + 7));
    const chunked = chunks.flatMap((chunk) => [
      Buffer.from(`${chunk.length.toString(16)}\r\n`),
      chunk,
      Buffer.from('\r\n'),
    ]);
    const request = Buffer.concat([
      Buffer.from(`${HEAD}Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n`),
      ...chunked,
      Buffer.from('0\r\n\r\n'),
    ]);
    expect((await sendRaw(port, request)).status).toBe(202);
    expect(calls.accepted).toEqual([expect.objectContaining({ body: bytes, json: JSON.parse(body) })]);
  });
});

describe('a body that is too large', () => {
  test('is refused by its announced length, before it is sent', async () => {
    const { port } = await startServer();
    const connection = await openConnection(port, `${HEAD}Content-Length: 65537\r\n\r\n`);
    const answer = await connection.firstAnswer();
    expect([answer.status, answer.head]).toEqual([413, expect.stringContaining('Connection: close')]);
    connection.socket.destroy();
  });

  test('is refused at the first byte too many when no length is announced', async () => {
    const { port, calls } = await startServer();
    const connection = await openConnection(
      port,
      `${HEAD}Transfer-Encoding: chunked\r\n\r\n10000\r\n${' '.repeat(65_536)}\r\n`,
    );
    connection.socket.write('1\r\n ');
    const answer = await connection.firstAnswer();
    expect([answer.status, calls.accepted]).toEqual([413, []]);
    connection.socket.destroy();
  });

  test('is taken up to the very limit', async () => {
    const { post } = await startServer();
    const body = (size: number) => `"${'x'.repeat(size - 2)}"`;
    expect((await post(NOTIFICATIONS, { body: body(65_536) })).status).toBe(202);
    expect((await post(NOTIFICATIONS, { body: body(65_537) })).status).toBe(413);
  });

  test.each([
    ['announced', 'Content-Length: 3000000\r\n\r\n'],
    ['counted', `Transfer-Encoding: chunked\r\n\r\n2dc6c0\r\n${' '.repeat(65_537)}`],
  ])('may go on to be sent after the answer, without a reset of the connection: %s', async (_, start) => {
    const { port } = await startServer();
    const connection = await openConnection(port, `${HEAD}${start}`);
    expect((await connection.firstAnswer()).status).toBe(413);
    connection.socket.write(Buffer.alloc(2_900_000));
    await connection.closed();
    expect(connection.errors).toEqual([]);
  });

  test('is thrown away, so that its sender gets to see the answer', async () => {
    const { url } = await startServer();
    const response = await fetch(`${url}${NOTIFICATIONS}`, {
      method: 'POST',
      headers: { authorization: 'Bearer key-1', 'content-type': 'application/json' },
      body: Buffer.alloc(20_000_000, ' '),
    });
    expect(response.status).toBe(413);
  });
});

describe('a body that breaks off', () => {
  test('reaches no use case, and the server goes on', async () => {
    const { port, url, calls, logLines } = await startServer();
    const connection = await openConnection(port, `${HEAD}Content-Length: 100\r\n\r\n{"a":`);
    connection.socket.end();
    await connection.closed();
    expect((await fetch(`${url}/livez`)).status).toBe(200);
    expect(calls.accepted).toEqual([]);
    expect(logLines.filter((line) => line.includes('"level":"error"'))).toEqual([]);
  });
});

describe('a caller without a valid key', () => {
  test('is refused on its head alone', async () => {
    const { port, calls } = await startServer();
    const head = HEAD.replace('key-1', 'key-0');
    const connection = await openConnection(port, `${head}Content-Length: 1000\r\n\r\n`);
    const answer = await connection.firstAnswer();
    expect([answer.status, answer.head]).toEqual([401, expect.stringContaining('Connection: close')]);
    expect(answer.head).toContain('WWW-Authenticate: Bearer');
    await connection.closed();
    expect(calls.accepted).toEqual([]);
  });

  test('is never asked for the body it offers', async () => {
    const { port } = await startServer();
    const head = HEAD.replace('key-1', 'key-0');
    const answer = await sendRaw(port, `${head}Expect: 100-continue\r\nContent-Length: 2\r\n\r\n`);
    expect(answer.text).toMatch(/^HTTP\/1\.1 401 /);
  });

  test('cannot slip in a second request as its body', async () => {
    const { port, calls } = await startServer();
    const inner = `${HEAD}Content-Length: 2\r\n\r\n{}`;
    const head = HEAD.replace('key-1', 'key-0');
    const connection = await openConnection(port, `${head}Content-Length: ${inner.length + 100}\r\n\r\n`);
    await connection.firstAnswer();
    connection.socket.write(inner);
    const answer = await connection.closed();
    expect(answer.text.match(/HTTP\/1\.1/g)).toHaveLength(1);
    expect(calls.accepted).toEqual([]);
  });
});

test('a caller with a valid key is asked for the body it offers', async () => {
  const { port } = await startServer();
  const connection = await openConnection(
    port,
    `${HEAD}Connection: close\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n`,
  );
  expect((await connection.firstAnswer()).text).toBe('HTTP/1.1 100 Continue\r\n\r\n');
  connection.socket.write('{}');
  expect((await connection.closed()).text).toContain('HTTP/1.1 202 ');
});
