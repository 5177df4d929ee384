// What one notification is in the store: itself, and a delivery for everybody whom it reaches.

import { z } from 'zod';
import { type AnswerOf, shownInstant } from '../domain/answer.ts';
import { advice } from '../domain/card-advice.ts';
import type { Clock } from '../domain/clock.ts';
import { AppError } from '../domain/errors.ts';
import { LIFECYCLE_STATES } from '../domain/lifecycle.ts';
import type { BotContent, ProducerContent } from '../domain/notification.ts';
import { createNotificationId } from '../domain/notification-id.ts';
import type { UnresolvedRecipient } from '../domain/recipient.ts';
import type { Statements } from '../store/store.ts';
import { askStatus } from './ask-status.ts';
import { BACKLOG_RETRY_MS } from './backlog.ts';
import { shortenedCard } from './card-composer.ts';
import { shownState } from './delivery-status.ts';
import { type Estimator, estimateOfNotification } from './estimate.ts';
import { insertDeliveries, startFanouts, withoutRepeats } from './insert-deliveries.ts';
import { noteNames } from './note-names.ts';
import type { NotificationRequest } from './parse-notification.ts';
import { countsByState, progressOfNotification } from './progress.ts';
import { leftOutMention } from './resolve-mentions.ts';
import {
  type AddressingRights,
  type Resolution,
  resolveRecipients,
  unresolvedRecipient,
} from './resolve-recipients.ts';
import { type Plan, type TimedRecipient, toPlan } from './schedule.ts';
import { storeAsk } from './store-ask.ts';
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
  /** What is urgent in the quiet hours of people; not when absent. */
  readonly canPassQuiet?: boolean;
}

/** What another room says by a notification, with what belongs to it. */
export interface SaidInstead {
  readonly content: BotContent;
  /** Runs in the transaction that stores the notification. */
  store(tx: Statements, notification: { readonly notificationId: number; readonly nowMs: number }): Promise<void>;
}

/** A request to be stored in the transaction `tx`. */
export interface NewRequest {
  readonly tx: Statements;
  readonly request: NotificationRequest;
  readonly content: ProducerContent;
  readonly sender: Sender;
  /** Stored in the place of `content`. */
  readonly instead?: SaidInstead | undefined;
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
    ask: askStatus.optional().describe('With `?wait`, where something is asked: how that stands.'),
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
  { tx, request, content, sender, instead }: NewRequest,
): Promise<Stored> {
  const resolution = await resolveRecipients(tx, request.to, sender.rights);
  const { resolved, unresolved, broadcasts } = resolution;
  if (resolved.length === 0 && broadcasts.length === 0) {
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
    ...{ publicId, producerId: sender.producerId, content: instead?.content ?? content, unresolved, nowMs },
    priority: request.priority,
    unknownPolicy: request.onUnknown,
    startsAtMs: request.at && plan.startsAtMs,
    expiresAtMs: plan.expiresAtMs,
    event: taken?.event,
  });
  await insertDeliveries(tx, addressed, { notificationId, request, taken, nowMs });
  await noteNames(tx, notificationId, unresolved);
  if (taken?.effect !== 'none') {
    await startFanouts(tx, broadcasts, { notificationId, request, tenantId: sender.rights.tenantId });
  }
  if (taken) {
    await linkEvent(tx, taken, { notificationId, nowMs });
  }
  await storeAsk(tx, request, { notificationId, startsAtMs: plan.startsAtMs, isTold: taken?.effect !== 'none' });
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

function lifecycleOf({ key, state = 'open' }: NotificationRequest, taken: TakenEvent | undefined) {
  return key === undefined || !taken ? {} : { lifecycle: { key, state, effect: taken.effect } };
}

/** Whom a notification goes to, as the estimate needs it. Everybody who has the bot is everybody but places. */
export function toAddressed(resolution: Resolution, { priority }: NotificationRequest, { rights }: Sender) {
  const named = withoutRepeats(resolution.resolved);
  const audiences = withoutRepeats(resolution.broadcasts);
  const everyone = audiences.find(({ audience }) => audience === 'everyone');
  return {
    laneIds: (everyone ? named.filter(({ isPlace }) => isPlace) : named).map(({ laneId }) => laneId),
    audiences: everyone ? [everyone] : audiences,
    tenantId: rights.tenantId,
    priority,
  };
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

/** Everybody who is reached, as they are named, and those who are many at the end. */
export function toDeliveries({ timed, broadcasts }: Plan): readonly NamedDelivery[] {
  const named: readonly Named[] = [...timed, ...broadcasts];
  return named.map(({ recipient, sameAs, dueAtMs }) => ({
    recipient,
    ...(sameAs !== undefined && { sameAs }),
    ...(dueAtMs !== undefined && { dueAt: new Date(dueAtMs).toISOString() }),
  }));
}
