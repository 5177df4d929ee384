// Who may use the API, and how often: told from the head of a request alone.

import type { Clock } from '../domain/clock.ts';
import { AppError } from '../domain/errors.ts';
import type { Grant, Scope } from '../producers/grant.ts';
import { networkOf } from './client-address.ts';
import type { Exchange } from './exchange.ts';
import { hasBearerToken, isForwarded, readAuthorization } from './request-head.ts';
import { createTokenBuckets } from './token-buckets.ts';

export interface GuardDependencies {
  readonly clock: Clock;
  /** The grant of an API key; undefined for every key that does not count, whatever the reason. */
  authenticate(authorization: string | undefined): Promise<Grant | undefined>;
}

export interface GuardOptions {
  /** The pace of one API key, requests a second, and how many it may send at once. */
  readonly keyRatePerSecond: number;
  readonly keyBurst: number;
  /** Failed authentications from one address before it has to wait. */
  readonly failuresPerMinute: number;
  /** Opens the metrics to readers who are not on this machine. */
  readonly metricsToken?: string | undefined;
}

export interface Guard {
  /**
   * Lets a producer in that has one of these scopes, and spends one request of its pace. Notes the key for the log.
   * @throws AppError `rate_limited`, `unauthenticated`, `forbidden`
   */
  admitProducer(exchange: Exchange, scopes: readonly Scope[]): Promise<Grant>;
  /**
   * The error for somebody who is not the sender of a hook; of another kind once an address has failed too often.
   */
  refuseSender(exchange: Exchange): AppError;
  /**
   * Lets a reader of the metrics in: a process of this machine, or the holder of the metrics token.
   * @throws AppError `rate_limited`, `unauthenticated`
   */
  admitMetricsReader(exchange: Exchange): void;
}

/** Builds the guard; its throttles live as long as it does. */
export function createGuard(deps: GuardDependencies, options: GuardOptions): Guard {
  const { clock } = deps;
  const { keyRatePerSecond, keyBurst, metricsToken } = options;
  const guesses = createGuessThrottle(clock, options.failuresPerMinute);
  const keys = createTokenBuckets({ clock }, { capacity: keyBurst, tokensPerSecond: keyRatePerSecond });
  return {
    async admitProducer(exchange, scopes) {
      const grant = await deps.authenticate(readAuthorization(exchange.request));
      if (!grant) {
        throw guesses.refuse(exchange);
      }
      exchange.keyId = grant.keyId;
      if (!scopes.some((scope) => grant.scopes.includes(scope))) {
        throw new AppError('forbidden', `Expected a key with the scope ${scopes.join(' or ')}.`);
      }
      const retryAfterMs = keys.take(grant.keyId);
      if (retryAfterMs > 0) {
        throw new AppError('rate_limited', 'This key has sent too many requests.', { retryAfterMs });
      }
      return grant;
    },
    refuseSender: (exchange) =>
      guesses.refuse(exchange, 'Expected the secret of this hook, or a signature made with it.'),
    admitMetricsReader(exchange) {
      const isKnown = metricsToken !== undefined && hasBearerToken(exchange.request, metricsToken);
      if (!isLocal(exchange) && !isKnown) {
        throw guesses.refuse(exchange);
      }
    },
  };
}

interface GuessThrottle {
  /**
   * The error for a failed authentication: the same for every reason, and another one for an address that fails too
   * often. A right key is never throttled here: behind one proxy, a stranger's guesses must not lock everybody out.
   */
  refuse(exchange: Exchange, expected?: string): AppError;
}

const EXPECTED_KEY = 'Expected the header `Authorization: Bearer <key>` with a valid key.';

function createGuessThrottle(clock: Clock, failuresPerMinute: number): GuessThrottle {
  const options = { capacity: failuresPerMinute, tokensPerSecond: failuresPerMinute / 60 };
  const failures = createTokenBuckets({ clock }, options);
  return {
    refuse({ clientAddress }, expected = EXPECTED_KEY) {
      const retryAfterMs = failures.take(networkOf(clientAddress));
      return retryAfterMs > 0
        ? new AppError('rate_limited', 'Too many failed authentications from this address.', { retryAfterMs })
        : new AppError('unauthenticated', expected);
    },
  };
}

/** The peer itself counts here, not the client address: a proxy on this machine speaks for somebody else. */
function isLocal({ request }: Exchange): boolean {
  const peer = request.socket.remoteAddress ?? '';
  return /^(?:::ffff:)?127\.|^::1$/.test(peer) && !isForwarded(request);
}
