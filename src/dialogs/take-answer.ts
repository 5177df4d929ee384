// One input to a dialog: what it changes in the store, and what comes next.

import type { DialogAnswers, QuestionView } from '../domain/dialog.ts';
import type { DialogInput } from '../domain/dialog-answer.ts';
import { assertNever } from '../domain/errors.ts';
import type { DialogRow } from '../store/statements/dialogs.ts';
import type { Statements } from '../store/store.ts';
import type { DialogRunner, DialogStep } from './dialog-runner.ts';
import { type DialogVoice, endDialog } from './store-dialog.ts';

/** What taking an answer needs. */
export interface TakingDeps {
  readonly voice: DialogVoice;
  readonly runner: DialogRunner;
}

/** An input to a dialog that nobody else changes until the transaction ends. */
export interface Taking {
  readonly tx: Statements;
  readonly nowMs: number;
  readonly dialog: DialogRow;
  readonly input: DialogInput;
}

/** What came of it. */
export interface Taken {
  readonly step: DialogStep;
  /** What is answered by now. */
  readonly answers: DialogAnswers;
  /** The question to ask now; absent when there is none. */
  readonly view?: QuestionView;
}

/** Keeps the answer; an end is said in the chat, a question is for the caller to ask. */
export async function takeAnswer({ voice, runner }: TakingDeps, { tx, nowMs, dialog, input }: Taking): Promise<Taken> {
  const { id: dialogId, definition, progress } = dialog;
  const { step, ...turn } = await runner.run({ definition, progress, answers: dialog.answers, input });
  const { answers } = turn;
  await tx.dialogs.move(dialogId, { ...turn, questionId: step.kind === 'ask' ? step.question.id : null });
  switch (step.kind) {
    case 'ask':
      return { step, answers, view: toView(dialog, step) };
    case 'completed':
    case 'cancelled':
      await endDialog(tx, { dialogId, state: step.kind, reason: null, voice, nowMs });
      return { step, answers };
    case 'lost':
      await endDialog(tx, { dialogId, state: 'failed', reason: 'progress_lost', voice, nowMs });
      return { step, answers };
    default:
      return assertNever(step);
  }
}

function toView(
  { publicId, definition }: DialogRow,
  { kind: _, ...asked }: Extract<DialogStep, { kind: 'ask' }>,
): QuestionView {
  return { dialog: publicId, title: definition.title, ...asked };
}
