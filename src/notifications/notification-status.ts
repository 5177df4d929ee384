// What became of a notification, as its producer sees it.

import { z } from 'zod';
import { type AnswerOf, shownInstant, toInstant } from '../domain/answer.ts';
import type { Clock } from '../domain/clock.ts';
import { AppError } from '../domain/errors.ts';
import { LIFECYCLE_STATES } from '../domain/lifecycle.ts';
import { PRIORITIES } from '../domain/notification.ts';
import { isNotificationId } from '../domain/notification-id.ts';
import type { NotificationRow } from '../store/statements/notifications.ts';
import type { Statements, Store } from '../store/store.ts';
import { askStatus, readAskStatus } from './ask-status.ts';
import type { Wait } from './awaited.ts';
import { deliveryStatus, toDeliveryStatus } from './delivery-status.ts';
import { changesOfNotification, countShown, countsByState, progressOfNotification, toProgress } from './progress.ts';
import { signsOfReaders, toSigns } from './readers-signs.ts';
import { unresolvedRecipient } from './resolve-recipients.ts';
import { timeline, toTimeline } from './timeline.ts';
import type { AwaitedNotification, WaitFor } from './waiting.ts';

export type { AttemptStatus } from './delivery-status.ts';

/** More deliveries than this are counted and not listed. */
const MAX_LISTED = 200;

/** The thing that a notification is about, in an answer. */
export const lifecycleOfNotification = z
  .object({ key: z.string(), state: z.enum(LIFECYCLE_STATES) })
  .nullable()
  .describe('The thing that it is about and the state that it tells; null when it has no key.');

/** The answer. */
export const notificationStatus = z
  .object({
    id: z.string().meta({ examples: ['ntf_01M82G2CA6970BYVNE96CZQK45'] }),
    priority: z.enum(PRIORITIES),
    createdAt: shownInstant,
    expiresAt: shownInstant,
    progress: progressOfNotification,
    counts: countsByState,
    changes: changesOfNotification,
    lifecycle: lifecycleOfNotification,
    ...signsOfReaders,
    changedAt: shownInstant.nullable().describe('When you have changed it last.'),
    recalledAt: shownInstant.nullable(),
    ask: askStatus.optional().describe('Left out where nothing is asked.'),
    timeline,
    broadcasts: z
      .array(z.string())
      .describe('What of its recipients stood for many people, as you wrote it; they are among the deliveries.'),
    deliveries: z.array(deliveryStatus).describe(`The first ${MAX_LISTED}.`),
    hasMore: z.boolean().describe('Whether there are more deliveries than are listed.'),
    unresolved: z.array(unresolvedRecipient).describe('Who gets nothing, and why.'),
    contentErased: z
      .literal(true)
      .optional()
      .describe(
        'Once its content and the names of its recipients were erased: it cannot be sent again. Left out until then.',
      ),
  })
  .meta({ id: 'NotificationStatus', description: 'What became of a notification.' });

export type NotificationStatus = AnswerOf<typeof notificationStatus>;

/** What reading it takes. */
export interface StatusDeps {
  readonly store: Pick<Store, 'read'>;
  readonly clock: Clock;
  readonly waitFor?: WaitFor;
}

/**
 * @param wait for what to wait before; answered at once when absent
 * @throws AppError `not_found`, also for the notification of another producer
 */
export async function getNotificationStatus(
  { store, clock, waitFor }: StatusDeps,
  named: AwaitedNotification,
  wait?: Wait,
): Promise<NotificationStatus> {
  if (wait) {
    await findOwn(store.read, named);
    await waitFor?.(named, wait);
  }
  return toStatus(store.read, await findOwn(store.read, named), clock.nowMs());
}

async function findOwn(
  { notifications }: Statements,
  { publicId, producerId }: AwaitedNotification,
): Promise<NotificationRow> {
  const notification = isNotificationId(publicId)
    ? await notifications.findByPublicId(publicId, producerId)
    : undefined;
  if (!notification) {
    throw new AppError('not_found', 'There is no notification with this id');
  }
  return notification;
}

async function toStatus(
  statements: Statements,
  notification: NotificationRow,
  nowMs: number,
): Promise<NotificationStatus> {
  const { notifications, deliveries, attempts: attemptStatements, messageSigns } = statements;
  // Counted before they are listed: what is done by these counts is listed as it ended.
  const states = await deliveries.countOfNotification(notification.id);
  const rows = await deliveries.listOfNotification(notification.id, MAX_LISTED + 1);
  const listed = rows.slice(0, MAX_LISTED);
  const attempts = await attemptStatements.list(listed.map((row) => row.id));
  const { counts, changes } = countShown(states);
  const progress = toProgress(notification, { counts, changes }, nowMs);
  const ask = await readAskStatus(statements, notification.id);
  return {
    id: notification.publicId,
    priority: notification.priority,
    createdAt: toInstant(notification.createdAtMs),
    expiresAt: toInstant(notification.expiresAtMs),
    progress,
    counts,
    changes,
    lifecycle: notification.lifecycle,
    ...toSigns(await messageSigns.countOfNotification(notification.id)),
    changedAt: toInstantOrNull(notification.changedAtMs),
    recalledAt: toInstantOrNull(notification.recalledAtMs),
    ...(ask && { ask }),
    timeline: toTimeline(notification, states, progress === 'done'),
    broadcasts: await notifications.listFanouts(notification.id),
    deliveries: listed.map((row) => toDeliveryStatus(row, attempts, nowMs)),
    hasMore: rows.length > MAX_LISTED,
    unresolved: notification.unresolved,
    ...(notification.isContentErased && { contentErased: true }),
  };
}

function toInstantOrNull(ms: number | null): string | null {
  return ms === null ? null : toInstant(ms);
}
