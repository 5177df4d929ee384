// Who is who: the token endpoint, the OpenID metadata and the key set, with the faults they may have.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../domain/clock.ts';
import { type Answer, readBody, sendAnswer } from './exchange.ts';
import { answerWithFault } from './fault-answers.ts';
import type { Faults, FaultTarget } from './faults.ts';
import { BOT_FRAMEWORK_ISSUER, type SigningKeys } from './signing-keys.ts';
import type { Tokens } from './tokens.ts';

/** What tokens are made of. */
export interface IdentityDeps {
  readonly clock: Clock;
  readonly faults: Faults;
  readonly keys: SigningKeys;
  readonly tokens: Tokens;
}

export const METADATA_PATH = '/.well-known/openidconfiguration';
export const KEYS_PATH = '/.well-known/keys';
export const TOKEN_PATH = '/oauth2/v2.0/token';

const MAX_FORM_BYTES = 16_384;

const TARGETS: Readonly<Record<string, { readonly target: FaultTarget; readonly method: string }>> = {
  [METADATA_PATH]: { target: 'metadata', method: 'GET' },
  [KEYS_PATH]: { target: 'keys', method: 'GET' },
  [TOKEN_PATH]: { target: 'token', method: 'POST' },
};

/** Answers the three paths above. */
export class Identity {
  readonly #deps: IdentityDeps;
  readonly #url: string;
  readonly #counts = { metadata: 0, keys: 0, token: 0 };

  constructor(deps: IdentityDeps, url: string) {
    this.#deps = deps;
    this.#url = url;
  }

  /** Requests received so far, by what they asked for. */
  get counts(): Readonly<Record<'metadata' | 'keys' | 'token', number>> {
    return { ...this.#counts };
  }

  static hasPath(path: string): boolean {
    return Object.hasOwn(TARGETS, path);
  }

  async handle(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const place = TARGETS[path];
    if (!place || place.target === 'connector' || request.method !== place.method) {
      sendAnswer(response, { status: 405, headers: { allow: place?.method ?? 'GET' }, text: '' });
      return;
    }
    this.#counts[place.target]++;
    const body = await readBody(request, MAX_FORM_BYTES);
    const fault = this.#deps.faults.take({ target: place.target });
    const proper = fault && !fault.isCarriedOut ? { status: 200, json: {} } : this.#answer(place.target, body);
    if (fault) {
      answerWithFault({ clock: this.#deps.clock, response }, fault.answer, proper);
      return;
    }
    sendAnswer(response, proper);
  }

  #answer(target: 'metadata' | 'keys' | 'token', body: Buffer | undefined): Answer {
    switch (target) {
      case 'metadata':
        return {
          status: 200,
          json: {
            issuer: BOT_FRAMEWORK_ISSUER,
            jwks_uri: `${this.#url}${KEYS_PATH}`,
            id_token_signing_alg_values_supported: ['RS256'],
          },
        };
      case 'keys':
        return { status: 200, json: this.#deps.keys.keySet() };
      case 'token':
        return this.#deps.tokens.answer(new URLSearchParams(body?.toString()));
    }
  }
}
