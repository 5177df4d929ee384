// What a call of the client throws.

import type { Problem } from './api-types.ts';

/** Ways to fail that the service knows nothing of. */
export type OwnCode = 'unreachable' | 'unexpected_answer';

/** A request that was refused, or got no answer. */
export class BellhopError extends Error {
  override readonly name = 'BellhopError';
  /** The code of the problem, such as `no_recipient`; `unreachable` or `unexpected_answer` when there was none. */
  readonly code: OwnCode | (string & {});
  /** Absent when there was no answer. */
  readonly status: number | undefined;
  /** Each thing that is wrong with the request, with a JSON pointer into its body. */
  readonly faults: NonNullable<Problem['faults']>;
  /** To be quoted when you ask about it. */
  readonly requestId: string | undefined;
  /** All that the service said. */
  readonly problem: Problem | undefined;

  constructor(code: OwnCode | (string & {}), message: string, options: BellhopErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    const { problem, status = problem?.status } = options;
    this.code = code;
    this.status = status;
    this.faults = problem?.faults ?? [];
    this.requestId = problem?.requestId;
    this.problem = problem;
  }
}

/** What else is known. */
export interface BellhopErrorOptions {
  readonly problem?: Problem | undefined;
  readonly status?: number | undefined;
  readonly cause?: unknown;
}

/** The error of an answer that is no success. */
export async function readError(response: Response): Promise<BellhopError> {
  const { status } = response;
  const problem = await readProblem(response);
  const code = problem?.type.split(':').at(-1);
  return problem && code !== undefined
    ? new BellhopError(code, `${problem.title}: ${problem.detail}`, { problem })
    : new BellhopError('unexpected_answer', `Expected an answer of Bellhop, got the status ${status}`, { status });
}

async function readProblem(response: Response): Promise<Problem | undefined> {
  if (!response.headers.get('content-type')?.startsWith('application/problem+json')) {
    return undefined;
  }
  try {
    return (await response.json()) as Problem;
  } catch {
    // A proxy can cut an answer short; the status is all that is known then.
    return undefined;
  }
}
