// Editing and recalling what was sent: written down at once, carried to every chat in the background.

import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { type AnswerOf, describeFields } from '../domain/answer.ts';
import type { Clock } from '../domain/clock.ts';
import { AppError } from '../domain/errors.ts';
import { type EventContent, NOTIFICATION_LIMITS as LIMITS, SEVERITIES, TEXT_FORMATS } from '../domain/notification.ts';
import { isNotificationId } from '../domain/notification-id.ts';
import { faultyRequest, parseRequest } from '../domain/parse-request.ts';
import { filled, text } from '../domain/request-fields.ts';
import { changeReminders } from '../store/change-reminders.ts';
import { changesLock, lifecycleLock, RETENTION_LOCK } from '../store/locks.ts';
import { spreadChange } from '../store/spread-change.ts';
import type { Change } from '../store/statements/message-changes.ts';
import type { ChangeableNotification } from '../store/statements/notification-changes.ts';
import type { Statements, Store } from '../store/store.ts';
import type { Logger } from '../telemetry/logger.ts';
import { describeTooManyLinks, maxLinksBeside } from './parse-ask.ts';
import { factsField, imagesField, linksField } from './parse-notification.ts';

/** What changing takes. */
export interface ChangeDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A notification of a producer, by its public id. */
export interface NamedNotification {
  readonly producerId: number;
  readonly id: string;
}

/** The answer: what is being done. */
export const acceptedChange = z
  .object({
    id: z.string(),
    operation: z.enum(['update', 'delete']) satisfies z.ZodType<Change>,
    isChanged: z.boolean().describe('False when it was so already: then nothing is done.'),
  })
  .meta({ id: 'AcceptedChange', description: 'It is written down, and carried to every chat from there.' });
export type AcceptedChange = AnswerOf<typeof acceptedChange>;

/** The fields that an edit may hold; what it does not name stays. */
export const editRequest = z
  .strictObject({
    title: filled(LIMITS.maxTitleLength).optional(),
    text: text(LIMITS.maxTextLength).nullable().optional(),
    textFormat: z.enum(TEXT_FORMATS).optional(),
    severity: z.enum(SEVERITIES).optional(),
    facts: factsField.optional(),
    links: linksField.optional(),
    images: imagesField.optional(),
    summary: filled(LIMITS.maxSummaryLength).nullable().optional(),
  })
  .refine((fields) => Object.keys(fields).length > 0, 'Expected at least one field to change');

z.globalRegistry.add(editRequest, {
  id: 'EditRequest',
  description: 'What is to be changed; what it does not name stays.',
});
describeFields(editRequest, {
  title: 'What has happened, in a line.',
  text: 'More about it; null takes it away.',
  textFormat: 'How `text` is meant; as before when absent.',
  severity: 'Shown as word, colour and icon.',
  facts: 'All pairs of a name and a value, in the place of those that are there.',
  links: 'All buttons, in the place of those that are there.',
  images: 'All pictures, in the place of those that are there.',
  summary: 'The text of the list of chats; null takes it away.',
});

export type EditRequest = z.infer<typeof editRequest>;

/**
 * Changes the content, in every chat that shows it and for everybody who has not got it yet. The same edit once more
 * changes nothing.
 *
 * @throws AppError `invalid_request`, `not_found`, `recalled`, `replaced`, `content_erased`
 */
export async function editNotification(
  deps: ChangeDeps,
  { json, ...named }: NamedNotification & { readonly json: unknown },
): Promise<AcceptedChange> {
  const fields = parseRequest(editRequest, json, 'edit');
  const isChanged = await change(deps, named, async (tx, notification, nowMs) => {
    if (notification.recalledAtMs !== null) {
      throw new AppError('recalled', 'This notification was recalled: there is nothing left to edit');
    }
    const { content } = notification;
    if (content.kind === 'erased') {
      throw new AppError(
        'content_erased',
        'The content of this notification was erased, because it was kept for its time',
      );
    }
    if (content.kind !== 'event') {
      throw new AppError('invalid_request', 'Only a notification with a title of its own can be edited; recall it');
    }
    const next = applyEdit(content, fields);
    refuseTooManyLinks(next);
    if (isDeepStrictEqual(next, content)) {
      return undefined;
    }
    await tx.notificationChanges.setContent(notification.id, next, nowMs);
    return 'update';
  });
  return { id: named.id, operation: 'update', isChanged };
}

/**
 * Takes the message out of every chat; what has not gone out never does. It may be asked for again and again.
 *
 * @throws AppError `not_found`, `replaced`
 */
export async function recallNotification(deps: ChangeDeps, named: NamedNotification): Promise<AcceptedChange> {
  const isChanged = await change(deps, named, async (tx, notification, nowMs) => {
    if (notification.recalledAtMs !== null) {
      return undefined;
    }
    await tx.notificationChanges.setRecalled(notification.id, nowMs);
    await tx.statusEvents.record({ type: 'notification.recalled', notificationId: notification.id, nowMs });
    await tx.notifications.stopFanout(notification.id);
    await tx.askRows.close(notification.id);
    const { id: notificationId, lifecycleId } = notification;
    await changeReminders(tx, { notificationId, lifecycleId }, 'delete');
    if (notification.lifecycleId !== null) {
      await closeLifecycle(tx, notification.lifecycleId, nowMs);
    }
    return 'delete';
  });
  return { id: named.id, operation: 'delete', isChanged };
}

/** The card of a key goes wherever it is: chats may show what an earlier event said of the same. */
async function closeLifecycle(tx: Statements, lifecycleId: number, nowMs: number): Promise<void> {
  await tx.notifications.stopFanoutsOfEpisode(lifecycleId);
  await tx.openChanges.beginForEpisode(lifecycleId, 'delete');
  await tx.lifecycles.close(lifecycleId, nowMs);
}

/** @returns what is to be done in the chats; undefined when nothing is */
type Decide = (tx: Statements, notification: ChangeableNotification, nowMs: number) => Promise<Change | undefined>;

async function change(
  { store, clock, logger }: ChangeDeps,
  { id, producerId }: NamedNotification,
  decide: Decide,
): Promise<boolean> {
  const operation = await store.write(async (tx) => {
    await tx.locks.share(RETENTION_LOCK);
    const found = isNotificationId(id) ? await tx.notifications.findId(id, producerId) : undefined;
    if (found !== undefined) {
      await tx.locks.take(changesLock(found));
      await lockKey(tx, found, producerId);
    }
    const notification = found === undefined ? undefined : await tx.notificationChanges.find(id, producerId);
    if (!notification) {
      throw new AppError('not_found', 'There is no notification with this id');
    }
    refuseReplaced(notification, id);
    await tx.notifications.holdFanout(notification.id);
    const nowMs = clock.nowMs();
    const toDo = await decide(tx, notification, nowMs);
    if (toDo !== undefined) {
      await tx.openChanges.begin(notification.id, toDo);
      // The first part at once: most notifications have no other.
      await spreadChange(tx, { notificationId: notification.id, operation: toDo, cursor: 0, late: [] }, nowMs);
    }
    return toDo;
  });
  if (operation !== undefined) {
    store.signalWork();
    logger.info({ notificationId: id, producerId, operation }, 'notification changed');
  }
  return operation !== undefined;
}

/** Nothing is taken in about the same thing until the change is written down. */
async function lockKey(tx: Statements, notificationId: number, producerId: number): Promise<void> {
  const key = await tx.lifecycles.findKey(notificationId);
  if (key !== undefined) {
    await tx.locks.take(lifecycleLock({ producerId, key }));
  }
}

/** The card of a key tells of its newest event: to change what an earlier one said would change nothing that is seen. */
function refuseReplaced({ latestOfKey }: ChangeableNotification, id: string): void {
  if (latestOfKey !== null && latestOfKey !== id) {
    const details = { latest: latestOfKey };
    throw new AppError('replaced', 'A newer notification of the same key has taken its place: change that one', {
      details,
    });
  }
}

function refuseTooManyLinks({ ask, links }: EventContent): void {
  const asked = ask && { acknowledge: ask.canAcknowledge, actions: ask.actions };
  if (asked && links.length > maxLinksBeside(asked)) {
    throw faultyRequest('edit', [{ pointer: '/links', detail: describeTooManyLinks(asked) }]);
  }
}

function applyEdit(content: EventContent, fields: EditRequest): EventContent {
  const { text: _text, summary: _summary, images: _images, ...rest } = content;
  const { text: newText, summary: newSummary, images = content.images ?? [], ...others } = fields;
  const [textNow, summaryNow] = [
    newText === undefined ? content.text : newText,
    newSummary === undefined ? content.summary : newSummary,
  ];
  const given = Object.fromEntries(Object.entries(others).filter(([, value]) => value !== undefined));
  return {
    ...rest,
    ...given,
    ...(images.length > 0 && { images }),
    ...(textNow !== undefined && textNow !== null && { text: textNow }),
    ...(summaryNow !== undefined && summaryNow !== null && { summary: summaryNow }),
  };
}
