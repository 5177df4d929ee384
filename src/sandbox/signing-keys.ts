// The keys with which the sandbox signs activities, and the OpenID documents by which a bot finds them.

import { generateKeyPair, type KeyObject, randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { type JWTHeaderParameters, SignJWT, UnsecuredJWT } from 'jose';
import type { Clock } from '../domain/clock.ts';

export const BOT_FRAMEWORK_ISSUER = 'https://api.botframework.com';

const TOKEN_LIFETIME_SECONDS = 3_600;

/** Claims of a token; those of undefined are left out. */
export type TokenClaims = Readonly<Record<string, unknown>>;

/** Ways in which a test can forge a token. */
export interface TokenOverrides {
  /** `HS256` uses the public key as the secret; `none` leaves the signature out. */
  readonly alg?: 'RS256' | 'PS256' | 'HS256' | 'none';
  /** Another key id, or undefined for none at all. */
  readonly kid?: string | undefined;
  /** Sign with a key that is in no key set. */
  readonly isForeignKey?: boolean;
  /** More header parameters, such as `jku`. */
  readonly header?: Readonly<Record<string, unknown>>;
}

interface KeyPair {
  readonly kid: string;
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

const generateRsaKeyPair = promisify(generateKeyPair);

async function createKeyPair(): Promise<KeyPair> {
  return { kid: randomUUID(), ...(await generateRsaKeyPair('rsa', { modulusLength: 2_048 })) };
}

/** One key at a time, made at the start. */
export class SigningKeys {
  readonly #clock: Clock;
  #pair: KeyPair;

  private constructor(clock: Clock, pair: KeyPair) {
    this.#clock = clock;
    this.#pair = pair;
  }

  static async create(clock: Clock): Promise<SigningKeys> {
    return new SigningKeys(clock, await createKeyPair());
  }

  get kid(): string {
    return this.#pair.kid;
  }

  /** A new key takes the place of the old one, in the key set too. */
  async roll(): Promise<void> {
    this.#pair = await createKeyPair();
  }

  /** The key set, as `jwks_uri` answers it. */
  keySet(): { readonly keys: readonly Readonly<Record<string, unknown>>[] } {
    const jwk = this.#pair.publicKey.export({ format: 'jwk' });
    return { keys: [{ ...jwk, use: 'sig', alg: 'RS256', kid: this.#pair.kid, endorsements: ['msteams'] }] };
  }

  /** @param claims beside issuer and life time; a claim that is undefined is left out, also one of those */
  async sign(claims: TokenClaims, overrides: TokenOverrides = {}): Promise<string> {
    const now = Math.floor(this.#clock.nowMs() / 1_000);
    const payload = { iss: BOT_FRAMEWORK_ISSUER, nbf: now, exp: now + TOKEN_LIFETIME_SECONDS, ...claims };
    const alg = overrides.alg ?? 'RS256';
    if (alg === 'none') {
      return new UnsecuredJWT(payload).encode();
    }
    const pair = overrides.isForeignKey ? await createKeyPair() : this.#pair;
    const kid = 'kid' in overrides ? overrides.kid : this.#pair.kid;
    const header: JWTHeaderParameters = { typ: 'JWT', alg, ...(kid !== undefined && { kid }), ...overrides.header };
    return new SignJWT(payload).setProtectedHeader(header).sign(alg === 'HS256' ? publicBytes(pair) : pair.privateKey);
  }
}

function publicBytes(pair: KeyPair): Uint8Array {
  return Buffer.from(pair.publicKey.export({ format: 'pem', type: 'spki' }));
}
