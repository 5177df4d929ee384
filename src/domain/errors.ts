// The error catalogue: everything Bellhop throws on purpose carries one of these codes.

/** Why an operation could not be carried out. Callers and operators match the code, never the message. */
export const ERROR_CODES = [
  'config_invalid',
  'invalid_request',
  'invalid_json',
  'unauthenticated',
  'forbidden',
  'not_found',
  'method_not_allowed',
  'unsupported_media_type',
  'payload_too_large',
  'idempotency_key_invalid',
  'idempotency_key_reused',
  'no_recipient',
  'ambiguous_person',
  'hook_disabled',
  'content_erased',
  'rate_limited',
  'backlog_full',
  'already_exists',
  'conflict',
  'encryption_key_missing',
  'recalled',
  'replaced',
  'store_unavailable',
  'store_in_use',
  'store_newer_schema',
  'token_unavailable',
  'internal',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** One thing wrong with a request. `pointer` is an RFC 6901 JSON pointer into the body ('' is the whole body). */
export interface Fault {
  readonly pointer: string;
  readonly detail: string;
}

export interface AppErrorOptions extends ErrorOptions {
  /** Every fault of a request, not only the first one. */
  readonly faults?: readonly Fault[];
  /** The caller may try again after this many milliseconds. */
  readonly retryAfterMs?: number;
  /** Further members of the problem document; never secrets or personal data the caller did not send. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** The only error type Bellhop throws. The message is written for the person who can mend the cause. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly faults: readonly Fault[];
  readonly retryAfterMs: number | undefined;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.faults = options.faults ?? [];
    this.retryAfterMs = options.retryAfterMs;
    this.details = options.details ?? {};
  }
}

/** Closes a `switch` over a union: a forgotten member is a compile error. */
export function assertNever(value: never): never {
  throw new AppError('internal', `Unexpected value ${String(value)}`);
}
