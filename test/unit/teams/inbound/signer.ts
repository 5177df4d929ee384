// Signs tokens as the Bot Connector does, and wrongly on request.

import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose';
import type { Clock } from '../../../../src/domain/clock.ts';
import type { SigningKey } from '../../../../src/teams/openid-metadata.ts';
import { APP_ID, SERVICE_URL } from './activities.ts';

export const ISSUER = 'https://api.botframework.com';

/** Parts of a token; undefined takes one away. */
export type TokenParts = Readonly<Record<string, unknown>>;

export class Signer {
  readonly kid: string;
  readonly publicKey: KeyObject;
  /** The public key, as Bellhop keeps it. */
  readonly key: SigningKey;
  readonly #privateKey: KeyObject;
  readonly #clock: Clock;

  constructor(clock: Clock, kid: string, endorsements: readonly string[] = ['msteams']) {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
    const { n = '', e = '' } = publicKey.export({ format: 'jwk' });
    this.kid = kid;
    this.publicKey = publicKey;
    this.key = { jwk: { kty: 'RSA', n, e }, endorsements };
    this.#privateKey = privateKey;
    this.#clock = clock;
  }

  /** The entry in the key set of the metadata. */
  get entry(): Readonly<Record<string, unknown>> {
    return { ...this.key.jwk, use: 'sig', kid: this.kid, endorsements: this.key.endorsements };
  }

  get nowSeconds(): number {
    return Math.floor(this.#clock.nowMs() / 1_000);
  }

  /** The `Authorization` header of a genuine request, parts of it replaced. */
  authorize(claims: TokenParts = {}, header: TokenParts = {}): Promise<string> {
    return this.authorizeWith(this.#privateKey, claims, header);
  }

  /** The same, signed with a key of the caller's. */
  async authorizeWith(key: KeyObject | Uint8Array, claims: TokenParts = {}, header: TokenParts = {}): Promise<string> {
    const protectedHeader: JWTHeaderParameters = { alg: 'RS256', kid: this.kid, ...header };
    return `Bearer ${await new SignJWT(this.claims(claims)).setProtectedHeader(protectedHeader).sign(key)}`;
  }

  claims(replaced: TokenParts = {}): JWTPayload {
    const now = this.nowSeconds;
    const claims = { iss: ISSUER, aud: APP_ID, serviceurl: SERVICE_URL, nbf: now, exp: now + 3_600, ...replaced };
    return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));
  }
}
