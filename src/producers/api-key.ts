// API keys: `bhp_<key id>_<secret><checksum>`; only a digest of the secret is ever stored.

import { createHash, timingSafeEqual } from 'node:crypto';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const ID_LENGTH = 12;
/** 43 characters of 62 are 256 bits; 160 are the least that is safe without a slow hash. */
const SECRET_LENGTH = 43;
const CHECKSUM_LENGTH = 6;
const FORM = new RegExp(
  `^bhp_([0-9A-Za-z]{${ID_LENGTH}})_([0-9A-Za-z]{${SECRET_LENGTH}})([0-9A-Za-z]{${CHECKSUM_LENGTH}})$`,
);

export interface NewApiKey {
  readonly keyId: string;
  /** Shown once, to whoever asked for the key. */
  readonly text: string;
  readonly secretSha256: Uint8Array;
}

/** What is left of a key that was presented: the secret itself is not kept. */
export interface PresentedApiKey {
  readonly keyId: string;
  readonly secretSha256: Uint8Array;
}

/** @param randomBytes a cryptographically secure source */
export function createApiKey(randomBytes: (size: number) => Uint8Array): NewApiKey {
  const keyId = randomText(ID_LENGTH, randomBytes);
  const secret = randomText(SECRET_LENGTH, randomBytes);
  return {
    keyId,
    text: `bhp_${keyId}_${secret}${checksum(`${keyId}_${secret}`)}`,
    secretSha256: sha256(secret),
  };
}

/** @returns undefined when the text cannot be a key of ours: a typing error is found without asking the store */
export function parseApiKey(text: string): PresentedApiKey | undefined {
  const [, keyId, secret, sum] = FORM.exec(text) ?? [];
  if (!keyId || !secret || sum !== checksum(`${keyId}_${secret}`)) {
    return undefined;
  }
  return { keyId, secretSha256: sha256(secret) };
}

/** Compares digests in constant time. */
export function isSameDigest(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && timingSafeEqual(left, right);
}

function sha256(text: string): Uint8Array {
  return createHash('sha256').update(text).digest();
}

function checksum(text: string): string {
  const digest = createHash('sha256').update(`bellhop ${text}`).digest();
  return Array.from(digest.subarray(0, CHECKSUM_LENGTH), (byte) => ALPHABET[byte % ALPHABET.length]).join('');
}

/** Bytes of 248 and more are thrown away: they would make the first letters of the alphabet likelier. */
function randomText(length: number, randomBytes: (size: number) => Uint8Array): string {
  const limit = 256 - (256 % ALPHABET.length);
  let text = '';
  while (text.length < length) {
    for (const byte of randomBytes(length)) {
      if (byte < limit && text.length < length) {
        text += ALPHABET[byte % ALPHABET.length];
      }
    }
  }
  return text;
}
