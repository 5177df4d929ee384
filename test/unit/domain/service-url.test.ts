// Which addresses may be given the bot's token.

import fc from 'fast-check';
import {
  CONNECTOR_HOSTS,
  isLoopbackHost,
  isTrustedServiceUrl,
  type ServiceUrlPolicy,
} from '../../../src/domain/service-url.ts';

const MICROSOFT: ServiceUrlPolicy = { kind: 'hosts', hosts: CONNECTOR_HOSTS };
const SANDBOX: ServiceUrlPolicy = { kind: 'prefix', prefix: 'http://127.0.0.1:3979/teams' };
const LOOPBACK: ServiceUrlPolicy = { kind: 'loopback' };

describe('by host', () => {
  test.each([
    'https://smba.trafficmanager.net/emea/',
    'https://smba.trafficmanager.net/teams',
    'https://smba.trafficmanager.net',
    'https://smba.trafficmanager.net:443/amer/',
    'HTTPS://SMBA.TrafficManager.NET/amer/',
    'https://smba.infra.gcc.teams.microsoft.com/teams',
    'https://smba.infra.gov.teams.microsoft.us/teams',
    'https://smba.infra.dod.teams.microsoft.us/teams',
  ])('%s is trusted', (url) => {
    expect(isTrustedServiceUrl(url, MICROSOFT)).toBe(true);
  });

  test.each([
    ['a plain connection', 'http://smba.trafficmanager.net/emea/'],
    ['another protocol', 'wss://smba.trafficmanager.net/emea/'],
    ['another host', 'https://evil.example/smba.trafficmanager.net/'],
    ['a longer host', 'https://smba.trafficmanager.net.evil.example/'],
    ['a host in front', 'https://evil.smba.trafficmanager.net/'],
    ['a host that ends alike', 'https://evilsmba.trafficmanager.net/'],
    ['the parent of the host', 'https://trafficmanager.net/'],
    ['a Cyrillic look-alike', 'https://smb\u0430.trafficmanager.net/'],
    ['another port', 'https://smba.trafficmanager.net:8443/'],
    ['a trailing dot', 'https://smba.trafficmanager.net./'],
    ['a user name', 'https://evil@smba.trafficmanager.net/'],
    ['the host as user name', 'https://smba.trafficmanager.net@evil.example/'],
    ['the host as user name and password', 'https://smba.trafficmanager.net:443@evil.example/'],
    ['an empty user name', 'https://@smba.trafficmanager.net/'],
    ['an at sign in the path', 'https://smba.trafficmanager.net/@evil.example'],
    ['a query', 'https://smba.trafficmanager.net/?to=evil.example'],
    ['an empty query', 'https://smba.trafficmanager.net/emea/?'],
    ['a fragment', 'https://smba.trafficmanager.net/#x'],
    ['a backslash', 'https://smba.trafficmanager.net\\@evil.example/'],
    ['backslashes for slashes', 'https:\\\\smba.trafficmanager.net\\emea'],
    ['a line end', 'https://smba.trafficmanager.net/\r\nHost: evil.example'],
    ['a tab in the host', 'https://smba.traffic\tmanager.net/'],
    ['a blank in front', ' https://smba.trafficmanager.net/'],
    ['a blank behind', 'https://smba.trafficmanager.net/ '],
    ['no slashes', 'https:smba.trafficmanager.net/emea/'],
    ['too many slashes', 'https:///smba.trafficmanager.net/emea/'],
    ['an encoded host', 'https://smba%2etrafficmanager.net/'],
    ['a full-width dot', 'https://smba\u3002trafficmanager.net/'],
    ['a soft hyphen', 'https://smba.traffic\u00admanager.net/'],
    ['a relative address', '//smba.trafficmanager.net/emea/'],
    ['nothing', ''],
    ['no address', 'smba.trafficmanager.net'],
    ['the loopback', 'https://127.0.0.1/'],
  ])('%s is refused', (_, url) => {
    expect(isTrustedServiceUrl(url, MICROSOFT)).toBe(false);
  });
});

describe('by prefix', () => {
  test.each([
    'http://127.0.0.1:3979/teams',
    'http://127.0.0.1:3979/teams/',
    'http://127.0.0.1:3979/teams/emea/',
    'http://127.0.0.1:3979/teams/a/../b',
  ])('%s is trusted', (url) => {
    expect(isTrustedServiceUrl(url, SANDBOX)).toBe(true);
  });

  test.each([
    'http://127.0.0.1:3979/',
    'http://127.0.0.1:3979/teamsters',
    'http://127.0.0.1:3979/teams/../admin',
    'http://127.0.0.1:3979/teams/%2e%2E/admin',
    'http://127.0.0.1:3979/teams/..',
    'http://127.0.0.1:3979.evil.example/teams',
    'http://127.0.0.1:3980/teams',
    'http://127.0.0.1/teams',
    'https://127.0.0.1:3979/teams',
    'http://localhost:3979/teams',
    'http://evil@127.0.0.1:3979/teams',
    'http://127.0.0.1:3979@evil.example/teams',
    'http://127.1:3979/teams',
    'https://smba.trafficmanager.net/teams',
  ])('%s is refused', (url) => {
    expect(isTrustedServiceUrl(url, SANDBOX)).toBe(false);
  });

  test('a prefix without a path takes every path of its origin, and no longer host', () => {
    const policy: ServiceUrlPolicy = { kind: 'prefix', prefix: 'http://127.0.0.1:3979' };
    expect(isTrustedServiceUrl('http://127.0.0.1:3979/emea/', policy)).toBe(true);
    expect(isTrustedServiceUrl('http://127.0.0.1:3979.evil.example/', policy)).toBe(false);
    expect(isTrustedServiceUrl('http://127.0.0.1:39790/', policy)).toBe(false);
  });
});

describe('by loopback', () => {
  test.each(['http://localhost:3978/', 'http://127.0.0.1', 'http://127.200.3.4:1/x', 'https://[::1]:8443/'])(
    '%s is trusted',
    (url) => {
      expect(isTrustedServiceUrl(url, LOOPBACK)).toBe(true);
    },
  );

  test.each([
    'http://localhost.evil.example/',
    'http://127.0.0.1.evil.example/',
    'http://[::ffff:10.0.0.1]/',
    'http://[::2]/',
    'http://0.0.0.0/',
    'http://128.0.0.1/',
    'http://10.0.0.1/',
    'ftp://localhost/',
    'ws://127.0.0.1/',
    'other://localhost/',
  ])('%s is refused', (url) => {
    expect(isTrustedServiceUrl(url, LOOPBACK)).toBe(false);
  });
});

test('a loopback host is a name or an address of this machine, written out', () => {
  expect(['localhost', '127.0.0.1', '127.255.0.9', '[::1]'].map(isLoopbackHost)).toEqual([true, true, true, true]);
  const others = ['', 'localhost.', '127.0.0.1.x', 'x127.0.0.1', '127.1', '1270.0.0.1', '[::]', 'example.com'];
  expect(others.filter(isLoopbackHost)).toEqual([]);
});

test('whatever is trusted by host leads to one of the hosts, in every way of reading it', () => {
  const part = fc.constantFrom(
    ...['https', 'http', ':', '//', '/', '\\', '@', '.', '#', '?', ' ', '\t', '%2e', '443', 'evil.example', 'teams'],
    ...CONNECTOR_HOSTS,
  );
  const start = fc.constantFrom('', 'https://', `https://${CONNECTOR_HOSTS[0]}`);
  fc.assert(
    fc.property(start, fc.array(part, { maxLength: 8 }), (first, parts) => {
      const value = [first, ...parts].join('');
      if (isTrustedServiceUrl(value, MICROSOFT)) {
        expect(CONNECTOR_HOSTS).toContain(/^https:\/\/([^/:]+)(?::(?:443)?)?(?:\/|$)/.exec(value)?.[1]);
      }
    }),
    { numRuns: 10_000 },
  );
});
