// What became of a notification, as its producer sees it.

import type { DeliveryState } from '../domain/delivery.ts';
import { toDeliveryId } from '../domain/delivery-id.ts';
import { AppError } from '../domain/errors.ts';
import { explainFailure } from '../domain/failure-reason.ts';
import { isNotificationId } from '../domain/notification-id.ts';
import type { UnresolvedRecipient } from '../domain/recipient.ts';
import type { AttemptRow, DeliveryRow } from '../store/statements/deliveries.ts';
import type { Store } from '../store/store.ts';

/** More deliveries than this are counted and not listed. */
const MAX_LISTED = 200;

/** What a producer is shown of a state: a lease is nothing to them. */
export type ShownState = Exclude<DeliveryState, 'leased'>;

export interface NotificationStatus {
  readonly id: string;
  readonly priority: string;
  readonly createdAt: string;
  readonly expiresAt: string;
  /** `expanding` while a broadcast is being turned into deliveries, then `open` until nothing waits or is on its way. */
  readonly state: 'expanding' | 'open' | 'done';
  readonly counts: Readonly<Partial<Record<ShownState, number>>>;
  readonly deliveries: readonly DeliveryStatus[];
  /** True when there are more deliveries than are listed. */
  readonly hasMore: boolean;
  readonly unresolved: readonly UnresolvedRecipient[];
  /** True once its content and the names of its recipients were erased: it cannot be sent again. Left out until then. */
  readonly contentErased?: true;
}

export interface DeliveryStatus {
  readonly id: string;
  /** As the producer wrote it; null for a member of a broadcast and after the person's data was erased. */
  readonly recipient: string | null;
  readonly state: ShownState;
  readonly updatedAt: string;
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
  { store }: { readonly store: Store },
  { publicId, producerId }: { readonly publicId: string; readonly producerId: number },
): Promise<NotificationStatus> {
  const { notifications, deliveries } = store.read;
  const notification = isNotificationId(publicId)
    ? await notifications.findByPublicId(publicId, producerId)
    : undefined;
  if (!notification) {
    throw new AppError('not_found', 'There is no notification with this id');
  }
  // Counted before they are listed: what is done by these counts is listed as it ended.
  const counts = countShown(await deliveries.countOfNotification(notification.id));
  const rows = await deliveries.listOfNotification(notification.id, MAX_LISTED + 1);
  const listed = rows.slice(0, MAX_LISTED);
  const attempts = await deliveries.listAttempts(listed.map((row) => row.id));
  const isOpen = (counts.queued ?? 0) + (counts.sending ?? 0) > 0;
  return {
    id: notification.publicId,
    priority: notification.priority,
    createdAt: toInstant(notification.createdAtMs),
    expiresAt: toInstant(notification.expiresAtMs),
    state: notification.isExpanded ? (isOpen ? 'open' : 'done') : 'expanding',
    counts,
    deliveries: listed.map((row) => toDeliveryStatus(row, attempts)),
    hasMore: rows.length > MAX_LISTED,
    unresolved: notification.unresolved,
    ...(notification.isContentErased && { contentErased: true }),
  };
}

function countShown(counts: readonly { readonly state: DeliveryState; readonly count: number }[]) {
  const shown: Partial<Record<ShownState, number>> = {};
  for (const { state, count } of counts) {
    const name = toShown(state);
    shown[name] = (shown[name] ?? 0) + count;
  }
  return shown;
}

function toDeliveryStatus(row: DeliveryRow, attempts: readonly AttemptRow[]): DeliveryStatus {
  return {
    id: toDeliveryId(row.id),
    recipient: row.recipient,
    state: toShown(row.state),
    updatedAt: toInstant(row.updatedAtMs),
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

function toShown(state: DeliveryState): ShownState {
  return state === 'leased' ? 'queued' : state;
}

function toInstant(ms: number): string {
  return new Date(ms).toISOString();
}
