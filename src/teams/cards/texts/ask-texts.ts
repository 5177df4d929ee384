// What cards say of what people are asked: the places that every language fills.

import type { DialogProblem, DialogState } from '../../../domain/dialog.ts';

/** A text about something that has a name. */
type Named = (name: string) => string;

/** How a dialog can end. */
export type DialogEnd = Exclude<DialogState, 'waiting' | 'active'>;

/** Texts in which nothing is counted; the same holds for them as for other answers. */
export interface AskTexts {
  /** On a button. */
  readonly acknowledge: string;
  /** @param names and times of all who did, as one list */
  readonly acknowledgedBy: Named;
  readonly youAcknowledged: string;
  readonly youChose: Named;
  /** Enough people chose it. */
  readonly decided: Named;
  /** In the place of a name that was erased. */
  readonly somebody: string;
  /** On the button below a field. */
  readonly send: string;
  /** Below a field that has to be filled in. */
  readonly fields: Readonly<Record<'text' | 'number' | 'date' | 'choice', string>>;
  readonly reminder: string;
  /** To who pressed. */
  readonly acknowledged: string;
  readonly isOver: string;
  readonly badInput: Named;
}

/** Of polls. */
export interface PollTexts {
  readonly vote: string;
  readonly changeVote: string;
  readonly close: string;
  readonly mayChange: string;
  readonly several: string;
  readonly anonymous: string;
  /** @param time until which one can vote */
  readonly openUntil: Named;
  readonly soFar: string;
  readonly final: string;
  readonly noVotes: string;
  /** Each would know of the others what they chose. */
  readonly tooFew: string;
  /** To who voted. @param names of what they chose */
  readonly voted: Named;
  readonly chooseOne: string;
  readonly chooseSome: string;
  readonly closed: string;
  /** Where and how one asks. @param example a whole command */
  readonly usage: Named;
  /** Of an anonymous one, where nobody has set a key that could keep its secret. */
  readonly noKey: string;
}

/** Of dialogs. */
export interface DialogTexts {
  readonly back: string;
  readonly skip: string;
  readonly cancel: string;
  readonly problems: Readonly<Record<Exclude<DialogProblem, 'too_long' | 'not_a_date'>, string>>;
  /** @param example a date as it can be written */
  readonly notADate: Named;
  readonly ends: Readonly<Record<DialogEnd, string>>;
  readonly isOver: string;
}

/** Texts with a number in them. */
export interface CountedAsks {
  /** How many people there are besides, as the last of a list of names. */
  others(count: number): string;
  /** How many have chosen an action, of those that it needs. */
  ofNeeded(count: number, needed: number): string;
  /** How often a choice was chosen, by how many people. */
  share(count: number, voters: number): string;
  voters(count: number): string;
  pollLimit(perHour: number): string;
  questionNumber(number: number): string;
  atLeast(bound: number): string;
  atMost(bound: number): string;
  between(min: number, max: number): string;
}
