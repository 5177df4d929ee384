// The life of a thing that notifications are about, by the key that its sender gives it.
//
// Its events are put in order by when they happened, where the sender says so, and else by when they came. Each chat
// has one message about it, which is edited as things go on. A new message, with a toast, is posted when it begins,
// when it begins again after it was over, and when it gets worse than it was since it began.

import { SEVERITIES, type Severity } from './notification.ts';

/** `open`: it needs somebody. `acknowledged`: somebody is on it. `resolved`: it is over. */
export const LIFECYCLE_STATES = ['open', 'acknowledged', 'resolved'] as const;
export type LifecycleState = (typeof LIFECYCLE_STATES)[number];

/** One thing that happened to it, as the card tells it. */
export interface LifecycleEntry {
  readonly atMs: number;
  readonly state: LifecycleState;
  readonly severity: Severity;
  readonly title: string;
  /** How often it was said in a row, this one included; from 1. */
  readonly count: number;
}

/** What a card shows of the life so far. */
export interface LifecycleView {
  readonly state: LifecycleState;
  /** When the present episode began. */
  readonly openedAtMs: number;
  /** The latest entries of the present episode, oldest first; at least one. */
  readonly history: readonly LifecycleEntry[];
  /** How often something was said that is no longer in the history. */
  readonly forgotten: number;
  /** True for a message whose place a newer message of the same chat has taken. */
  readonly isReplaced: boolean;
}

/** What is kept of a thing. */
export interface Lifecycle extends Omit<LifecycleView, 'isReplaced'> {
  /** The messages of each chat about its present episode: the first one, and the one that tells of it now; from 1. */
  readonly firstMessage: number;
  readonly messageNumber: number;
  /** The worst that was said since it began. */
  readonly peakSeverity: Severity;
  /** The latest instant that the sender has given; absent while none was given. */
  readonly occurredAtMs?: number;
  /** When its messages were edited or posted last, or are to be, epoch milliseconds. */
  readonly editedAtMs: number;
}

/** What a notification says of it. */
export interface LifecycleEvent {
  readonly state: LifecycleState;
  readonly severity: Severity;
  readonly title: string;
  /** As the sender gives it. */
  readonly occurredAtMs?: number | undefined;
}

/** What becomes of it. */
export type LifecycleStep =
  /** Something later is known already: nothing changes. */
  | { readonly kind: 'outdated' }
  | {
      readonly kind: 'post' | 'edit';
      readonly next: Lifecycle;
      /** When its messages are to go out, epoch milliseconds. */
      readonly dueAtMs: number;
    };

/** Entries kept; a card shows fewer. */
export const MAX_HISTORY = 20;
/** Repeats edit a message no oftener than this. */
const EDIT_INTERVAL_MS = 3_000;

/**
 * Takes in one event. Pure.
 *
 * @param current undefined when nothing was heard of the thing before
 */
export function applyLifecycleEvent(
  current: Lifecycle | undefined,
  event: LifecycleEvent,
  nowMs: number,
): LifecycleStep {
  if (!current) {
    return { kind: 'post', next: begin(event, { messageNumber: 1, nowMs }), dueAtMs: nowMs };
  }
  if (isOutdated(current, event)) {
    return { kind: 'outdated' };
  }
  const occurredAtMs = event.occurredAtMs ?? current.occurredAtMs;
  const messageNumber = current.messageNumber + 1;
  if (current.state === 'resolved' && event.state !== 'resolved') {
    const next = { ...begin(event, { messageNumber, nowMs }), ...(occurredAtMs !== undefined && { occurredAtMs }) };
    return { kind: 'post', next, dueAtMs: nowMs };
  }
  const next: Lifecycle = {
    ...current,
    ...addEntry(current, entryOf(event, nowMs)),
    ...(occurredAtMs !== undefined && { occurredAtMs }),
    state: event.state,
  };
  if (event.state !== 'resolved' && rankOf(event.severity) > rankOf(current.peakSeverity)) {
    const escalated = { ...next, messageNumber, peakSeverity: event.severity, editedAtMs: nowMs };
    return { kind: 'post', next: escalated, dueAtMs: nowMs };
  }
  const dueAtMs = event.state === current.state ? repeatAtMs(current, nowMs) : nowMs;
  return { kind: 'edit', next: { ...next, editedAtMs: dueAtMs }, dueAtMs };
}

/** Where one of the two does not say when it happened, the one that comes later is the later one. */
function isOutdated(current: Lifecycle, event: LifecycleEvent): boolean {
  return (
    event.occurredAtMs !== undefined && current.occurredAtMs !== undefined && event.occurredAtMs < current.occurredAtMs
  );
}

function begin(
  event: LifecycleEvent,
  { messageNumber, nowMs }: { readonly messageNumber: number; readonly nowMs: number },
): Lifecycle {
  return {
    state: event.state,
    firstMessage: messageNumber,
    messageNumber,
    peakSeverity: event.severity,
    ...(event.occurredAtMs !== undefined && { occurredAtMs: event.occurredAtMs }),
    openedAtMs: event.occurredAtMs ?? nowMs,
    editedAtMs: nowMs,
    history: [entryOf(event, nowMs)],
    forgotten: 0,
  };
}

function entryOf({ state, severity, title, occurredAtMs }: LifecycleEvent, nowMs: number): LifecycleEntry {
  return { atMs: occurredAtMs ?? nowMs, state, severity, title, count: 1 };
}

/** The same said again is counted, not listed. */
function addEntry({ history, forgotten }: Lifecycle, entry: LifecycleEntry): Pick<Lifecycle, 'history' | 'forgotten'> {
  const last = history.at(-1);
  const isRepeat = last?.state === entry.state && last.severity === entry.severity && last.title === entry.title;
  const all = isRepeat ? [...history.slice(0, -1), { ...entry, count: last.count + 1 }] : [...history, entry];
  const kept = all.slice(-MAX_HISTORY);
  const dropped = all.slice(0, all.length - kept.length).reduce((sum, { count }) => sum + count, 0);
  return { history: kept, forgotten: forgotten + dropped };
}

/** An edit that is planned already tells of this repeat, too. One further away is of before the clock was set back. */
function repeatAtMs({ editedAtMs }: Lifecycle, nowMs: number): number {
  if (editedAtMs > nowMs + EDIT_INTERVAL_MS) {
    return nowMs;
  }
  return editedAtMs > nowMs ? editedAtMs : Math.max(nowMs, editedAtMs + EDIT_INTERVAL_MS);
}

/** Good news is no worse than plain news. */
function rankOf(severity: Severity): number {
  return severity === 'success' ? SEVERITIES.indexOf('info') : SEVERITIES.indexOf(severity);
}

/** What a card shows of it. */
export function viewOf({ state, openedAtMs, history, forgotten }: Lifecycle, isReplaced: boolean): LifecycleView {
  return { state, openedAtMs, history, forgotten, isReplaced };
}
