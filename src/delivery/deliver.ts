// One claimed delivery, from its send slot to its outcome.

import type { SteadyClock } from '../domain/clock.ts';
import type { Operation, Outcome } from '../domain/delivery.ts';
import type { FailureReason } from '../domain/failure-reason.ts';
import { isReopened, listRemedies } from '../domain/healing.ts';
import type { ServiceUrlPolicy } from '../domain/service-url.ts';
import type { ClaimedDelivery, Lease } from '../store/delivery-queue.ts';
import { type Attempt, type AttemptDeps, makeAttempt } from './attempt.ts';
import type { ConnectorGate, Pass } from './connector-gate.ts';
import type { Turn } from './pacer.ts';
import { type ReportDeps, reportAttempt } from './report-attempt.ts';
import type { Sender } from './sender.ts';
import { isOneStatement, settle } from './settle.ts';
import { writePatiently } from './write-patiently.ts';

export interface DeliverDeps extends AttemptDeps, ReportDeps {
  readonly sender: Sender;
  readonly gate: Pick<ConnectorGate, 'admit' | 'record'>;
  /** Tells how far the clock has followed the wall clock; absent where it never does. */
  readonly wall?: Pick<SteadyClock, 'followedMs'> | undefined;
  /** Where the bot's token may go: no remedy leads elsewhere. */
  readonly serviceUrlPolicy: ServiceUrlPolicy;
  /** In [0, 1). */
  readonly random: () => number;
}

interface Held {
  readonly claimed: ClaimedDelivery;
  /** How far the clock had followed when it was claimed. */
  readonly followedMs: number;
  readonly lease: Lease;
  readonly turn: Turn;
}

/** A delivery that the gate has let through. */
interface Passed extends Held {
  readonly pass: Pass;
}

/** A chat whose delivery did not pass the gate is not claimed again before this. */
const HOLD_MS = 1_000;

/**
 * Opens the 1:1 chat where there is none yet, then posts. Every request is an attempt of its own at a slot of its own,
 * recorded before it is made; every write is fenced by the lease, so a lease that was lost on the way ends this without
 * a trace.
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
  if (await endRefused(deps, held)) {
    return;
  }
  // Last, so that a probe is one that goes out.
  const pass = deps.gate.admit(
    { serviceUrl: claimed.target.serviceUrl, isRetry: claimed.failures > 0 },
    deps.clock.nowMs(),
  );
  await (pass ? send(deps, { ...held, pass }) : holdBack(deps, held));
}

async function send(deps: DeliverDeps, passed: Passed): Promise<void> {
  const conversationId = passed.claimed.target.teamsConversationId ?? (await openChat(deps, passed));
  // Asked again: opening the chat takes time, and the time to live may have ended meanwhile.
  if (conversationId !== undefined && !(await endRefused(deps, passed))) {
    await post(deps, passed, conversationId);
  }
}

/** No attempt and no failure. The whole chat waits, so that its order stays; and not for long: claims know better now. */
async function holdBack({ store, clock }: DeliverDeps, { claimed, lease }: Held): Promise<void> {
  await store.write(async (tx) => {
    await tx.queue.giveBack(lease);
    await tx.conversations.block(claimed.conversationId, clock.nowMs() + HOLD_MS);
  });
}

interface Refusal {
  readonly state: 'expired' | 'failed';
  readonly reason: FailureReason;
}

/** Why there is nothing to send any more; undefined when there is. */
function refuse({ clock, wall }: DeliverDeps, { claimed, followedMs }: Held): Refusal | undefined {
  const expiresAtMs = claimed.expiresAtMs + (wall?.followedMs ?? 0) - followedMs;
  if (clock.nowMs() >= expiresAtMs) {
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
async function endRefused(deps: DeliverDeps, held: Held): Promise<boolean> {
  const refusal = refuse(deps, held);
  if (!refusal) {
    return false;
  }
  const { state, reason } = refusal;
  const { failures, isReduced } = held.claimed;
  await deps.store.write((tx) => {
    const nowMs = deps.clock.nowMs();
    const update = { state, failures, isReduced, dueAtMs: nowMs, reason, activityId: null, nowMs };
    return tx.queue.release(held.lease, update);
  });
  deps.metrics.deliveriesEnded.inc({ state, reason });
  return true;
}

/** @returns the chat to post to; undefined when the delivery is settled already */
async function openChat(deps: DeliverDeps, held: Passed): Promise<string | undefined> {
  const { claimed, lease, turn } = held;
  const { tenantId, serviceUrl, botAccountId } = claimed.target;
  const memberId = memberIdOf(claimed) ?? '';
  const attempt = await makeAttempt(deps, { lease, operation: 'create_conversation', turn }, (requestId) =>
    limited(deps, (signal) =>
      deps.sender.createConversation({ requestId, tenantId, serviceUrl, botAccountId, memberId }, signal),
    ),
  );
  learn(deps, held, attempt);
  const outcome = attempt?.result.outcome;
  if (!attempt || outcome?.kind !== 'created') {
    await finish(deps, held, { attempt, operation: 'create_conversation' });
    return undefined;
  }
  const { conversationId } = outcome;
  const isKept = await writePatiently(deps, async (tx) => {
    const nowMs = deps.clock.nowMs();
    const isOurs = await tx.queue.endAttempt(lease, { ...attempt.end, nowMs });
    if (isOurs) {
      await tx.conversations.setConversationId(claimed.conversationId, conversationId, nowMs);
    }
    return isOurs;
  });
  return isKept && (await takeNextSlot(deps, held)) ? conversationId : undefined;
}

/** The post is a second request. @returns false when it has to wait: then the delivery is back in the queue */
async function takeNextSlot(deps: DeliverDeps, held: Held): Promise<boolean> {
  const { pacer } = deps;
  if ((await pacer.takeSlot(held.turn)) && (await pacer.untilSlot(held.turn))) {
    return true;
  }
  await putBack(deps, held);
  return false;
}

/** Back into the queue as it was; does nothing when the lease was lost. */
async function putBack({ store, clock }: DeliverDeps, { claimed, lease }: Held): Promise<void> {
  const { failures, isReduced } = claimed;
  const unsent = { state: 'queued', failures, isReduced, reason: null, activityId: null } as const;
  await store.write((tx) => {
    const nowMs = clock.nowMs();
    return tx.queue.release(lease, { ...unsent, dueAtMs: nowMs, nowMs });
  });
}

async function post(deps: DeliverDeps, held: Passed, conversationId: string): Promise<void> {
  const { claimed, lease, turn } = held;
  const { content, isReduced, acceptedAtMs } = claimed;
  const { tenantId, serviceUrl, locale, timeZone } = claimed.target;
  const message = {
    ...{ tenantId, serviceUrl, conversationId, content, isReduced, acceptedAtMs },
    ...(locale !== undefined && { locale }),
    ...(timeZone !== undefined && { timeZone }),
  };
  const attempt = await makeAttempt(deps, { lease, operation: 'post', turn }, (requestId) =>
    limited(deps, (signal) => deps.sender.post({ ...message, requestId }, signal)),
  );
  learn(deps, held, attempt);
  await finish(deps, held, { attempt, operation: 'post' });
}

/** The gate learns what came of every request; a lost lease means that there was none. */
function learn({ gate, clock }: DeliverDeps, { pass }: Passed, attempt: Attempt | undefined): void {
  gate.record(pass, attempt?.result.outcome ?? { kind: 'postponed' }, clock.nowMs());
}

/** The Sender has time-outs of its own; this one only guards against their failing, inside the lease. */
async function limited<T>({ clock, leaseMs }: DeliverDeps, request: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const limit = new AbortController();
  const cancel = clock.after(0.75 * leaseMs, () => limit.abort());
  try {
    return await request(limit.signal);
  } finally {
    cancel();
  }
}

interface Finished {
  /** Undefined when none could begin. */
  readonly attempt: Attempt | undefined;
  readonly operation: Operation;
}

async function finish(deps: DeliverDeps, held: Held, { attempt, operation }: Finished): Promise<void> {
  const { claimed, lease } = held;
  if (!attempt) {
    return putBack(deps, held);
  }
  const { failures, isReduced, unknownPolicy, laneId, conversationId, isUnreachable } = claimed;
  const remedies = listRemedies({ ...claimed.target, remedies: claimed.remedies }, deps.serviceUrlPolicy);
  const isReopening = operation === 'create_conversation' && isReopened(claimed.remedies);
  const jitter = deps.random();
  const outcome = settleable(attempt.result.outcome);
  const place = { laneId, conversationId, isUnreachable };
  const transition = await writePatiently(
    deps,
    (tx) =>
      settle(tx, {
        ...{ lease, place, outcome, jitter },
        facts: { operation, failures, isReduced, unknownPolicy, remedies, isReopening },
        end: { ...attempt.end, nowMs: deps.clock.nowMs() },
      }),
    { isOneStatement: isOneStatement({ outcome, place }) },
  );
  if (transition) {
    reportAttempt(deps, { claimed, attempt, operation, transition });
  }
}

/** A `created` where a message was posted cannot be: what came back is not an answer to the question. */
function settleable(outcome: Outcome): Exclude<Outcome, { kind: 'created' }> {
  return outcome.kind === 'created' ? { kind: 'unknown', reason: 'response_invalid' } : outcome;
}
