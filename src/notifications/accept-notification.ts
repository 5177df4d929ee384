// Accepting a notification: once per idempotency key, with all its deliveries, in one durable transaction.

import { createHash } from 'node:crypto';
import type { Clock } from '../domain/clock.ts';
import { AppError } from '../domain/errors.ts';
import type { EventContent } from '../domain/notification.ts';
import { createNotificationId } from '../domain/notification-id.ts';
import { nameKey, parseRecipient, type UnresolvedRecipient } from '../domain/recipient.ts';
import { NAMES_LOCK } from '../store/locks.ts';
import type { Statements, Store } from '../store/store.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { BACKLOG_RETRY_MS, createBacklogGuard } from './backlog.ts';
import { createEstimator, type Estimate } from './estimate.ts';
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
  /** As it stood when the notification was accepted. */
  readonly estimate: Estimate;
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
  const estimate = createEstimator(deps);
  const acceptNew = async (request: NotificationRequest, input: AcceptInput) => {
    await backlog.admit();
    return deps.store.write((tx) => acceptOnce({ ...deps, estimate }, { tx, request, input }));
  };
  return async (input) => {
    const request = parseNotificationRequest(input.json);
    const accepted = (await findReplay(deps.store.read, input)) ?? (await acceptNew(request, input));
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

interface StoreDeps extends AcceptDeps {
  readonly estimate: ReturnType<typeof createEstimator>;
}

interface Transaction {
  readonly tx: Statements;
  readonly request: NotificationRequest;
  readonly input: AcceptInput;
}

async function acceptOnce(deps: StoreDeps, transaction: Transaction): Promise<Accepted> {
  const { tx, input } = transaction;
  const { sender, idempotencyKey: key } = input;
  if (key !== undefined) {
    await tx.locks.take(`idempotency key ${sender.producerId} ${key}`);
  }
  // Looked for once more: of two requests at the same time the second one finds the first one here.
  const replay = await findReplay(tx, input);
  if (replay) {
    return replay;
  }
  await tx.locks.share(NAMES_LOCK);
  const { answer, notificationId, nowMs } = await store(deps, transaction);
  if (key !== undefined) {
    await tx.notifications.insertIdempotent({
      producerId: sender.producerId,
      key,
      requestSha256: digestOf(input.body),
      notificationId,
      body: JSON.stringify(answer),
      nowMs,
    });
  }
  return { answer, isReplay: false };
}

/** @throws AppError `idempotency_key_reused` when the key was used for other bytes */
async function findReplay(
  statements: Statements,
  { sender, idempotencyKey: key, body }: AcceptInput,
): Promise<Accepted | undefined> {
  const earlier = key === undefined ? undefined : await statements.notifications.findIdempotent(sender.producerId, key);
  if (!earlier) {
    return undefined;
  }
  if (Buffer.compare(earlier.requestSha256, digestOf(body)) !== 0) {
    throw new AppError(
      'idempotency_key_reused',
      'This Idempotency-Key was used for another request. Use a new key for each notification, and the same bytes for a retry',
    );
  }
  return { answer: JSON.parse(earlier.body), isReplay: true };
}

function digestOf(body: Uint8Array): Uint8Array {
  return createHash('sha256').update(body).digest();
}

interface Stored {
  readonly answer: AcceptedNotification;
  readonly notificationId: number;
  readonly nowMs: number;
}

async function store(deps: StoreDeps, { tx, request, input }: Transaction): Promise<Stored> {
  const { sender } = input;
  const resolution = await resolveRecipients(tx, request.to, sender.rights);
  const { resolved, unresolved, everyone } = resolution;
  if (resolved.length === 0 && everyone === undefined) {
    throw noRecipient(unresolved);
  }
  const estimate = await deps.estimate(tx, toAddressed(resolution, request, sender));
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

function toAnswer(id: string, { resolved, unresolved, everyone }: Resolution): Omit<AcceptedNotification, 'estimate'> {
  const deliveries = resolved.map(({ recipient, sameAs }) => ({
    recipient,
    state: 'queued' as const,
    ...(sameAs !== undefined && { sameAs }),
  }));
  const broadcast = everyone === undefined ? [] : [{ recipient: everyone, state: 'queued' as const }];
  return { id, deliveries: [...deliveries, ...broadcast], unresolved };
}
