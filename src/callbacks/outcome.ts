// What an attempt came to: from the answer of a receiver, or from the lack of one. Pure.

import type { Exchange } from '../network/http-exchange.ts';
import { readRetryAfterMs } from '../network/retry-after.ts';

/** Why an attempt failed, in words for whoever runs the receiver. */
export const ATTEMPT_ERRORS = {
  refused: 'The receiver did not answer with a status from 200 to 299.',
  redirected: 'The receiver answered with a redirect, which is not followed. Register the address it leads to.',
  gone: 'The receiver answered 410: it wants no more messages. The webhook was disabled.',
  timeout: 'The receiver did not answer in time: 3 s to connect, 15 s to the first byte, 30 s in all.',
  unknown_host: 'The name in the address could not be resolved.',
  not_public: 'The address does not lead to the public internet; nothing was sent.',
  certificate: 'The certificate of the receiver is not valid for its name, or not of a known authority.',
  unreachable: 'The receiver could not be connected to.',
  connection_lost: 'The connection ended before the receiver had answered.',
} as const satisfies Record<string, string>;
export type AttemptError = keyof typeof ATTEMPT_ERRORS;

/** What is remembered of an answer. */
interface Remembered {
  readonly httpStatus: number | null;
  /** Its first printable characters. */
  readonly answer: string | null;
}

/** `stopped`: we ended it ourselves, so it counts for nothing. */
export type AttemptOutcome =
  | ({ readonly kind: 'delivered' } & Remembered)
  | ({ readonly kind: 'failed'; readonly error: AttemptError; readonly retryAfterMs?: number } & Remembered)
  | { readonly kind: 'stopped' };

const MAX_ANSWER_CHARS = 200;
const GONE = 410;

/**
 * Reads it.
 *
 * @param nowMs for a Retry-After that is a date
 * @param recipient the name in the message, which is not remembered of an answer that repeats it: nobody would find it
 *   there when it has to be erased
 */
export function readAttempt(exchange: Exchange, nowMs: number, recipient: string | null = null): AttemptOutcome {
  if (exchange.kind === 'failure') {
    return exchange.code === 'ABORTED'
      ? { kind: 'stopped' }
      : { kind: 'failed', error: toError(exchange), httpStatus: null, answer: null };
  }
  const { status, headers, body } = exchange;
  const remembered = {
    httpStatus: status,
    answer: body === undefined ? null : firstCharacters(withoutName(body, recipient)),
  };
  if (status >= 200 && status < 300) {
    return { kind: 'delivered', ...remembered };
  }
  const retryAfterMs = readRetryAfterMs(headers['retry-after'], nowMs);
  const error = status === GONE ? 'gone' : status < 400 ? 'redirected' : 'refused';
  return { kind: 'failed', error, ...remembered, ...(retryAfterMs !== undefined && { retryAfterMs }) };
}

function toError({ code, isWritten }: Extract<Exchange, { kind: 'failure' }>): AttemptError {
  if (code === 'EACCES') {
    return 'not_public';
  }
  if (/TIMEOUT|ETIMEDOUT/.test(code)) {
    return 'timeout';
  }
  if (/ENOTFOUND|EAI_/.test(code)) {
    return 'unknown_host';
  }
  if (/CERT|TLS|SSL|SIGNATURE|ISSUER/.test(code)) {
    return 'certificate';
  }
  return isWritten ? 'connection_lost' : 'unreachable';
}

function withoutName(body: string, recipient: string | null): string {
  return recipient === null ? body : body.replaceAll(recipient, '(recipient)');
}

function firstCharacters(body: string): string {
  return [...body.slice(0, 4 * MAX_ANSWER_CHARS).replace(/[\p{C}\p{Z}]+/gu, ' ')].slice(0, MAX_ANSWER_CHARS).join('');
}
