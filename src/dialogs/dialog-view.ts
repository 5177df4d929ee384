// A dialog as its producer sees it.

import { z } from 'zod';
import { type AnswerOf, nextCursor, shownInstant, toInstant } from '../domain/answer.ts';
import { DIALOG_STATES } from '../domain/dialog.ts';
import { explainDialogReason } from '../domain/dialog-reason.ts';
import type { ShownDialog } from '../store/statements/dialog-requests.ts';

/** In an answer. */
export const dialogView = z
  .object({
    id: z.string().meta({ examples: ['dlg_01M82G2CA6970BYVNE96CZQK45'] }),
    person: z.string().nullable().describe('As `to` names them; null once their data was erased.'),
    title: z.string(),
    state: z
      .enum(DIALOG_STATES)
      .describe('`waiting`: another dialog of this person comes first, or they want no messages now.'),
    reason: z
      .object({ code: z.string(), detail: z.string() })
      .nullable()
      .describe('Why it ended, or waits for a time, where the state does not say it.'),
    question: z.string().nullable().describe('The id of the question that waits for its answer.'),
    answers: z
      .record(z.string(), z.union([z.string(), z.number(), z.null()]))
      .describe('By the id of the question; a date as `2026-11-28`, null where none was given.'),
    createdAt: shownInstant,
    beginsAt: shownInstant
      .nullable()
      .describe('Of one that waits for the end of quiet hours, or for the digest of the day: when that is.'),
    begunAt: shownInstant.nullable().describe('When its first question was asked.'),
    endedAt: shownInstant.nullable(),
  })
  .meta({ id: 'Dialog', description: 'A conversation that the bot begins, and what was answered so far.' });
export type DialogView = AnswerOf<typeof dialogView>;

/** A page of them, in an answer. */
export const dialogList = z
  .object({ dialogs: z.array(dialogView), nextCursor })
  .meta({ id: 'DialogList', description: 'Dialogs of the producer, newest first.' });

/** Pure. */
export function toDialogView(row: ShownDialog): DialogView {
  const { publicId: id, person, title, state, reason, question, answers } = row;
  const { createdAtMs, beginsAtMs, begunAtMs, endedAtMs } = row;
  return {
    ...{ id, person, title, state },
    reason: reason === null ? null : { code: reason, detail: explainDialogReason(reason) },
    question,
    answers,
    createdAt: toInstant(createdAtMs),
    beginsAt: beginsAtMs === null ? null : toInstant(beginsAtMs),
    begunAt: begunAtMs === null ? null : toInstant(begunAtMs),
    endedAt: endedAtMs === null ? null : toInstant(endedAtMs),
  };
}
