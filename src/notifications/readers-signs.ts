// What is known of those who have a notification before their eyes: how many have read it, and their reactions.

import { z } from 'zod';
import type { SignsOfNotification } from '../store/statements/message-signs.ts';

/** In an answer; numbers, and nobody's name. */
export const signsOfReaders = {
  read: z
    .int()
    .min(1)
    .optional()
    .describe('How many of its messages in 1:1 chats were read, as far as Teams tells; left out while none was.'),
  reactions: z
    .record(z.string(), z.int().min(1))
    .optional()
    .describe('How many people gave which reaction, by the names that Teams has for them; left out while nobody has.')
    .meta({ examples: [{ like: 2 }] }),
};

/** Pure. */
export function toSigns({ read, reactions }: SignsOfNotification): {
  readonly read?: number;
  readonly reactions?: Readonly<Record<string, number>>;
} {
  return {
    ...(read > 0 && { read }),
    ...(reactions.length > 0 && {
      reactions: Object.fromEntries(reactions.map(({ type, count }) => [type, count])),
    }),
  };
}
