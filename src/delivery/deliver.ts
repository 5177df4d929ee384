// One claimed delivery, from its send slot to its outcome.

import type { SteadyClock } from '../domain/clock.ts';
import { inThread } from '../domain/conversation.ts';
import { assertNever } from '../domain/errors.ts';
import type { FailureReason } from '../domain/failure-reason.ts';
import { type MentionedPerson, type NotificationMenu, requireContent } from '../domain/notification.ts';
import type { Judgement } from '../domain/preferences.ts';
import type { ClaimedDelivery } from '../store/delivery-queue.ts';
import { readMentions } from '../store/read-mentions.ts';
import { makeAttempt } from './attempt.ts';
import { isAddressed } from './compose-digest.ts';
import type { ConnectorGate } from './connector-gate.ts';
import { consultPerson } from './consult-person.ts';
import { type FinishDeps, finish, learn, limited, putBack } from './finish.ts';
import type { Held, Passed } from './held.ts';
import { memberIdOf, openChat } from './open-chat.ts';
import { type MessagePlan, planMessage } from './plan-message.ts';
import { type AnswerPorts, type ReadAnswers, readAnswers } from './read-answers.ts';
import { readEscalation } from './read-escalation.ts';
import type { AttemptResult, Sender } from './sender.ts';

export interface DeliverDeps extends FinishDeps, AnswerPorts {
  readonly sender: Sender;
  readonly gate: Pick<ConnectorGate, 'admit' | 'record'>;
  /** Where people are whose time zone is not known, IANA. */
  readonly defaultTimeZone: string;
  /** Tells how far the clock has followed the wall clock; absent where it never does. */
  readonly wall?: Pick<SteadyClock, 'followedMs'> | undefined;
}

/** A chat whose delivery did not pass the gate is not claimed again before this. */
const HOLD_MS = 1_000;

/**
 * Opens the 1:1 chat where there is none yet, then posts, edits or deletes. Every request is an attempt of its own at a
 * slot of its own, recorded before it is made; every write is fenced by the lease, so a lease that was lost on the way
 * ends this without a trace.
 *
 * @throws AppError `store_unavailable`: the lease runs out and the delivery is recovered
 */
export async function deliver(deps: DeliverDeps, claimed: ClaimedDelivery, owner: string): Promise<void> {
  const { laneId, intervalMs, slotAtMs } = claimed;
  const followedMs = deps.wall?.followedMs ?? 0;
  const turn = { laneId, intervalMs, slotAtMs };
  const held: Held = { claimed, followedMs, lease: { deliveryId: claimed.id, owner }, turn };
  if (!(await deps.pacer.untilSlot(held.turn))) {
    await deps.store.write((tx) => tx.queue.giveBack(held.lease));
    return;
  }
  const refusal = refuse(deps, held);
  if (refusal) {
    return end(deps, held, refusal);
  }
  const plan = await planMessage(deps.store.read, claimed);
  switch (plan.kind) {
    case 'end':
      return end(deps, held, plan);
    case 'become_post':
      return becomePost(deps, held);
    case 'request':
      // Sent again at the very moment in which its content was erased; to take it back needs none.
      return claimed.content.kind === 'erased' && plan.request.operation !== 'delete'
        ? end(deps, held, { state: 'failed', reason: 'content_erased' })
        : consultFirst(deps, held, plan.request);
    default:
      return assertNever(plan);
  }
}

/** What somebody has to say comes before anything is asked of Teams. */
async function consultFirst(deps: DeliverDeps, held: Held, plan: MessagePlan): Promise<void> {
  const consulted = await consultPerson(deps, held, plan);
  switch (consulted.kind) {
    case 'request':
      return carryOut(deps, held, consulted.request);
    case 'suppress':
      return end(deps, held, { state: 'suppressed', reason: consulted.reason });
    case 'defer':
      return defer(deps, held, consulted);
    default:
      return assertNever(consulted);
  }
}

/** It waits as if it had never been claimed; what was leased to it is judged by itself. */
async function defer(
  { store, clock, metrics }: DeliverDeps,
  { claimed, lease }: Held,
  { reason, untilMs }: Extract<Judgement, { kind: 'defer' }>,
): Promise<void> {
  const { failures, isReduced } = claimed;
  const isOurs = await store.write(async (tx) => {
    if (claimed.isDigest) {
      await tx.digests.unfold(lease);
    }
    const later = { state: 'queued', failures, isReduced, dueAtMs: untilMs, reason, activityId: null } as const;
    return tx.queue.release(lease, { ...later, nowMs: clock.nowMs() });
  });
  if (isOurs) {
    metrics.deliveriesDeferred.inc({ reason });
  }
}

/** Asks the gate last, so that a probe is one that goes out. */
async function carryOut(deps: DeliverDeps, held: Held, plan: MessagePlan): Promise<void> {
  const { target, failures } = held.claimed;
  const pass = deps.gate.admit({ serviceUrl: target.serviceUrl, isRetry: failures > 0 }, deps.clock.nowMs());
  if (!pass) {
    return holdBack(deps, held);
  }
  const passed: Passed = { ...held, pass };
  const conversationId = target.teamsConversationId ?? (await openChat(deps, passed));
  if (conversationId === undefined) {
    return;
  }
  // Asked again: opening the chat takes time, and the time to live may have ended meanwhile.
  const refusal = refuse(deps, held);
  const place = inThread(conversationId, plan.threadId);
  await (refusal ? end(deps, held, refusal) : attemptMessage(deps, passed, { plan, conversationId: place }));
}

/** No attempt and no failure. The whole chat waits, so that its order stays; and not for long: claims know better now. */
async function holdBack({ store, clock }: DeliverDeps, { claimed, lease }: Held): Promise<void> {
  await store.write(async (tx) => {
    await tx.queue.giveBack(lease);
    await tx.conversations.block(claimed.conversationId, clock.nowMs() + HOLD_MS);
  });
}

/** A delivery that ends without a request. */
interface End {
  readonly state: 'expired' | 'failed' | 'sent' | 'superseded' | 'recalled' | 'suppressed';
  readonly reason: FailureReason | null;
}

/** Why there is nothing to send any more; undefined when there is. */
function refuse({ clock, wall }: DeliverDeps, { claimed, followedMs }: Held): End | undefined {
  const expiresAtMs = claimed.expiresAtMs + (wall?.followedMs ?? 0) - followedMs;
  if (clock.nowMs() >= expiresAtMs) {
    return { state: 'expired', reason: 'expired' };
  }
  const { teamsConversationId, serviceUrl } = claimed.target;
  const isReachable = serviceUrl !== '' && (teamsConversationId ?? memberIdOf(claimed)) !== undefined;
  return isReachable ? undefined : { state: 'failed', reason: 'uninstalled' };
}

async function end(deps: DeliverDeps, held: Held, { state, reason }: End): Promise<void> {
  const { failures, isReduced } = held.claimed;
  await deps.store.write((tx) => {
    const nowMs = deps.clock.nowMs();
    const update = { state, failures, isReduced, dueAtMs: nowMs, reason, activityId: null, nowMs };
    return tx.queue.release(held.lease, update);
  });
  if (state !== 'sent') {
    deps.metrics.deliveriesEnded.inc({ state, reason: reason ?? '' });
  }
}

/** There is nothing to edit: it goes back to wait for its turn among what is posted. */
async function becomePost(deps: DeliverDeps, held: Held): Promise<void> {
  await deps.store.write((tx) => tx.messageChanges.becomePost(held.lease));
  await putBack(deps, held);
}

async function attemptMessage(
  deps: DeliverDeps,
  held: Passed,
  { plan, conversationId }: { readonly plan: MessagePlan; readonly conversationId: string },
): Promise<void> {
  const { lease, turn } = held;
  const { operation } = plan;
  const { read } = deps.store;
  const { content, notificationId, target } = held.claimed;
  const wanted = { notificationId, tenantId: target.tenantId };
  const mentions = plan.digest ? [] : await readMentions(read, content, wanted);
  const answers = plan.digest ? {} : await readAnswers(read, held.claimed, deps);
  const isEscalated = plan.digest ? false : await readEscalation(read, held.claimed);
  const message = { ...held, plan, conversationId, mentions, answers, isEscalated };
  const attempt = await makeAttempt(deps, { lease, operation, turn }, (requestId) =>
    limited(deps, (signal) => request(deps.sender, { ...message, requestId }, signal)),
  );
  learn(deps, held, attempt);
  await finish(deps, held, { attempt, operation, plan });
}

interface Asked {
  readonly claimed: ClaimedDelivery;
  readonly mentions: readonly MentionedPerson[];
  readonly answers: ReadAnswers;
  readonly isEscalated: boolean;
  readonly plan: MessagePlan;
  readonly conversationId: string;
  readonly requestId: string;
}

function request(sender: Sender, asked: Asked, signal: AbortSignal): Promise<AttemptResult> {
  const { claimed, plan, conversationId, requestId } = asked;
  const { serviceUrl } = claimed.target;
  switch (plan.operation) {
    case 'post':
      return sender.post(messageOf(asked), signal);
    case 'update':
      return sender.update({ ...messageOf(asked), activityId: plan.activityId }, signal);
    case 'delete':
      return sender.delete({ requestId, serviceUrl, conversationId, activityId: plan.activityId }, signal);
    default:
      return assertNever(plan);
  }
}

function messageOf({ claimed, plan, conversationId, mentions, answers, isEscalated, requestId }: Asked) {
  const { isReduced, acceptedAtMs } = claimed;
  const { tenantId, serviceUrl, locale, timeZone } = claimed.target;
  const lifecycle = plan.about?.view;
  const menu = plan.digest ? undefined : menuOf(claimed);
  return {
    ...{ requestId, tenantId, serviceUrl, conversationId, isReduced, acceptedAtMs },
    content: plan.digest?.content ?? answers.content ?? requireContent(claimed.content),
    ...(locale !== undefined && { locale }),
    ...(timeZone !== undefined && { timeZone }),
    ...(mentions.length > 0 && { mentions }),
    ...(lifecycle !== undefined && { lifecycle }),
    ...(answers.asked !== undefined && { asked: answers.asked, notification: claimed.publicId }),
    ...(answers.refreshFor !== undefined && { refreshFor: answers.refreshFor }),
    ...(menu !== undefined && { menu }),
    ...(plan.isThroughQuiet && { isThroughQuiet: plan.isThroughQuiet }),
    ...(isEscalated && { isEscalated }),
  };
}

function menuOf({ content, isPersonal, publicId, lifecycleId }: ClaimedDelivery): NotificationMenu | undefined {
  if (!isPersonal || !isAddressed(content)) {
    return undefined;
  }
  return content.kind === 'reminder'
    ? { notification: content.notification, hasKey: content.key !== undefined }
    : { notification: publicId, hasKey: lifecycleId !== undefined };
}
