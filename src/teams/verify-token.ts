// Whether a request comes from the Bot Connector: the token in its `Authorization` header.

import { decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import type { Clock } from '../domain/clock.ts';
import type { SigningKeys } from './signing-keys.ts';

export interface TokenExpectation {
  /** The audience of the token. */
  readonly appId: string;
  /** `https://api.botframework.com`, or that of another cloud. */
  readonly issuer: string;
}

/** What a genuine token says. */
export interface VerifiedToken {
  /** The one Connector address that the activity may name. */
  readonly serviceUrl: string;
}

/** The only scheme and form; the word in another case is not accepted. */
const BEARER = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/;

const ALGORITHM = 'RS256';
/** The Bot Framework channel that the key must be endorsed for. */
const CHANNEL = 'msteams';
/** For `exp` and `nbf`. */
const CLOCK_SKEW_SECONDS = 300;

/**
 * Checks a token of the Bot Connector. Cheap tests come first, so that a token which cannot be genuine never leads to
 * a key look-up. Keys come from the pinned metadata alone, whatever the token's header recommends. Never rejects.
 *
 * @returns undefined for every token that is not to be trusted, whatever the reason
 * @see https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication
 */
export async function verifyToken(
  deps: { readonly keys: Pick<SigningKeys, 'find'>; readonly clock: Clock },
  expectation: TokenExpectation,
  authorization: string | undefined,
): Promise<VerifiedToken | undefined> {
  const token = BEARER.exec(authorization ?? '')?.[1];
  const kid = token && readKeyId(token, expectation);
  const key = kid ? await deps.keys.find(kid) : undefined;
  if (!token || !key?.endorsements.includes(CHANNEL)) {
    return undefined;
  }
  try {
    const { payload } = await jwtVerify(token, key.jwk, {
      algorithms: [ALGORITHM],
      issuer: expectation.issuer,
      audience: expectation.appId,
      requiredClaims: ['exp'],
      clockTolerance: CLOCK_SKEW_SECONDS,
      currentDate: new Date(deps.clock.nowMs()),
    });
    return typeof payload['serviceurl'] === 'string' ? { serviceUrl: payload['serviceurl'] } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The id of the key that should have signed, when the token is at least written for us by the right issuer. The
 * claims are read before the signature is checked, and are the same bytes that it covers.
 */
function readKeyId(token: string, { appId, issuer }: TokenExpectation): string | undefined {
  try {
    const { alg, kid } = decodeProtectedHeader(token);
    const { iss, aud } = decodeJwt(token);
    return alg === ALGORITHM && iss === issuer && aud === appId && typeof kid === 'string' ? kid : undefined;
  } catch {
    return undefined;
  }
}
