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
import { type AddressingRights, type Resolution, resolveRecipients } from './resolve-recipients.ts';

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
  readonly deliveries: readonly { readonly recipient: string; readonly state: 'queued'; readonly sameAs?: string }[];
  readonly unresolved: readonly UnresolvedRecipient[];
  /** As it stood when the notification was accepted. */
  readonly estimate: Estimate;
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
  const estimate = await deps.estimator.estimate(tx, toAddressed(resolution, request, sender));
  const nowMs = deps.clock.nowMs();
  const publicId = createNotificationId(nowMs, deps.randomBytes);
  const { priority } = request;
  const expiresAtMs = nowMs + request.ttl;
  const notificationId = await tx.notifications.insert({
    publicId,
    producerId: sender.producerId,
    content: toContent(request, sender.producerName),
    priority,
    unknownPolicy: request.onUnknown,
    unresolved,
    nowMs,
    expiresAtMs,
  });
  for (const { recipient, laneId, conversationId } of withoutRepeats(resolved)) {
    await tx.deliveries.insert({ notificationId, laneId, conversationId, recipient, priority, nowMs, expiresAtMs });
  }
  await noteMentions(tx, notificationId, unresolved);
  if (everyone !== undefined) {
    await tx.notifications.startFanout(notificationId, sender.rights.tenantId ?? null);
  }
  return { answer: { ...toAnswer(publicId, resolution), estimate }, notificationId, nowMs };
}

function withoutRepeats(resolved: Resolution['resolved']): Resolution['resolved'] {
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
  const { title, text, textFormat, severity, facts, links, summary, occurredAt } = request;
  return {
    kind: 'event',
    title,
    ...(text !== undefined && { text }),
    ...(textFormat !== 'plain' && { textFormat }),
    severity,
    facts,
    links,
    ...(summary !== undefined && { summary }),
    source,
    ...(occurredAt !== undefined && { occurredAtMs: occurredAt }),
  };
}

function toAnswer(id: string, { resolved, unresolved, everyone }: Resolution): Omit<AcceptedNotification, 'estimate'> {
  const deliveries = resolved.map(({ recipient, sameAs }) => ({
    recipient,
    state: 'queued' as const,
    ...(sameAs !== undefined && { sameAs }),
  }));
  const broadcast = everyone === undefined ? [] : [{ recipient: everyone, state: 'queued' as const }];
  return { id, deliveries: [...deliveries, ...broadcast], unresolved };
}
