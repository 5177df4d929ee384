// An answer that waits: until every delivery of a notification has ended, for a while at the most.

import type { Clock } from '../domain/clock.ts';
import { EVERYONE } from '../domain/recipient.ts';
import type { Statements, Store } from '../store/store.ts';
import { toDeliveryStatus } from './delivery-status.ts';
import { type Counts, countShown, type Progress, toProgress } from './progress.ts';
import type { ShownState } from './shown-state.ts';
import type { AcceptedNotification } from './store-notification.ts';

/** How long an answer may wait. */
export interface Wait {
  readonly timeoutMs: number;
  /** Ends it early: the caller has hung up, or the service is to end. */
  readonly signal: AbortSignal;
}

/** Whose notification, and what was answered when it was accepted. */
export interface Awaited {
  readonly producerId: number;
  readonly answer: AcceptedNotification;
}

/** Beyond that many answers wait already, one is given at once. */
const MAX_WAITING = 1_000;

/** Any process may be the one that sends, so the rows are looked at: soon at first, then a quarter of the time so far. */
const MIN_PAUSE_MS = 25;
const MAX_PAUSE_MS = 1_000;

/**
 * Gives the function that waits and then answers with the states of that moment. It throws nothing: what was accepted
 * stays accepted, and when the states cannot be read the first answer is given.
 */
export function createWaitUntilEnded(
  deps: { readonly store: Pick<Store, 'read'>; readonly clock: Clock },
  maxWaiting = MAX_WAITING,
): (awaited: Awaited, wait: Wait) => Promise<AcceptedNotification> {
  let waiting = 0;
  return async (awaited, wait) => {
    waiting += 1;
    try {
      if (waiting <= maxWaiting) {
        await untilEnded(deps, awaited, wait);
      }
      return await withStates(deps, awaited);
    } catch {
      // The notification is on disk, and that is what the answer is about.
      return awaited.answer;
    } finally {
      waiting -= 1;
    }
  };
}

async function untilEnded(
  { store, clock }: { readonly store: Pick<Store, 'read'>; readonly clock: Clock },
  { answer, producerId }: Awaited,
  { timeoutMs, signal }: Wait,
): Promise<void> {
  const startedAtMs = clock.nowMs();
  const hasEnded = createEndFinder(store.read, { publicId: answer.id, producerId });
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
  { publicId, producerId }: { readonly publicId: string; readonly producerId: number },
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

function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const cancel = clock.after(ms, resolve);
  const onAbort = () => {
    cancel();
    resolve();
  };
  signal.addEventListener('abort', onAbort, { once: true });
  return promise.finally(() => signal.removeEventListener('abort', onAbort));
}

/** The first answer, with what has become of its deliveries. */
async function withStates(
  { store, clock }: { readonly store: Pick<Store, 'read'>; readonly clock: Clock },
  { answer, producerId }: Awaited,
): Promise<AcceptedNotification> {
  const { notifications, deliveries } = store.read;
  const notification = await notifications.findByPublicId(answer.id, producerId);
  if (!notification) {
    return answer;
  }
  const tally = countShown(await deliveries.countOfNotification(notification.id));
  const { counts } = tally;
  const progress = toProgress(notification, tally, clock.nowMs());
  const rows = await deliveries.listOfNotification(notification.id, answer.deliveries.length);
  const states = rows.map((row) => toDeliveryStatus(row, [], clock.nowMs()).state);
  const broadcast = toBroadcastState(progress, counts);
  return { ...answer, deliveries: toDeliveries(answer.deliveries, states, broadcast), progress, counts };
}

type Deliveries = AcceptedNotification['deliveries'];

/** People who are named have the first deliveries, in the order of their names; names may have been erased since. */
function toDeliveries(deliveries: Deliveries, states: readonly ShownState[], broadcast: ShownState): Deliveries {
  const found: Deliveries[number][] = [];
  let at = 0;
  for (const delivery of deliveries) {
    const same = delivery.sameAs === undefined ? undefined : found.find((one) => one.recipient === delivery.sameAs);
    if (same || delivery.recipient === EVERYONE) {
      found.push({ ...delivery, state: same?.state ?? broadcast });
    } else {
      found.push({ ...delivery, state: states[at] ?? delivery.state });
      at += 1;
    }
  }
  return found;
}

/** One word for many deliveries: the counts tell more. */
function toBroadcastState(progress: Progress, counts: Counts): ShownState {
  if (progress !== 'done') {
    return 'queued';
  }
  const [any = 'sent'] = Object.keys(counts) as ShownState[];
  return counts.sent ? 'sent' : any;
}
