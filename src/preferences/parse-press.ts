// What a button carried, read as what it may be. Anybody can send any data.

import { z } from 'zod';
import { MUTE_SPANS, type SayPress } from '../domain/press.ts';
import { COMMAND_LIMITS } from './command.ts';

/** What Teams or a client adds is not looked at. */
const notification = z.string().max(64);
const text = z.string().max(COMMAND_LIMITS.maxLength);
const pressSchema = z.discriminatedUnion('bellhop', [
  // On cards of the first release.
  z.object({ bellhop: z.literal('help') }).transform((): SayPress => ({ bellhop: 'command', text: 'help' })),
  z
    .object({ bellhop: z.literal('command'), text, notification: notification.optional() })
    .transform(
      ({ notification: of, ...command }): SayPress => ({ ...command, ...(of !== undefined && { notification: of }) }),
    ),
  z.object({ bellhop: z.literal('why'), notification }),
  z.object({
    bellhop: z.literal('mute'),
    notification,
    what: z.enum(['source', 'key']),
    for: z.enum(MUTE_SPANS),
  }),
]);

/** @returns undefined for what none of the bot's buttons carries */
export function parsePress(data: unknown): SayPress | undefined {
  const { data: press } = pressSchema.safeParse(data);
  return press;
}
