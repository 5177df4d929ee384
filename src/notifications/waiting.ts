// Waiting for what becomes of a notification: until all its deliveries have ended, or somebody has answered.

import { type Clock, pause } from '../domain/clock.ts';
import type { Statements, Store } from '../store/store.ts';
import { createAnswerWatch, type WatchedAsk } from './answer-watch.ts';
import type { Wait } from './awaited.ts';

/** A notification of a producer. */
export interface AwaitedNotification {
  readonly producerId: number;
  readonly publicId: string;
}

/** @throws what reading throws */
export type WaitFor = (awaited: AwaitedNotification, wait: Wait) => Promise<void>;

/** Beyond that many answers wait already, one is given at once. */
const MAX_WAITING = 1_000;

/** Any process may be the one that sends, so the rows are looked at: soon at first, then a quarter of the time so far. */
const MIN_PAUSE_MS = 25;
const MAX_PAUSE_MS = 1_000;

type Deps = { readonly store: Pick<Store, 'read' | 'onWork'>; readonly clock: Clock };

/** Gives the function that waits. */
export function createWaiting(deps: Deps, maxWaiting = MAX_WAITING): WaitFor {
  const untilAnswered = createAnswerWatch(deps);
  let waiting = 0;
  return async (awaited, wait) => {
    waiting += 1;
    try {
      if (waiting > maxWaiting) {
        return;
      }
      if (wait.until === 'delivered') {
        await untilEnded(deps, awaited, wait);
        return;
      }
      const ask = await findAsk(deps.store.read, awaited);
      if (ask) {
        await untilAnswered(ask, wait);
      }
    } finally {
      waiting -= 1;
    }
  };
}

/** @returns undefined when it asks nothing, or its content is gone */
async function findAsk(
  { notificationChanges }: Statements,
  { publicId, producerId }: AwaitedNotification,
): Promise<WatchedAsk | undefined> {
  const notification = await notificationChanges.find(publicId, producerId);
  const ask = notification?.content.kind === 'event' ? notification.content.ask : undefined;
  const isAnyEnough = ask && !ask.canAcknowledge && ask.actions.every(({ needed }) => needed === undefined);
  return notification && isAnyEnough !== undefined ? { notificationId: notification.id, isAnyEnough } : undefined;
}

async function untilEnded(
  { store, clock }: Deps,
  awaited: AwaitedNotification,
  { timeoutMs, signal }: Wait,
): Promise<void> {
  const startedAtMs = clock.nowMs();
  const hasEnded = createEndFinder(store.read, awaited);
  while (!signal.aborted && !(await hasEnded())) {
    const elapsedMs = clock.nowMs() - startedAtMs;
    if (elapsedMs >= timeoutMs) {
      return;
    }
    const pauseMs = Math.min(MAX_PAUSE_MS, Math.max(MIN_PAUSE_MS, elapsedMs / 4));
    await pause(clock, Math.min(pauseMs, timeoutMs - elapsedMs), signal);
  }
}

/** Looks at each delivery until it has ended, one after the other, so that looking often costs no more for many. */
function createEndFinder(
  { notifications, pages }: Statements,
  { publicId, producerId }: AwaitedNotification,
): () => Promise<boolean> {
  let expandedId: number | undefined;
  let conversationId = 0;
  return async () => {
    if (expandedId === undefined) {
      const notification = await notifications.findByPublicId(publicId, producerId);
      if (!notification?.isExpanded) {
        return false;
      }
      expandedId = notification.id;
    }
    const open = await pages.findOpen(expandedId, conversationId);
    conversationId = open ?? conversationId;
    return open === undefined;
  };
}
