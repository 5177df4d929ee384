// What a button of something that is asked carried, read as what it may be. Anybody can send any data.

import { z } from 'zod';
import { type AskPress, INPUT_ID } from '../domain/press.ts';

/** An action, and what was entered beside it: nobody has looked at that yet. */
export type RespondPress = Extract<AskPress, { bellhop: 'respond' }> & { readonly entered: unknown };

/** A press that is about what a notification asks. */
export type NotificationPress = RespondPress | Extract<AskPress, { bellhop: 'refreshAsk' }>;

const name = z.string().max(64);

/** What Teams or a client adds is not looked at. */
const pressSchema = z.discriminatedUnion('bellhop', [
  z
    .object({ bellhop: z.literal('respond'), notification: name, action: name, [INPUT_ID]: z.unknown().optional() })
    .transform(({ [INPUT_ID]: entered, ...press }): RespondPress => ({ ...press, entered })),
  z.object({ bellhop: z.literal('refreshAsk'), notification: name }),
]);

/** @returns undefined for what no button of a notification that asks carries */
export function parseAskPress(data: unknown): NotificationPress | undefined {
  const { data: press } = pressSchema.safeParse(data);
  return press;
}
