// What a button of a question carried, read as what it may be. Anybody can send any data.

import { z } from 'zod';
import { DIALOG_LIMITS } from '../domain/dialog.ts';
import type { DialogInput } from '../domain/dialog-answer.ts';
import { INPUT_ID } from '../domain/press.ts';

/** A press that says of itself that it answers a question. */
export interface AnswerPress {
  readonly dialog: string;
  readonly question: string;
  readonly input: DialogInput;
}

/** What is longer is too long for any answer, and is told so. */
const MAX_ENTERED = DIALOG_LIMITS.maxAnswerLength + 1;
const pressSchema = z.object({
  bellhop: z.literal('answer'),
  dialog: z.string().max(64),
  question: z.string().max(256),
  choice: z.union([z.int().min(0).max(1_000), z.enum(['back', 'skip', 'cancel'])]).optional(),
  // Clients differ in what they give for a number.
  [INPUT_ID]: z.union([z.string(), z.number()]).optional(),
});

/** @returns undefined for what no button of a question carries */
export function parseAnswerPress(data: unknown): AnswerPress | undefined {
  const { data: press } = pressSchema.safeParse(data);
  return press && { dialog: press.dialog, question: press.question, input: toInput(press) };
}

function toInput({ choice, [INPUT_ID]: entered = '' }: z.infer<typeof pressSchema>): DialogInput {
  switch (choice) {
    case undefined:
      return { kind: 'entered', text: String(entered).slice(0, MAX_ENTERED) };
    case 'back':
    case 'skip':
    case 'cancel':
      return { kind: choice };
    default:
      return { kind: 'choice', index: choice };
  }
}
