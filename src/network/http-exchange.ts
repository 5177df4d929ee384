// One HTTP request and its bounded answer: never repeated, never redirected, never longer than its limits.

import { lookup } from 'node:dns';
import { isIP } from 'node:net';
import { Agent, buildConnector, type Dispatcher } from 'undici';
import type { Cancel, Clock } from '../domain/clock.ts';
import { createPublicLookup, isPublicAddress, type ResolveAll } from '../domain/public-address.ts';

/** How long and how big an exchange may be. */
export interface ExchangeLimits {
  readonly connectTimeoutMs: number;
  /** From the request written to the head of the answer. */
  readonly firstByteTimeoutMs: number;
  /** Everything, the wait for a free connection included. */
  readonly totalTimeoutMs: number;
  readonly maxResponseBytes: number;
}

export const EXCHANGE_LIMITS: ExchangeLimits = {
  connectTimeoutMs: 3_000,
  firstByteTimeoutMs: 15_000,
  totalTimeoutMs: 30_000,
  maxResponseBytes: 64 * 1024,
};

/** What an exchanger stands on. */
export interface ExchangeDeps {
  readonly clock: Clock;
  /** Finds the addresses of a name; the system's resolver when absent. */
  readonly resolve?: ResolveAll;
}

/** Settings of `createExchanger`. */
export interface ExchangeOptions {
  /** Connections to one origin, kept alive between requests. */
  readonly maxConnections: number;
  /** Connect to addresses of the public internet only, whether they stand in the URL or come from DNS. */
  readonly isPublicOnly: boolean;
  readonly limits: ExchangeLimits;
}

/** One request. */
export interface ExchangeRequest {
  readonly origin: string;
  /** Path and query, already encoded. */
  readonly path: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Names and values in turn. */
  readonly headers: string[];
  readonly body?: string | Uint8Array;
  readonly signal?: AbortSignal;
  /** For an answer that may be larger than those of others. */
  readonly maxResponseBytes?: number;
}

export type ResponseHeaders = Readonly<Record<string, string | string[] | undefined>>;

/**
 * What came of the request. `response`: a head arrived; `body` is there only if it arrived whole and within its limit.
 * `failure`: no head arrived; when `isWritten` is false, not one byte of the request left this machine.
 */
export type Exchange =
  | {
      readonly kind: 'response';
      readonly status: number;
      readonly headers: ResponseHeaders;
      readonly body?: string;
      readonly isTruncated: boolean;
    }
  | { readonly kind: 'failure'; readonly isWritten: boolean; readonly code: string };

/** Makes requests over kept connections. */
export interface Exchanger {
  /** Never rejects. */
  exchange(request: ExchangeRequest): Promise<Exchange>;
  /** Ends running requests and closes every connection. */
  close(): Promise<void>;
}

/** A connection that idled longer is not used again: its other end may be about to close it. */
const KEEP_ALIVE_MS = 10_000;

/**
 * Speaks HTTP/1.1 on undici's dispatcher, without its streams: that costs half of the CPU of `request()`, and the
 * dispatcher alone can tell whether a request was written before it failed.
 */
export function createExchanger(deps: ExchangeDeps, options: ExchangeOptions): Exchanger {
  const { limits } = options;
  const agent = new Agent({
    connections: options.maxConnections,
    pipelining: 1,
    allowH2: false,
    connect: createConnect(options, deps.resolve ?? lookup),
    headersTimeout: limits.firstByteTimeoutMs,
    bodyTimeout: limits.totalTimeoutMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MS,
  });
  return {
    exchange(request) {
      const running = new RunningExchange(request.maxResponseBytes ?? limits.maxResponseBytes);
      running.limit(deps.clock, limits.totalTimeoutMs, request.signal);
      const { origin, path, method, headers, body } = request;
      agent.dispatch({ origin, path, method, headers, body: body ?? null }, running);
      return running.result;
    },
    close: () => agent.destroy(),
  };
}

/** A socket asks its lookup for names only: an address that stands in the URL is looked at here. */
function createConnect({ limits, isPublicOnly }: ExchangeOptions, resolve: ResolveAll): buildConnector.connector {
  const timeout = limits.connectTimeoutMs;
  if (!isPublicOnly) {
    return buildConnector({ timeout, allowH2: false });
  }
  const connect = buildConnector({ timeout, allowH2: false, lookup: createPublicLookup(resolve) });
  return (target, callback) => {
    const address = target.hostname.replace(/^\[|\]$/g, '');
    if (isIP(address) !== 0 && !isPublicAddress(address)) {
      callback(Object.assign(new Error('The address is not a public one'), { code: 'EACCES' }), null);
      return;
    }
    connect(target, callback);
  };
}

/** The dispatcher tells it what happens; it tells the caller once what came of it. */
class RunningExchange implements Dispatcher.DispatchHandler {
  readonly #maxBytes: number;
  readonly #settled = Promise.withResolvers<Exchange>();
  readonly #chunks: Buffer[] = [];
  #byteCount = 0;
  #head: { readonly status: number; readonly headers: ResponseHeaders } | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #isSettled = false;
  #release: Cancel = () => undefined;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get result(): Promise<Exchange> {
    return this.#settled.promise;
  }

  limit(clock: Clock, totalTimeoutMs: number, signal: AbortSignal | undefined): void {
    const cancelTimer = clock.after(totalTimeoutMs, () => this.#stop('TOTAL_TIMEOUT'));
    const abort = (): void => this.#stop('ABORTED');
    signal?.addEventListener('abort', abort, { once: true });
    this.#release = () => {
      cancelTimer();
      signal?.removeEventListener('abort', abort);
    };
    if (signal?.aborted) {
      abort();
    }
  }

  /** Comes right before the first byte is written. */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#isSettled) {
      controller.abort(new Error('too late'));
      return;
    }
    this.#controller = controller;
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: ResponseHeaders): void {
    // 1xx heads announce the real one.
    if (status >= 200) {
      this.#head = { status, headers };
    }
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#byteCount += chunk.length;
    if (this.#byteCount > this.#maxBytes) {
      this.#finish('TOO_LONG', false);
      this.#controller?.abort(new Error('answer too long'));
      return;
    }
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    const [first] = this.#chunks;
    const bytes = this.#chunks.length === 1 && first ? first : Buffer.concat(this.#chunks);
    this.#finish('', false, bytes.toString('utf8'));
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#finish('code' in error ? String(error.code) : error.name, true);
  }

  #stop(code: string): void {
    this.#finish(code, true);
    this.#controller?.abort(new Error(code));
  }

  #finish(code: string, isTruncated: boolean, body?: string): void {
    if (this.#isSettled) {
      return;
    }
    this.#isSettled = true;
    this.#release();
    this.#settled.resolve(
      this.#head
        ? { kind: 'response', ...this.#head, isTruncated, ...(body !== undefined && { body }) }
        : { kind: 'failure', isWritten: this.#controller !== undefined, code },
    );
  }
}
