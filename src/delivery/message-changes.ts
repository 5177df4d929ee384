// Carries edits and recalls to all deliveries of their notifications, in the background: the first part is reached when
// the change is accepted, and what a process leaves behind is found by the next one.

import { BackgroundLoop } from '../domain/background-loop.ts';
import type { Clock } from '../domain/clock.ts';
import { changesLock } from '../store/locks.ts';
import { type SpreadPart, spreadChange } from '../store/spread-change.ts';
import type { OpenChange } from '../store/statements/open-changes.ts';
import type { Store } from '../store/store.ts';
import { describeError, type Logger } from '../telemetry/logger.ts';

/** What it works with. */
export interface MessageChangesDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What is on its way at this moment is looked at again after this. */
const LATE_MS = 500;
const POLL_MS = 5_000;

/** A worker that goes on until it is stopped. */
export class MessageChanges {
  readonly #deps: MessageChangesDeps;
  readonly #loop: BackgroundLoop;

  constructor(deps: MessageChangesDeps) {
    this.#deps = deps;
    this.#loop = new BackgroundLoop({
      clock: deps.clock,
      run: () => this.#spreadAll(),
      onFailure(error) {
        deps.logger.warn({ error: describeError(error) }, 'messages could not be changed');
        return POLL_MS;
      },
    });
  }

  /** Begins, or looks at once for what was accepted just now. */
  wake(): void {
    this.#loop.wake();
  }

  /** Resolves when the part under way has ended. Idempotent. */
  stop(): Promise<void> {
    return this.#loop.stop();
  }

  async #spreadAll(): Promise<number> {
    let nextMs = POLL_MS;
    let change = await this.#deps.store.read.openChanges.find(0);
    while (change && !this.#loop.signal.aborted) {
      if (await this.#spread(change.notificationId)) {
        nextMs = LATE_MS;
      }
      change = await this.#deps.store.read.openChanges.find(change.notificationId);
    }
    return nextMs;
  }

  /** @returns whether it has to wait for deliveries that are on their way */
  async #spread(notificationId: number): Promise<boolean> {
    for (;;) {
      const part = await this.#spreadPart(notificationId);
      if (part.queued > 0) {
        this.#deps.store.signalWork();
      }
      if (part.isDone || part.isWaiting || this.#loop.signal.aborted) {
        return part.isWaiting;
      }
    }
  }

  #spreadPart(notificationId: number): Promise<SpreadPart> {
    const { store, clock } = this.#deps;
    return store.write(async (tx) => {
      await tx.locks.take(changesLock(notificationId));
      const change: OpenChange | undefined = await tx.openChanges.find(notificationId - 1);
      return change?.notificationId === notificationId ? spreadChange(tx, change, clock.nowMs()) : NOTHING_LEFT;
    });
  }
}

const NOTHING_LEFT: SpreadPart = { isDone: true, isWaiting: false, queued: 0 };
