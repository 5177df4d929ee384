// Closes polls when their time has come.

import { BackgroundLoop } from '../domain/background-loop.ts';
import type { Clock } from '../domain/clock.ts';
import type { Sealer } from '../domain/seal.ts';
import type { Store } from '../store/store.ts';
import { describeError, type Logger } from '../telemetry/logger.ts';
import { sealSecretAnew } from './ballot-secret.ts';
import { closePoll } from './close-poll.ts';

/** What closing takes. */
export interface PollClosingDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly sealer: Pick<Sealer, 'sealAnew'>;
}

const BATCH = 50;
/** Another process may have asked one that closes sooner. */
const POLL_MS = 5_000;

/** A worker that goes on until it is stopped. Several processes on one store close each poll once. */
export class PollClosing {
  readonly #deps: PollClosingDeps;
  readonly #loop: BackgroundLoop;
  #isSealedAnew = false;

  constructor(deps: PollClosingDeps) {
    this.#deps = deps;
    this.#loop = new BackgroundLoop({
      clock: deps.clock,
      run: async () => {
        const nextMs = await this.#closeDue();
        await this.#sealAnew();
        return nextMs;
      },
      onFailure(error) {
        deps.logger.warn({ error: describeError(error) }, 'polls could not be closed');
        return POLL_MS;
      },
    });
  }

  start(): void {
    this.#loop.follow((listener) => this.#deps.store.onWork(listener));
  }

  /** Resolves when the round under way has ended. Idempotent. */
  stop(): Promise<void> {
    return this.#loop.stop();
  }

  /** Once, so that the key before can be taken out of the settings. */
  async #sealAnew(): Promise<void> {
    const { store, sealer } = this.#deps;
    for (const { id, publicId, secret } of this.#isSealedAnew ? [] : await store.read.polls.listSecrets()) {
      const anew = sealSecretAnew(sealer, secret, publicId);
      if (anew !== undefined) {
        await store.write((tx) => tx.polls.exchangeSecret(id, secret, anew));
      }
    }
    this.#isSealedAnew = true;
  }

  async #closeDue(): Promise<number> {
    const { store, clock } = this.#deps;
    while (!this.#loop.signal.aborted) {
      const due = await store.read.polls.listDue(clock.nowMs(), BATCH);
      for (const publicId of due) {
        await store.write((tx) => closePoll(tx, { publicId, nowMs: clock.nowMs() }));
      }
      if (due.length > 0) {
        store.signalWork();
      }
      if (due.length < BATCH) {
        break;
      }
    }
    const nextMs = await store.read.polls.findNextClose();
    return nextMs === undefined ? POLL_MS : Math.min(POLL_MS, Math.max(1, nextMs - clock.nowMs()));
  }
}
