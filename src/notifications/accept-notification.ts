// Accepting a notification: once per idempotency key, with all its deliveries, in one durable transaction.

import { createHash } from 'node:crypto';
import type { Clock } from '../domain/clock.ts';
import { AppError } from '../domain/errors.ts';
import type { EventContent } from '../domain/notification.ts';
import { createNotificationId } from '../domain/notification-id.ts';
import type { UnresolvedRecipient } from '../domain/recipient.ts';
import type { Statements, Store } from '../store/store.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { BACKLOG_RETRY_MS, createBacklogGuard } from './backlog.ts';
import { type NotificationRequest, parseNotificationRequest } from './parse-notification.ts';
import { type AddressingRights, type Resolution, resolveRecipients } from './resolve-recipients.ts';

/** What accepting takes. */
export interface AcceptDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly randomBytes: (size: number) => Uint8Array;
}

export interface AcceptOptions {
  /** Deliveries that may wait or be on their way; beyond it new notifications are refused. */
  readonly maxBacklog: number;
}

/** Who asks, and what the key they used allows. */
export interface Sender {
  readonly producerId: number;
  readonly producerName: string;
  readonly rights: AddressingRights;
}

export interface AcceptInput {
  readonly sender: Sender;
  readonly json: unknown;
  /** The bytes of `json`: the same idempotency key with other bytes is refused. */
  readonly body: Uint8Array;
  readonly idempotencyKey: string | undefined;
}

/** The answer to the producer. */
export interface AcceptedNotification {
  readonly id: string;
  readonly deliveries: readonly { readonly recipient: string; readonly state: 'queued'; readonly sameAs?: string }[];
  readonly unresolved: readonly UnresolvedRecipient[];
}

export interface Accepted {
  readonly answer: AcceptedNotification;
  /** True when an earlier request with the same idempotency key is answered once more. */
  readonly isReplay: boolean;
}

/**
 * Gives the function that accepts notifications. Its promise resolves after the rows are on disk.
 *
 * @throws AppError `invalid_request`, `no_recipient`, `idempotency_key_reused`, `backlog_full`, `store_unavailable`
 */
export function createAcceptNotification(
  deps: AcceptDeps,
  options: AcceptOptions,
): (input: AcceptInput) => Promise<Accepted> {
  const backlog = createBacklogGuard(deps, options.maxBacklog);
  return async (input) => {
    const request = parseNotificationRequest(input.json);
    await backlog.admit();
    const accepted = await deps.store.write((tx) => acceptOnce(deps, { tx, request, input }));
    if (accepted.isReplay) {
      deps.metrics.notificationsReplayed.inc();
      return accepted;
    }
    deps.metrics.notificationsAccepted.inc({ priority: request.priority });
    deps.logger.info(
      {
        notificationId: accepted.answer.id,
        producerId: input.sender.producerId,
        deliveries: accepted.answer.deliveries.length,
        unresolved: accepted.answer.unresolved.length,
      },
      'notification accepted',
    );
    deps.store.signalWork();
    return accepted;
  };
}

interface Transaction {
  readonly tx: Statements;
  readonly request: NotificationRequest;
  readonly input: AcceptInput;
}

async function acceptOnce(deps: AcceptDeps, transaction: Transaction): Promise<Accepted> {
  const { tx, input } = transaction;
  const { sender, idempotencyKey: key } = input;
  if (key === undefined) {
    return { answer: (await store(deps, transaction)).answer, isReplay: false };
  }
  const requestSha256 = createHash('sha256').update(input.body).digest();
  const earlier = await tx.notifications.findIdempotent(sender.producerId, key);
  if (earlier) {
    return replay(earlier, requestSha256);
  }
  const { answer, notificationId, nowMs } = await store(deps, transaction);
  const body = JSON.stringify(answer);
  await tx.notifications.insertIdempotent({
    producerId: sender.producerId,
    key,
    requestSha256,
    notificationId,
    body,
    nowMs,
  });
  return { answer, isReplay: false };
}

interface Stored {
  readonly answer: AcceptedNotification;
  readonly notificationId: number;
  readonly nowMs: number;
}

async function store(deps: AcceptDeps, { tx, request, input }: Transaction): Promise<Stored> {
  const { sender } = input;
  const resolution = await resolveRecipients(tx, request.to, sender.rights);
  const { resolved, unresolved, everyone } = resolution;
  if (resolved.length === 0 && everyone === undefined) {
    throw noRecipient(unresolved);
  }
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
  for (const { recipient, laneId, conversationId } of resolved.filter((one) => one.sameAs === undefined)) {
    await tx.deliveries.insert({ notificationId, laneId, conversationId, recipient, priority, nowMs, expiresAtMs });
  }
  if (everyone !== undefined) {
    await tx.notifications.startFanout(notificationId, sender.rights.tenantId ?? null);
  }
  return { answer: toAnswer(publicId, resolution), notificationId, nowMs };
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

function replay(
  earlier: { readonly requestSha256: Uint8Array; readonly body: string },
  requestSha256: Uint8Array,
): Accepted {
  if (Buffer.compare(earlier.requestSha256, requestSha256) !== 0) {
    throw new AppError(
      'idempotency_key_reused',
      'This Idempotency-Key was used for another request. Use a new key for each notification, and the same bytes for a retry',
    );
  }
  return { answer: JSON.parse(earlier.body), isReplay: true };
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

function toAnswer(id: string, { resolved, unresolved, everyone }: Resolution): AcceptedNotification {
  const deliveries = resolved.map(({ recipient, sameAs }) => ({
    recipient,
    state: 'queued' as const,
    ...(sameAs !== undefined && { sameAs }),
  }));
  const broadcast = everyone === undefined ? [] : [{ recipient: everyone, state: 'queued' as const }];
  return { id, deliveries: [...deliveries, ...broadcast], unresolved };
}
