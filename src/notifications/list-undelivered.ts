// What did not arrive, and why, as a producer or an operator is shown it.

import { UNDELIVERED_STATES, type UndeliveredState } from '../domain/delivery.ts';
import { toDeliveryId } from '../domain/delivery-id.ts';
import { AppError } from '../domain/errors.ts';
import { explainFailure, isFailureReason } from '../domain/failure-reason.ts';
import type { UndeliveredFilter, UndeliveredPlace, UndeliveredRow } from '../store/statements/undelivered.ts';
import type { Store } from '../store/store.ts';
import { readUndeliveredPage } from '../store/undelivered-page.ts';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;

/** A page, newest first. */
export interface UndeliveredList {
  readonly deliveries: readonly Undelivered[];
  /** Asks for the next page; null after the last one. A page may be short, even empty, before that. */
  readonly nextCursor: string | null;
}

export interface Undelivered {
  readonly id: string;
  readonly notification: string;
  /** As the producer wrote it; null for a member of a broadcast and after the person's data was erased. */
  readonly recipient: string | null;
  readonly state: string;
  readonly reason: { readonly code: string; readonly detail: string } | null;
  readonly attempts: number;
  /** When it ended. */
  readonly updatedAt: string;
}

/**
 * The producer's own deliveries that are failed, held or expired.
 *
 * @param input.query the parameters as they came
 * @throws AppError `invalid_request`; `not_found` for a notification that is not the producer's
 */
export async function listUndelivered(
  { store }: { readonly store: Store },
  { producerId, query }: { readonly producerId: number; readonly query: Readonly<Record<string, string>> },
): Promise<UndeliveredList> {
  const { notification, limit, after, ...wanted } = parseQuery(query);
  const filter: UndeliveredFilter = {
    ...wanted,
    producerId,
    ...(notification !== undefined && { notificationId: await requireOwn(store, notification, producerId) }),
  };
  const { rows, next } = await readUndeliveredPage(store.read, filter, { after, limit });
  return { deliveries: rows.map(toUndelivered), nextCursor: next ? toCursor(next) : null };
}

async function requireOwn(store: Store, publicId: string, producerId: number): Promise<number> {
  const id = await store.read.notifications.findId(publicId, producerId);
  if (id === undefined) {
    throw new AppError('not_found', 'There is no notification with this id');
  }
  return id;
}

function toUndelivered(row: UndeliveredRow): Undelivered {
  return {
    id: toDeliveryId(row.id),
    notification: row.notificationPublicId,
    recipient: row.recipient,
    state: row.state,
    reason: row.reason === null ? null : { code: row.reason, detail: explainFailure(row.reason) },
    attempts: row.attempts,
    updatedAt: new Date(row.updatedAtMs).toISOString(),
  };
}

interface Query {
  readonly notification: string | undefined;
  readonly state: UndeliveredState | undefined;
  readonly reason: string | undefined;
  readonly sinceMs: number | undefined;
  readonly untilMs: number | undefined;
  readonly after: UndeliveredPlace | undefined;
  readonly limit: number;
}

const PARAMETERS = ['state', 'reason', 'notification', 'since', 'until', 'cursor', 'limit'];

/** @throws AppError `invalid_request`; values are never quoted */
function parseQuery(query: Readonly<Record<string, string>>): Query {
  if (Object.keys(query).some((name) => !PARAMETERS.includes(name))) {
    throw new AppError('invalid_request', `Expected no query parameters but ${PARAMETERS.join(', ')}.`);
  }
  const read = <T>(name: string, expected: string, parse: (text: string) => T | undefined): T | undefined => {
    const text = query[name];
    const value = text === undefined ? undefined : parse(text);
    if (text !== undefined && value === undefined) {
      throw new AppError('invalid_request', `Expected the query parameter \`${name}\` to be ${expected}.`);
    }
    return value;
  };
  return {
    notification: query['notification'],
    state: read('state', `one of ${UNDELIVERED_STATES.join(', ')}`, (text) =>
      UNDELIVERED_STATES.find((state) => state === text),
    ),
    reason: read('reason', 'a reason code, such as unavailable', (text) => (isFailureReason(text) ? text : undefined)),
    sinceMs: read('since', INSTANT, parseInstantMs),
    untilMs: read('until', INSTANT, parseInstantMs),
    after: read('cursor', 'the nextCursor of an earlier answer', parseCursor),
    limit: read('limit', `a whole number from 1 to ${MAX_LIMIT}`, parseLimit) ?? DEFAULT_LIMIT,
  };
}

const INSTANT = 'an instant in UTC, such as 2026-01-31T08:00:00Z';

function parseInstantMs(text: string): number | undefined {
  const ms = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?Z$/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}

function parseLimit(text: string): number | undefined {
  const limit = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  return limit >= 1 && limit <= MAX_LIMIT ? limit : undefined;
}

function toCursor({ updatedAtMs, id }: UndeliveredPlace): string {
  return `${updatedAtMs}-${id}`;
}

function parseCursor(text: string): UndeliveredPlace | undefined {
  const match = /^(\d{1,15})-(\d{1,15})$/.exec(text);
  return match ? { updatedAtMs: Number(match[1]), id: Number(match[2]) } : undefined;
}
