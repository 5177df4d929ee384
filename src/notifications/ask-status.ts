// How what a notification asks stands, and who has answered it, as its producer sees it.

import { z } from 'zod';
import { type AnswerOf, quantity, shownInstant, toInstant } from '../domain/answer.ts';
import { ACKNOWLEDGE } from '../domain/ask.ts';
import type { AskState } from '../store/asking-schema.ts';
import type { ResponseRow } from '../store/statements/ask-rows.ts';
import type { Statements } from '../store/store.ts';

/** More answers than this are counted, and listed page by page. */
const MAX_SHOWN = 100;

/** What one person answered. */
export const shownResponse = z
  .object({
    person: z
      .object({
        name: z.string().nullable().describe('As Teams told it; null where it did not.'),
        email: z.string().optional(),
        aadObjectId: z.string().optional().describe('Their Entra object id.'),
      })
      .nullable()
      .describe('Null once the data of the person was erased.'),
    action: z.string().describe(`The id of the action that they chose; \`${ACKNOWLEDGE}\` for taking note.`),
    input: z
      .union([z.string(), z.number()])
      .nullable()
      .describe('What they entered; null where nothing was, and once it was erased.'),
    at: shownInstant,
  })
  .meta({ id: 'Response', description: 'What one person answered.' });

/** How it stands. */
export const askStatus = z
  .object({
    state: z
      .enum(['open', 'acknowledged', 'decided', 'closed'])
      .describe(
        'open at first; acknowledged once somebody has taken note; decided once enough people chose one action; closed when it was recalled, or a later notification of its key took its place.',
      ) satisfies z.ZodType<AskState>,
    decided: z.string().optional().describe('The id of the action that enough people chose.'),
    responses: z.array(shownResponse).describe(`The first ${MAX_SHOWN}, in the order in which they came.`),
    more: quantity.describe('How many there are besides.'),
    reminders: quantity.describe('How many times people were reminded.'),
    remindsAt: shownInstant.optional().describe('When people are reminded next.'),
    escalatesAt: shownInstant.optional().describe('When others are asked, if nobody has answered until then.'),
    escalatedAt: shownInstant.optional().describe('When others were asked.'),
  })
  .meta({ id: 'AskStatus', description: 'How what was asked stands, and who has answered.' });
export type AskStatus = AnswerOf<typeof askStatus>;

/** @returns undefined for a notification that asks nothing */
export async function readAskStatus({ askRows }: Statements, notificationId: number): Promise<AskStatus | undefined> {
  const ask = await askRows.find(notificationId);
  if (!ask) {
    return undefined;
  }
  const rows = await askRows.listResponses(notificationId, 0, MAX_SHOWN + 1);
  const count = rows.length > MAX_SHOWN ? await askRows.countResponses(notificationId) : rows.length;
  const shown = rows.slice(0, MAX_SHOWN);
  const { state, decidedAction, remindAtMs, reminders, escalateAtMs, escalatedAtMs } = ask;
  return {
    state,
    ...(decidedAction !== null && { decided: decidedAction }),
    responses: shown.map(toShownResponse),
    more: Math.max(0, count - shown.length),
    reminders,
    ...(remindAtMs !== null && { remindsAt: toInstant(remindAtMs) }),
    ...(escalateAtMs !== null && { escalatesAt: toInstant(escalateAtMs) }),
    ...(escalatedAtMs !== null && { escalatedAt: toInstant(escalatedAtMs) }),
  };
}

/** An answer as it is shown. */
export function toShownResponse(row: ResponseRow): AnswerOf<typeof shownResponse> {
  const { personId, name, email, aadObjectId, action, input, respondedAtMs } = row;
  const person = { name, ...(email !== null && { email }), ...(aadObjectId !== null && { aadObjectId }) };
  return {
    person: personId === null ? null : person,
    action,
    input: input === null ? null : toInput(JSON.parse(input)),
    at: toInstant(respondedAtMs),
  };
}

function toInput(entered: unknown): string | number {
  return typeof entered === 'string' || typeof entered === 'number' ? entered : JSON.stringify(entered);
}
