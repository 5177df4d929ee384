// An answer that waits: until every delivery has ended, or somebody has answered, for a while at the most.

import type { Clock } from '../domain/clock.ts';
import { isAudience, parseRecipient } from '../domain/recipient.ts';
import type { Store } from '../store/store.ts';
import { readAskStatus } from './ask-status.ts';
import type { Wait } from './awaited.ts';
import { toDeliveryStatus } from './delivery-status.ts';
import { type Counts, countShown, type Progress, toProgress } from './progress.ts';
import type { ShownState } from './shown-state.ts';
import type { AcceptedNotification } from './store-notification.ts';
import type { WaitFor } from './waiting.ts';

/** Whose notification, and what was answered when it was accepted. */
export interface Awaited {
  readonly producerId: number;
  readonly answer: AcceptedNotification;
}

/** What waiting takes. */
export interface WaitDeps {
  readonly store: Pick<Store, 'read'>;
  readonly clock: Clock;
  readonly waitFor: WaitFor;
}

/**
 * Gives the function that waits and then answers with the states of that moment. It throws nothing: what was accepted
 * stays accepted, and when the states cannot be read the first answer is given.
 */
export function createWaitUntilEnded(deps: WaitDeps): (awaited: Awaited, wait: Wait) => Promise<AcceptedNotification> {
  return async ({ producerId, answer }, wait) => {
    try {
      await deps.waitFor({ producerId, publicId: answer.id }, wait);
      return await withStates(deps, { producerId, answer });
    } catch {
      // The notification is on disk, and that is what the answer is about.
      return answer;
    }
  };
}

/** The first answer, with what has become of its deliveries. */
async function withStates(
  { store, clock }: Omit<WaitDeps, 'waitFor'>,
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
  const ask = await readAskStatus(store.read, notification.id);
  return {
    ...answer,
    deliveries: toDeliveries(answer.deliveries, states, broadcast),
    progress,
    counts,
    ...(ask && { ask }),
  };
}

type Deliveries = AcceptedNotification['deliveries'];

/** People who are named have the first deliveries, in the order of their names; names may have been erased since. */
function toDeliveries(deliveries: Deliveries, states: readonly ShownState[], broadcast: ShownState): Deliveries {
  const found: Deliveries[number][] = [];
  let at = 0;
  for (const delivery of deliveries) {
    const same = delivery.sameAs === undefined ? undefined : found.find((one) => one.recipient === delivery.sameAs);
    if (same || isBroadcast(delivery.recipient)) {
      found.push({ ...delivery, state: same?.state ?? broadcast });
    } else {
      found.push({ ...delivery, state: states[at] ?? delivery.state });
      at += 1;
    }
  }
  return found;
}

function isBroadcast(name: string | null): boolean {
  const recipient = name === null ? undefined : parseRecipient(name);
  return recipient !== undefined && isAudience(recipient);
}

/** One word for many deliveries: the counts tell more. */
function toBroadcastState(progress: Progress, counts: Counts): ShownState {
  if (progress !== 'done') {
    return 'queued';
  }
  const [any = 'sent'] = Object.keys(counts) as ShownState[];
  return counts.sent ? 'sent' : any;
}
