// What a pressed vote means: whether it counts, and for which choices. Pure.

import type { Poll } from '../domain/poll.ts';

/** A poll, as far as a vote asks. */
export interface VotablePoll {
  readonly poll: Poll;
  /** Null while it is open. */
  readonly closedAtMs: number | null;
}

/** What came with the press; anybody can send anything. */
export interface PressedVote {
  readonly choice?: unknown;
  /** What the list of choices holds: their numbers, with commas between them. */
  readonly input?: unknown;
}

/** `choices`: each once, ascending. */
export type VoteDecision =
  | { readonly kind: 'vote'; readonly choices: readonly number[] }
  | { readonly kind: 'bad' }
  | { readonly kind: 'closed' };

/** From the instant at which it is to close it takes no vote, whether somebody has closed it or not. */
export function decideVote({ poll, closedAtMs }: VotablePoll, pressed: PressedVote, nowMs: number): VoteDecision {
  if (closedAtMs !== null || (poll.closesAtMs !== undefined && poll.closesAtMs <= nowMs)) {
    return { kind: 'closed' };
  }
  // Of equal ones a set keeps one, and of a negative zero, which JSON knows, the other.
  const choices = [...new Set(readChoices(pressed))].toSorted((left, right) => left - right);
  const isThere = choices.every((choice) => Number.isInteger(choice) && choice >= 0 && choice < poll.choices.length);
  const isCountRight = poll.isSeveral ? choices.length > 0 : choices.length === 1;
  return isThere && isCountRight ? { kind: 'vote', choices } : { kind: 'bad' };
}

/** @returns none for what cannot be read */
function readChoices({ choice, input }: PressedVote): readonly number[] {
  if (choice !== undefined) {
    return typeof choice === 'number' ? [choice] : [];
  }
  // Each of the ten choices has a number of one digit.
  const isList = typeof input === 'string' && /^\d(?:,\d)*$/.test(input);
  return isList ? input.split(',').map(Number) : [];
}
