// One claimed delivery, from its send slot to its outcome.

import type { Clock } from '../domain/clock.ts';
import type { Operation, Outcome, Transition } from '../domain/delivery.ts';
import { AppError } from '../domain/errors.ts';
import type { FailureReason } from '../domain/failure-reason.ts';
import { isReopened, listRemedies } from '../domain/healing.ts';
import type { ServiceUrlPolicy } from '../domain/service-url.ts';
import type { ClaimedDelivery, Lease } from '../store/delivery-queue.ts';
import type { Statements } from '../store/store.ts';
import type { Logger } from '../telemetry/logger.ts';
import { type Attempt, type AttemptDeps, LEASE_MS, makeAttempt } from './attempt.ts';
import type { Turn } from './pacer.ts';
import type { Sender } from './sender.ts';
import { settle } from './settle.ts';

export interface DeliverDeps extends AttemptDeps {
  readonly sender: Sender;
  readonly logger: Logger;
  /** Where the bot's token may go: no remedy leads elsewhere. */
  readonly serviceUrlPolicy: ServiceUrlPolicy;
  /** In [0, 1). */
  readonly random: () => number;
}

interface Held {
  readonly claimed: ClaimedDelivery;
  readonly lease: Lease;
  readonly turn: Turn;
}

/**
 * Opens the 1:1 chat where there is none yet, then posts. Every request is an attempt of its own at a slot of its own,
 * recorded before it is made; every write is fenced by the lease, so a lease that was lost on the way ends this without
 * a trace.
 *
 * @throws AppError `store_unavailable`: the lease runs out and the delivery is recovered
 */
export async function deliver(deps: DeliverDeps, claimed: ClaimedDelivery, owner: string): Promise<void> {
  const { laneId, intervalMs, slotAtMs } = claimed;
  const held: Held = { claimed, lease: { deliveryId: claimed.id, owner }, turn: { laneId, intervalMs, slotAtMs } };
  if (!(await deps.pacer.untilSlot(held.turn))) {
    await deps.store.write((tx) => tx.queue.giveBack(held.lease));
    return;
  }
  if (await endRefused(deps, held)) {
    return;
  }
  const conversationId = claimed.target.teamsConversationId ?? (await openChat(deps, held));
  // Asked again: opening the chat takes time, and the time to live may have ended meanwhile.
  if (conversationId !== undefined && !(await endRefused(deps, held))) {
    await post(deps, held, conversationId);
  }
}

interface Refusal {
  readonly state: 'expired' | 'failed';
  readonly reason: FailureReason;
}

/** Why there is nothing to send any more; undefined when there is. */
function refuse(claimed: ClaimedDelivery, nowMs: number): Refusal | undefined {
  if (nowMs >= claimed.expiresAtMs) {
    return { state: 'expired', reason: 'expired' };
  }
  const { teamsConversationId, serviceUrl } = claimed.target;
  const isReachable = serviceUrl !== '' && (teamsConversationId ?? memberIdOf(claimed)) !== undefined;
  return isReachable ? undefined : { state: 'failed', reason: 'uninstalled' };
}

/** Whom to open the chat with. The pairwise id is Teams' own; the Entra object id is for when it does not decrypt. */
function memberIdOf({ target, remedies }: ClaimedDelivery): string | undefined {
  const { teamsUserId, aadObjectId } = target;
  return remedies.includes('reopen_by_object_id') ? (aadObjectId ?? teamsUserId) : (teamsUserId ?? aadObjectId);
}

/** @returns true when there was nothing to send any more, and the delivery has ended with the reason */
async function endRefused(deps: DeliverDeps, { claimed, lease }: Held): Promise<boolean> {
  const nowMs = deps.clock.nowMs();
  const refusal = refuse(claimed, nowMs);
  if (!refusal) {
    return false;
  }
  const { state, reason } = refusal;
  const { failures, isReduced } = claimed;
  await deps.store.write((tx) =>
    tx.queue.release(lease, { state, failures, isReduced, dueAtMs: nowMs, reason, activityId: null, nowMs }),
  );
  deps.metrics.deliveriesEnded.inc({ state, reason });
  return true;
}

/** @returns the chat to post to; undefined when the delivery is settled already */
async function openChat(deps: DeliverDeps, held: Held): Promise<string | undefined> {
  const { claimed, lease, turn } = held;
  const { tenantId, serviceUrl, botAccountId } = claimed.target;
  const memberId = memberIdOf(claimed) ?? '';
  const attempt = await makeAttempt(deps, { lease, operation: 'create_conversation', turn }, (requestId) =>
    limited(deps.clock, (signal) =>
      deps.sender.createConversation({ requestId, tenantId, serviceUrl, botAccountId, memberId }, signal),
    ),
  );
  const outcome = attempt?.result.outcome;
  if (!attempt || outcome?.kind !== 'created') {
    await finish(deps, held, { attempt, operation: 'create_conversation' });
    return undefined;
  }
  const { conversationId } = outcome;
  const isKept = await writePatiently(deps, async (tx) => {
    await tx.conversations.setConversationId(claimed.conversationId, conversationId, attempt.end.nowMs);
    return tx.queue.endAttempt(lease, attempt.end);
  });
  return isKept && (await takeNextSlot(deps, held)) ? conversationId : undefined;
}

/** The post is a second request. @returns false when it has to wait: then the delivery is back in the queue */
async function takeNextSlot(deps: DeliverDeps, { claimed, lease, turn }: Held): Promise<boolean> {
  const { store, pacer, clock } = deps;
  if ((await pacer.takeSlot(turn)) && (await pacer.untilSlot(turn))) {
    return true;
  }
  const nowMs = clock.nowMs();
  const { failures, isReduced } = claimed;
  const update = {
    state: 'queued',
    failures,
    isReduced,
    dueAtMs: nowMs,
    reason: null,
    activityId: null,
    nowMs,
  } as const;
  await store.write((tx) => tx.queue.release(lease, update));
  return false;
}

async function post(deps: DeliverDeps, held: Held, conversationId: string): Promise<void> {
  const { claimed, lease, turn } = held;
  const { content, isReduced } = claimed;
  const { tenantId, serviceUrl, locale } = claimed.target;
  const message = { tenantId, serviceUrl, conversationId, content, isReduced, ...(locale !== undefined && { locale }) };
  const attempt = await makeAttempt(deps, { lease, operation: 'post', turn }, (requestId) =>
    limited(deps.clock, (signal) => deps.sender.post({ ...message, requestId }, signal)),
  );
  await finish(deps, held, { attempt, operation: 'post' });
}

/** The Sender has time-outs of its own; this one only guards against their failing, inside the lease. */
async function limited<T>(clock: Clock, request: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const limit = new AbortController();
  const cancel = clock.after(0.75 * LEASE_MS, () => limit.abort());
  try {
    return await request(limit.signal);
  } finally {
    cancel();
  }
}

interface Finished {
  /** Undefined when the lease was lost before the attempt began. */
  readonly attempt: Attempt | undefined;
  readonly operation: Operation;
}

async function finish(deps: DeliverDeps, { claimed, lease }: Held, { attempt, operation }: Finished): Promise<void> {
  if (!attempt) {
    return;
  }
  const { failures, isReduced, unknownPolicy, laneId, conversationId } = claimed;
  const remedies = listRemedies({ ...claimed.target, remedies: claimed.remedies }, deps.serviceUrlPolicy);
  const isReopening = operation === 'create_conversation' && isReopened(claimed.remedies);
  const jitter = deps.random();
  const transition = await writePatiently(deps, (tx) =>
    settle(tx, {
      lease,
      place: { laneId, conversationId },
      facts: { operation, failures, isReduced, unknownPolicy, remedies, isReopening },
      outcome: settleable(attempt.result.outcome),
      end: attempt.end,
      jitter,
    }),
  );
  if (transition) {
    report(deps, { claimed, attempt, operation, transition });
  }
}

/** A `created` where a message was posted cannot be: what came back is not an answer to the question. */
function settleable(outcome: Outcome): Exclude<Outcome, { kind: 'created' }> {
  return outcome.kind === 'created' ? { kind: 'unknown', reason: 'response_invalid' } : outcome;
}

const WRITE_RETRY_MS = 1_000;
const WRITE_TRIES = LEASE_MS / WRITE_RETRY_MS;

/**
 * What Teams answered is known only here: while the lease lasts, a full disk or a locked database must not turn it
 * into "unknown" and so into a second message.
 */
async function writePatiently<T>(deps: DeliverDeps, work: (tx: Statements) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await deps.store.write(work);
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'store_unavailable') || tries >= WRITE_TRIES) {
        throw error;
      }
      await new Promise<void>((resolve) => deps.clock.after(WRITE_RETRY_MS, resolve));
    }
  }
}

interface Report {
  readonly claimed: ClaimedDelivery;
  readonly attempt: Attempt;
  readonly operation: Operation;
  readonly transition: Transition;
}

function report({ logger, metrics, clock }: DeliverDeps, { claimed, attempt, operation, transition }: Report): void {
  const { state, reason } = transition;
  const { httpStatus, correlationId } = attempt.result.trace;
  const fields = {
    deliveryId: claimed.id,
    attempt: attempt.end.number,
    operation,
    state,
    reason,
    httpStatus,
    correlationId,
  };
  if (state !== 'queued') {
    metrics.deliveriesEnded.inc({ state, reason: reason ?? '' });
  }
  if (state === 'sent') {
    metrics.deliveryLatency.observe((clock.nowMs() - claimed.acceptedAtMs) / 1_000);
    logger.info(fields, 'delivery sent');
  } else if (reason === 'unauthorized') {
    logger.error(fields, 'the Bot Connector refuses the bot: check app id, tenant and secret');
  } else {
    logger.warn(fields, 'delivery not sent');
  }
}
