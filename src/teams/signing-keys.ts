// The keys that sign activities from Teams, kept at hand: a request waits for the network only for a key never seen.

import type { Cancel, Clock } from '../domain/clock.ts';
import { describeError, type Logger } from '../telemetry/logger.ts';
import { fetchSigningKeys, type SigningKey } from './openid-metadata.ts';

export interface SigningKeys {
  /** Fetches the keys and goes on doing so in the background. Settles after the first try, also when that failed. */
  start(): Promise<void>;
  /** Ends the background work and any fetch under way. Keys at hand stay usable. */
  stop(): Promise<void>;
  /** The key with this id; an unknown id may lead to one fetch. Never rejects. */
  find(kid: string): Promise<SigningKey | undefined>;
  /** Milliseconds since the keys were last fetched; Infinity when they never were. */
  ageMs(): number;
}

export interface SigningKeysDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Node's own when absent. */
  readonly fetch?: typeof globalThis.fetch;
}

const HOUR_MS = 3_600_000;

/** Both documents together. Requests with an unknown key wait this long at most. */
const FETCH_TIMEOUT_MS = 5_000;
const REFRESH_MS = 24 * HOUR_MS;
/** While fetching fails. */
const RETRY_MS = 30_000;
/** An unknown key id costs nothing to invent, so it leads to a fetch only this often. New keys work after it. */
const UNKNOWN_KEY_PAUSE_MS = 300_000;
/** Keys are replaced over weeks: trusting old ones for days is safer than refusing everything in an outage. */
const MAX_AGE_MS = 120 * HOUR_MS;

/** @param options.openIdMetadataUrl the document of the cloud whose Connector signs the activities */
export function createSigningKeys(deps: SigningKeysDeps, options: { readonly openIdMetadataUrl: string }): SigningKeys {
  return new FetchedSigningKeys(deps, options.openIdMetadataUrl);
}

class FetchedSigningKeys implements SigningKeys {
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #fetch: typeof globalThis.fetch;
  readonly #metadataUrl: string;
  readonly #stopping = new AbortController();
  #keys: ReadonlyMap<string, SigningKey> = new Map();
  #fetchedAtMs = -Infinity;
  #triedAtMs = -Infinity;
  #refreshing: Promise<void> | undefined;
  #isStarted = false;
  #cancelNext: Cancel = () => undefined;

  constructor({ clock, logger, fetch = globalThis.fetch }: SigningKeysDeps, metadataUrl: string) {
    this.#clock = clock;
    this.#logger = logger;
    this.#fetch = fetch;
    this.#metadataUrl = metadataUrl;
  }

  async start(): Promise<void> {
    this.#isStarted = true;
    await this.#refresh();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#cancelNext();
    await this.#refreshing;
  }

  async find(kid: string): Promise<SigningKey | undefined> {
    const key = this.#usableKey(kid);
    if (key) {
      return key;
    }
    if (this.#refreshing || this.#clock.nowMs() - this.#triedAtMs >= UNKNOWN_KEY_PAUSE_MS) {
      await this.#refresh();
    }
    return this.#usableKey(kid);
  }

  ageMs(): number {
    return this.#clock.nowMs() - this.#fetchedAtMs;
  }

  #usableKey(kid: string): SigningKey | undefined {
    return this.ageMs() <= MAX_AGE_MS ? this.#keys.get(kid) : undefined;
  }

  /** However many ask at once, one fetch answers them all. */
  #refresh(): Promise<void> {
    this.#refreshing ??= this.#fetchOnce().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  async #fetchOnce(): Promise<void> {
    if (this.#stopping.signal.aborted) {
      return;
    }
    this.#triedAtMs = this.#clock.nowMs();
    const timeout = new AbortController();
    const cancelTimeout = this.#clock.after(FETCH_TIMEOUT_MS, () => timeout.abort());
    const signal = AbortSignal.any([timeout.signal, this.#stopping.signal]);
    const answer = await fetchSigningKeys(this.#fetch, this.#metadataUrl, signal);
    cancelTimeout();
    if (answer.kind === 'keys') {
      this.#keys = answer.keys;
      this.#fetchedAtMs = this.#clock.nowMs();
      this.#logger.info({ keys: answer.keys.size }, 'signing keys fetched');
    } else if (!this.#stopping.signal.aborted) {
      const error = answer.error === undefined ? undefined : describeError(answer.error);
      this.#logger.warn({ reason: answer.reason, ageMs: this.ageMs(), error }, 'signing keys not fetched');
    }
    this.#fetchAgainAfter(answer.kind === 'keys' ? REFRESH_MS : RETRY_MS);
  }

  #fetchAgainAfter(delayMs: number): void {
    this.#cancelNext();
    if (this.#isStarted && !this.#stopping.signal.aborted) {
      this.#cancelNext = this.#clock.after(delayMs, () => void this.#refresh());
    }
  }
}
