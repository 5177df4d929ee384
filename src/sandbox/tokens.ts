// Access tokens for the Connector, given for the bot's id and secret as Entra ID gives them.

import { randomBytes } from 'node:crypto';
import type { Clock } from '../domain/clock.ts';
import type { Answer } from './exchange.ts';

const SCOPE = 'https://api.botframework.com/.default';

interface TokenOptions {
  readonly appId: string;
  readonly appSecret: string;
  readonly tokenLifetimeSeconds: number;
}

/** Tokens are opaque: nobody but the Connector may read them. */
export class Tokens {
  readonly #clock: Clock;
  readonly #options: TokenOptions;
  readonly #expiries = new Map<string, number>();

  constructor(clock: Clock, options: TokenOptions) {
    this.#clock = clock;
    this.#options = options;
  }

  /** A token for tests that do not ask for one over HTTP. */
  issue(): string {
    const token = randomBytes(48).toString('base64url');
    this.#forgetExpired();
    this.#expiries.set(token, this.#clock.nowMs() + this.#options.tokenLifetimeSeconds * 1_000);
    return token;
  }

  /** @param authorization the header as it came */
  isAuthorized(authorization: string | undefined): boolean {
    const token = /^Bearer (\S+)$/.exec(authorization ?? '')?.[1];
    const expiresAtMs = token === undefined ? undefined : this.#expiries.get(token);
    return expiresAtMs !== undefined && expiresAtMs > this.#clock.nowMs();
  }

  /** No token given so far is good any longer. */
  revokeAll(): void {
    this.#expiries.clear();
  }

  /** Answers a client credentials request; `form` is its body. */
  answer(form: URLSearchParams): Answer {
    if (form.get('grant_type') !== 'client_credentials') {
      return this.#refuse(400, 'unsupported_grant_type', 'Expected the grant type client_credentials.');
    }
    if (form.get('client_id') !== this.#options.appId) {
      const detail = 'AADSTS700016: Application with this identifier was not found in the directory.';
      return this.#refuse(400, 'unauthorized_client', detail);
    }
    if (form.get('client_secret') !== this.#options.appSecret) {
      return this.#refuse(401, 'invalid_client', 'AADSTS7000215: Invalid client secret provided.');
    }
    if (form.get('scope') !== SCOPE) {
      return this.#refuse(400, 'invalid_scope', `Expected the scope ${SCOPE}.`);
    }
    const seconds = this.#options.tokenLifetimeSeconds;
    return {
      status: 200,
      headers: { 'cache-control': 'no-store' },
      json: { token_type: 'Bearer', expires_in: seconds, ext_expires_in: seconds, access_token: this.issue() },
    };
  }

  #refuse(status: number, error: string, description: string): Answer {
    const codes = [...description.matchAll(/AADSTS(\d+)/g)].map((match) => Number(match[1]));
    const timestamp = new Date(this.#clock.nowMs()).toISOString();
    return { status, json: { error, error_description: description, error_codes: codes, timestamp } };
  }

  #forgetExpired(): void {
    for (const [token, expiresAtMs] of this.#expiries) {
      if (expiresAtMs > this.#clock.nowMs()) {
        return;
      }
      this.#expiries.delete(token);
    }
  }
}
