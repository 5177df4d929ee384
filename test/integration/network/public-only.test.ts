// Requests that may go to the public internet only: whatever leads elsewhere is not connected to.

import { isIP } from 'node:net';
import { systemClock } from '../../../src/domain/clock.ts';
import type { ResolveAll } from '../../../src/domain/public-address.ts';
import { createExchanger, EXCHANGE_LIMITS, type Exchanger } from '../../../src/network/http-exchange.ts';
import { type RecordingServer, startRecordingServer } from '../teams-outbound/local-servers.ts';

let server: RecordingServer;
let exchanger: Exchanger | undefined;

beforeEach(async () => {
  server = await startRecordingServer(() => ({ status: 200 }));
});

afterEach(async () => {
  await exchanger?.close();
  await server.close();
});

const ask = (host: string, resolve?: ResolveAll) => {
  exchanger = createExchanger(
    { clock: systemClock, ...(resolve && { resolve }) },
    { maxConnections: 1, isPublicOnly: true, limits: EXCHANGE_LIMITS },
  );
  const { port } = new URL(server.url);
  return exchanger.exchange({ origin: `http://${host}:${port}`, path: '/', method: 'GET', headers: [] });
};

const REFUSED = { kind: 'failure', isWritten: false, code: 'EACCES' };

test.each(['127.0.0.1', '[::1]', '[::ffff:7f00:1]', '0.0.0.0', '10.0.0.1', '169.254.169.254', '[fe80::1]'])(
  'the address %s in a URL is not connected to',
  async (host) => {
    expect(await ask(host)).toEqual(REFUSED);
    expect(server.connectionCount).toBe(0);
  },
);

test.each(['127.0.0.1', '::1', '::ffff:127.0.0.1', '192.168.1.1', '169.254.169.254', '64:ff9b::7f00:1'])(
  'a name that leads to %s is not connected to',
  async (address) => {
    const resolve: ResolveAll = (_name, _options, callback) => callback(null, [{ address, family: isIP(address) }]);
    expect(await ask('innocent.example', resolve)).toEqual(REFUSED);
    expect(server.connectionCount).toBe(0);
  },
);

test('a name that the system resolves to this machine is not connected to', async () => {
  expect(await ask('localhost')).toEqual(REFUSED);
  expect(server.connectionCount).toBe(0);
});
