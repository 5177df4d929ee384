// What one notification is in the store: itself, and a delivery for everybody whom it reaches.

import { z } from 'zod';
import { type AnswerOf, shownInstant } from '../domain/answer.ts';
import { advice } from '../domain/card-advice.ts';
import type { Clock } from '../domain/clock.ts';
import { AppError } from '../domain/errors.ts';
import { LIFECYCLE_STATES } from '../domain/lifecycle.ts';
import type { ProducerContent } from '../domain/notification.ts';
import { createNotificationId } from '../domain/notification-id.ts';
import { nameKey, parseRecipient, type UnresolvedRecipient } from '../domain/recipient.ts';
import type { Statements } from '../store/store.ts';
import { BACKLOG_RETRY_MS } from './backlog.ts';
import { shortenedCard } from './card-composer.ts';
import { shownState } from './delivery-status.ts';
import { type Estimator, estimateOfNotification } from './estimate.ts';
import type { NotificationRequest } from './parse-notification.ts';
import { countsByState, progressOfNotification } from './progress.ts';
import { leftOutMention } from './resolve-mentions.ts';
import {
  type AddressingRights,
  type Resolution,
  type ResolvedRecipient,
  resolveRecipients,
  unresolvedRecipient,
} from './resolve-recipients.ts';
import { fanoutScheduleOf, type Plan, type TimedRecipient, toPlan } from './schedule.ts';
import { EVENT_EFFECTS, type EventInput, linkEvent, type TakenEvent, takeEvent } from './take-event.ts';

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
  readonly rights: SenderRights;
}

/** What a key lets its producer do. */
export interface SenderRights extends AddressingRights {
  /** Cards of their own making; not when absent. */
  readonly canSendCards?: boolean;
}

/** A request to be stored in the transaction `tx`. */
export interface NewRequest {
  readonly tx: Statements;
  readonly request: NotificationRequest;
  readonly content: ProducerContent;
  readonly sender: Sender;
}

/** A recipient who is reached, in an answer. */
export const namedDelivery = z.object({
  recipient: z.string(),
  sameAs: z.string().optional().describe('The earlier recipient that names the same person, who gets one message.'),
  dueAt: shownInstant
    .optional()
    .describe('When it is due, where that was asked for and is the same for all whom the entry means.'),
});
export type NamedDelivery = AnswerOf<typeof namedDelivery>;

/** What becomes of the thing with a key, in an answer. */
export const lifecycleEffect = z
  .object({ key: z.string(), state: z.enum(LIFECYCLE_STATES), effect: z.enum(EVENT_EFFECTS) })
  .describe('What becomes of the thing with this key: a new message, an edit of the one that is there, or nothing.');

/** The answer to the producer. */
export const acceptedNotification = z
  .object({
    id: z.string().meta({ examples: ['ntf_01M82G2CA6970BYVNE96CZQK45'] }),
    deliveries: z.array(
      namedDelivery.extend({
        recipient: z.string().nullable().describe('As you wrote it; null once the data of the person was erased.'),
        sameAs: namedDelivery.shape.sameAs.unwrap().nullable().optional(),
        state: shownState,
      }),
    ),
    unresolved: z.array(unresolvedRecipient).describe('Who gets nothing, and why.'),
    mentionsLeftOut: z.array(leftOutMention).optional().describe('Who of `mentions` is not mentioned.'),
    lifecycle: lifecycleEffect.optional(),
    estimate: estimateOfNotification.describe('As it stood when the notification was accepted.'),
    shortened: shortenedCard.optional(),
    warnings: z.array(advice).optional().describe('What a template shows nothing for, because the data lacks it.'),
    progress: progressOfNotification.optional().describe('With `?wait`: how far it has come.'),
    counts: countsByState.optional(),
  })
  .meta({ id: 'AcceptedNotification', description: 'It is on disk.' });
export type AcceptedNotification = AnswerOf<typeof acceptedNotification>;

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
export async function storeNotification(
  deps: StoreDeps,
  { tx, request, content, sender }: NewRequest,
): Promise<Stored> {
  const resolution = await resolveRecipients(tx, request.to, sender.rights);
  const { resolved, unresolved, everyone } = resolution;
  if (resolved.length === 0 && everyone === undefined) {
    throw noRecipient(unresolved);
  }
  const nowMs = deps.clock.nowMs();
  const plan = toPlan(resolution, request, nowMs);
  const meant = { ...toAddressed(resolution, request, sender), isScheduled: plan.startsAtMs > nowMs };
  const estimate = await deps.estimator.estimate(tx, meant);
  const publicId = createNotificationId(nowMs, deps.randomBytes);
  const addressed = withoutRepeats(plan.timed);
  const taken = await takeEventOf(request, {
    ...{ tx, content, nowMs, producerId: sender.producerId },
    conversationIds: addressed.map(({ conversationId }) => conversationId),
  });
  const notificationId = await tx.notifications.insert({
    ...{ publicId, producerId: sender.producerId, content, unresolved, nowMs },
    priority: request.priority,
    unknownPolicy: request.onUnknown,
    startsAtMs: request.at && plan.startsAtMs,
    expiresAtMs: plan.expiresAtMs,
    event: taken?.event,
  });
  await insertDeliveries(tx, addressed, { notificationId, request, taken, nowMs });
  await noteNames(tx, notificationId, unresolved);
  if (everyone !== undefined && taken?.effect !== 'none') {
    const schedule = fanoutScheduleOf(request, request.ttl);
    await tx.notifications.startFanout(notificationId, sender.rights.tenantId ?? null, schedule);
  }
  if (taken) {
    await linkEvent(tx, taken, { notificationId, nowMs });
  }
  const deliveries = toAnswers(plan, taken);
  const answer = { id: publicId, deliveries, unresolved, ...lifecycleOf(request, taken), estimate };
  return { answer, notificationId, nowMs };
}

type EventContext = Pick<EventInput, 'producerId' | 'content' | 'conversationIds' | 'nowMs'> & {
  readonly tx: Statements;
};

async function takeEventOf(request: NotificationRequest, { tx, ...input }: EventContext) {
  const { key, state = 'open', occurredAt: occurredAtMs } = request;
  return key === undefined ? undefined : takeEvent(tx, { ...input, key, state, occurredAtMs });
}

interface DeliveryContext {
  readonly notificationId: number;
  readonly request: NotificationRequest;
  readonly taken: TakenEvent | undefined;
  readonly nowMs: number;
}

async function insertDeliveries(
  tx: Statements,
  addressed: readonly TimedRecipient[],
  { notificationId, request, taken, nowMs }: DeliveryContext,
): Promise<void> {
  for (const { recipient, laneId, conversationId, dueAtMs = nowMs } of addressed) {
    const isEdit = taken?.showing.has(conversationId) ?? false;
    await tx.deliveries.insert({
      ...{ notificationId, laneId, conversationId, recipient, nowMs },
      priority: request.priority,
      expiresAtMs: dueAtMs + request.ttl,
      scheduledAtMs: dueAtMs > nowMs ? dueAtMs : undefined,
      dueAtMs: taken?.dueAtMs,
      lifecycleId: taken?.event.lifecycleId,
      operation: isEdit ? 'update' : 'post',
      isQuiet: isEdit,
      supersededFor: taken?.effect === 'none' ? 'older_event' : undefined,
    });
  }
}

function lifecycleOf({ key, state = 'open' }: NotificationRequest, taken: TakenEvent | undefined) {
  return key === undefined || !taken ? {} : { lifecycle: { key, state, effect: taken.effect } };
}

function withoutRepeats<T extends ResolvedRecipient>(resolved: readonly T[]): readonly T[] {
  return resolved.filter((one) => one.sameAs === undefined);
}

/** Whom a notification goes to, as the estimate needs it. */
export function toAddressed({ resolved, everyone }: Resolution, { priority }: NotificationRequest, { rights }: Sender) {
  const laneIds = withoutRepeats(resolved).map(({ laneId }) => laneId);
  return { laneIds, isForEveryone: everyone !== undefined, tenantId: rights.tenantId, priority };
}

/** Names that stand in a stored list, so that they can be found when their person is to be forgotten. */
export async function noteNames(
  tx: Statements,
  notificationId: number,
  listed: readonly Pick<UnresolvedRecipient, 'recipient'>[],
): Promise<void> {
  for (const { recipient } of listed) {
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

function toAnswers(plan: Plan, taken: TakenEvent | undefined): AcceptedNotification['deliveries'] {
  const state = taken?.effect === 'none' ? 'superseded' : 'queued';
  return toDeliveries(plan).map((delivery) => ({ ...delivery, state }));
}

type Named = Pick<TimedRecipient, 'recipient' | 'dueAtMs'> & Partial<Pick<TimedRecipient, 'sameAs'>>;

/** Everybody who is reached, as they are named, and everyone at the end. */
export function toDeliveries({ timed, everyone }: Plan): readonly NamedDelivery[] {
  const named: readonly Named[] = everyone === undefined ? timed : [...timed, everyone];
  return named.map(({ recipient, sameAs, dueAtMs }) => ({
    recipient,
    ...(sameAs !== undefined && { sameAs }),
    ...(dueAtMs !== undefined && { dueAt: new Date(dueAtMs).toISOString() }),
  }));
}
