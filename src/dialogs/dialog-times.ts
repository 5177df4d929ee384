// The upkeep of dialogs: ends those whose time is over, and says so, and those whose question does not arrive; begins
// those that have waited for a time.

import { BackgroundLoop } from '../domain/background-loop.ts';
import type { Clock } from '../domain/clock.ts';
import type { Statements, Store } from '../store/store.ts';
import { describeError, type Logger } from '../telemetry/logger.ts';
import type { DialogRunner } from './dialog-runner.ts';
import { followQuestions } from './follow-questions.ts';
import { beginWaiting, type DialogVoice, endDialog } from './store-dialog.ts';

/** What it takes. */
export interface DialogTimesDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Under whose name it is said and asked. */
  readonly voice: DialogVoice;
  /** Made ready as soon as somebody is asked: the first answer is not to wait for it. */
  readonly runner: Pick<DialogRunner, 'prepare'>;
}

/** A dialog lasts a minute at least. */
const POLL_MS = 5_000;
const BATCH = 50;

/** A worker, until it is stopped. Several processes on one store end and begin each dialog once. */
export class DialogTimes {
  readonly #deps: DialogTimesDeps;
  readonly #loop: BackgroundLoop;

  constructor(deps: DialogTimesDeps) {
    this.#deps = deps;
    this.#loop = new BackgroundLoop({
      clock: deps.clock,
      run: async () => {
        await this.#prepare();
        await this.#endAll();
        await followQuestions(deps, this.#loop.signal);
        await this.#beginAll();
        return POLL_MS;
      },
      onFailure(error) {
        deps.logger.warn({ error: describeError(error) }, 'dialogs could not be ended or begun');
        return POLL_MS;
      },
    });
  }

  start(): void {
    this.#loop.wake();
  }

  /** Resolves when the round under way has ended. Idempotent. */
  stop(): Promise<void> {
    return this.#loop.stop();
  }

  async #prepare(): Promise<void> {
    const { store, runner } = this.#deps;
    if (await store.read.dialogs.hasActive()) {
      await runner.prepare();
    }
  }

  #beginAll(): Promise<void> {
    const { store, voice } = this.#deps;
    return this.#doAll(
      (nowMs) => store.read.dialogs.listBeginning(nowMs, BATCH),
      (tx, { rowId: personId, nowMs }) => beginWaiting(tx, { personId, voice, nowMs }),
    );
  }

  #endAll(): Promise<void> {
    const { store, voice } = this.#deps;
    const ending = { state: 'timed_out', reason: null, voice } as const;
    return this.#doAll(
      (nowMs) => store.read.dialogs.listExpired(nowMs, BATCH),
      (tx, { rowId: dialogId, nowMs }) => endDialog(tx, { ...ending, dialogId, nowMs }),
    );
  }

  /** @param list gives those whose time has come, `BATCH` at the most: each gets a transaction of its own */
  async #doAll(
    list: (nowMs: number) => Promise<readonly number[]>,
    work: (tx: Statements, due: { readonly rowId: number; readonly nowMs: number }) => Promise<unknown>,
  ): Promise<void> {
    const { store, clock } = this.#deps;
    for (let isMore = true; isMore && !this.#loop.signal.aborted; ) {
      const due = await list(clock.nowMs());
      for (const rowId of due) {
        await store.write((tx) => work(tx, { rowId, nowMs: clock.nowMs() }));
      }
      if (due.length > 0) {
        store.signalWork();
      }
      isMore = due.length === BATCH;
    }
  }
}
