// What operators see of an attempt that has ended: one log line, and the counters.

import type { Clock } from '../domain/clock.ts';
import type { Operation, Transition } from '../domain/delivery.ts';
import type { ClaimedDelivery } from '../store/delivery-queue.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { Attempt } from './attempt.ts';
import type { Digest } from './compose-digest.ts';

/** Where it is told. */
export interface ReportDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** What is told of an attempt. */
interface Report {
  readonly claimed: ClaimedDelivery;
  readonly attempt: Attempt;
  readonly operation: Operation;
  readonly transition: Transition;
  readonly digest?: Digest | undefined;
}

const MADE: Readonly<Record<Operation, string>> = {
  create_conversation: 'chat opened',
  post: 'delivery sent',
  update: 'message edited',
  delete: 'message deleted',
};

/** Counts and logs what came of an attempt. */
export function reportAttempt(
  { logger, metrics, clock }: ReportDeps,
  { claimed, attempt, operation, transition, digest }: Report,
): void {
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
  // What changes a message that was there before has ended once already.
  const isFirst = claimed.activityId === undefined;
  if (state !== 'queued' && isFirst) {
    metrics.deliveriesEnded.inc({ state, reason: reason ?? '' });
  }
  if (digest && state === 'sent') {
    metrics.digests.inc({ because: digest.content.because });
    metrics.deliveriesEnded.inc({ state, reason: 'in_digest' }, digest.others);
  }
  if (state === 'sent' || state === 'recalled') {
    if (isFirst) {
      metrics.deliveryLatency.observe((clock.nowMs() - claimed.acceptedAtMs) / 1_000);
    }
    logger.info(fields, MADE[operation]);
  } else if (reason === 'unauthorized') {
    logger.error(fields, 'the Bot Connector refuses the bot: check app id, tenant and secret');
  } else {
    logger.warn(fields, 'delivery not sent');
  }
}
