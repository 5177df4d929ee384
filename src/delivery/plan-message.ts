// What one delivery does in its chat, decided right before it is done: about a thing with a key, that depends on what
// the chat shows of it by then.

import type { FailureReason } from '../domain/failure-reason.ts';
import { type LifecycleView, viewOf } from '../domain/lifecycle.ts';
import type { ClaimedDelivery } from '../store/delivery-queue.ts';
import type { LifecyclePlace } from '../store/statements/lifecycle-places.ts';
import type { Statements } from '../store/store.ts';
import type { Digest } from './compose-digest.ts';

/** What a request does to which message. */
export type MessageTask =
  | { readonly operation: 'post' }
  | { readonly operation: 'update' | 'delete'; readonly activityId: string };

/** A request to be made, with what it tells of the thing that it is about. */
export type MessagePlan = MessageTask & {
  readonly about?: About;
  /** Posted in the place of the message, of which it tells. */
  readonly digest?: Digest;
  /** Whether it goes out in the quiet hours of its reader. */
  readonly isThroughQuiet?: true;
  /** The first message of the thread of a channel that it goes to, or stands in; absent for the channel itself. */
  readonly threadId?: string | undefined;
};

/** What the plan depends on. */
export type PlannedDelivery = Pick<
  ClaimedDelivery,
  'operation' | 'activityId' | 'content' | 'acceptedAtMs' | 'remedies'
>;

/** The same, with what is read for it. */
export type PlannableDelivery = PlannedDelivery & Pick<ClaimedDelivery, 'id' | 'lifecycleId'>;

/** The thing that a message is about. */
export interface About {
  readonly place: LifecyclePlace;
  readonly view: LifecycleView;
}

/** `end`: there is nothing to do any more. `become_post`: there is nothing to edit, so it waits for its turn as a post. */
export type Plan =
  | { readonly kind: 'request'; readonly request: MessagePlan }
  | { readonly kind: 'end'; readonly state: 'sent' | 'superseded' | 'recalled'; readonly reason: FailureReason | null }
  | { readonly kind: 'become_post' };

/** Nobody else changes what this chat shows meanwhile: a conversation has one delivery in flight. */
export async function planMessage(statements: Statements, claimed: PlannableDelivery): Promise<Plan> {
  if (claimed.operation === 'post' && (await isAnswered(statements, claimed))) {
    return { kind: 'end', state: 'superseded', reason: 'answered' };
  }
  const place =
    claimed.lifecycleId === undefined ? undefined : await statements.lifecycleMessages.findPlace(claimed.id);
  if (!place) {
    const task = taskOf(claimed);
    const otherwise = claimed.operation === 'delete' ? NOTHING_LEFT : ({ kind: 'become_post' } as const);
    return task ? { kind: 'request', request: task } : otherwise;
  }
  return planInLifecycle(claimed, place);
}

/** Whether nobody has to be asked any more. */
async function isAnswered({ askTimes, dialogs }: Statements, claimed: PlannableDelivery): Promise<boolean> {
  switch (claimed.content.kind) {
    case 'reminder':
      return askTimes.isAnswered(claimed.id);
    case 'question':
      return !(await dialogs.isAsking(claimed.id));
    default:
      return false;
  }
}

/** To be deleted, and no longer there: whoever edited it meanwhile has taken it over, and deletes it. */
const NOTHING_LEFT: Plan = { kind: 'end', state: 'recalled', reason: null };

/** The task of a delivery on its own; undefined when there is no message to change. */
function taskOf({ operation, activityId }: PlannedDelivery): MessageTask | undefined {
  if (operation === 'post') {
    return { operation };
  }
  return activityId === undefined ? undefined : { operation, activityId };
}

/** Pure. */
export function planInLifecycle(claimed: PlannedDelivery, place: LifecyclePlace): Plan {
  const { operation, activityId, remedies } = claimed;
  const { lifecycle, messageNumber, newerMessage, shownActivityId } = place;
  const request = (task: MessageTask): Plan => ({
    kind: 'request',
    request: { ...task, about: { place, view: viewFor(claimed, place) }, ...threadOf(task, claimed, place) },
  });
  if (activityId !== undefined) {
    const isEditedNext = operation !== 'delete' && newerMessage === messageNumber;
    return isEditedNext
      ? { kind: 'end', state: 'sent', reason: null }
      : request({ operation: operation === 'delete' ? operation : 'update', activityId });
  }
  if (operation === 'delete') {
    return NOTHING_LEFT;
  }
  if (newerMessage !== undefined && (newerMessage === messageNumber || shownActivityId === undefined)) {
    return { kind: 'end', state: 'superseded', reason: 'newer_event' };
  }
  if (shownActivityId !== undefined) {
    return request({ operation: 'update', activityId: shownActivityId });
  }
  // Whoever saw it begin, in a message that Teams has lost, is to see its end.
  const mayBeShown = place.isUncertain || remedies.includes('post_anew');
  if (lifecycle.state === 'resolved' && !mayBeShown) {
    return { kind: 'end', state: 'superseded', reason: 'nothing_shown' };
  }
  return operation === 'post' ? request({ operation }) : { kind: 'become_post' };
}

/** In a channel all messages about a thing are one thread. */
function threadOf(task: MessageTask, { activityId }: PlannedDelivery, { threads }: LifecyclePlace) {
  if (!threads) {
    return {};
  }
  const ofMessage = activityId === undefined ? threads.shown : threads.own;
  return { threadId: task.operation === 'post' ? threads.next : ofMessage };
}

/** An earlier message tells of what is past: that it was replaced, or how its own episode ended. */
function viewFor({ activityId, content, acceptedAtMs }: PlannedDelivery, place: LifecyclePlace): LifecycleView {
  const { lifecycle, messageNumber, state } = place;
  const isOver = state === 'resolved';
  if (messageNumber === lifecycle.messageNumber) {
    return viewOf(lifecycle, false);
  }
  if (activityId !== undefined && !isOver) {
    return viewOf(lifecycle, true);
  }
  const { severity, title } = 'severity' in content ? content : UNKNOWN;
  const entry = { atMs: acceptedAtMs, state, severity, title, count: 1 };
  return { state, openedAtMs: acceptedAtMs, history: [entry], forgotten: 0, isReplaced: false };
}

const UNKNOWN = { severity: 'info', title: '' } as const;
