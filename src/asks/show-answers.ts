// Has the cards of a notification show who has answered it: soon, and as seldom as the budget of messages asks.

import { BackgroundLoop } from '../domain/background-loop.ts';
import type { Clock } from '../domain/clock.ts';
import { changeReminders } from '../store/change-reminders.ts';
import { changesLock } from '../store/locks.ts';
import { spreadChange, spreadTo } from '../store/spread-change.ts';
import type { AskedNotification } from '../store/statements/asks.ts';
import type { Statements, Store } from '../store/store.ts';
import { describeError, type Logger } from '../telemetry/logger.ts';
import { decideShowing } from './when-to-show.ts';

/** What showing takes. */
export interface ShowAnswersDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Told when there is more to edit than what was queued at once. */
  readonly wakeChanges: () => void;
}

const BATCH = 50;
const IDLE_POLL_MS = 5_000;

/** A worker that goes on until it is stopped. Several processes on one store queue each edit once. */
export class ShowAnswers {
  readonly #deps: ShowAnswersDeps;
  readonly #loop: BackgroundLoop;

  constructor(deps: ShowAnswersDeps) {
    this.#deps = deps;
    this.#loop = new BackgroundLoop({
      clock: deps.clock,
      run: () => this.#showAll(),
      onFailure(error) {
        deps.logger.warn({ error: describeError(error) }, 'answers could not be shown');
        return IDLE_POLL_MS;
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

  /** @returns when the next one is due, milliseconds from now */
  async #showAll(): Promise<number> {
    const { store, clock, wakeChanges } = this.#deps;
    const due = await store.read.asks.listDueEdits(clock.nowMs(), BATCH);
    for (const id of due) {
      if (this.#loop.signal.aborted) {
        return IDLE_POLL_MS;
      }
      await store.write((tx) => showAnswers(tx, id, clock.nowMs()));
    }
    if (due.length > 0) {
      store.signalWork();
      wakeChanges();
    }
    const nextAtMs = await store.read.asks.findNextEditAtMs();
    return nextAtMs === undefined ? IDLE_POLL_MS : Math.min(IDLE_POLL_MS, Math.max(0, nextAtMs - clock.nowMs()));
  }
}

/** Does nothing when another process has done it meanwhile. */
async function showAnswers(tx: Statements, notificationId: number, nowMs: number): Promise<void> {
  await tx.locks.take(changesLock(notificationId));
  const asked = await tx.asks.find(notificationId);
  if (!asked || asked.editDueAtMs === null || asked.editDueAtMs > nowMs) {
    return;
  }
  if (!isShown(asked)) {
    return tx.asks.clearEdit(notificationId);
  }
  const showing = decideShowing(asked, await tx.asks.countDeliveries(notificationId), nowMs);
  if (showing.kind === 'all') {
    await tx.openChanges.begin(notificationId, 'update');
    await spreadChange(tx, { notificationId, operation: 'update', cursor: 0, late: [] }, nowMs);
    await changeReminders(tx, { notificationId, lifecycleId: null }, 'update');
    await tx.asks.setEditTimes(notificationId, { editedAtMs: nowMs, shownAtMs: nowMs, editDueAtMs: null });
  } else {
    await spreadTo(tx, await tx.asks.listUnshown(notificationId), { operation: 'update', nowMs });
    await tx.asks.setEditTimes(notificationId, { editedAtMs: nowMs, editDueAtMs: showing.nextAtMs });
  }
  await tx.asks.setShown(notificationId);
}

/** Whether its messages still tell of it: what was recalled is being deleted, and what was replaced tells of the newer one. */
function isShown({ isRecalled, isReplaced, content }: AskedNotification): boolean {
  return !isRecalled && !isReplaced && content.kind === 'event';
}
