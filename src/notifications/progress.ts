// How far a notification has come, told from the states of its deliveries.

import { z } from 'zod';
import { type AnswerOf, quantity } from '../domain/answer.ts';
import type { StateCount } from '../store/statements/deliveries.ts';
import { shownState } from './delivery-status.ts';
import { type ShownState, type StoredState, toShown } from './shown-state.ts';

/**
 * How far a notification has come. `scheduled`: until the first of it is due; `expanding`: a broadcast is being turned
 * into deliveries; `sending`: something waits or is on its way; `done`: nothing does.
 */
export const progressOfNotification = z
  .enum(['scheduled', 'expanding', 'sending', 'done'])
  .describe(
    'scheduled: the first of it is not due yet; expanding: a broadcast is being turned into deliveries; sending: something waits or is on its way.',
  );
export type Progress = z.output<typeof progressOfNotification>;

/** How many deliveries are in each state, in an answer. */
export const countsByState = z.partialRecord(shownState, quantity).describe('How many deliveries are in each state.');

/** Edits and recalls that are not done, in an answer. */
export const changesOfNotification = z
  .object({
    waiting: quantity.describe('Messages that wait for theirs.'),
    failed: quantity.describe('Messages at which it failed.'),
  })
  .describe('Edits and recalls that are not done.');

export type Counts = Readonly<Partial<Record<ShownState, number>>>;

/** What is told of the deliveries of a notification. */
export interface Tally {
  readonly counts: Counts;
  readonly changes: AnswerOf<typeof changesOfNotification>;
}

/** Pure. */
export function countShown(stored: readonly (StateCount & StoredState)[]): Tally {
  const counts: Partial<Record<ShownState, number>> = {};
  const changes = { waiting: 0, failed: 0 };
  for (const one of stored) {
    const { state, change } = toShown(one);
    counts[state] = (counts[state] ?? 0) + one.count;
    if (change) {
      const isWaiting = change.state === 'queued' || change.state === 'sending';
      changes[isWaiting ? 'waiting' : 'failed'] += one.count;
    }
  }
  return { counts, changes };
}

/** What a notification says of its own progress. */
export interface Beginning {
  /** Whether all its deliveries are there. */
  readonly isExpanded: boolean;
  /** When the first of it is due; null without a schedule. */
  readonly startsAtMs: number | null;
}

/** Pure. */
export function toProgress({ isExpanded, startsAtMs }: Beginning, { counts, changes }: Tally, nowMs: number): Progress {
  const isOpen = (counts.queued ?? 0) + (counts.sending ?? 0) + changes.waiting > 0;
  if (isExpanded && !isOpen) {
    return 'done';
  }
  if (startsAtMs !== null && startsAtMs > nowMs) {
    return 'scheduled';
  }
  return isExpanded ? 'sending' : 'expanding';
}
