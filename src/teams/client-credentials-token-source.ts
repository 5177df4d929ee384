// Access tokens by a plain OAuth 2.0 client credentials request, for a stand-in of Entra ID.

import type { Clock } from '../domain/clock.ts';
import { createExchanger, EXCHANGE_LIMITS, type Exchange } from '../network/http-exchange.ts';
import type { TokenAnswer, TokenSource } from './access-token.ts';
import { readJsonObject } from './json-object.ts';

/** Where to ask, and as whom. */
export interface ClientCredentials {
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope: string;
}

/** A source that keeps a connection. */
export interface ClosableTokenSource extends TokenSource {
  close(): Promise<void>;
}

/**
 * A source for local stand-ins and other identity providers than Entra ID.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749#section-4.4
 */
export function createClientCredentialsTokenSource(
  deps: { readonly clock: Clock },
  credentials: ClientCredentials,
): ClosableTokenSource {
  const url = new URL(credentials.tokenUrl);
  const exchanger = createExchanger(deps, { maxConnections: 1, isPublicOnly: false, limits: EXCHANGE_LIMITS });
  return {
    async requestToken(signal) {
      const exchange = await exchanger.exchange({
        origin: url.origin,
        path: url.pathname + url.search,
        method: 'POST',
        headers: ['content-type', 'application/x-www-form-urlencoded', 'accept', 'application/json'],
        body: formOf(credentials),
        signal,
      });
      return readTokenAnswer(exchange, deps.clock.nowMs());
    },
    close: () => exchanger.close(),
  };
}

function formOf({ clientId, clientSecret, scope }: ClientCredentials): string {
  return new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
    scope,
  }).toString();
}

function readTokenAnswer(exchange: Exchange, nowMs: number): TokenAnswer {
  if (exchange.kind === 'failure') {
    return { kind: 'unavailable', reason: 'unreachable' };
  }
  const { access_token: token, expires_in: expiresInSeconds, error } = readJsonObject(exchange.body);
  if (exchange.status === 200 && typeof token === 'string' && typeof expiresInSeconds === 'number') {
    return { kind: 'issued', token, expiresAtMs: nowMs + expiresInSeconds * 1_000 };
  }
  if (exchange.status === 400 || exchange.status === 401) {
    return { kind: 'refused', reason: oauthErrorCode(error) };
  }
  return { kind: 'unavailable', reason: `http_${exchange.status}` };
}

/** An OAuth error code such as `invalid_client`; never the free text beside it. */
export function oauthErrorCode(value: unknown): string {
  return typeof value === 'string' && /^[a-z_]{1,64}$/.test(value) ? value : 'unknown';
}
