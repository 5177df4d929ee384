// Whom a request comes from, when proxies may stand between.

import { BlockList, isIP } from 'node:net';
import { AppError } from '../domain/errors.ts';

/**
 * Reads the caller's address from the peer and `X-Forwarded-For`. The header counts only when a configured proxy wrote
 * it: read from the right, the first address that is not a configured proxy is the caller.
 *
 * @param trustedProxies IP addresses and CIDR ranges
 * @throws AppError `config_invalid` when one of them is neither
 */
export function createClientAddressReader(
  trustedProxies: readonly string[],
): (peer: string | undefined, forwardedFor: string | undefined) => string | undefined {
  const proxies = toBlockList(trustedProxies);
  const isProxy = (address: string) => proxies.check(address, familyOf(address));
  return (peer, forwardedFor) => {
    let nearest = peer === undefined ? undefined : withoutMapping(peer);
    const hops = forwardedFor === undefined ? [] : forwardedFor.split(',');
    while (nearest !== undefined && isProxy(nearest)) {
      const hop = readAddress(hops.pop());
      if (hop === undefined) {
        break;
      }
      nearest = hop;
    }
    return nearest;
  };
}

/**
 * What counts as one caller: an IPv4 address, or the /64 network of an IPv6 address, which belongs to one subscriber.
 * Pure.
 */
export function networkOf(address: string | undefined): string {
  if (address === undefined || isIP(address) !== 6) {
    return address ?? 'unknown';
  }
  const [head = '', tail] = address.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? [] : Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0');
  const groups = [...left, ...zeros, ...right].slice(0, 4);
  return `${groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`;
}

function toBlockList(entries: readonly string[]): BlockList {
  const list = new BlockList();
  for (const entry of entries) {
    const [address = '', prefix] = entry.split('/');
    const longest = isIP(address) === 6 ? 128 : 32;
    if (!isIP(address) || (prefix !== undefined && !(/^\d{1,3}$/.test(prefix) && Number(prefix) <= longest))) {
      throw new AppError(
        'config_invalid',
        `Expected a trusted proxy to be an IP address or CIDR range, got "${entry}"`,
      );
    }
    list.addSubnet(address, prefix === undefined ? longest : Number(prefix), familyOf(address));
  }
  return list;
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}

/** An address as proxies write it, also with a port: `192.0.2.1:4711`, `[2001:db8::1]:4711`. */
function readAddress(hop: string | undefined): string | undefined {
  const text = hop?.trim() ?? '';
  const bare = /^\[([^\]]+)\](?::\d+)?$/.exec(text)?.[1] ?? /^(\d[\d.]+):\d+$/.exec(text)?.[1] ?? text;
  return isIP(bare) ? withoutMapping(bare) : undefined;
}

function withoutMapping(address: string): string {
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
}
