// Which messages of a webhook a producer wants listed. Pure.

import { z } from 'zod';
import { cursor, pageLimit, parseQuery, type Query } from '../domain/request-query.ts';
import type { MessagePart } from '../store/statements/webhook-messages.ts';

/** The states of a message, as they are shown. */
export const MESSAGE_STATES = ['queued', 'delivered', 'failed'] as const;

/** What may be asked for. */
export const messageListQuery = z.strictObject({
  state: z.enum(MESSAGE_STATES).optional().describe('Only those in this state.'),
  cursor: cursor((text) => (/^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined)).describe(
    'The `nextCursor` of the page before.',
  ),
  limit: pageLimit(200, 50).describe('Messages in a page.'),
});

/** @throws AppError `invalid_request`; values are never quoted */
export function parseMessageQuery(query: Query): MessagePart {
  const { state, cursor: before, limit } = parseQuery(messageListQuery, query);
  return { state, before, limit };
}
