// When the cards of a notification show who has answered: the one that was pressed soon, those of all the others as
// often as the budget allows.
//
// Cards are edited no more often than `ASK_LIMITS.editIntervalMs`. To edit those of all takes one request a recipient,
// so it is done the less often the more there are: 100 ms a recipient, which is 10 requests a second at most, whatever
// number of people answer. Up to 30 recipients that is no longer than the shortest interval.

import { ASK_LIMITS } from '../domain/ask.ts';

const MS_PER_DELIVERY = 100;

/** When cards were edited. */
export interface Shown {
  /** Some of them, and all of them; 0 for never. */
  readonly editedAtMs: number;
  readonly shownAtMs: number;
}

/** When an answer that has come just now is to be seen. Pure. @param dueAtMs what was planned before */
export function planShowing({ editedAtMs }: Pick<Shown, 'editedAtMs'>, dueAtMs: number | null, nowMs: number): number {
  return Math.min(dueAtMs ?? Number.POSITIVE_INFINITY, after(editedAtMs, ASK_LIMITS.editIntervalMs, nowMs));
}

/** `all`: every card. `pressed`: those on which something was pressed; all the others follow at `nextAtMs`. */
export type Showing = { readonly kind: 'all' } | { readonly kind: 'pressed'; readonly nextAtMs: number };

/** What is to be edited, once it is due. Pure. @param deliveries how many there are */
export function decideShowing({ shownAtMs }: Shown, deliveries: number, nowMs: number): Showing {
  const allAtMs = after(shownAtMs, Math.max(ASK_LIMITS.editIntervalMs, deliveries * MS_PER_DELIVERY), nowMs);
  return allAtMs <= nowMs
    ? { kind: 'all' }
    : { kind: 'pressed', nextAtMs: Math.max(allAtMs, nowMs + ASK_LIMITS.editIntervalMs) };
}

/** What is later than now was before the clock was set back. */
function after(lastAtMs: number, intervalMs: number, nowMs: number): number {
  return lastAtMs > nowMs ? nowMs : Math.max(nowMs, lastAtMs + intervalMs);
}
