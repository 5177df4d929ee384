// The end of an attempt: what the gate learns of it, and what becomes of its delivery.

import type { Operation, Outcome } from '../domain/delivery.ts';
import { isReopened, listRemedies } from '../domain/healing.ts';
import type { ServiceUrlPolicy } from '../domain/service-url.ts';
import type { Attempt, AttemptDeps } from './attempt.ts';
import type { ConnectorGate } from './connector-gate.ts';
import type { Held, Passed } from './held.ts';
import type { MessagePlan } from './plan-message.ts';
import { type ReportDeps, reportAttempt } from './report-attempt.ts';
import { isOneStatement, settle } from './settle.ts';
import { writePatiently } from './write-patiently.ts';

export interface FinishDeps extends AttemptDeps, ReportDeps {
  readonly gate: Pick<ConnectorGate, 'record'>;
  /** Where the bot's token may go: no remedy leads elsewhere. */
  readonly serviceUrlPolicy: ServiceUrlPolicy;
  /** In [0, 1). */
  readonly random: () => number;
}

export interface Finished {
  /** Undefined when none could begin. */
  readonly attempt: Attempt | undefined;
  readonly operation: Operation;
  /** What was to be done; absent for the opening of a chat. */
  readonly plan?: MessagePlan;
}

/** Writes down what came of the attempt; a delivery without one goes back into the queue. */
export async function finish(deps: FinishDeps, held: Held, { attempt, operation, plan }: Finished): Promise<void> {
  const { claimed, lease } = held;
  if (!attempt) {
    return putBack(deps, held);
  }
  const { failures, isReduced, unknownPolicy, laneId, conversationId, isUnreachable } = claimed;
  const remedies = listRemedies({ ...claimed.target, remedies: claimed.remedies }, deps.serviceUrlPolicy);
  const isReopening = operation === 'create_conversation' && isReopened(claimed.remedies);
  const jitter = deps.random();
  const lostThreadId = findLostThread(attempt.result.outcome, plan);
  const outcome = lostThreadId === undefined ? settleable(attempt.result.outcome) : MISSING;
  const place = { laneId, conversationId, isUnreachable };
  const activityId = plan && 'activityId' in plan ? plan.activityId : undefined;
  const facts = { operation, failures, isReduced, unknownPolicy, remedies, isReopening };
  const transition = await writePatiently(
    deps,
    (tx) =>
      settle(tx, {
        ...{ lease, place, outcome, jitter, about: plan?.about, isDigest: plan?.digest !== undefined },
        ...{ threadId: plan?.threadId, lostThreadId },
        facts: { ...facts, ...(activityId !== undefined && { activityId }) },
        end: { ...attempt.end, nowMs: deps.clock.nowMs() },
      }),
    { isOneStatement: isOneStatement({ outcome, place, about: plan?.about }) },
  );
  if (transition) {
    reportAttempt(deps, { claimed, attempt, operation, transition, digest: plan?.digest });
  }
}

const MISSING = { kind: 'missing' } as const;

/** Teams does not know the thread; that says nothing of its channel. */
function findLostThread(outcome: Outcome, plan: MessagePlan | undefined): string | undefined {
  return outcome.kind === 'gone' && outcome.reason === 'conversation_not_found' ? plan?.threadId : undefined;
}

/** A `created` where a message was posted cannot be: what came back is not an answer to the question. */
function settleable(outcome: Outcome): Exclude<Outcome, { kind: 'created' }> {
  return outcome.kind === 'created' ? { kind: 'unknown', reason: 'response_invalid' } : outcome;
}

/** Back into the queue as it was; does nothing when the lease was lost. */
export async function putBack({ store, clock }: FinishDeps, { claimed, lease }: Held): Promise<void> {
  const { failures, isReduced, deferredFor = null } = claimed;
  const unsent = { state: 'queued', failures, isReduced, reason: deferredFor, activityId: null } as const;
  await store.write((tx) => {
    const nowMs = clock.nowMs();
    return tx.queue.release(lease, { ...unsent, dueAtMs: nowMs, nowMs });
  });
}

/** The gate learns what came of every request; a lost lease means that there was none. */
export function learn(
  { gate, clock }: Pick<FinishDeps, 'gate' | 'clock'>,
  { pass }: Passed,
  attempt: Attempt | undefined,
): void {
  gate.record(pass, attempt?.result.outcome ?? { kind: 'postponed' }, clock.nowMs());
}

/** The Sender has time-outs of its own; this one only guards against their failing, inside the lease. */
export async function limited<T>(
  { clock, leaseMs }: Pick<FinishDeps, 'clock' | 'leaseMs'>,
  request: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new AbortController();
  const cancel = clock.after(0.75 * leaseMs, () => limit.abort());
  try {
    return await request(limit.signal);
  } finally {
    cancel();
  }
}
