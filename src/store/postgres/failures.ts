// What callers are told when PostgreSQL fails.

import pg from 'pg';
import { AppError } from '../../domain/errors.ts';

/** What went wrong, without the values that the server's own message and detail may quote. */
export class PostgresFailure extends Error {
  override readonly name = 'PostgresFailure';
  /** SQLSTATE, or the code of the operating system; empty when there is none. */
  readonly code: string;
  /** True when the server answered with it, so that the connection still stands. */
  readonly isAnswer: boolean;

  constructor(code: string, what: string, isAnswer: boolean) {
    super(what);
    this.code = code;
    this.isAnswer = isAnswer;
  }
}

const RETRY_AFTER_MS = 2_000;

/** SQLSTATE classes in which the statement itself is at fault: nothing gets better by trying again. */
const DEFECT_CLASSES = new Set(['0A', '22', '26', '42']);

/**
 * Another transaction came between: serialization failure, deadlock, unique violation, and a row that was pointed to
 * and is gone.
 */
const LOST_RACES = new Set(['40001', '40P01', '23505', '23503']);

/** The AppError for whatever the driver threw; one that is an AppError already stays as it is. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) {
    return error;
  }
  const cause = toFailure(error);
  if (cause.isAnswer && DEFECT_CLASSES.has(cause.code.slice(0, 2))) {
    return new AppError('internal', 'The database does not take a statement of Bellhop', { cause });
  }
  return unavailable('The database cannot be reached or written at the moment. Try again', cause);
}

/** The caller may try again. */
export function unavailable(message: string, cause?: unknown): AppError {
  return new AppError('store_unavailable', message, { cause, retryAfterMs: RETRY_AFTER_MS });
}

/** Whether the same work may well succeed when it is run again from its beginning. */
export function isLostRace(error: unknown): boolean {
  const failure = failureOf(error);
  return failure?.isAnswer === true && LOST_RACES.has(failure.code);
}

/**
 * Whether a connection on which this was thrown can be used again: one that broke, or whose answer did not come in
 * time, cannot.
 */
export function leavesConnectionUsable(error: unknown): boolean {
  return failureOf(error)?.isAnswer ?? true;
}

/** Why a statement failed; undefined for every other error. */
function failureOf(error: unknown): PostgresFailure | undefined {
  return error instanceof AppError && error.cause instanceof PostgresFailure ? error.cause : undefined;
}

function toFailure(error: unknown): PostgresFailure {
  const { code: rawCode }: { code?: unknown } = Object(error);
  const code = typeof rawCode === 'string' ? rawCode : '';
  if (error instanceof pg.DatabaseError) {
    const { constraint, table } = error;
    return new PostgresFailure(
      code,
      ['PostgreSQL answered', code, constraint ?? table].filter(Boolean).join(' '),
      true,
    );
  }
  return new PostgresFailure(code, `The connection to PostgreSQL failed ${code}`.trim(), false);
}
