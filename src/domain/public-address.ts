// Which addresses are on the public internet, so that nothing we send is drawn inside by a name or a poisoned DNS answer.

import type { LookupAddress, LookupOptions } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** Networks of IPv4 that are not the public internet: [address, prefix length]. */
const SPECIAL_IPV4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
];

/** Inside 2000::/3, the only part of IPv6 that is public: protocol assignments, documentation and 6to4. */
const SPECIAL_IPV6: readonly (readonly [string, number])[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
];

/** IPv4 as IPv6-only networks see it (NAT64): as public as the address inside. */
const NAT64_PREFIX = '64:ff9b::';

const PUBLIC_IPV6 = publicIpv6();
const SPECIAL = specialAddresses();

function publicIpv6(): BlockList {
  const list = new BlockList();
  list.addSubnet('2000::', 3, 'ipv6');
  list.addSubnet(NAT64_PREFIX, 96, 'ipv6');
  return list;
}

function specialAddresses(): BlockList {
  const list = new BlockList();
  for (const [address, bits] of SPECIAL_IPV4) {
    list.addSubnet(address, bits, 'ipv4');
    list.addSubnet(`${NAT64_PREFIX}${address}`, 96 + bits, 'ipv6');
  }
  for (const [address, bits] of SPECIAL_IPV6) {
    list.addSubnet(address, bits, 'ipv6');
  }
  return list;
}

/** Whether an IP address is one of the public internet; false for whatever is no IP address. Pure. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !SPECIAL.check(address, 'ipv4');
    case 6:
      return PUBLIC_IPV6.check(address, 'ipv6') && !SPECIAL.check(address, 'ipv6');
    default:
      return false;
  }
}

/** Resolves a name to all of its addresses, as `dns.lookup` does. */
export type ResolveAll = (
  hostname: string,
  options: LookupOptions & { all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/**
 * A `lookup` for sockets that gives public addresses only. The socket connects to what was checked here, so a second,
 * different DNS answer changes nothing. Fails with the code `EACCES` when nothing public is left.
 */
export function createPublicLookup(resolve: ResolveAll): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, found) => {
      const [first, ...others] = error ? [] : found.filter(({ address }) => isPublicAddress(address));
      if (!first) {
        callback(error ?? notPublic(), '', 0);
      } else if (options.all) {
        callback(null, [first, ...others]);
      } else {
        callback(null, first.address, first.family);
      }
    });
  };
}

function notPublic(): NodeJS.ErrnoException {
  return Object.assign(new Error('The name does not resolve to a public address'), { code: 'EACCES' });
}
