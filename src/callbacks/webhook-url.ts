// Which addresses may be registered. Where a name leads is looked at again at each connection. Pure.

import { isIP } from 'node:net';
import { isPublicAddress } from '../domain/public-address.ts';

/** Which addresses are good. */
export interface WebhookUrlPolicy {
  /** Whether `http://127.0.0.1` is, for development on this machine. */
  readonly isLoopbackAllowed: boolean;
}

const MAX_LENGTH = 2_048;
const HTTPS_PORT = 443;
/** Below lie the services of the system itself: mail, DNS, remote shells. */
const FIRST_FREE_PORT = 1_024;

/** @returns what is wrong with it, for its sender; undefined when it is good */
export function findUrlFault(text: string, { isLoopbackAllowed }: WebhookUrlPolicy): string | undefined {
  // What parsers read differently: blanks, control characters, backslashes.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this refuses
  if (text.length > MAX_LENGTH || /[\\\u0000-\u0020\u007f-\u00a0]/.test(text) || !URL.canParse(text)) {
    return `Expected an absolute https URL of at most ${MAX_LENGTH} characters`;
  }
  const url = new URL(text);
  if (isLoopbackAllowed && isLoopbackUrl(url)) {
    return undefined;
  }
  if (url.protocol !== 'https:') {
    return 'Expected an https URL';
  }
  if (url.username !== '' || url.password !== '' || url.hash !== '') {
    return 'Expected a URL without user name, password or fragment. Its messages are signed; no password is needed';
  }
  const port = url.port === '' ? HTTPS_PORT : Number(url.port);
  if (port !== HTTPS_PORT && port < FIRST_FREE_PORT) {
    return `Expected port ${HTTPS_PORT}, or one from ${FIRST_FREE_PORT} on`;
  }
  return isOutside(url.hostname) ? undefined : 'Expected an address of the public internet';
}

/** Whether a URL goes to a program on this machine. */
export function isLoopbackUrl(url: URL): boolean {
  return url.protocol === 'http:' && url.hostname === '127.0.0.1' && url.username === '' && url.password === '';
}

/** A name may still lead inside: that is known when it is resolved. */
function isOutside(hostname: string): boolean {
  const address = hostname.replace(/^\[|\]$/g, '');
  return isIP(address) === 0 ? !/(^|\.)localhost\.?$/i.test(address) : isPublicAddress(address);
}
