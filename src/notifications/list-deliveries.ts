// The deliveries of a notification, page by page.

import { z } from 'zod';
import { type AnswerOf, nextCursor } from '../domain/answer.ts';
import type { Clock } from '../domain/clock.ts';
import { DELIVERY_STATES } from '../domain/delivery.ts';
import { AppError } from '../domain/errors.ts';
import { cursor, pageLimit, parseQuery, parseRowCursor, type Query } from '../domain/request-query.ts';
import type { DeliveryPage, StoredStates } from '../store/statements/pages.ts';
import type { Store } from '../store/store.ts';
import { deliveryStatus, shownState, toDeliveryStatus } from './delivery-status.ts';
import { type ShownState, toShown } from './shown-state.ts';

const MAX_LIMIT = 200;

/** In no index is the state of a delivery that has arrived; a page that looks for few among many looks at no more. */
const MAX_LOOKED_AT = 5_000;

/** What may be asked for. */
export const deliveryListQuery = z.strictObject({
  state: shownState.optional().describe('Only those in this state.'),
  cursor: cursor(parseRowCursor).describe('The `nextCursor` of the page before.'),
  limit: pageLimit(MAX_LIMIT, 50).describe('Deliveries in a page.'),
});

/** A page. */
export const deliveryList = z
  .object({ deliveries: z.array(deliveryStatus), nextCursor })
  .meta({ id: 'DeliveryList', description: 'Deliveries of a notification, in an order that stays.' });

/** @throws AppError `invalid_request`; `not_found`, also for the notification of another producer */
export async function listDeliveriesOf(
  { store, clock }: { readonly store: Store; readonly clock: Clock },
  { producerId, id, query }: { readonly producerId: number; readonly id: string; readonly query: Query },
): Promise<AnswerOf<typeof deliveryList>> {
  const { state, cursor: after = 0, limit } = parseQuery(deliveryListQuery, query);
  const notificationId = await store.read.notifications.findId(id, producerId);
  if (notificationId === undefined) {
    throw new AppError('not_found', 'There is no notification with this id');
  }
  const { pages, attempts: attemptStatements } = store.read;
  const page: DeliveryPage = { notificationId, after, states: state && toStoredStates(state) };
  const end = state && (await pages.findDelivery(page, MAX_LOOKED_AT));
  const found = await pages.listDeliveries({ ...page, end }, limit + 1);
  const rows = found.slice(0, limit);
  const attempts = await attemptStatements.list(rows.map((row) => row.id));
  const nowMs = clock.nowMs();
  const next = found.length > limit ? rows.at(-1)?.conversationId : end;
  return {
    deliveries: rows.map((row) => toDeliveryStatus(row, attempts, nowMs)),
    nextCursor: next === undefined ? null : String(next),
  };
}

/** Where a shown state comes from: a message that is edited or recalled is shown as sent all the while. */
function toStoredStates(shown: ShownState): StoredStates {
  const from = (change: 'update' | null) =>
    DELIVERY_STATES.filter((state) => toShown({ state, change }).state === shown);
  return { plain: from(null), changing: from('update') };
}
