// What a route answers, as a value, and the one place where it is written to the wire.

import type { Clock } from '../domain/clock.ts';
import type { AppError } from '../domain/errors.ts';
import type { Exchange } from './exchange.ts';
import { type EdgeProblemCode, type Problem, toEdgeProblem, toProblem } from './problem.ts';

/** What goes back to the caller. */
export interface Answer {
  readonly status: number;
  readonly contentType?: string;
  readonly body: string;
  /** Comes in the place of `body` where the whole is too long for memory; written as it is asked for. */
  readonly parts?: AsyncIterable<string>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** On every answer, whatever it says. */
export const SECURITY_HEADERS = { 'X-Content-Type-Options': 'nosniff', 'Cache-Control': 'no-store' } as const;

/** How long a 429 or 503 without a better figure asks callers to wait. */
const DEFAULT_RETRY_AFTER_MS = 5_000;

/** How long the rest of a refused request is read and thrown away, so that its sender gets to see the answer. */
const LINGER_MS = 1_000;

/** An answer with a JSON body. */
export function jsonAnswer(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, contentType: 'application/json', body: JSON.stringify(value), headers };
}

/** @param headers come on top of those that the status calls for (`WWW-Authenticate`, `Retry-After`) */
export function errorAnswer(
  error: AppError,
  requestId: string,
  headers: Readonly<Record<string, string>> = {},
): Answer {
  const problem = toProblem(error, requestId);
  return problemAnswer(problem, { ...headersFor(problem.status, error.retryAfterMs), ...headers });
}

/** @param members further members of the problem document */
export function edgeProblemAnswer(
  code: EdgeProblemCode,
  requestId: string,
  members: Readonly<Record<string, unknown>> = {},
): Answer {
  const problem = { ...members, ...toEdgeProblem(code, requestId) };
  return problemAnswer(problem, headersFor(problem.status));
}

function problemAnswer(problem: Problem, headers: Readonly<Record<string, string>>): Answer {
  return {
    status: problem.status,
    contentType: 'application/problem+json',
    body: JSON.stringify(problem),
    headers,
  };
}

function headersFor(status: number, retryAfterMs = DEFAULT_RETRY_AFTER_MS): Record<string, string> {
  switch (status) {
    case 401:
      return { 'WWW-Authenticate': 'Bearer' };
    case 429:
    case 503:
      return { 'Retry-After': String(Math.max(1, Math.ceil(retryAfterMs / 1_000))) };
    default:
      return {};
  }
}

/**
 * Writes an answer. When the body of the request is still on its way, the answer goes out at once and the connection
 * ends after it: the rest of the body is never kept.
 *
 * @param context `isLast` ends the connection in any case
 */
export function writeAnswer(
  { clock, isLast }: { readonly clock: Clock; readonly isLast: boolean },
  exchange: Exchange,
  answer: Answer,
): void {
  const { request, response } = exchange;
  if (response.headersSent || response.destroyed) {
    return;
  }
  const isBodyPending = !request.complete;
  response.writeHead(answer.status, {
    ...SECURITY_HEADERS,
    'X-Request-Id': exchange.requestId,
    ...(answer.contentType !== undefined && { 'Content-Type': answer.contentType }),
    'Content-Length': Buffer.byteLength(answer.body),
    ...answer.headers,
    ...((isLast || isBodyPending) && { Connection: 'close' }),
  });
  exchange.status = answer.status;
  if (!isBodyPending) {
    response.end(answer.body);
    return;
  }
  response.flushHeaders();
  response.write(answer.body);
  endAfterRest(clock, exchange);
}

/** Closing a socket with unread bytes resets it, and the reset can overtake the answer. */
function endAfterRest(clock: Clock, { request, response }: Exchange): void {
  const end = () => {
    cancel();
    response.end();
  };
  const cancel = clock.after(LINGER_MS, end);
  request.once('end', end);
  response.once('close', cancel);
  request.resume();
}
