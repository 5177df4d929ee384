// Errors as the world sees them: RFC 9457 problem documents.

import { z } from 'zod';
import type { AnswerOf } from '../domain/answer.ts';
import type { AppError, ErrorCode } from '../domain/errors.ts';

interface ProblemKind {
  readonly status: number;
  readonly title: string;
  /** Said in place of the error's own message, which is written for operators and not for callers. */
  readonly detail?: string;
}

const BROKEN_SETUP: ProblemKind = {
  status: 500,
  title: 'Internal error',
  detail: 'Something went wrong inside. Quote the request id when you report it.',
};

const UNAVAILABLE: ProblemKind = {
  status: 503,
  title: 'Temporarily unavailable',
  detail: 'The service cannot take requests right now. Send the same request again after the Retry-After time.',
};

/** What each error means to a caller. The record is exhaustive: a new code without an entry does not compile. */
const ERROR_PROBLEMS: Readonly<Record<ErrorCode, ProblemKind>> = {
  invalid_request: { status: 400, title: 'Invalid request' },
  invalid_json: { status: 400, title: 'Invalid JSON' },
  idempotency_key_invalid: { status: 400, title: 'Invalid idempotency key' },
  unauthenticated: { status: 401, title: 'Not authenticated' },
  forbidden: { status: 403, title: 'Not allowed' },
  not_found: { status: 404, title: 'Not found' },
  method_not_allowed: { status: 405, title: 'Method not allowed' },
  already_exists: { status: 409, title: 'Already exists' },
  conflict: { status: 409, title: 'Not possible now' },
  encryption_key_missing: { status: 409, title: 'Encryption key missing' },
  ambiguous_person: { status: 409, title: 'Name of several people' },
  content_erased: { status: 409, title: 'Content erased' },
  recalled: { status: 409, title: 'Recalled' },
  replaced: { status: 409, title: 'Replaced by a newer notification' },
  hook_disabled: { status: 410, title: 'Hook disabled' },
  payload_too_large: { status: 413, title: 'Body too large' },
  unsupported_media_type: { status: 415, title: 'Unsupported media type' },
  idempotency_key_reused: { status: 422, title: 'Idempotency key used for another request' },
  no_recipient: { status: 422, title: 'No recipient can be reached' },
  rate_limited: { status: 429, title: 'Too many requests' },
  backlog_full: { status: 503, title: 'Backlog full' },
  store_unavailable: UNAVAILABLE,
  store_in_use: UNAVAILABLE,
  store_newer_schema: UNAVAILABLE,
  token_unavailable: UNAVAILABLE,
  config_invalid: BROKEN_SETUP,
  internal: BROKEN_SETUP,
};

/** Problems that arise at this edge alone. */
const EDGE_PROBLEMS = {
  not_ready: { status: 503, title: 'Not ready', detail: 'This instance takes no traffic right now.' },
  malformed_http: { status: 400, title: 'Malformed HTTP', detail: 'The request is not well-formed HTTP/1.1.' },
  head_too_large: { status: 431, title: 'Head too large', detail: 'The request line and headers are too long.' },
  request_timeout: { status: 408, title: 'Request time-out', detail: 'The request took too long to arrive.' },
} as const satisfies Record<string, ProblemKind>;

export type EdgeProblemCode = keyof typeof EDGE_PROBLEMS;

/** A problem document (`application/problem+json`). `type` and the statuses are part of the API. */
export const problemDocument = z.looseObject({
  type: z.templateLiteral(['urn:bellhop:problem:', z.string()]).describe('Ends in the code of the problem.'),
  title: z.string(),
  status: z.int(),
  detail: z.string().describe('What was expected, and how to mend it.'),
  instance: z.string(),
  requestId: z.string().describe('To be quoted when you ask about it; it stands in the logs too.'),
  faults: z
    .array(
      z.object({
        pointer: z.string().describe('JSON pointer (RFC 6901) into the body.'),
        detail: z.string(),
      }),
    )
    .optional()
    .describe('Everything that is wrong with the request.'),
});
export type Problem = AnswerOf<typeof problemDocument>;

/** The status and the title of an error. */
export function describeProblem(code: ErrorCode): { readonly status: number; readonly title: string } {
  return ERROR_PROBLEMS[code];
}

/** The problem document of an error; errors of our own making (5xx) show nothing of their inside. Pure. */
export function toProblem(error: AppError, requestId: string): Problem {
  const kind = ERROR_PROBLEMS[error.code];
  if (kind.detail !== undefined) {
    return problem(error.code, { ...kind, detail: kind.detail }, requestId);
  }
  return {
    ...error.details,
    ...problem(error.code, { ...kind, detail: error.message }, requestId),
    ...(error.faults.length > 0 && { faults: error.faults }),
  };
}

/** The problem document of something that no use case knows of. Pure. */
export function toEdgeProblem(code: EdgeProblemCode, requestId: string): Problem {
  return problem(code, EDGE_PROBLEMS[code], requestId);
}

function problem(code: ErrorCode | EdgeProblemCode, kind: Required<ProblemKind>, requestId: string): Problem {
  return {
    type: `urn:bellhop:problem:${code}`,
    title: kind.title,
    status: kind.status,
    detail: kind.detail,
    instance: `urn:uuid:${requestId}`,
    requestId,
  };
}
