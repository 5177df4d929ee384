// Where messages may go: to the public internet, whatever a name leads to today.

import { isIP } from 'node:net';
import { createTransport, type Transport } from '../../../src/callbacks/transport.ts';
import { systemClock } from '../../../src/domain/clock.ts';
import type { ResolveAll } from '../../../src/domain/public-address.ts';
import { type Answer, type RecordingServer, startRecordingServer } from '../teams-outbound/local-servers.ts';

let receiver: RecordingServer;
let transport: Transport;
let answer: Answer;

beforeEach(async () => {
  answer = { status: 204 };
  receiver = await startRecordingServer(() => answer);
});

afterEach(async () => {
  await transport.close();
  await receiver.close();
});

/** @param leadsTo what every name resolves to */
const post = (url: string, { isLoopbackAllowed = false, leadsTo = '' } = {}) => {
  const resolve: ResolveAll = (_name, _options, callback) =>
    callback(null, [{ address: leadsTo, family: isIP(leadsTo) }]);
  transport = createTransport({ clock: systemClock, resolve }, { isLoopbackAllowed });
  return transport.post({ url, headers: {}, body: '{}', signal: new AbortController().signal });
};

const port = () => new URL(receiver.url).port;

test.each(['127.0.0.1', '::1', '::ffff:127.0.0.1', '10.0.0.1', '169.254.169.254', 'fd00::1'])(
  'a name that leads to %s by now is not connected to, in development neither',
  async (leadsTo) => {
    for (const isLoopbackAllowed of [false, true]) {
      const exchange = await post(`https://hooks.example.com:${port()}/`, { leadsTo, isLoopbackAllowed });
      expect(exchange).toEqual({ kind: 'failure', isWritten: false, code: 'EACCES' });
      await transport.close();
    }
    expect(receiver.connectionCount).toBe(0);
  },
);

test('an address on this machine that was registered in development is not connected to without it', async () => {
  expect(await post(receiver.url)).toMatchObject({ kind: 'failure', code: 'EACCES' });
  await transport.close();
  expect(receiver.connectionCount).toBe(0);
  expect(await post(receiver.url, { isLoopbackAllowed: true })).toMatchObject({ kind: 'response', status: 204 });
});

test('of a long answer only the status counts', async () => {
  answer = { status: 200, body: 'x'.repeat(70_000) };
  const exchange = await post(receiver.url, { isLoopbackAllowed: true });
  expect(exchange).toMatchObject({ kind: 'response', status: 200 });
  expect(exchange).not.toHaveProperty('body');
});
