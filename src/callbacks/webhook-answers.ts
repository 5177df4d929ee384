// What producers are shown of their webhooks and of what was sent to them.

import { z } from 'zod';
import { type AnswerOf, nextCursor, quantity, shownInstant } from '../domain/answer.ts';
import { cursor, pageLimit } from '../domain/request-query.ts';

const eventTypes = z.array(z.string()).nullable().describe('What it is told of; null for all events.');

const view = z.object({
  id: z.string().meta({ examples: ['whe_5f0c2b7d9a1e4c3b8a6d7e0f'] }),
  url: z.string(),
  events: eventTypes,
  description: z.string().nullable(),
  isEnabled: z.boolean(),
  disabledReason: z
    .string()
    .nullable()
    .describe('`producer`, `operator`, `gone` (it answered 410) or `failing` (it took nothing for five days).'),
  failures: quantity.describe('Failed attempts since the last one that succeeded.'),
  failingSince: shownInstant.nullable().describe('When they began.'),
  previousSecretUntil: shownInstant.nullable().describe('Until when the secret before the present one signs as well.'),
  createdAt: shownInstant,
});

/** A webhook as its producer sees it. */
export const webhookView = view.meta({ id: 'Webhook', description: 'A webhook.' });
export type WebhookView = AnswerOf<typeof webhookView>;

/** With its secret, which is shown this once. */
export const webhookWithSecret = view
  .extend({ secret: z.string().describe('`whsec_...`: what its messages are signed with. Shown this once.') })
  .meta({ id: 'WebhookWithSecret', description: 'A webhook with its secret.' });
export type WebhookWithSecret = AnswerOf<typeof webhookWithSecret>;

/** All of a producer. */
export const webhookList = z
  .object({ webhooks: z.array(webhookView) })
  .meta({ id: 'WebhookList', description: 'The webhooks of a producer.' });

/** One message, as its producer sees it. */
export const messageView = z
  .object({
    id: z.string().describe('The `webhook-id` of every attempt.'),
    type: z.string().meta({ examples: ['delivery.sent'] }),
    notification: z.string().nullable(),
    dialog: z.string().nullable(),
    state: z.string().describe('`queued`, `delivered` or `failed`.'),
    attempts: quantity,
    reason: z.object({ code: z.string(), detail: z.string() }).nullable().describe('What went wrong the last time.'),
    httpStatus: z.int().nullable(),
    answer: z.string().nullable().describe('The first characters of the latest answer.'),
    createdAt: shownInstant,
    updatedAt: shownInstant,
    nextAttemptAt: shownInstant.nullable().describe('When it is tried again; null when it is not.'),
  })
  .meta({ id: 'WebhookMessage', description: 'What was sent to a webhook, or is to be.' });
export type MessageView = AnswerOf<typeof messageView>;

/** A page. */
export const messageList = z
  .object({ messages: z.array(messageView), nextCursor })
  .meta({ id: 'WebhookMessageList', description: 'Messages to a webhook, newest first.' });

/** What may be asked for. */
export const messageQuery = z.strictObject({
  state: z.enum(['queued', 'delivered', 'failed']).optional().describe('Only those in this state.'),
  cursor: cursor((text) => (/^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined)).describe(
    'The `nextCursor` of the page before.',
  ),
  limit: pageLimit(200, 50).describe('Messages in a page.'),
});

/** A message that was queued. */
export const queuedMessage = z
  .object({ message: z.string().describe('Its id.') })
  .meta({ id: 'QueuedWebhookMessage', description: 'A message that is sent now.' });

/** How many messages were queued. */
export const replayedEvents = z
  .object({ queued: quantity.describe('How many messages are sent again.') })
  .meta({ id: 'ReplayedEvents', description: 'Events that are told again.' });
