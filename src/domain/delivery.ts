// The life of a delivery: one notification to one conversation.
//
//   queued     waits for its due instant
//   leased     a dispatcher holds it and waits for its send slot; nothing has been sent
//   sending    an attempt has begun; this was committed before the request was written
//   sent       Teams gave a message id                                          (final)
//   failed     Teams will not take it; the reason says why                      (final)
//   expired    its time to live ended first                                     (final)
//   held       nobody can know whether it was posted, and the producer said to hold; waits for an operator
//   cancelled  withdrawn before it went out                                     (final)
//   superseded a newer event of the same key took its place before it went out  (final)
//   recalled   it was in the chat, and is deleted from it                       (final)
//   suppressed its person does not want it; the reason says what they have said (final)
//
// An operator or the producer may put what is failed, expired or held back to queued.
// From `sending` a delivery goes back to `queued` to be tried again later, or at once when what went wrong can be
// mended (healing.ts): the remedy is written down with the same commit, so that each is tried once.

import { assertNever } from './errors.ts';
import type { FailureReason } from './failure-reason.ts';
import { chooseRemedy, type Remedy } from './healing.ts';
import type { UnknownPolicy } from './notification.ts';
import { retryDelayMs, throttlePauseMs } from './retry.ts';

export const DELIVERY_STATES = [
  'queued',
  'leased',
  'sending',
  'sent',
  'failed',
  'expired',
  'held',
  'cancelled',
  'superseded',
  'recalled',
  'suppressed',
] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** Ended without having arrived for certain: what is listed as undelivered, and may be sent again. */
export const UNDELIVERED_STATES = ['failed', 'held', 'expired'] as const satisfies readonly DeliveryState[];
export type UndeliveredState = (typeof UNDELIVERED_STATES)[number];

/** What one HTTP request of a delivery does. All are idempotent but posting. */
export const OPERATIONS = ['create_conversation', 'post', 'update', 'delete'] as const;
export type Operation = (typeof OPERATIONS)[number];

/** What a delivery does in its chat: `update` edits the message that is there, `delete` takes it away. */
export const MESSAGE_OPERATIONS = ['post', 'update', 'delete'] as const satisfies readonly Operation[];
export type MessageOperation = (typeof MESSAGE_OPERATIONS)[number];

/**
 * What one attempt came to. Days like these are ordinary, so they are values and not exceptions.
 *
 * `throttled`, `transient`: certainly not posted. `unknown`: posted or not, nobody can know; made again `maxResends`
 * times at the most, where that is given.
 * `gone`: the installation cannot be reached any more. `rejected`: this message will never be taken.
 * `tooLarge`: rejected for its size; worth one more try in a shorter form. `postponed`: its send slot was missed, so
 * nothing was asked of Teams. `edited`, `removed`: the message in the chat was changed, or taken away. `missing`: there
 * is no such message any more.
 */
export type Outcome =
  | { readonly kind: 'delivered'; readonly activityId: string }
  | { readonly kind: 'created'; readonly conversationId: string }
  | { readonly kind: 'edited' | 'removed' | 'missing' }
  | {
      readonly kind: 'throttled';
      readonly reason: FailureReason;
      readonly retryAfterMs?: number;
      readonly scope: PauseScope;
    }
  | { readonly kind: 'transient'; readonly reason: FailureReason; readonly retryAfterMs?: number }
  | {
      readonly kind: 'unknown';
      readonly reason: FailureReason;
      readonly maxResends?: number;
      readonly retryAfterMs?: number;
    }
  | { readonly kind: 'gone'; readonly reason: FailureReason; readonly isUninstalled: boolean }
  | { readonly kind: 'rejected'; readonly reason: FailureReason }
  | { readonly kind: 'tooLarge' }
  | { readonly kind: 'postponed' };

/** What a 429 holds back: one conversation, or everything of the app in the tenant. */
export type PauseScope = 'conversation' | 'lane';

/** What the decision needs to know of the delivery. */
export interface DeliveryFacts {
  readonly operation: Operation;
  /** The message that is edited or deleted. */
  readonly activityId?: string;
  /** Attempts that failed before this one. */
  readonly failures: number;
  /** How many of them for the very reason of this outcome. */
  readonly sameFailures: number;
  /** Whether this attempt already sent the short form. */
  readonly isReduced: boolean;
  readonly unknownPolicy: UnknownPolicy;
  /** What may still be tried when the chat cannot be reached. */
  readonly remedies: readonly Remedy[];
  /** Whether Teams did not know the chat, and it is being opened again. */
  readonly isReopening: boolean;
}

/** What becomes of the delivery, and of what stands around it. */
export interface Transition {
  readonly state: 'queued' | 'sent' | 'failed' | 'held' | 'recalled';
  /** Failed attempts, this one included unless it was a throttle. */
  readonly failures: number;
  readonly isReduced: boolean;
  readonly reason?: FailureReason;
  /** Wait before the next attempt, milliseconds; set when queued. */
  readonly delayMs?: number;
  readonly activityId?: string;
  readonly pause?: { readonly scope: PauseScope; readonly delayMs: number };
  /** The installation was lost: `removed` erases what is known of the person, `unreachable` only stops sending. */
  readonly installation?: 'removed' | 'unreachable';
  /** To be carried out, and remembered, with the same commit. */
  readonly remedy?: Remedy;
}

/**
 * Decides what an outcome means for its delivery. Pure; `jitter` is in [0, 1).
 *
 * A `created` outcome is no end of a delivery: the caller stores the conversation and goes on to post.
 */
export function applyOutcome(
  facts: DeliveryFacts,
  outcome: Exclude<Outcome, { kind: 'created' }>,
  jitter: number,
): Transition {
  const { failures, isReduced } = facts;
  switch (outcome.kind) {
    case 'delivered':
      return { state: 'sent', failures, isReduced, activityId: outcome.activityId };
    case 'edited':
      return { state: 'sent', failures, isReduced, ...(facts.activityId && { activityId: facts.activityId }) };
    case 'removed':
      return { state: 'recalled', failures, isReduced };
    case 'missing':
      return afterMissing(facts);
    case 'throttled':
      return afterThrottle(facts, outcome, jitter);
    case 'transient':
      return retry(facts, outcome, jitter);
    case 'unknown':
      return afterUnknown(facts, outcome, jitter);
    case 'gone':
      return afterGone(facts, outcome);
    case 'rejected':
      // A chat that cannot be opened again is lost; what Teams finds wrong with the request is the person in it.
      return facts.isReopening
        ? { ...fail(facts, 'conversation_not_found'), installation: 'unreachable' }
        : fail(facts, outcome.reason);
    case 'tooLarge':
      return isReduced
        ? fail(facts, 'too_large')
        : { state: 'queued', failures: failures + 1, isReduced: true, reason: 'too_large', delayMs: 0 };
    case 'postponed':
      return { state: 'queued', failures, isReduced, delayMs: 0 };
    default:
      return assertNever(outcome);
  }
}

type Of<Kind extends Outcome['kind']> = Extract<Outcome, { kind: Kind }>;

/** The attempt is given back: waiting for one's turn is no failure. */
function afterThrottle(facts: DeliveryFacts, outcome: Of<'throttled'>, jitter: number): Transition {
  const pauseMs = throttlePauseMs(outcome.retryAfterMs);
  const next = retry(facts, { reason: outcome.reason, retryAfterMs: pauseMs }, jitter);
  return { ...next, failures: facts.failures, pause: { scope: outcome.scope, delayMs: pauseMs } };
}

function afterUnknown(facts: DeliveryFacts, outcome: Of<'unknown'>, jitter: number): Transition {
  // Opening a chat again posts nothing, so there is nothing to hold.
  if (facts.operation === 'post' && facts.unknownPolicy === 'hold') {
    return { ...fail(facts, outcome.reason), state: 'held' };
  }
  // An edit or a deletion may be made as often as it takes.
  const isRepeatable = facts.operation === 'update' || facts.operation === 'delete';
  const isLastResend = !isRepeatable && outcome.maxResends !== undefined && facts.sameFailures >= outcome.maxResends;
  return isLastResend ? fail(facts, outcome.reason) : retry(facts, outcome, jitter);
}

/** What is to be deleted is gone, with or without its chat; what is to be edited is posted anew, once. */
function afterMissing(facts: DeliveryFacts): Transition {
  const { operation, failures, isReduced, remedies } = facts;
  if (operation === 'delete') {
    return { state: 'recalled', failures, isReduced };
  }
  const reason = 'message_not_found';
  return remedies.includes('post_anew')
    ? { state: 'queued', failures: failures + 1, isReduced, reason, delayMs: 0, remedy: 'post_anew' }
    : fail(facts, reason);
}

function afterGone(facts: DeliveryFacts, { reason, isUninstalled }: Of<'gone'>): Transition {
  const { operation, failures, isReduced, remedies } = facts;
  if (operation === 'delete' && reason === 'conversation_not_found') {
    return afterMissing(facts);
  }
  const remedy = chooseRemedy(reason, { remedies, isInChat: operation !== 'create_conversation' });
  return remedy === undefined
    ? { ...fail(facts, reason), installation: isUninstalled ? 'removed' : 'unreachable' }
    : { state: 'queued', failures: failures + 1, isReduced, reason, delayMs: 0, remedy };
}

function fail({ failures, isReduced }: DeliveryFacts, reason: FailureReason): Transition {
  return { state: 'failed', failures: failures + 1, isReduced, reason };
}

function retry(
  { failures, isReduced }: DeliveryFacts,
  { reason, retryAfterMs }: { readonly reason: FailureReason; readonly retryAfterMs?: number },
  jitter: number,
): Transition {
  const delayMs = retryDelayMs({ failures: failures + 1, retryAfterMs, jitter });
  return { state: 'queued', failures: failures + 1, isReduced, reason, delayMs };
}
