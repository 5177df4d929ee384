// Writing down what an outcome means: the delivery's next state, pauses, and installations that were lost.

import { applyOutcome, type DeliveryFacts, type Outcome, type Transition } from '../domain/delivery.ts';
import { assertNever } from '../domain/errors.ts';
import type { Remedy } from '../domain/healing.ts';
import { type PersonIds, personSubjects } from '../domain/installation-subject.ts';
import { CHANGE_TTL_MS } from '../domain/message-change.ts';
import { GCC_SERVICE_URL } from '../domain/service-url.ts';
import type { AttemptEnd, DeliveryUpdate, Lease } from '../store/delivery-queue.ts';
import { type ForgetInput, forgetPerson } from '../store/forget-person.ts';
import { PEOPLE_LOCK } from '../store/locks.ts';
import { forgetPlace } from '../store/place.ts';
import type { Statements } from '../store/store.ts';
import type { About } from './plan-message.ts';

export interface Settlement {
  readonly lease: Lease;
  readonly place: {
    readonly laneId: number;
    readonly conversationId: number;
    /** Whether Teams refused the latest message there. */
    readonly isUnreachable: boolean;
  };
  /** The thing that the message is about. */
  readonly about?: About | undefined;
  /** Whether it was a digest: that is no message of its own, and nobody edits it. */
  readonly isDigest?: boolean;
  /** The thread of a channel that it went to; undefined for a new one. */
  readonly threadId?: string | undefined;
  /** Set when Teams does not know that thread. */
  readonly lostThreadId?: string | undefined;
  readonly facts: Omit<DeliveryFacts, 'sameFailures'>;
  readonly outcome: Exclude<Outcome, { kind: 'created' }>;
  readonly end: AttemptEnd;
  /** In [0, 1). */
  readonly jitter: number;
}

/** Whether to settle is nothing but to end the attempt: the message is in the chat as it has to be. */
export function isOneStatement({ outcome, place, about }: Pick<Settlement, 'outcome' | 'place' | 'about'>): boolean {
  return (outcome.kind === 'delivered' || outcome.kind === 'edited') && !place.isUnreachable && !about;
}

/**
 * Closes the attempt and moves the delivery on, in the caller's transaction.
 *
 * @returns the transition; undefined when the lease was lost, and then nothing was written
 */
export async function settle(tx: Statements, settlement: Settlement): Promise<Transition | undefined> {
  const { lease, place, facts, outcome, end, jitter } = settlement;
  const isLimited = outcome.kind === 'unknown' && outcome.maxResends !== undefined;
  const sameFailures = isLimited ? await tx.attempts.countFor(lease.deliveryId, outcome.reason) : 0;
  const decided = applyOutcome({ ...facts, sameFailures }, outcome, jitter);
  const transition = settlement.isDigest === true && decided.state === 'sent' ? toldInDigest(decided) : decided;
  if (transition.remedy !== undefined) {
    if (!(await tx.queue.addRemedy(lease, transition.remedy))) {
      return undefined;
    }
    await heal(tx, transition.remedy, settlement);
  }
  if (!(await tx.queue.endAttempt(lease, end, toUpdate(transition, end.nowMs)))) {
    return undefined;
  }
  await applyPause(tx, transition, { ...place, nowMs: end.nowMs });
  await settleMessage(tx, transition, settlement);
  if (transition.installation !== undefined) {
    await loseInstallation(tx, transition, { conversationId: place.conversationId, nowMs: end.nowMs });
  } else if (transition.state === 'sent' && place.isUnreachable) {
    await tx.installations.setReached(place.conversationId);
  }
  return transition;
}

function toldInDigest({ activityId: _, ...transition }: Transition): Transition {
  return { ...transition, reason: 'in_digest' };
}

async function heal(
  { healing, messageChanges, lifecycleMessages }: Statements,
  remedy: Remedy,
  { lease, place: { conversationId }, about, facts, lostThreadId, end: { nowMs } }: Settlement,
): Promise<void> {
  const postAnew = async () => {
    if (about && lostThreadId !== undefined) {
      await lifecycleMessages.forgetThread(about.place, lostThreadId);
    } else if (about && facts.activityId !== undefined) {
      await messageChanges.forgetMessage(about.place.lifecycle.id, conversationId, facts.activityId);
    }
    await messageChanges.becomePost(lease);
  };
  switch (remedy) {
    case 'reopen':
    case 'reopen_by_object_id':
      await healing.forgetConversationId(conversationId, nowMs);
      // What was to be edited is not in the chat that will be opened.
      return facts.operation === 'update' ? postAnew() : undefined;
    case 'post_anew':
      return postAnew();
    case 'change_host':
      return healing.setServiceUrl(conversationId, GCC_SERVICE_URL, nowMs);
    default:
      return assertNever(remedy);
  }
}

/** Keeps straight which delivery of the chat has which message. */
async function settleMessage(
  { lifecycleMessages, messageChanges }: Statements,
  { state }: Transition,
  { lease: { deliveryId }, about, threadId, facts: { activityId, operation }, place, end: { nowMs } }: Settlement,
): Promise<void> {
  if (state === 'recalled') {
    await messageChanges.clearMessage(deliveryId);
    if (about && activityId !== undefined) {
      await messageChanges.forgetMessage(about.place.lifecycle.id, place.conversationId, activityId);
    }
  }
  if (state !== 'sent' || !about) {
    return;
  }
  if (about.place.threads) {
    await lifecycleMessages.setThread(deliveryId, threadId ?? null);
  }
  if (activityId !== undefined) {
    await lifecycleMessages.takeOver(deliveryId, about.place, activityId);
  }
  if (operation === 'post' && about.place.firstMessage < about.place.messageNumber) {
    await lifecycleMessages.retireEarlier(about.place, { nowMs, expiresAtMs: nowMs + CHANGE_TTL_MS });
  }
}

function toUpdate(transition: Transition, nowMs: number): DeliveryUpdate {
  return {
    state: transition.state,
    failures: transition.failures,
    isReduced: transition.isReduced,
    dueAtMs: nowMs + (transition.delayMs ?? 0),
    reason: transition.reason ?? null,
    activityId: transition.activityId ?? null,
    nowMs,
  };
}

/** A 429 so long after the last one of the same chat is a new one. */
const CHAT_MEMORY_MS = 60_000;

async function applyPause(
  tx: Statements,
  { pause }: Transition,
  { laneId, conversationId, nowMs }: Settlement['place'] & { readonly nowMs: number },
): Promise<void> {
  if (!pause) {
    return;
  }
  const { scope, delayMs } = pause;
  if (scope === 'conversation') {
    // A chat that is throttled again and again says nothing about its lane; several chats do.
    if ((await tx.conversations.getBlockedUntilMs(conversationId)) < nowMs - CHAT_MEMORY_MS) {
      await tx.lanes.slowDown(laneId, nowMs, 0);
    }
    return tx.conversations.block(conversationId, nowMs + delayMs);
  }
  await tx.lanes.pause(laneId, nowMs, delayMs);
}

/** The others that wait for this conversation would meet the same refusal: end them now, and do not hammer. */
async function loseInstallation(
  tx: Statements,
  { installation = 'unreachable', reason = 'rejected' }: Transition,
  { conversationId, nowMs }: { readonly conversationId: number; readonly nowMs: number },
): Promise<void> {
  const lost = await tx.installations.findByConversation(conversationId);
  const person = lost ? undefined : await tx.people.findByConversation(conversationId);
  if (person) {
    await rememberAbsence(tx, { ...person, conversationId, reason });
  }
  // Of somebody who never had the app there is nothing to remove.
  if (installation === 'removed' && !person) {
    await tx.locks.share(PEOPLE_LOCK);
    await removeInstallation(tx, { conversationId, personId: lost?.personId ?? null, reason, nowMs });
  } else {
    await tx.deliveries.failQueued(conversationId, reason, nowMs);
  }
  if (lost) {
    await tx.installations.setLost(lost.id, installation, reason);
  }
}

async function removeInstallation(tx: Statements, input: ForgetInput): Promise<void> {
  const place = await tx.rosters.findByConversation(input.conversationId);
  if (place) {
    await forgetPlace(tx, place, input.nowMs);
  }
  await forgetPerson(tx, input);
}

interface Absence {
  readonly personId: number;
  readonly ids: PersonIds;
  readonly conversationId: number;
  readonly reason: string;
}

/**
 * The app is not installed for somebody whom a team or group chat has made known: the next notification need not ask
 * Teams, and the day they install it is a new beginning.
 */
async function rememberAbsence(tx: Statements, { personId, ids, conversationId, reason }: Absence): Promise<void> {
  const [digest] = personSubjects(ids);
  if (digest === undefined || (await tx.installations.find(digest))) {
    return;
  }
  const id = await tx.installations.save(
    { tenantId: ids.tenantId, scope: 'personal', digest },
    { state: 'unreachable', changedAtMs: 0, generation: 0 },
    { conversationId, personId, name: null },
  );
  await tx.installations.setLost(id, 'unreachable', reason);
}
