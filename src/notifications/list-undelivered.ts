// What did not arrive, and why, as a producer or an operator is shown it.

import { z } from 'zod';
import { type AnswerOf, nextCursor, quantity, shownInstant, toInstant } from '../domain/answer.ts';
import { UNDELIVERED_STATES } from '../domain/delivery.ts';
import { toDeliveryId } from '../domain/delivery-id.ts';
import { AppError } from '../domain/errors.ts';
import { explainFailure, isFailureReason } from '../domain/failure-reason.ts';
import {
  cursor,
  instantParameter,
  pageLimit,
  parameter,
  parseQuery,
  parseTimedCursor,
  type Query,
  toTimedCursor,
} from '../domain/request-query.ts';
import type { UndeliveredFilter, UndeliveredRow } from '../store/statements/undelivered.ts';
import type { Store } from '../store/store.ts';
import { readUndeliveredPage } from '../store/undelivered-page.ts';
import { failure, namedRecipient } from './delivery-status.ts';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;

/** What may be asked for. */
export const undeliveredQuery = z.strictObject({
  state: z.enum(UNDELIVERED_STATES).optional().describe('Only those in this state.'),
  reason: parameter(
    {
      expected: 'a reason code, such as unavailable',
      parse: (text) => (isFailureReason(text) ? text : undefined),
    },
    { examples: ['blocked_by_user'] },
  )
    .optional()
    .describe('Only those with this reason code.'),
  notification: z.string().optional().describe('Only those of this notification.'),
  since: instantParameter.optional().describe('Only what ended at this instant or later.'),
  until: instantParameter.optional().describe('Only what ended before this instant.'),
  cursor: cursor(parseTimedCursor).describe('The `nextCursor` of the page before.'),
  limit: pageLimit(MAX_LIMIT, DEFAULT_LIMIT).describe('Deliveries in a page.'),
});

const undelivered = z
  .object({
    id: z.string().meta({ examples: ['dlv_4711'] }),
    notification: z.string().describe('The id of its notification.'),
    recipient: namedRecipient,
    state: z.enum(UNDELIVERED_STATES),
    reason: failure.nullable(),
    attempts: quantity.describe('How many there were.'),
    updatedAt: shownInstant.describe('When it ended.'),
  })
  .meta({ id: 'Undelivered', description: 'A delivery that did not arrive for certain.' });

/** A page. */
export const undeliveredList = z
  .object({ deliveries: z.array(undelivered), nextCursor })
  .meta({ id: 'UndeliveredList', description: 'What did not arrive for certain, newest first.' });

export type UndeliveredList = AnswerOf<typeof undeliveredList>;

/**
 * The producer's own deliveries that are failed, held or expired.
 *
 * @param input.query the parameters as they came
 * @throws AppError `invalid_request`; `not_found` for a notification that is not the producer's
 */
export async function listUndelivered(
  { store }: { readonly store: Store },
  { producerId, query }: { readonly producerId: number; readonly query: Query },
): Promise<UndeliveredList> {
  const { notification, state, reason, since, until, cursor: place, limit } = parseQuery(undeliveredQuery, query);
  const filter: UndeliveredFilter = {
    state,
    reason,
    sinceMs: since,
    untilMs: until,
    producerId,
    ...(notification !== undefined && { notificationId: await requireOwn(store, notification, producerId) }),
  };
  const { rows, next } = await readUndeliveredPage(store.read, filter, {
    after: place && { updatedAtMs: place.atMs, id: place.id },
    limit,
  });
  return {
    deliveries: rows.map(toUndelivered),
    nextCursor: next ? toTimedCursor({ atMs: next.updatedAtMs, id: next.id }) : null,
  };
}

async function requireOwn(store: Store, publicId: string, producerId: number): Promise<number> {
  const id = await store.read.notifications.findId(publicId, producerId);
  if (id === undefined) {
    throw new AppError('not_found', 'There is no notification with this id');
  }
  return id;
}

function toUndelivered(row: UndeliveredRow): UndeliveredList['deliveries'][number] {
  return {
    id: toDeliveryId(row.id),
    notification: row.notificationPublicId,
    recipient: row.recipient,
    state: row.state,
    reason: row.reason === null ? null : { code: row.reason, detail: explainFailure(row.reason) },
    attempts: row.attempts,
    updatedAt: toInstant(row.updatedAtMs),
  };
}
