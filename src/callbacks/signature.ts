// Signing as Standard Webhooks says, so that receivers can verify with any of its libraries. Pure.

import { createHmac } from 'node:crypto';

const SECRET_PREFIX = 'whsec_';
const SECRET_BYTES = 32;

/** Exactly what is signed. */
export interface SignedMessage {
  /** `webhook-id`: the same at every attempt, so that a receiver knows what it has seen. */
  readonly id: string;
  /** `webhook-timestamp`: whole seconds of the attempt. */
  readonly timestampS: number;
  readonly body: string;
}

/** A new secret: `whsec_` and the base64 of 32 random bytes. */
export function createSecret(randomBytes: (size: number) => Uint8Array): string {
  return `${SECRET_PREFIX}${Buffer.from(randomBytes(SECRET_BYTES)).toString('base64')}`;
}

/**
 * The value of `webhook-signature`: one signature for each secret, with a blank between them.
 *
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function signMessage({ id, timestampS, body }: SignedMessage, secrets: readonly string[]): string {
  return secrets
    .map((secret) => {
      const key = Buffer.from(secret.slice(SECRET_PREFIX.length), 'base64');
      return `v1,${createHmac('sha256', key).update(`${id}.${timestampS}.${body}`, 'utf8').digest('base64')}`;
    })
    .join(' ');
}
