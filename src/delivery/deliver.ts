// One claimed delivery, from its send slot to its outcome.

import type { SteadyClock } from '../domain/clock.ts';
import { assertNever } from '../domain/errors.ts';
import type { FailureReason } from '../domain/failure-reason.ts';
import { type MentionedPerson, requireContent } from '../domain/notification.ts';
import type { ClaimedDelivery } from '../store/delivery-queue.ts';
import { makeAttempt } from './attempt.ts';
import type { ConnectorGate } from './connector-gate.ts';
import { type FinishDeps, finish, learn, limited, putBack } from './finish.ts';
import type { Held, Passed } from './held.ts';
import { memberIdOf, openChat } from './open-chat.ts';
import { type MessagePlan, planMessage } from './plan-message.ts';
import { readMentions } from './read-mentions.ts';
import type { AttemptResult, Sender } from './sender.ts';

export interface DeliverDeps extends FinishDeps {
  readonly sender: Sender;
  readonly gate: Pick<ConnectorGate, 'admit' | 'record'>;
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
        : carryOut(deps, held, plan.request);
    default:
      return assertNever(plan);
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
  await (refusal ? end(deps, held, refusal) : attemptMessage(deps, passed, { plan, conversationId }));
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
  readonly state: 'expired' | 'failed' | 'sent' | 'superseded' | 'recalled';
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
  const mentions = await readMentions(deps.store.read, held.claimed);
  const attempt = await makeAttempt(deps, { lease, operation, turn }, (requestId) =>
    limited(deps, (signal) => request(deps.sender, { ...held, plan, conversationId, mentions, requestId }, signal)),
  );
  learn(deps, held, attempt);
  await finish(deps, held, { attempt, operation, plan });
}

interface Asked {
  readonly claimed: ClaimedDelivery;
  readonly mentions: readonly MentionedPerson[];
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

function messageOf({ claimed, plan, conversationId, mentions, requestId }: Asked) {
  const { isReduced, acceptedAtMs } = claimed;
  const { tenantId, serviceUrl, locale, timeZone } = claimed.target;
  const lifecycle = plan.about?.view;
  return {
    ...{ requestId, tenantId, serviceUrl, conversationId, isReduced, acceptedAtMs },
    content: requireContent(claimed.content),
    ...(locale !== undefined && { locale }),
    ...(timeZone !== undefined && { timeZone }),
    ...(mentions.length > 0 && { mentions }),
    ...(lifecycle !== undefined && { lifecycle }),
  };
}
