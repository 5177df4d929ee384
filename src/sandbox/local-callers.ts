// Keeps foreign web pages away: a browser on this machine would carry their requests to the sandbox.

import type { IncomingMessage } from 'node:http';

/**
 * Whether a request was meant for this server and comes from its own page, or from no page at all.
 * A foreign name that resolves to loopback shows in `Host`, a foreign page in `Origin` and `Sec-Fetch-Site`. Pure.
 */
export function isLocalCaller(request: Pick<IncomingMessage, 'headers'>, port: number): boolean {
  const { host, origin, 'sec-fetch-site': site } = request.headers;
  const hosts = ['127.0.0.1', 'localhost', '[::1]'].map((name) => `${name}:${port}`);
  if (host === undefined || !hosts.includes(host)) {
    return false;
  }
  return (origin === undefined || origin === `http://${host}`) && site !== 'cross-site' && site !== 'same-site';
}
