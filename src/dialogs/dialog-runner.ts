// The port to what leads people through the questions of a dialog.

import type { DialogAnswers, DialogDefinition, DialogProblem, DialogQuestion } from '../domain/dialog.ts';
import type { DialogInput } from '../domain/dialog-answer.ts';

/** What comes next. */
export type DialogStep =
  | {
      readonly kind: 'ask';
      readonly question: DialogQuestion;
      /** From 1. */
      readonly number: number;
      readonly canGoBack: boolean;
      /** Why the same question is asked once more. */
      readonly problem?: DialogProblem;
    }
  | { readonly kind: 'completed' | 'cancelled' }
  /** Where it stood cannot be read, or does not belong to this definition; nothing was changed. */
  | { readonly kind: 'lost' };

/** A dialog after one input. */
export interface DialogTurnEnd {
  readonly step: DialogStep;
  /** To be kept, and given back with the next input; nobody else reads it. */
  readonly progress: string;
  /** What is answered by now; the answers of questions that were left again are gone. */
  readonly answers: DialogAnswers;
}

/** One input to a dialog. */
export interface DialogTurnBegin {
  readonly definition: DialogDefinition;
  /** As it was kept; `{}` before the first question. */
  readonly progress: string;
  readonly answers: DialogAnswers;
  readonly input: DialogInput;
}

/** Remembers nothing between two calls, so that every process can go on where another one has stopped. */
export interface DialogRunner {
  /** Makes ready what takes long the first time. May be called again and again. */
  prepare(): Promise<void>;
  /** Asks nobody but the memory of this process, so that it may be awaited within a transaction. */
  run(turn: DialogTurnBegin): Promise<DialogTurnEnd>;
}
