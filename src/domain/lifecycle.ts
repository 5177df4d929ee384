// The life of a thing that notifications are about, by the key that its sender gives it.

import type { Severity } from './notification.ts';

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
  /** Entries that are no longer kept. */
  readonly forgotten: number;
  /** True for a message whose place a newer message of the same chat has taken. */
  readonly isReplaced: boolean;
}
