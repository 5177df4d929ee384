// Watches the times of what is asked: when people are to be reminded, and when others are to be asked.

import { BackgroundLoop } from '../domain/background-loop.ts';
import type { DueColumn } from '../store/statements/ask-times.ts';
import { describeError } from '../telemetry/logger.ts';
import { type EscalateDeps, escalate } from './escalate.ts';
import { type RemindDeps, remindOf } from './remind.ts';

/** What watching takes. */
export type AskTimesDeps = EscalateDeps & RemindDeps;

/** What is asked meanwhile, here or by another process, is seen no later than this. */
const POLL_MS = 5_000;
const BATCH = 50;

/** A worker that reminds and escalates until it is stopped. Several processes on one store do each thing once. */
export class AskTimes {
  readonly #deps: AskTimesDeps;
  readonly #loop: BackgroundLoop;

  constructor(deps: AskTimesDeps) {
    this.#deps = deps;
    this.#loop = new BackgroundLoop({
      clock: deps.clock,
      run: () => this.#round(),
      onFailure(error) {
        deps.logger.warn({ error: describeError(error) }, 'nobody could be reminded');
        return POLL_MS;
      },
    });
  }

  start(): void {
    this.#loop.wake();
  }

  /** Resolves when the part under way has ended. Idempotent. */
  stop(): Promise<void> {
    return this.#loop.stop();
  }

  async #round(): Promise<number> {
    const { signal } = this.#loop;
    await this.#each('escalate_at_ms', (id) => escalate(this.#deps, id));
    await this.#each('remind_at_ms', (id) => remindOf(this.#deps, id, signal));
    const { nextAtMs } = this.#deps.store.read.askTimes;
    const nextMs = [await nextAtMs('escalate_at_ms'), await nextAtMs('remind_at_ms')].map(
      (atMs) => (atMs ?? Number.POSITIVE_INFINITY) - this.#deps.clock.nowMs(),
    );
    return Math.max(0, Math.min(POLL_MS, ...nextMs));
  }

  /** Whatever is done with one, it is due no more, so that this comes to an end. */
  async #each(column: DueColumn, act: (notificationId: number) => Promise<void>): Promise<void> {
    const { store, clock } = this.#deps;
    for (let isFull = true; isFull && !this.#loop.signal.aborted; ) {
      const ids = await store.read.askTimes.listDue(column, clock.nowMs(), BATCH);
      for (const id of ids) {
        if (!this.#loop.signal.aborted) {
          await act(id);
        }
      }
      isFull = ids.length === BATCH;
    }
  }
}
