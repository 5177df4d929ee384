// What an answer of the Bot Connector means for a delivery: one table, read from top to bottom. Pure.

import { isConnectorId } from '../domain/conversation.ts';
import type { Operation, Outcome } from '../domain/delivery.ts';
import { assertNever } from '../domain/errors.ts';
import type { FailureReason } from '../domain/failure-reason.ts';
import type { Exchange } from '../network/http-exchange.ts';
import { readRetryAfterMs } from '../network/retry-after.ts';
import type { ConnectorAnswer } from './connector.ts';
import { isJsonObject, readJsonObject } from './json-object.ts';

/** One row: the first whose conditions all hold decides. */
interface Row {
  readonly status: number | 'redirect' | 'client_error' | 'server_error';
  /** The error code of the body, lower case and without blanks. */
  readonly code?: string;
  /** What the error's message says, lower case. */
  readonly says?: string;
  readonly means: Meaning;
}

/** An outcome before the details of the one request are added. */
type Meaning =
  | { readonly kind: 'throttled' | 'tooLarge' }
  | { readonly kind: 'missing' }
  | { readonly kind: 'transient' | 'rejected'; readonly reason: FailureReason }
  | {
      readonly kind: 'unknown';
      readonly reason: FailureReason;
      readonly maxResends?: number;
      readonly retryAfterMs?: number;
    }
  | { readonly kind: 'gone'; readonly reason: FailureReason; readonly isUninstalled: boolean };

const transient = (reason: FailureReason): Meaning => ({ kind: 'transient', reason });
const rejected = (reason: FailureReason): Meaning => ({ kind: 'rejected', reason });
const unreachable = (reason: FailureReason): Meaning => ({ kind: 'gone', reason, isUninstalled: false });
const uninstalled = (reason: FailureReason): Meaning => ({ kind: 'gone', reason, isUninstalled: true });

/** An id that was encrypted for another bot: Teams says so in words only. */
const FOREIGN_ID = 'failed to decrypt';

/**
 * 500 is documented as not to be retried, but a message may not be lost for it: one cautious resend, late.
 * 3xx and 407 come from something between us and the Connector.
 *
 * @see https://learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit
 * @see https://learn.microsoft.com/microsoftteams/platform/bots/build-conversational-capability
 */
const TABLE: readonly Row[] = [
  { status: 'redirect', means: transient('unreachable_host') },
  { status: 400, says: FOREIGN_ID, means: unreachable('wrong_identity') },
  { status: 400, means: rejected('bad_request') },
  { status: 401, means: transient('unauthorized') },
  { status: 403, code: 'botnotinconversationroster', means: uninstalled('not_in_roster') },
  { status: 403, code: 'forbiddenoperationexception', means: unreachable('not_installed') },
  { status: 403, code: 'conversationblockedbyuser', means: unreachable('blocked_by_user') },
  { status: 403, code: 'messagewritesblocked', means: unreachable('blocked_by_user') },
  { status: 403, code: 'botdisabledbyadmin', means: unreachable('disabled_by_admin') },
  { status: 403, code: 'invalidbotapihost', means: unreachable('wrong_cloud') },
  { status: 403, says: FOREIGN_ID, means: unreachable('wrong_identity') },
  { status: 403, means: rejected('forbidden') },
  { status: 404, code: 'conversationnotfound', means: unreachable('conversation_not_found') },
  { status: 404, code: 'activitynotfoundinconversation', means: { kind: 'missing' } },
  { status: 407, means: transient('unreachable_host') },
  { status: 408, means: { kind: 'unknown', reason: 'unavailable' } },
  { status: 412, means: transient('concurrent_operation') },
  { status: 413, means: { kind: 'tooLarge' } },
  { status: 429, means: { kind: 'throttled' } },
  { status: 'client_error', means: rejected('rejected') },
  { status: 502, means: { kind: 'unknown', reason: 'unavailable' } },
  { status: 503, means: { kind: 'unknown', reason: 'unavailable' } },
  { status: 504, means: { kind: 'unknown', reason: 'unavailable' } },
  { status: 'server_error', means: { kind: 'unknown', reason: 'server_error', maxResends: 1, retryAfterMs: 30_000 } },
];

/**
 * What one answer means. Total: every answer has an outcome, and nothing throws.
 *
 * @param nowMs to read a Retry-After that is a date
 */
export function readOutcome(operation: Operation, answer: ConnectorAnswer, nowMs: number): Outcome {
  switch (answer.kind) {
    case 'refused':
      return readRefusal(answer);
    case 'failure':
      // A request that was not written was not posted. One that was, nobody can tell.
      return answer.isWritten
        ? { kind: 'unknown', reason: 'response_lost' }
        : { kind: 'transient', reason: 'unreachable_host' };
    case 'response':
      return answer.status < 300 ? readSuccess(operation, answer) : readError(operation, answer, nowMs);
    default:
      return assertNever(answer);
  }
}

type Response = Extract<Exchange, { kind: 'response' }>;

function readRefusal(answer: Extract<ConnectorAnswer, { kind: 'refused' }>): Outcome {
  switch (answer.because) {
    case 'untrusted_service_url':
      // Nothing more is sent there until a verified activity brings a better address.
      return { kind: 'gone', reason: 'untrusted_service_url', isUninstalled: false };
    case 'malformed_id':
      return { kind: 'rejected', reason: 'bad_request' };
    case 'token_unavailable':
      return { kind: 'transient', reason: 'token_unavailable', ...optionalRetry(answer.retryAfterMs) };
    default:
      return assertNever(answer);
  }
}

function readSuccess(operation: Operation, response: Response): Outcome {
  // Which message it is was known before: the answer need not say it.
  if (operation === 'update' || operation === 'delete') {
    return { kind: operation === 'update' ? 'edited' : 'removed' };
  }
  if (response.body === undefined && response.isTruncated) {
    return { kind: 'unknown', reason: 'response_lost' };
  }
  const { id } = readJsonObject(response.body);
  if (!isConnectorId(id)) {
    return { kind: 'unknown', reason: 'response_invalid' };
  }
  return operation === 'post' ? { kind: 'delivered', activityId: id } : { kind: 'created', conversationId: id };
}

function readError(operation: Operation, response: Response, nowMs: number): Outcome {
  const { code, message } = readErrorBody(response.body);
  const row = TABLE.find(
    (candidate) =>
      isStatus(candidate.status, response.status) &&
      (candidate.code === undefined || candidate.code === code) &&
      (candidate.says === undefined || message.includes(candidate.says)),
  );
  const means = row?.means ?? rejected('rejected');
  const retry = optionalRetry(readRetryAfterMs(response.headers['retry-after'], nowMs));
  switch (means.kind) {
    case 'throttled':
      return { kind: 'throttled', reason: 'throttled', scope: throttledScope(operation), ...retry };
    case 'transient':
      return { ...means, kind: 'transient', ...retry };
    case 'rejected':
      return { ...means, kind: 'rejected' };
    case 'tooLarge':
      // Other requests cannot be made shorter.
      return operation === 'post' || operation === 'update'
        ? { kind: 'tooLarge' }
        : { kind: 'rejected', reason: 'bad_request' };
    case 'missing':
      return operation === 'update' || operation === 'delete' ? means : { kind: 'rejected', reason: 'rejected' };
    case 'unknown':
      return { ...means, ...retry };
    case 'gone':
      return means;
    default:
      return assertNever(means);
  }
}

/**
 * A 429 does not say which of the limits it stands for. The pacing of a lane stays below the limit of the tenant, so a
 * post or an edit that is throttled met the limit of its conversation; creating one names no conversation, only the lane.
 */
function throttledScope(operation: Operation): 'conversation' | 'lane' {
  return operation === 'create_conversation' ? 'lane' : 'conversation';
}

function isStatus(expected: Row['status'], status: number): boolean {
  switch (expected) {
    case 'redirect':
      return status >= 300 && status < 400;
    case 'client_error':
      return status >= 400 && status < 500;
    case 'server_error':
      return status >= 500;
    default:
      return status === expected;
  }
}

/**
 * The three forms of the Connector's errors: `{"error":{"code","message"}}`, `{"errorCode":209,"message":"{...}"}` with
 * JSON that holds a `subCode` inside the message, and `{"message"}`.
 */
function readErrorBody(body: string | undefined): { readonly code: string; readonly message: string } {
  const outer = readJsonObject(body);
  const inner = isJsonObject(outer['error']) ? outer['error'] : outer;
  const message = typeof inner['message'] === 'string' ? inner['message'] : '';
  const { subCode } = readJsonObject(message);
  return { code: normalised(subCode ?? inner['code']), message: message.toLowerCase() };
}

/** Codes are spelt with and without blanks (`Bad Argument`), and in either case. */
function normalised(code: unknown): string {
  return typeof code === 'string' ? code.replace(/\s/g, '').toLowerCase() : '';
}

function optionalRetry(retryAfterMs: number | undefined): { readonly retryAfterMs?: number } {
  return retryAfterMs === undefined ? {} : { retryAfterMs };
}
