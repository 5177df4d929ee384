// The query of a request that sends: whether it is only tried, and whether its answer waits until all has ended.

import { z } from 'zod';
import { AppError } from '../domain/errors.ts';
import { parameter, parseQuery, type Query } from '../domain/request-query.ts';

const MAX_SECONDS = 60;
const DEFAULT_SECONDS = 30;

/** What may be asked for. */
export const sendQuery = z.strictObject({
  dry_run: z
    .enum(['true', '1', 'false', '0'])
    .optional()
    .describe('Only check it: nothing is stored or sent, and the answer tells what would become of it.'),
  wait: z
    .enum(['delivered'])
    .optional()
    .describe(
      '`delivered`: answer when every delivery has ended, or the time is over. It is on disk before in any case.',
    ),
  timeout: parameter(
    { expected: `a time from 1s to ${MAX_SECONDS}s, such as 30s`, parse: parseSecondsMs },
    { pattern: '^([1-9]|[1-5][0-9]|60)s$', default: `${DEFAULT_SECONDS}s` },
  )
    .optional()
    .describe('With `wait`: how long to wait at the most.'),
});

/** What is wanted beside sending. */
export interface SendWish {
  readonly isDryRun: boolean;
  /** How long the answer may wait; undefined when it is not to wait. */
  readonly waitMs: number | undefined;
}

/** @throws AppError `invalid_request` */
export function readSendQuery(query: Query): SendWish {
  const { dry_run: dryRun, wait, timeout } = parseQuery(sendQuery, query);
  if (timeout !== undefined && wait === undefined) {
    throw new AppError('invalid_request', 'Expected `wait=delivered` beside the query parameter `timeout`.');
  }
  return { isDryRun: dryRun === 'true' || dryRun === '1', waitMs: wait && (timeout ?? DEFAULT_SECONDS * 1_000) };
}

function parseSecondsMs(text: string): number | undefined {
  const seconds = Number(/^([1-9]\d?)s$/.exec(text)?.[1] ?? 0);
  return seconds >= 1 && seconds <= MAX_SECONDS ? seconds * 1_000 : undefined;
}
