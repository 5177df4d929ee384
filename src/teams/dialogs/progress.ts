// Where a survey stands, as it is kept: the stack of the SDK's dialogs as JSON. Pure.

import type { DialogState } from 'botbuilder-dialogs';
import { z } from 'zod';
import type { DialogDefinition } from '../../domain/dialog.ts';
import { questionDialogId } from './question-dialog.ts';
import { SURVEY_ID } from './survey-dialog.ts';

/** Counted up when an older process could not go on with what is kept. */
const FORM = 1;

const survey = z.object({
  id: z.literal(SURVEY_ID),
  state: z.object({
    path: z.array(z.string()).min(1),
    answers: z.array(z.tuple([z.string(), z.union([z.string(), z.number(), z.null()])])),
  }),
});
const question = z.object({ id: z.string(), state: z.record(z.string(), z.unknown()) });
const kept = z.object({ form: z.literal(FORM), dialogStack: z.tuple([survey, question]) });

/** @returns undefined for what this release cannot read, or is of another definition */
export function readProgress(progress: string, { questions }: DialogDefinition): DialogState | undefined {
  if (progress === '{}') {
    return { dialogStack: [] };
  }
  const { data } = kept.safeParse(parse(progress));
  if (!data) {
    return undefined;
  }
  const [{ state }, open] = data.dialogStack;
  const ids = questions.map(({ id }) => id);
  const isOfDefinition = [...state.path, ...state.answers.map(([id]) => id)].every((id) => ids.includes(id));
  const isWhole = state.answers.length === state.path.length - 1;
  const isOpen = open.id === questionDialogId({ id: state.path.at(-1) ?? '' });
  return isOfDefinition && isWhole && isOpen ? { dialogStack: data.dialogStack } : undefined;
}

/** The reverse. */
export function writeProgress({ dialogStack }: DialogState): string {
  return JSON.stringify({ form: FORM, dialogStack });
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
