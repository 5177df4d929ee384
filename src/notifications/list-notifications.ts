// The notifications of a producer, newest first, page by page.

import { z } from 'zod';
import { type AnswerOf, nextCursor, shownInstant, toInstant } from '../domain/answer.ts';
import { LIFECYCLE_STATES } from '../domain/lifecycle.ts';
import { PRIORITIES } from '../domain/notification.ts';
import {
  cursor,
  instantParameter,
  pageLimit,
  parseQuery,
  parseTimedCursor,
  type Query,
  toTimedCursor,
} from '../domain/request-query.ts';
import type { NotificationPage } from '../store/statements/pages.ts';
import type { Store } from '../store/store.ts';
import { lifecycleOfNotification } from './notification-status.ts';

const MAX_LIMIT = 200;

/** In no index is the state that a notification tells; a page that looks for few among many looks at no more. */
const MAX_LOOKED_AT = 5_000;

/** What may be asked for. */
export const notificationListQuery = z.strictObject({
  key: z.string().optional().describe('Only those about the thing of this key.'),
  state: z.enum(LIFECYCLE_STATES).optional().describe('Only those that tell this state of their thing.'),
  since: instantParameter.optional().describe('Only what was accepted at this instant or later.'),
  until: instantParameter.optional().describe('Only what was accepted before this instant.'),
  cursor: cursor(parseTimedCursor).describe('The `nextCursor` of the page before.'),
  limit: pageLimit(MAX_LIMIT, 50).describe('Notifications in a page.'),
});

const listedNotification = z
  .object({
    id: z.string().meta({ examples: ['ntf_01M82G2CA6970BYVNE96CZQK45'] }),
    lifecycle: lifecycleOfNotification,
    priority: z.enum(PRIORITIES),
    createdAt: shownInstant,
    expiresAt: shownInstant,
  })
  .meta({ id: 'ListedNotification', description: 'A notification in a list.' });

/** A page. */
export const notificationList = z
  .object({ notifications: z.array(listedNotification), nextCursor })
  .meta({ id: 'NotificationList', description: 'Notifications of the producer, newest first.' });

/** @throws AppError `invalid_request` */
export async function listNotifications(
  { store }: { readonly store: Store },
  { producerId, query }: { readonly producerId: number; readonly query: Query },
): Promise<AnswerOf<typeof notificationList>> {
  const { key, state, since, until, cursor: place, limit } = parseQuery(notificationListQuery, query);
  const after = place && { createdAtMs: place.atMs, id: place.id };
  const { pages } = store.read;
  const page: NotificationPage = { producerId, key, state, sinceMs: since, untilMs: until, after };
  const end = state && (await pages.findNotification(page, MAX_LOOKED_AT));
  const found = await pages.listNotifications({ ...page, end }, limit + 1);
  const rows = found.slice(0, limit);
  const next = found.length > limit ? rows.at(-1) : end;
  return {
    notifications: rows.map(({ publicId, lifecycle, priority, createdAtMs, expiresAtMs }) => ({
      id: publicId,
      lifecycle,
      priority,
      createdAt: toInstant(createdAtMs),
      expiresAt: toInstant(expiresAtMs),
    })),
    nextCursor: next ? toTimedCursor({ atMs: next.createdAtMs, id: next.id }) : null,
  };
}
