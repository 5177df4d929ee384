// What the owners of hooks are shown of them, and what senders are answered.

import { z } from 'zod';
import { type AnswerOf, quantity, shownInstant } from '../domain/answer.ts';

const view = z.object({
  id: z.string().meta({ examples: ['hook_5f0c2b7d9a1e4c3b8a6d7e0f'] }),
  name: z.string(),
  source: z.string().meta({ examples: ['github'] }),
  url: z.string().describe('Where its sender posts; of a hook with `url`, without its secret.'),
  auth: z.string().describe('`token`, `key`, `signature`, `standard-webhooks` or `url`.'),
  to: z.array(z.string()),
  choosable: z.array(z.string()).nullable(),
  severity: z.string().nullable(),
  priority: z.string().nullable(),
  lifecycle: z.boolean(),
  template: z.string().nullable(),
  filters: z.array(z.string()),
  origin: z.string().nullable().describe('Who may register it as a webhook of CloudEvents.'),
  ratePerMinute: quantity,
  isEnabled: z.boolean(),
  previousSecretUntil: shownInstant
    .nullable()
    .describe('Until when the secret before the present one is good as well.'),
  createdAt: shownInstant,
});

/** A hook as its owner sees it. */
export const hookView = view.meta({ id: 'Hook', description: 'An address to which one sender posts.' });
export type HookView = AnswerOf<typeof hookView>;

/** With its secret, which is shown this once. */
export const hookWithSecret = view
  .extend({
    secret: z.string().nullable().describe('Shown this once; null where an API key of yours is what it asks for.'),
    secretUrl: z.string().nullable().describe('Of a hook with `url`: the whole address, which is the secret.'),
  })
  .meta({ id: 'HookWithSecret', description: 'A hook with its secret.' });
export type HookWithSecret = AnswerOf<typeof hookWithSecret>;

/** All of a producer. */
export const hookList = z
  .object({ hooks: z.array(hookView) })
  .meta({ id: 'HookList', description: 'The hooks of a producer, by name.' });

/** What a payload would come to. */
export const hookTrial = z
  .object({
    isGreeting: z.boolean().describe('The sender would only have said hello: there is nothing to tell.'),
    events: z.array(
      z.object({
        event: z.string().nullable().describe('Its kind, as filters see it.'),
        refusedBy: z.string().nullable().describe('The filter that it does not pass; null when it would be told.'),
        notification: z.unknown().describe('The notification that it becomes.'),
        dryRun: z.unknown().describe('What would become of that, as a dry run tells it; null when it is not told.'),
      }),
    ),
  })
  .meta({ id: 'HookTrial', description: 'What a payload would come to. Nothing was stored or sent.' });
export type HookTrial = AnswerOf<typeof hookTrial>;

/** What a sender is answered once all is stored. */
export interface Received {
  readonly notifications: readonly { readonly id: string; readonly isReplay: boolean; readonly unresolved: number }[];
  /** Events that a filter has kept back. */
  readonly filtered: number;
}
