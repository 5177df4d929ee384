// Keeps the cards of polls as the polls stand: edits them while people vote, and says how it ended.

import { BackgroundLoop } from '../domain/background-loop.ts';
import type { Clock } from '../domain/clock.ts';
import { POLL_LIMITS } from '../domain/poll.ts';
import { pollLock } from '../store/locks.ts';
import type { DueEdit } from '../store/statements/poll-cards.ts';
import type { Store } from '../store/store.ts';
import { describeError, type Logger } from '../telemetry/logger.ts';
import { editCards } from './edit-cards.ts';
import { showEnd } from './show-end.ts';

/** What showing takes. */
export interface PollResultsDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly randomBytes: (size: number) => Uint8Array;
}

const BATCH = 50;
/** Another process may have counted a vote. */
const POLL_MS = 5_000;

/** A worker that goes on until it is stopped. Several processes on one store edit each card once. */
export class PollResults {
  readonly #deps: PollResultsDeps;
  readonly #loop: BackgroundLoop;

  constructor(deps: PollResultsDeps) {
    this.#deps = deps;
    this.#loop = new BackgroundLoop({
      clock: deps.clock,
      run: () => this.#showAll(),
      onFailure(error) {
        deps.logger.warn({ error: describeError(error) }, 'results of polls could not be shown');
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

  async #showAll(): Promise<number> {
    const { store, clock } = this.#deps;
    let isAnyShown = false;
    let next: readonly DueEdit[] = [];
    do {
      next = await store.read.pollCards.listEditsDue(BATCH);
      const due = next.filter(({ dueAtMs }) => dueAtMs <= clock.nowMs());
      for (const edit of due) {
        await this.#show(edit);
      }
      isAnyShown ||= due.length > 0;
      if (due.length < BATCH) {
        break;
      }
    } while (!this.#loop.signal.aborted);
    if (isAnyShown) {
      store.signalWork();
    }
    const [first] = next.filter(({ dueAtMs }) => dueAtMs > clock.nowMs());
    return first ? Math.min(POLL_MS, first.dueAtMs - clock.nowMs()) : POLL_MS;
  }

  async #show({ id, publicId }: DueEdit): Promise<void> {
    const { store, clock, randomBytes } = this.#deps;
    await store.write(async (tx) => {
      const isNobodyVoting = await tx.locks.tryTake(pollLock(publicId));
      const nowMs = clock.nowMs();
      const poll = await tx.pollCards.claimEdit(id, nowMs);
      if (poll?.isClosed) {
        return showEnd(tx, { poll, nowMs, randomBytes });
      }
      if (poll) {
        await editCards(tx, poll, nowMs);
        if (!isNobodyVoting) {
          // What is being counted is perhaps not shown by this edit, and relies on there being one.
          await tx.polls.setEditDue(id, nowMs + POLL_LIMITS.editIntervalMs);
        }
      }
    });
  }
}
