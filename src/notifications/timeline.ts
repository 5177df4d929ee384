// The instants that matter in the life of a notification, however many deliveries it has.

import { z } from 'zod';
import { type AnswerOf, quantity, shownInstant, toInstant } from '../domain/answer.ts';
import type { StatusCount } from '../store/statements/deliveries.ts';
import { SHOWN_STATES, type ShownState, toShown } from './shown-state.ts';

const ENDED_STATES = SHOWN_STATES.filter((state) => state !== 'queued' && state !== 'sending');

const milestone = z
  .object({
    at: shownInstant,
    what: z.enum(['accepted', 'first_sent', 'changed', 'recall_asked', ...ENDED_STATES, 'done']),
    count: quantity.optional().describe('How many deliveries have come to this state.'),
  })
  .meta({
    id: 'Milestone',
    description:
      'An instant that matters: accepted; first_sent, the first of several; changed and recall_asked, by its producer; a state, when the latest delivery came to it; done.',
  });

/** The timeline of an answer. */
export const timeline = z.array(milestone);

interface Milestone {
  readonly atMs: number;
  readonly what: z.output<typeof milestone>['what'];
  readonly count?: number;
}

/** What its producer did. */
export interface Asked {
  readonly createdAtMs: number;
  readonly changedAtMs: number | null;
  readonly recalledAtMs: number | null;
}

/** In the order of time. Pure. */
export function toTimeline(
  { createdAtMs, changedAtMs, recalledAtMs }: Asked,
  states: readonly StatusCount[],
  isDone: boolean,
): AnswerOf<typeof timeline> {
  const asked: readonly Milestone[] = [
    ...(changedAtMs === null || changedAtMs === recalledAtMs ? [] : [{ atMs: changedAtMs, what: 'changed' as const }]),
    ...(recalledAtMs === null ? [] : [{ atMs: recalledAtMs, what: 'recall_asked' as const }]),
  ];
  const middle = [...asked, ...ENDED_STATES.flatMap((state) => milestonesOf(state, states))];
  const doneAtMs = middle.reduce((latest, { atMs }) => Math.max(latest, atMs), createdAtMs);
  const all: readonly Milestone[] = [
    { atMs: createdAtMs, what: 'accepted' },
    ...middle.toSorted((left, right) => left.atMs - right.atMs),
    ...(isDone ? [{ atMs: doneAtMs, what: 'done' as const }] : []),
  ];
  return all.map(({ atMs, ...rest }) => ({ at: toInstant(atMs), ...rest }));
}

function milestonesOf(
  state: Exclude<ShownState, 'queued' | 'sending'>,
  stored: readonly StatusCount[],
): readonly Milestone[] {
  const spans = stored.filter((one) => toShown(one).state === state);
  const count = spans.reduce((sum, one) => sum + one.count, 0);
  if (count === 0) {
    return [];
  }
  const last = { atMs: Math.max(...spans.map(({ lastAtMs }) => lastAtMs)), what: state, count };
  const firstAtMs = Math.min(...spans.map((one) => one.firstAtMs));
  return state === 'sent' && count > 1 ? [{ atMs: firstAtMs, what: 'first_sent' }, last] : [last];
}
