// What one notification is in the store: itself, and a delivery for everybody whom it reaches.

import type { Clock } from '../domain/clock.ts';
import { AppError } from '../domain/errors.ts';
import type { EventContent } from '../domain/notification.ts';
import { createNotificationId } from '../domain/notification-id.ts';
import { nameKey, parseRecipient, type UnresolvedRecipient } from '../domain/recipient.ts';
import type { Statements } from '../store/store.ts';
import { BACKLOG_RETRY_MS } from './backlog.ts';
import type { Estimate, Estimator } from './estimate.ts';
import type { NotificationRequest } from './parse-notification.ts';
import {
  type AddressingRights,
  type Resolution,
  type ResolvedRecipient,
  resolveRecipients,
} from './resolve-recipients.ts';
import { broadcastDueAtMs, dueAtMsFor, fanoutScheduleOf, spanOf } from './schedule.ts';

/** What storing takes. */
export interface StoreDeps {
  readonly clock: Clock;
  readonly estimator: Estimator;
  readonly randomBytes: (size: number) => Uint8Array;
}

/** Who asks, and what the key they used allows. */
export interface Sender {
  readonly producerId: number;
  readonly producerName: string;
  readonly rights: AddressingRights;
}

/** A request to be stored in the transaction `tx`. */
export interface NewRequest {
  readonly tx: Statements;
  readonly request: NotificationRequest;
  readonly sender: Sender;
}

/** The answer to the producer. */
export interface AcceptedNotification {
  readonly id: string;
  readonly deliveries: readonly AcceptedDelivery[];
  readonly unresolved: readonly UnresolvedRecipient[];
  /** As it stood when the notification was accepted. */
  readonly estimate: Estimate;
}

/** What becomes of one entry of `to`. */
export interface AcceptedDelivery {
  readonly recipient: string;
  readonly state: 'queued';
  /** When it is due; present where that was asked for, and is the same for all whom the entry means. */
  readonly dueAt?: string;
  readonly sameAs?: string;
}

/** What was stored, and what the producer is told. */
export interface Stored {
  readonly answer: AcceptedNotification;
  readonly notificationId: number;
  readonly nowMs: number;
}

/**
 * Resolves the recipients and stores what they get.
 *
 * @throws AppError `no_recipient`; `backlog_full` when too much waits for each of them
 */
export async function storeNotification(deps: StoreDeps, { tx, request, sender }: NewRequest): Promise<Stored> {
  const resolution = await resolveRecipients(tx, request.to, sender.rights);
  const { resolved, unresolved, everyone } = resolution;
  if (resolved.length === 0 && everyone === undefined) {
    throw noRecipient(unresolved);
  }
  const nowMs = deps.clock.nowMs();
  const { timed, startsAtMs, expiresAtMs } = toPlan(resolution, request, nowMs);
  const isScheduled = startsAtMs !== undefined && startsAtMs > nowMs;
  const estimate = await deps.estimator.estimate(tx, { ...toAddressed(resolution, request, sender), isScheduled });
  const publicId = createNotificationId(nowMs, deps.randomBytes);
  const { priority, ttl } = request;
  const notificationId = await tx.notifications.insert({
    publicId,
    producerId: sender.producerId,
    content: toContent(request, sender.producerName),
    priority,
    unknownPolicy: request.onUnknown,
    unresolved,
    nowMs,
    startsAtMs,
    expiresAtMs,
  });
  for (const { recipient, laneId, conversationId, dueAtMs = nowMs } of withoutRepeats(timed)) {
    const scheduledAtMs = dueAtMs > nowMs ? dueAtMs : undefined;
    const times = { nowMs, scheduledAtMs, expiresAtMs: dueAtMs + ttl };
    await tx.deliveries.insert({ notificationId, laneId, conversationId, recipient, priority, ...times });
  }
  await noteMentions(tx, notificationId, unresolved);
  if (everyone !== undefined) {
    await tx.notifications.startFanout(notificationId, sender.rights.tenantId ?? null, fanoutScheduleOf(request, ttl));
  }
  const broadcast = everyone === undefined ? [] : [{ recipient: everyone, dueAtMs: broadcastDueAtMs(request, nowMs) }];
  const answer = { id: publicId, deliveries: [...timed, ...broadcast].map(toAnswer), unresolved, estimate };
  return { answer, notificationId, nowMs };
}

interface TimedRecipient extends ResolvedRecipient {
  /** Undefined without a schedule. */
  readonly dueAtMs: number | undefined;
}

/** What the schedule means for those who are reached. */
function toPlan({ resolved, everyone }: Resolution, request: NotificationRequest, nowMs: number) {
  const timed = resolved.map((one): TimedRecipient => ({ ...one, dueAtMs: dueAtMsFor(request, one.timeZone, nowMs) }));
  const dueAtMs = timed.flatMap((one) => one.dueAtMs ?? []);
  const span = spanOf(request, { dueAtMs, isForEveryone: everyone !== undefined }, nowMs);
  return { timed, startsAtMs: span?.firstMs, expiresAtMs: (span?.lastMs ?? nowMs) + request.ttl };
}

function withoutRepeats<T extends ResolvedRecipient>(resolved: readonly T[]): readonly T[] {
  return resolved.filter((one) => one.sameAs === undefined);
}

function toAddressed({ resolved, everyone }: Resolution, { priority }: NotificationRequest, { rights }: Sender) {
  const laneIds = withoutRepeats(resolved).map(({ laneId }) => laneId);
  return { laneIds, isForEveryone: everyone !== undefined, tenantId: rights.tenantId, priority };
}

/** Names that stand in the stored list, so that they can be found when their person is to be forgotten. */
async function noteMentions(
  tx: Statements,
  notificationId: number,
  unresolved: readonly UnresolvedRecipient[],
): Promise<void> {
  for (const { recipient } of unresolved) {
    const named = recipient === null ? undefined : parseRecipient(recipient);
    if (recipient !== null && named && named.kind !== 'everyone') {
      await tx.names.insertMention({ notificationId, nameKey: nameKey(named), recipient });
    }
  }
}

function noRecipient(unresolved: readonly UnresolvedRecipient[]): AppError {
  const details = { unresolved };
  return unresolved.some(({ reason }) => reason === 'overloaded')
    ? new AppError('backlog_full', 'Too many messages wait for these people. Try again later', {
        details,
        retryAfterMs: BACKLOG_RETRY_MS,
      })
    : new AppError('no_recipient', 'None of the recipients can be reached; nothing was stored', { details });
}

function toContent(request: NotificationRequest, source: string): EventContent {
  const { title, text, severity, facts, links, summary } = request;
  return {
    kind: 'event',
    title,
    ...(text !== undefined && { text }),
    severity,
    facts,
    links,
    ...(summary !== undefined && { summary }),
    source,
  };
}

function toAnswer({
  recipient,
  sameAs,
  dueAtMs,
}: Partial<TimedRecipient> & Pick<TimedRecipient, 'recipient'>): AcceptedDelivery {
  return {
    recipient,
    state: 'queued',
    ...(dueAtMs !== undefined && { dueAt: new Date(dueAtMs).toISOString() }),
    ...(sameAs !== undefined && { sameAs }),
  };
}
