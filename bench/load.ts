// Requests in bounded number, a fixed count of them under way at a time.

import { setTimeout } from 'node:timers/promises';
import { Pool } from 'undici';
import { AppError } from '../src/domain/errors.ts';
import type { Resources } from './resources.ts';
import { percentile } from './statistics.ts';

/** Does `work` for 0, 1, ... `count` - 1, at most `concurrency` at once. */
export async function repeat(
  { count, concurrency }: { readonly count: number; readonly concurrency: number },
  work: (index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) {
      await work(next++);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
}

/** Starts `work` at even instants, whether or not what was started before has ended: no answer slows its sender down. */
export async function atPace(
  { perSecond, seconds }: { readonly perSecond: number; readonly seconds: number },
  work: () => Promise<void>,
): Promise<void> {
  const at = async (index: number) => {
    await setTimeout((index * 1_000) / perSecond);
    await work();
  };
  await Promise.all(Array.from({ length: perSecond * seconds }, (_, index) => at(index)));
}

export interface LoadResult {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export interface Load {
  readonly count: number;
  readonly concurrency: number;
}

/** What to send; `index` is never given twice. */
export interface PostRequest {
  readonly headers: Readonly<Record<string, string>>;
  body(index: number): string | Uint8Array;
  /** Where to; notifications when absent. */
  pathFor?(index: number): string;
  /** More headers for this one. */
  headersFor?(index: number): Readonly<Record<string, string>>;
}

const PATH = '/api/v1/notifications';
const REQUEST_TIMEOUT_MS = 10_000;

/** A caller of the webhook, with connections that are kept. */
export class Caller {
  readonly #pool: Pool;
  readonly #request: PostRequest;
  #sent = 0;

  constructor(resources: Resources, url: string, request: PostRequest) {
    this.#pool = new Pool(url, { connections: 16, headersTimeout: REQUEST_TIMEOUT_MS });
    this.#request = request;
    resources.defer(() => this.#pool.destroy());
  }

  /** One notification; resolves when the 202 is here. @throws AppError `internal` for any other answer */
  async post(): Promise<void> {
    const statusCode = await this.send();
    if (statusCode !== 202) {
      throw new AppError('internal', `Expected every notification to be answered 202, got ${statusCode}`);
    }
  }

  /** The same for whoever expects other answers, too. @returns the status */
  async send(): Promise<number> {
    const index = this.#sent++;
    const { headers, headersFor, pathFor } = this.#request;
    const { statusCode, body } = await this.#pool.request({
      method: 'POST',
      path: pathFor?.(index) ?? PATH,
      headers: { ...headers, ...headersFor?.(index) },
      body: this.#request.body(index),
    });
    await body.dump();
    return statusCode;
  }

  async run(load: Load): Promise<LoadResult> {
    const latenciesMs: number[] = [];
    const startedAtMs = performance.now();
    await repeat(load, async () => {
      const sentAtMs = performance.now();
      await this.post();
      latenciesMs.push(performance.now() - sentAtMs);
    });
    return {
      perSecond: (load.count / (performance.now() - startedAtMs)) * 1_000,
      p50Ms: percentile(latenciesMs, 50),
      p99Ms: percentile(latenciesMs, 99),
    };
  }
}
