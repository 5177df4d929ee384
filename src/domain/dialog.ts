// A conversation that the bot begins: questions in order, with branches by what was chosen.

/** One question. `next`: the id of the question after it, by what was chosen, and otherwise; absent for the one below. */
export interface DialogQuestion {
  readonly id: string;
  readonly kind: 'text' | 'choice' | 'number' | 'date';
  readonly text: string;
  readonly choices?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  readonly maxLength?: number;
  readonly isOptional?: boolean;
  /** From a choice to the id of a question, or to `end`. */
  readonly next?: Readonly<Record<string, string>>;
}

/** A survey. Questions lead only forward, so that it ends. */
export interface DialogDefinition {
  readonly title: string;
  readonly questions: readonly DialogQuestion[];
  /** What is said at its end. */
  readonly thanks?: string;
  /** For how long it is answered, milliseconds. */
  readonly timeoutMs: number;
}

/**
 * waiting    another dialog of the same person comes first
 * active     a question was asked and waits for its answer
 * completed, cancelled, timed_out, failed   (final)
 */
export const DIALOG_STATES = ['waiting', 'active', 'completed', 'cancelled', 'timed_out', 'failed'] as const;
export type DialogState = (typeof DIALOG_STATES)[number];

/** The states that a dialog stays in. */
export type DialogEnd = Exclude<DialogState, 'waiting' | 'active'>;

/** What was answered: a choice in its own words, a date as `2026-11-28`; null for a question that was left out. */
export type DialogAnswer = string | number | null;

/** From the id of a question to its answer, in the order in which they were asked. */
export type DialogAnswers = Readonly<Record<string, DialogAnswer>>;

export const DIALOG_LIMITS = {
  maxQuestions: 30,
  maxIdLength: 64,
  maxTitleLength: 256,
  maxTextLength: 1_024,
  minChoices: 2,
  maxChoices: 10,
  maxChoiceLength: 128,
  maxAnswerLength: 2_000,
  minTimeoutMs: 60_000,
  maxTimeoutMs: 30 * 24 * 3_600_000,
  defaultTimeout: 'P3D',
  /** Of a producer, by name. */
  maxDefinitions: 200,
  /** Of a person, of all producers: those that have not ended. */
  maxOpen: 20,
} as const;

/** Where a choice leads that ends the survey; no question has this id. */
export const END_OF_DIALOG = 'end';

/** A question as it is asked. */
export interface QuestionView {
  /** Public id of the dialog. */
  readonly dialog: string;
  readonly title: string;
  readonly question: DialogQuestion;
  /** From 1; how many there are depends on the answers. */
  readonly number: number;
  readonly canGoBack: boolean;
  /** Why it is asked once more. */
  readonly problem?: DialogProblem;
}

/** A question that was answered, in the place of the card that asked it: it can be read, and no longer be pressed. */
export interface AnsweredView {
  /** Of the dialog. */
  readonly title: string;
  readonly question: DialogQuestion;
  /** Absent when the person went back, or wants no more questions; null when they left it out. */
  readonly answer?: DialogAnswer;
}

/** Pure. @param answers those that there are by now */
export function toAnsweredView(
  { title, question }: Pick<QuestionView, 'title' | 'question'>,
  answers: DialogAnswers,
): AnsweredView {
  const answer = Object.hasOwn(answers, question.id) ? answers[question.id] : undefined;
  return { title, question, ...(answer !== undefined && { answer }) };
}

/** What is wrong with an answer. */
export type DialogProblem = 'not_a_choice' | 'not_a_number' | 'out_of_range' | 'not_a_date' | 'too_long' | 'empty';
