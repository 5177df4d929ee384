// Verifying what is signed as Standard Webhooks says, over the raw bytes. Pure.

import { createHmac } from 'node:crypto';
import { isSameText } from '../domain/same-text.ts';

/** What of a request is verified; a header that came several times counts as absent. */
export interface SignedRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

const SECRET = /^whsec_([A-Za-z0-9+/]+={0,2})$/;
const MIN_SECRET_BYTES = 24;
const MAX_SECRET_BYTES = 64;
const MAX_ID_LENGTH = 255;
/** Of a list that may be as long as a header. */
const MAX_SIGNATURES = 10;
/** How far the clocks of sender and receiver may be apart. */
const TOLERANCE_S = 300;

/** @returns undefined when it is not `whsec_` and the base64 of 24 to 64 bytes */
export function parseStandardSecret(secret: string): Uint8Array | undefined {
  const base64 = SECRET.exec(secret)?.[1];
  const bytes = base64 === undefined ? undefined : Buffer.from(base64, 'base64');
  return bytes && bytes.length >= MIN_SECRET_BYTES && bytes.length <= MAX_SECRET_BYTES ? bytes : undefined;
}

/**
 * Whether one of the `v1` signatures was made with one of the secrets, within five minutes of now.
 *
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function isStandardSigned({ headers, body }: SignedRequest, secrets: readonly string[], nowMs: number): boolean {
  const { 'webhook-id': id = '', 'webhook-timestamp': timestamp = '', 'webhook-signature': signature = '' } = headers;
  const isRecent =
    /^\d{1,12}$/.test(timestamp) && Math.abs(Math.floor(nowMs / 1_000) - Number(timestamp)) <= TOLERANCE_S;
  if (id === '' || id.length > MAX_ID_LENGTH || !isRecent) {
    return false;
  }
  const presented = signature
    .split(' ', MAX_SIGNATURES)
    .filter((one) => one.startsWith('v1,'))
    .map((one) => one.slice('v1,'.length));
  const made = secrets.flatMap((secret) => {
    const key = parseStandardSecret(secret);
    return key ? createHmac('sha256', key).update(`${id}.${timestamp}.`, 'utf8').update(body).digest('base64') : [];
  });
  return made.some((right) => presented.some((one) => isSameText(one, right)));
}
