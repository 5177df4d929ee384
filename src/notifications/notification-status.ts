// What became of a notification, as its producer sees it.

import type { Clock } from '../domain/clock.ts';
import { toDeliveryId } from '../domain/delivery-id.ts';
import { AppError } from '../domain/errors.ts';
import { explainFailure } from '../domain/failure-reason.ts';
import type { LifecycleState } from '../domain/lifecycle.ts';
import { isNotificationId } from '../domain/notification-id.ts';
import type { UnresolvedRecipient } from '../domain/recipient.ts';
import type { AttemptRow } from '../store/statements/attempts.ts';
import type { DeliveryRow, StatusCount } from '../store/statements/deliveries.ts';
import type { NotificationRow } from '../store/statements/notifications.ts';
import type { Store } from '../store/store.ts';
import { type ShownChange, type ShownState, toShown } from './shown-state.ts';

/** More deliveries than this are counted and not listed. */
const MAX_LISTED = 200;

export interface NotificationStatus {
  readonly id: string;
  readonly priority: string;
  readonly createdAt: string;
  readonly expiresAt: string;
  /**
   * `scheduled` until the first of it is due, `expanding` while a broadcast is being turned into deliveries, then `open`
   * until nothing waits or is on its way.
   */
  readonly state: 'scheduled' | 'expanding' | 'open' | 'done';
  readonly counts: Readonly<Partial<Record<ShownState, number>>>;
  /** Edits and recalls that are not done: how many messages wait for theirs, and at how many it failed. */
  readonly changes: { readonly waiting: number; readonly failed: number };
  /** The thing that it is about, and the state that it tells. */
  readonly lifecycle: { readonly key: string; readonly state: LifecycleState } | null;
  /** When its producer changed it last. */
  readonly changedAt: string | null;
  readonly recalledAt: string | null;
  readonly deliveries: readonly DeliveryStatus[];
  /** True when there are more deliveries than are listed. */
  readonly hasMore: boolean;
  readonly unresolved: readonly UnresolvedRecipient[];
}

export interface DeliveryStatus {
  readonly id: string;
  /** As the producer wrote it; null for a member of a broadcast and after the person's data was erased. */
  readonly recipient: string | null;
  readonly state: ShownState;
  /** What is being done to a message that is in the chat, or could not be done. */
  readonly change?: ShownChange;
  readonly updatedAt: string;
  /** When it is due; present until then, where that was asked for. */
  readonly dueAt?: string;
  readonly reason?: { readonly code: string; readonly detail: string };
  readonly attempts: readonly AttemptStatus[];
}

export interface AttemptStatus {
  readonly number: number;
  readonly operation: string;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly outcome: string | null;
  readonly reason: string | null;
  readonly httpStatus: number | null;
  /** Ours, and Microsoft's own, for their support. */
  readonly requestId: string;
  readonly correlationId: string | null;
}

/** @throws AppError `not_found`, also for the notification of another producer */
export async function getNotificationStatus(
  { store, clock }: { readonly store: Store; readonly clock: Clock },
  { publicId, producerId }: { readonly publicId: string; readonly producerId: number },
): Promise<NotificationStatus> {
  const { attempts: attemptStatements, notifications, deliveries } = store.read;
  const notification = isNotificationId(publicId)
    ? await notifications.findByPublicId(publicId, producerId)
    : undefined;
  if (!notification) {
    throw new AppError('not_found', 'There is no notification with this id');
  }
  // Counted before they are listed: what is done by these counts is listed as it ended.
  const { counts, changes } = countShown(await deliveries.countOfNotification(notification.id));
  const rows = await deliveries.listOfNotification(notification.id, MAX_LISTED + 1);
  const listed = rows.slice(0, MAX_LISTED);
  const attempts = await attemptStatements.list(listed.map((row) => row.id));
  const nowMs = clock.nowMs();
  const isOpen = (counts.queued ?? 0) + (counts.sending ?? 0) + changes.waiting > 0;
  return {
    id: notification.publicId,
    priority: notification.priority,
    createdAt: toInstant(notification.createdAtMs),
    expiresAt: toInstant(notification.expiresAtMs),
    state: toProgress(notification, isOpen, nowMs),
    counts,
    changes,
    lifecycle: notification.lifecycle,
    changedAt: toInstantOrNull(notification.changedAtMs),
    recalledAt: toInstantOrNull(notification.recalledAtMs),
    deliveries: listed.map((row) => toDeliveryStatus(row, attempts, nowMs)),
    hasMore: rows.length > MAX_LISTED,
    unresolved: notification.unresolved,
  };
}

function toProgress({ isExpanded, startsAtMs }: NotificationRow, isOpen: boolean, nowMs: number) {
  if (isExpanded && !isOpen) {
    return 'done';
  }
  if (startsAtMs !== null && startsAtMs > nowMs) {
    return 'scheduled';
  }
  return isExpanded ? 'open' : 'expanding';
}

function countShown(stored: readonly StatusCount[]) {
  const counts: Partial<Record<ShownState, number>> = {};
  const changes = { waiting: 0, failed: 0 };
  for (const one of stored) {
    const { state, change } = toShown(one);
    counts[state] = (counts[state] ?? 0) + one.count;
    if (change) {
      const isWaiting = change.state === 'queued' || change.state === 'sending';
      changes[isWaiting ? 'waiting' : 'failed'] += one.count;
    }
  }
  return { counts, changes };
}

function toDeliveryStatus(row: DeliveryRow, attempts: readonly AttemptRow[], nowMs: number): DeliveryStatus {
  const { id, recipient, state, operation, isShown, scheduledAtMs } = row;
  const change = isShown && operation !== 'post' ? operation : null;
  return {
    id: toDeliveryId(id),
    recipient,
    ...toShown({ state, change }),
    updatedAt: toInstant(row.updatedAtMs),
    ...(state === 'queued' && scheduledAtMs !== null && scheduledAtMs > nowMs && { dueAt: toInstant(scheduledAtMs) }),
    ...(row.reason !== null &&
      row.state !== 'sent' && { reason: { code: row.reason, detail: explainFailure(row.reason) } }),
    attempts: attempts.filter((attempt) => attempt.deliveryId === row.id).map(toAttemptStatus),
  };
}

function toAttemptStatus(row: AttemptRow): AttemptStatus {
  const { number, operation, outcome, reason, httpStatus, requestId, correlationId } = row;
  return {
    number,
    operation,
    startedAt: toInstant(row.startedAtMs),
    finishedAt: row.finishedAtMs === null ? null : toInstant(row.finishedAtMs),
    outcome,
    reason,
    httpStatus,
    requestId,
    correlationId,
  };
}

function toInstantOrNull(ms: number | null): string | null {
  return ms === null ? null : toInstant(ms);
}

function toInstant(ms: number): string {
  return new Date(ms).toISOString();
}
