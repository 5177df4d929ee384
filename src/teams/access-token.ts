// The bot's access token for the Connector: asked for once, shared by everybody, renewed before it ends, never on disk.

import type { Cancel, Clock } from '../domain/clock.ts';
import { AppError } from '../domain/errors.ts';
import { describeError, type Logger } from '../telemetry/logger.ts';

/**
 * What an identity provider answered. `refused`: it knows the request and will not grant it (wrong id, tenant or
 * secret). `unavailable`: it could not be asked. `reason` is a code that is safe to log, never a secret.
 */
export type TokenAnswer =
  | { readonly kind: 'issued'; readonly token: string; readonly expiresAtMs: number }
  | { readonly kind: 'refused' | 'unavailable'; readonly reason: string };

/** An identity provider. */
export interface TokenSource {
  /** Asks the identity provider, never a cache. */
  requestToken(signal: AbortSignal): Promise<TokenAnswer>;
}

/** The token of the bot, shared by all who send. */
export interface AccessTokens {
  /**
   * A token that is still valid. Callers at the same time share one request.
   * @throws AppError `token_unavailable`, with `retryAfterMs`
   */
  get(): Promise<string>;
  /** The Connector refused this token (401): the next `get` asks for another one, unless that was done just now. */
  invalidate(token: string): void;
  /** Stops renewing. */
  close(): void;
}

/** Settings of `createAccessTokens`. */
export interface AccessTokenOptions {
  /** For one request to the identity provider. */
  readonly timeoutMs?: number;
}

const DEFAULT_TIMEOUT_MS = 10_000;
/** A token is renewed in the background when this part of its life is over. */
const RENEW_AT = 0.8;
/** A token is not used in its last seconds: the request must still arrive with it. */
const MARGIN_MS = 60_000;
/** Wrong credentials do not mend themselves, and asking often may lock the app out. */
const REFUSED_PAUSE_MS = 60_000;
const FIRST_PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 15_000;
/** What may stand in an HTTP header. */
const TOKEN_PATTERN = /^[\x21-\x7e]{1,16384}$/;

/** What the token stands on. */
export interface AccessTokenDeps {
  readonly source: TokenSource;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * One token at a time, renewed at 80 % of its life while the old one still serves. After a failure nothing is asked for
 * 1 to 15 s, after a refusal for a minute. Close it to stop the renewal.
 */
export function createAccessTokens(deps: AccessTokenDeps, options: AccessTokenOptions = {}): AccessTokens {
  return new CachedTokens(deps, options.timeoutMs ?? DEFAULT_TIMEOUT_MS);
}

class CachedTokens implements AccessTokens {
  readonly #deps: AccessTokenDeps;
  readonly #timeoutMs: number;
  #current: { readonly token: string; readonly usableUntilMs: number } | undefined;
  #pending: Promise<void> | undefined;
  #cancelRenewal: Cancel = () => undefined;
  #failures = 0;
  #pausedUntilMs = Number.NEGATIVE_INFINITY;
  #forcedAtMs = Number.NEGATIVE_INFINITY;
  #isClosed = false;

  constructor(deps: AccessTokenDeps, timeoutMs: number) {
    this.#deps = deps;
    this.#timeoutMs = timeoutMs;
  }

  async get(): Promise<string> {
    const known = this.#usable();
    if (known !== undefined) {
      return known;
    }
    if (!this.#isPaused()) {
      await this.#renew();
    }
    const fresh = this.#usable();
    if (fresh === undefined) {
      throw this.#unavailable();
    }
    return fresh;
  }

  invalidate(token: string): void {
    if (this.#current?.token !== token) {
      return;
    }
    this.#current = undefined;
    this.#cancelRenewal();
    const nowMs = this.#deps.clock.nowMs();
    if (nowMs - this.#forcedAtMs < REFUSED_PAUSE_MS) {
      // A token that was asked for because of a 401 got a 401 too: one more would not help.
      this.#pausedUntilMs = nowMs + REFUSED_PAUSE_MS;
      this.#deps.logger.error({ pauseMs: REFUSED_PAUSE_MS }, 'the Connector refuses fresh tokens');
      return;
    }
    this.#forcedAtMs = nowMs;
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelRenewal();
  }

  #usable(): string | undefined {
    const current = this.#current;
    return current && this.#deps.clock.nowMs() < current.usableUntilMs ? current.token : undefined;
  }

  /** A pause further away than the longest one was planned before the clock was set back. */
  #isPaused(): boolean {
    const leftMs = this.#pausedUntilMs - this.#deps.clock.nowMs();
    return leftMs > 0 && leftMs <= REFUSED_PAUSE_MS;
  }

  #renew(): Promise<void> {
    this.#pending ??= this.#request().finally(() => {
      this.#pending = undefined;
    });
    return this.#pending;
  }

  async #request(): Promise<void> {
    const answer = await this.#ask();
    if (answer.kind === 'issued') {
      this.#accept(answer.token, answer.expiresAtMs);
      return;
    }
    this.#failures += 1;
    const pauseMs =
      answer.kind === 'refused'
        ? REFUSED_PAUSE_MS
        : Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(this.#failures - 1, 10));
    this.#pausedUntilMs = this.#deps.clock.nowMs() + pauseMs;
    this.#deps.logger.error({ result: answer.kind, reason: answer.reason, pauseMs }, 'no access token');
    if (this.#usable() !== undefined) {
      this.#renewAfter(pauseMs);
    }
  }

  #accept(token: string, expiresAtMs: number): void {
    const nowMs = this.#deps.clock.nowMs();
    const lifeMs = expiresAtMs - nowMs;
    this.#failures = 0;
    this.#current = { token, usableUntilMs: expiresAtMs - Math.min(MARGIN_MS, lifeMs * (1 - RENEW_AT)) };
    this.#renewAfter(lifeMs * RENEW_AT);
  }

  #renewAfter(delayMs: number): void {
    this.#cancelRenewal();
    if (!this.#isClosed) {
      this.#cancelRenewal = this.#deps.clock.after(delayMs, () => void this.#renew());
    }
  }

  /** Whatever the source does, there is an answer within the time-out. */
  async #ask(): Promise<TokenAnswer> {
    const { source, clock, logger } = this.#deps;
    const controller = new AbortController();
    const timedOut = Promise.withResolvers<TokenAnswer>();
    const cancelTimer = clock.after(this.#timeoutMs, () => {
      timedOut.resolve({ kind: 'unavailable', reason: 'timeout' });
      controller.abort();
    });
    try {
      const answer = await Promise.race([source.requestToken(controller.signal), timedOut.promise]);
      return checked(answer, clock.nowMs());
    } catch (error) {
      const { name, code } = describeError(error);
      logger.debug({ name, code }, 'token source failed');
      return { kind: 'unavailable', reason: 'failed' };
    } finally {
      cancelTimer();
    }
  }

  #unavailable(): AppError {
    const waitMs = Math.max(FIRST_PAUSE_MS, this.#pausedUntilMs - this.#deps.clock.nowMs());
    return new AppError('token_unavailable', 'Expected an access token from Entra ID, got none; see the log', {
      retryAfterMs: waitMs,
    });
  }
}

function checked(answer: TokenAnswer, nowMs: number): TokenAnswer {
  if (answer.kind !== 'issued') {
    return answer;
  }
  const isUsable = TOKEN_PATTERN.test(answer.token) && answer.expiresAtMs > nowMs;
  return isUsable ? answer : { kind: 'unavailable', reason: 'unusable_token' };
}
