// Withdrawing what has not gone out. What is on its way ends by its own outcome.

import { z } from 'zod';
import { type AnswerOf, quantity } from '../domain/answer.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { type Named, type RedeliverDeps, requireDelivery, requireNotification } from './redeliver.ts';

/** What withdrawing takes. */
export interface CancelDeps extends RedeliverDeps {
  /** Absent where nothing is measured: the command line. */
  readonly metrics?: Pick<Metrics, 'deliveriesEnded'>;
}

/** What became of the deliveries that were meant. */
export const cancelledAnswer = z.object({
  cancelled: quantity,
  untouched: quantity.describe('Left as they are: on their way, or at an end already.'),
});
export type Cancelled = AnswerOf<typeof cancelledAnswer>;

/** The same, for a notification. */
export const cancelledNotificationAnswer = cancelledAnswer.extend({
  isBroadcastStopped: z
    .boolean()
    .describe('Whether it was still being turned into deliveries; it reaches nobody else.'),
});
export type CancelledNotification = AnswerOf<typeof cancelledNotificationAnswer>;

/** How many deliveries share one transaction. */
const BATCH = 200;

/** @throws AppError `not_found`, also for the delivery of another producer */
export async function cancelOne(deps: CancelDeps, named: Named): Promise<Cancelled> {
  const deliveryId = await requireDelivery(deps.store, named);
  const cancelled = await deps.store.write((tx) => tx.undelivered.cancel([deliveryId], deps.clock.nowMs()));
  report(deps, cancelled, { deliveryId });
  return { cancelled, untouched: 1 - cancelled };
}

/**
 * Everything of a notification that still waits; a broadcast reaches nobody else from now on.
 *
 * @throws AppError `not_found`, also for the notification of another producer
 */
export async function cancelNotification(deps: CancelDeps, named: Named): Promise<CancelledNotification> {
  const notificationId = await requireNotification(deps.store, named);
  const isBroadcastStopped = await deps.store.write((tx) => tx.notifications.stopFanout(notificationId));
  const cancelled = await cancelWaiting(deps, notificationId);
  const counts = await deps.store.read.deliveries.countOfNotification(notificationId);
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  report(deps, cancelled, { notificationId, isBroadcastStopped });
  return { cancelled, untouched: total - cancelled, isBroadcastStopped };
}

/** @returns how many */
async function cancelWaiting({ store, clock }: CancelDeps, notificationId: number): Promise<number> {
  let cancelled = 0;
  let after = 0;
  for (;;) {
    const waiting = await store.read.undelivered.listWaiting(notificationId, after, BATCH);
    const last = waiting.at(-1);
    if (!last) {
      return cancelled;
    }
    const ids = waiting.map(({ id }) => id);
    cancelled += await store.write((tx) => tx.undelivered.cancel(ids, clock.nowMs()));
    after = last.conversationId;
  }
}

function report({ logger, metrics }: CancelDeps, cancelled: number, meant: Readonly<Record<string, unknown>>): void {
  metrics?.deliveriesEnded.inc({ state: 'cancelled', reason: '' }, cancelled);
  logger.info({ ...meant, cancelled }, 'deliveries cancelled');
}
