// The query of a request that sends: whether it is only tried, and whether its answer waits until all has ended.

import { z } from 'zod';
import { AppError } from '../domain/errors.ts';
import { parameter, parseQuery, type Query } from '../domain/request-query.ts';
import { AWAITED, type Wait } from '../notifications/awaited.ts';

const MAX_SECONDS = 60;
const DEFAULT_SECONDS = 30;

const timeout = parameter(
  { expected: `a time from 1s to ${MAX_SECONDS}s, such as 30s`, parse: parseSecondsMs },
  { pattern: '^([1-9]|[1-5][0-9]|60)s$', default: `${DEFAULT_SECONDS}s` },
)
  .optional()
  .describe('With `wait`: how long to wait at the most.');

/** What may be asked for. */
export const sendQuery = z.strictObject({
  dry_run: z
    .enum(['true', '1', 'false', '0'])
    .optional()
    .describe('Only check it: nothing is stored or sent, and the answer tells what would become of it.'),
  wait: z
    .enum(AWAITED)
    .optional()
    .describe(
      '`delivered`: answer when every delivery has ended. `acknowledged`: when somebody has taken note, enough people chose an action (anybody, where nothing is decided by it), or nothing is asked any more. Or when the time is over; it is on disk before in any case.',
    ),
  timeout,
});

/** What may be asked for beside the state of a notification. */
export const statusQuery = z.strictObject({
  wait: z.enum(AWAITED).optional().describe('Answer when this has come, or the time is over: as when it is sent.'),
  timeout,
});

/** For what an answer waits, and how long at the most. */
export type WaitWish = Pick<Wait, 'until' | 'timeoutMs'>;

/** What is wanted beside sending. */
export interface SendWish {
  readonly isDryRun: boolean;
  /** Undefined when the answer is not to wait. */
  readonly wait: WaitWish | undefined;
}

/** @throws AppError `invalid_request` */
export function readSendQuery(query: Query): SendWish {
  const { dry_run: dryRun, ...others } = parseQuery(sendQuery, query);
  return { isDryRun: dryRun === 'true' || dryRun === '1', wait: toWait(others) };
}

/** @returns undefined when the answer is not to wait. @throws AppError `invalid_request` */
export function readStatusQuery(query: Query): WaitWish | undefined {
  return toWait(parseQuery(statusQuery, query));
}

function toWait({ wait: until, timeout: timeoutMs }: z.output<typeof statusQuery>): WaitWish | undefined {
  if (timeoutMs !== undefined && until === undefined) {
    throw new AppError('invalid_request', 'Expected `wait` beside the query parameter `timeout`.');
  }
  return until && { until, timeoutMs: timeoutMs ?? DEFAULT_SECONDS * 1_000 };
}

function parseSecondsMs(text: string): number | undefined {
  const seconds = Number(/^([1-9]\d?)s$/.exec(text)?.[1] ?? 0);
  return seconds >= 1 && seconds <= MAX_SECONDS ? seconds * 1_000 : undefined;
}
