// Where a name may lead.

import { isIP } from 'node:net';
import { createPublicLookup, isPublicAddress, type ResolveAll } from '../../../src/domain/public-address.ts';

test.each(['20.190.128.1', '52.112.0.1', '2603:1030::1', '2a01:111::1', '64:ff9b::1402:304'])(
  '%s is public',
  (address) => {
    expect(isPublicAddress(address)).toBe(true);
  },
);

test.each([
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '127.0.0.1',
  '127.255.255.254',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  'fe80::1',
  'fe80::1%eth0',
  'fc00::1',
  'fd12:3456::1',
  'ff02::1',
  '::ffff:127.0.0.1',
  '::ffff:10.0.0.1',
  '2002:7f00:1::1',
  '2001:db8::1',
  '64:ff9b::a00:1',
  '64:ff9b::7f00:1',
  'localhost',
  '',
])('%s is not public', (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

function lookUp(found: readonly string[], all: boolean): Promise<{ code: string | undefined; given: unknown }> {
  const resolve: ResolveAll = (_hostname, _options, callback) =>
    callback(
      null,
      found.map((address) => ({ address, family: isIP(address) })),
    );
  return new Promise((done) => {
    createPublicLookup(resolve)('smba.trafficmanager.net', { all }, (error, given) => {
      done({ code: error?.code, given });
    });
  });
}

test('a lookup leaves out what is not public', async () => {
  await expect(lookUp(['10.0.0.1', '52.112.0.1'], true)).resolves.toEqual({
    code: undefined,
    given: [{ address: '52.112.0.1', family: 4 }],
  });
});

test('a lookup for one address gives the first public one', async () => {
  await expect(lookUp(['127.0.0.1', '52.112.0.1'], false)).resolves.toEqual({ code: undefined, given: '52.112.0.1' });
});

test('a lookup that finds IPv6 only gives that', async () => {
  const found = ['fd00::1', '2603:1030::1', '2603:1030::2'];
  await expect(lookUp(found, true)).resolves.toEqual({
    code: undefined,
    given: [
      { address: '2603:1030::1', family: 6 },
      { address: '2603:1030::2', family: 6 },
    ],
  });
  await expect(lookUp(found, false)).resolves.toEqual({ code: undefined, given: '2603:1030::1' });
});

test('a lookup with nothing public fails', async () => {
  await expect(lookUp(['127.0.0.1', '169.254.169.254'], true)).resolves.toMatchObject({ code: 'EACCES' });
});

test('an error of the resolver is passed on', async () => {
  const failing: ResolveAll = (_hostname, _options, callback) =>
    callback(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }), []);
  const code = await new Promise((done) => {
    createPublicLookup(failing)('nowhere.invalid', { all: true }, (error) => done(error?.code));
  });
  expect(code).toBe('ENOTFOUND');
});
