// What people answered to what a notification asks, page by page.

import { z } from 'zod';
import { type AnswerOf, nextCursor } from '../domain/answer.ts';
import { AppError } from '../domain/errors.ts';
import { cursor, pageLimit, parseQuery, parseRowCursor, type Query } from '../domain/request-query.ts';
import type { Store } from '../store/store.ts';
import { shownResponse, toShownResponse } from './ask-status.ts';

const MAX_LIMIT = 200;

/** What may be asked for. */
export const responseListQuery = z.strictObject({
  cursor: cursor(parseRowCursor).describe('The `nextCursor` of the page before.'),
  limit: pageLimit(MAX_LIMIT, 50).describe('Responses in a page.'),
});

/** A page. */
export const responseList = z
  .object({ responses: z.array(shownResponse), nextCursor })
  .meta({ id: 'ResponseList', description: 'What people answered, in the order in which it came.' });

/** @throws AppError `invalid_request`; `not_found`, also for the notification of another producer */
export async function listResponsesTo(
  { store }: { readonly store: Pick<Store, 'read'> },
  { producerId, id, query }: { readonly producerId: number; readonly id: string; readonly query: Query },
): Promise<AnswerOf<typeof responseList>> {
  const { cursor: after = 0, limit } = parseQuery(responseListQuery, query);
  const notificationId = await store.read.notifications.findId(id, producerId);
  if (notificationId === undefined) {
    throw new AppError('not_found', 'There is no notification with this id');
  }
  const found = await store.read.askRows.listResponses(notificationId, after, limit + 1);
  const rows = found.slice(0, limit);
  const last = found.length > limit ? rows.at(-1) : undefined;
  return { responses: rows.map(toShownResponse), nextCursor: last ? String(last.id) : null };
}
