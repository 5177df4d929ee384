// Writing down what an attempt came to: the message's next state, and how its webhook fares.

import type { ClaimedMessage } from '../store/statements/webhook-messages.ts';
import type { Statements } from '../store/store.ts';
import type { AttemptOutcome } from './outcome.ts';
import { FAILURES_TO_OPEN, GIVE_UP_AFTER_MS, nextAttemptDelayMs, pauseAfterMs } from './retry-rules.ts';

/** An attempt that has ended. */
export interface Attempt {
  readonly message: ClaimedMessage;
  readonly outcome: AttemptOutcome;
  readonly nowMs: number;
  /** In [0, 1). */
  readonly jitter: number;
}

/** What operators should know: `failing` and `well` are the two ends of an outage. */
export type WebhookNews = 'failing' | 'well' | 'disabled';

/** @returns undefined when there is nothing to tell, also when the lease was lost: then nothing was written */
export async function recordAttempt(tx: Statements, attempt: Attempt): Promise<WebhookNews | undefined> {
  const { message, outcome, nowMs } = attempt;
  if (outcome.kind === 'stopped') {
    await tx.webhookMessages.giveBack(message, nowMs);
    return undefined;
  }
  const { httpStatus, answer } = outcome;
  const remembered = { httpStatus, answer, nowMs };
  if (outcome.kind === 'failed') {
    return recordFailure(tx, { ...attempt, outcome });
  }
  const update = { ...remembered, state: 'delivered', error: null, dueAtMs: nowMs } as const;
  if (!(await tx.webhookMessages.finish(message, update))) {
    return undefined;
  }
  return (await tx.webhookHealth.countSuccess(message.endpointId)) >= FAILURES_TO_OPEN ? 'well' : undefined;
}

async function recordFailure(
  tx: Statements,
  { message, outcome, nowMs, jitter }: Attempt & { readonly outcome: Extract<AttemptOutcome, { kind: 'failed' }> },
): Promise<WebhookNews | undefined> {
  const { error, httpStatus, answer, retryAfterMs = 0 } = outcome;
  const isGone = error === 'gone';
  const delayMs = isGone ? undefined : nextAttemptDelayMs(message.attempts + 1, { jitter, retryAfterMs });
  const state = delayMs === undefined ? 'failed' : 'queued';
  const update = { state, dueAtMs: nowMs + (delayMs ?? 0), httpStatus, error, answer, nowMs } as const;
  if (!(await tx.webhookMessages.finish(message, update))) {
    return undefined;
  }
  const { endpointId } = message;
  const { failures, failingSinceMs } = await tx.webhookHealth.countFailure(endpointId, nowMs);
  const failingForMs = nowMs - failingSinceMs;
  if (isGone || failingForMs >= GIVE_UP_AFTER_MS) {
    return (await tx.webhookHealth.giveUp(endpointId, isGone ? 'gone' : 'failing', nowMs)) ? 'disabled' : undefined;
  }
  await tx.webhookHealth.block(endpointId, nowMs + Math.max(pauseAfterMs({ failures, failingForMs }), retryAfterMs));
  return failures === FAILURES_TO_OPEN ? 'failing' : undefined;
}
