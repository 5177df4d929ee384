// Hearing from the other processes that there is work: a connection of its own, made again whenever it breaks.

import pg from 'pg';
import type { Clock } from '../../domain/clock.ts';
import { clientConfig } from './connections.ts';

/** The channel of LISTEN and NOTIFY. */
export const WORK_CHANNEL = 'bellhop_work';

/** What hearing takes. */
export interface ListenerDeps {
  readonly url: string;
  readonly timers: Pick<Clock, 'after'>;
  /** @param pid of the server's process that told; absent when something may have been missed */
  readonly onHeard: (pid?: number) => void;
}

const MIN_PAUSE_MS = 250;
const MAX_PAUSE_MS = 15_000;

/** Listens until it is closed. While the connection is broken, what is missed is found by looking every second. */
export class WorkListener {
  readonly #deps: ListenerDeps;
  #client: pg.Client | undefined;
  #running: Promise<void> | undefined;
  #isClosed = false;
  #endPause: () => void = () => undefined;

  constructor(deps: ListenerDeps) {
    this.#deps = deps;
  }

  /** Resolves when it hears, or when the first try to do so has failed and others follow. */
  start(): Promise<void> {
    return new Promise((resolve) => {
      this.#running = this.#run(resolve);
    });
  }

  /** Resolves when the connection is closed. Idempotent. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#endPause();
    await this.#client?.end();
    await this.#running;
  }

  async #run(onFirstTry: () => void): Promise<void> {
    let pauseMs = MIN_PAUSE_MS;
    while (!this.#isClosed) {
      const client = new pg.Client(clientConfig(this.#deps.url));
      const ended = new Promise<void>((resolve) => client.once('end', resolve));
      const isListening = await this.#listen(client);
      onFirstTry();
      if (isListening) {
        pauseMs = MIN_PAUSE_MS;
        this.#deps.onHeard();
        await ended;
      }
      await this.#pause(pauseMs);
      pauseMs = Math.min(MAX_PAUSE_MS, 2 * pauseMs);
    }
  }

  /** @returns false when the connection could not be had */
  async #listen(client: pg.Client): Promise<boolean> {
    this.#client = client;
    // Every failure ends the connection, and the end is waited for.
    client.on('error', () => undefined);
    client.on('notification', ({ processId }) => this.#deps.onHeard(processId));
    try {
      await client.connect();
      await client.query(`LISTEN ${WORK_CHANNEL}`);
      return true;
    } catch {
      await client.end();
      return false;
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      if (this.#isClosed) {
        resolve();
        return;
      }
      const cancel = this.#deps.timers.after(ms, resolve);
      this.#endPause = () => {
        cancel();
        resolve();
      };
    });
  }
}
