import { createClientAddressReader, networkOf } from '../../../src/http/client-address.ts';

describe('the address of a client', () => {
  const read = createClientAddressReader(['10.0.0.0/8', '192.0.2.7', '2001:db8:1::/48']);

  test.each([
    ['the peer when no proxy is in between', '203.0.113.9', undefined, '203.0.113.9'],
    ['the peer when it is no proxy of ours, whatever it says', '203.0.113.9', '198.51.100.1', '203.0.113.9'],
    ['what our proxy says', '10.1.2.3', '198.51.100.1', '198.51.100.1'],
    ['the last address that is not a proxy of ours', '10.1.2.3', '1.1.1.1, 198.51.100.1, 192.0.2.7', '198.51.100.1'],
    ['read through an IPv4-mapped peer', '::ffff:10.1.2.3', '198.51.100.1', '198.51.100.1'],
    ['read without its port', '10.1.2.3', '198.51.100.1:4711', '198.51.100.1'],
    ['read without the brackets of IPv6', '2001:db8:1::5', '[2001:db8:2::1]:4711', '2001:db8:2::1'],
    ['the nearest proxy when the header is empty', '10.1.2.3', '', '10.1.2.3'],
    ['the nearest proxy when the header is no address', '10.1.2.3', '1.1.1.1, unknown', '10.1.2.3'],
    ['the farthest proxy when all are ours', '10.1.2.3', '10.9.9.9, 192.0.2.7', '10.9.9.9'],
    ['unknown when the peer is gone', undefined, '198.51.100.1', undefined],
  ])('is %s', (_, peer, forwardedFor, expected) => {
    expect(read(peer, forwardedFor)).toBe(expected);
  });

  test.each(['proxy.internal', '10.0.0.0/33', '10.0.0.0/', '::1/129', '/8'])('refuses %j as a proxy', (entry) => {
    expect(() => createClientAddressReader([entry])).toThrow(expect.objectContaining({ code: 'config_invalid' }));
  });
});

describe('one caller', () => {
  test.each([
    ['203.0.113.9', '203.0.113.9'],
    ['2001:db8:0:1:aaaa::1', '2001:db8:0:1::/64'],
    ['2001:0db8::1:bbbb:0:0:2', '2001:db8:0:1::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    [undefined, 'unknown'],
  ])('is an IPv4 address or a /64 of IPv6: %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});
