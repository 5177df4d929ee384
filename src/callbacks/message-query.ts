// Which messages of a webhook a producer wants listed. Pure.

import { AppError } from '../domain/errors.ts';
import type { MessagePart } from '../store/statements/webhook-messages.ts';

const STATES = ['queued', 'delivered', 'failed'] as const;
const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;
const PARAMETERS = ['state', 'cursor', 'limit'];

/** @throws AppError `invalid_request`; values are never quoted */
export function parseMessageQuery(query: Readonly<Record<string, string>>): MessagePart {
  if (Object.keys(query).some((name) => !PARAMETERS.includes(name))) {
    throw new AppError('invalid_request', `Expected no query parameters but ${PARAMETERS.join(', ')}.`);
  }
  const { state, cursor, limit = String(DEFAULT_LIMIT) } = query;
  const known = STATES.find((one) => one === state);
  if (state !== undefined && known === undefined) {
    throw wrong('state', `one of ${STATES.join(', ')}`);
  }
  if (cursor !== undefined && !/^[1-9]\d{0,14}$/.test(cursor)) {
    throw wrong('cursor', 'the nextCursor of an earlier answer');
  }
  if (!/^[1-9]\d{0,2}$/.test(limit) || Number(limit) > MAX_LIMIT) {
    throw wrong('limit', `a whole number from 1 to ${MAX_LIMIT}`);
  }
  return { state: known, before: cursor === undefined ? undefined : Number(cursor), limit: Number(limit) };
}

function wrong(name: string, expected: string): AppError {
  return new AppError('invalid_request', `Expected the query parameter \`${name}\` to be ${expected}.`);
}
