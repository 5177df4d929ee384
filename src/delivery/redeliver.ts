// Sending again what did not arrive: the same notification, the same delivery, new attempts.

import { z } from 'zod';
import { type AnswerOf, quantity } from '../domain/answer.ts';
import type { Clock } from '../domain/clock.ts';
import { UNDELIVERED_STATES } from '../domain/delivery.ts';
import { parseDeliveryId } from '../domain/delivery-id.ts';
import { AppError } from '../domain/errors.ts';
import type { FailureReason } from '../domain/failure-reason.ts';
import { RETENTION_LOCK } from '../store/locks.ts';
import type { RedeliverableRow, UndeliveredFilter, UndeliveredPlace } from '../store/statements/undelivered.ts';
import type { Statements, Store } from '../store/store.ts';
import { readUndeliveredPage } from '../store/undelivered-page.ts';
import type { Logger } from '../telemetry/logger.ts';

/** What sending again takes. */
export interface RedeliverDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What became of the deliveries that were meant. */
export const redeliveredAnswer = z.object({
  redelivered: quantity.describe('Put back into the queue.'),
  untouched: quantity.describe('Left as they are: queued, on their way, sent or cancelled already.'),
  unreachable: quantity.describe('Failed for good: the person has removed the bot.'),
  contentErased: quantity.optional().describe('Failed for good: the content was erased. Left out when there are none.'),
});
export type Redelivered = AnswerOf<typeof redeliveredAnswer>;

/** Something that a producer names; an operator names no producer. */
export interface Named {
  /** The public id. */
  readonly id: string;
  readonly producerId?: number;
}

/** How many deliveries share one transaction. */
const BATCH = 200;

const NONE: Redelivered = { redelivered: 0, untouched: 0, unreachable: 0 };

/**
 * @param ttlMs how long it is worth trying from now on
 * @throws AppError `not_found`, also for the delivery of another producer
 */
export async function redeliverOne(deps: RedeliverDeps, named: Named, ttlMs: number): Promise<Redelivered> {
  const deliveryId = await requireDelivery(deps.store, named);
  return report(deps, await redeliverBatch(deps, [deliveryId], ttlMs), { deliveryId });
}

/**
 * Every undelivered delivery of a notification; `untouched` counts the others.
 *
 * @throws AppError `not_found`, also for the notification of another producer
 */
export async function redeliverNotification(deps: RedeliverDeps, named: Named, ttlMs: number): Promise<Redelivered> {
  const notificationId = await requireNotification(deps.store, named);
  const states = await deps.store.read.deliveries.countOfNotification(notificationId);
  const total = states.reduce((sum, { count }) => sum + count, 0);
  const counts = await redeliverRange(deps, { notificationId }, ttlMs);
  const touched = counts.redelivered + counts.unreachable + (counts.contentErased ?? 0);
  return { ...counts, untouched: Math.max(0, total - touched) };
}

/** Every delivery that fits and has ended by now, newest first; it may take long, and a second call goes on where one broke off. */
export async function redeliverRange(
  deps: RedeliverDeps,
  filter: UndeliveredFilter,
  ttlMs: number,
): Promise<Redelivered> {
  // What fails again meanwhile is not sent again.
  const untilMs = Math.min(filter.untilMs ?? Number.POSITIVE_INFINITY, deps.clock.nowMs() + 1);
  let counts = NONE;
  let after: UndeliveredPlace | undefined;
  do {
    const page = await readUndeliveredPage(deps.store.read, { ...filter, untilMs }, { after, limit: BATCH });
    const ids = page.rows.map((row) => row.id);
    counts = add(counts, ids.length > 0 ? await redeliverBatch(deps, ids, ttlMs) : NONE);
    after = page.next;
  } while (after);
  const { notificationId, producerId } = filter;
  return report(deps, counts, { notificationId, producerId });
}

async function redeliverBatch(deps: RedeliverDeps, ids: readonly number[], ttlMs: number): Promise<Redelivered> {
  const { store, clock } = deps;
  const counts = await store.write((tx) => redeliver(tx, ids, { nowMs: clock.nowMs(), ttlMs }));
  if (counts.redelivered > 0) {
    store.signalWork();
  }
  return counts;
}

async function redeliver(
  tx: Statements,
  ids: readonly number[],
  { nowMs, ttlMs }: { readonly nowMs: number; readonly ttlMs: number },
): Promise<Redelivered> {
  await tx.locks.share(RETENTION_LOCK);
  const undelivered = (await tx.undelivered.listRedeliverable(ids)).filter(isUndelivered);
  const idsOf = (isMeant: (row: RedeliverableRow) => boolean) => undelivered.filter(isMeant).map(({ id }) => id);
  const unreachable = idsOf((row) => !row.isReachable);
  const erased = idsOf((row) => row.isReachable && !row.hasContent);
  const sendable = idsOf((row) => row.isReachable && row.hasContent);
  const redelivered =
    sendable.length > 0 ? await tx.undelivered.requeue(sendable, { nowMs, expiresAtMs: nowMs + ttlMs }) : 0;
  await fail(tx, unreachable, { reason: 'uninstalled', nowMs });
  await fail(tx, erased, { reason: 'content_erased', nowMs });
  return {
    redelivered,
    unreachable: unreachable.length,
    ...(erased.length > 0 && { contentErased: erased.length }),
    untouched: ids.length - redelivered - unreachable.length - erased.length,
  };
}

async function fail(
  tx: Statements,
  ids: readonly number[],
  { reason, nowMs }: { readonly reason: FailureReason; readonly nowMs: number },
): Promise<void> {
  if (ids.length > 0) {
    await tx.undelivered.fail(ids, reason, nowMs);
  }
}

function isUndelivered(row: RedeliverableRow): boolean {
  return UNDELIVERED_STATES.some((state) => state === row.state);
}

/** @returns the row id. @throws AppError `not_found`, also for the delivery of another producer */
export async function requireDelivery({ read }: Store, { id, producerId }: Named): Promise<number> {
  const rowId = parseDeliveryId(id);
  if (rowId === undefined || !(await read.undelivered.isKnown(rowId, producerId))) {
    throw new AppError('not_found', 'There is no delivery with this id');
  }
  return rowId;
}

/** @returns the row id. @throws AppError `not_found`, also for the notification of another producer */
export async function requireNotification({ read }: Store, { id, producerId }: Named): Promise<number> {
  const rowId = await read.notifications.findId(id, producerId);
  if (rowId === undefined) {
    throw new AppError('not_found', 'There is no notification with this id');
  }
  return rowId;
}

function add(left: Redelivered, right: Redelivered): Redelivered {
  const contentErased = (left.contentErased ?? 0) + (right.contentErased ?? 0);
  return {
    ...(contentErased > 0 && { contentErased }),
    redelivered: left.redelivered + right.redelivered,
    untouched: left.untouched + right.untouched,
    unreachable: left.unreachable + right.unreachable,
  };
}

function report({ logger }: RedeliverDeps, counts: Redelivered, meant: Readonly<Record<string, unknown>>): Redelivered {
  logger.info({ ...meant, ...counts }, 'deliveries put back into the queue');
  return counts;
}
