// What a notification with a key means for the thing that it is about, and for the messages that tell of it.

import { applyLifecycleEvent, type LifecycleState, type LifecycleView, viewOf } from '../domain/lifecycle.ts';
import type { ProducerContent } from '../domain/notification.ts';
import { lifecycleLock } from '../store/locks.ts';
import { editedBy } from '../store/statements/lifecycle-places.ts';
import type { StoredEvent } from '../store/statements/notifications.ts';
import type { Statements } from '../store/store.ts';

/** What is said of which thing. */
export interface EventInput {
  readonly producerId: number;
  readonly key: string;
  readonly state: LifecycleState;
  readonly occurredAtMs: number | undefined;
  readonly content: ProducerContent;
  /** The conversations of those who are named. */
  readonly conversationIds: readonly number[];
  readonly nowMs: number;
}

/** What becomes of it: a new message, an edit of the one that is there, or nothing, because something later is known. */
export const EVENT_EFFECTS = ['post', 'edit', 'none'] as const;
export type EventEffect = (typeof EVENT_EFFECTS)[number];

export interface TakenEvent {
  readonly effect: EventEffect;
  readonly event: StoredEvent;
  readonly dueAtMs: number;
  /** Whether the thing is over with it, and was not before. */
  readonly resolves: boolean;
  /** Conversations whose message is edited. */
  readonly showing: ReadonlySet<number>;
}

/** What would become of an event. */
export interface ForeseenEvent {
  readonly effect: EventEffect;
  /** What its message would tell of the thing; undefined when there would be none. */
  readonly view?: LifecycleView;
}

/** What would become of the event now; nothing is written down. */
export async function foreseeEvent(
  statements: Statements,
  { producerId, key, state, occurredAtMs, content, nowMs }: Omit<EventInput, 'conversationIds'>,
): Promise<ForeseenEvent> {
  const current = await statements.lifecycles.find(producerId, key);
  const { title, severity } = content;
  const step = applyLifecycleEvent(current, { state, severity, title, occurredAtMs }, nowMs);
  return step.kind === 'outdated' ? { effect: 'none' } : { effect: step.kind, view: viewOf(step.next, false) };
}

/**
 * Takes the event in, in the caller's transaction: whatever process takes another one of the same key waits until this
 * is committed. What waits for the same people and tells of earlier events does not go out any more.
 */
export async function takeEvent(tx: Statements, input: EventInput): Promise<TakenEvent> {
  const { producerId, key, state, occurredAtMs, content, conversationIds, nowMs } = input;
  await tx.locks.take(lifecycleLock({ producerId, key }));
  const current = await tx.lifecycles.find(producerId, key);
  const { title, severity } = content;
  const step = applyLifecycleEvent(current, { state, severity, title, occurredAtMs }, nowMs);
  if (step.kind === 'outdated') {
    const event = { lifecycleId: current?.id ?? 0, state, messageNumber: null, firstMessage: null };
    return { effect: 'none', event, dueAtMs: nowMs, resolves: false, showing: new Set() };
  }
  const { messageNumber, firstMessage } = step.next;
  const lifecycleId = await tx.lifecycles.save({ producerId, key }, step.next, nowMs);
  if (current !== undefined) {
    await tx.lifecycleMessages.supersede(lifecycleId, conversationIds, { messageNumber, nowMs });
    await closeAsk(tx, current.notificationId);
  }
  const showing =
    step.kind === 'edit'
      ? await tx.lifecycleMessages.listShowing(lifecycleId, editedBy(state, step.next), conversationIds)
      : [];
  return {
    effect: step.kind,
    event: { lifecycleId, state, messageNumber, firstMessage },
    dueAtMs: step.dueAtMs,
    resolves: state === 'resolved' && current !== undefined && current.state !== 'resolved',
    showing: new Set(showing),
  };
}

/** The card tells of the newest event: what an earlier one has asked is asked no more. */
async function closeAsk(tx: Statements, notificationId: number | null): Promise<void> {
  if (notificationId !== null) {
    await tx.askRows.close(notificationId);
  }
}

/** Makes the notification of an event that was taken in the newest of its thing, and tells when that is over. */
export async function linkEvent(
  tx: Statements,
  { effect, event, resolves }: TakenEvent,
  { notificationId, nowMs }: { readonly notificationId: number; readonly nowMs: number },
): Promise<void> {
  if (effect !== 'none') {
    await tx.lifecycles.setNotification(event.lifecycleId, notificationId);
  }
  if (resolves) {
    await tx.statusEvents.record({ type: 'notification.resolved', notificationId, nowMs });
  }
}
