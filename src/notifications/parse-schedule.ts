// The fields that say when a notification is to arrive: `at` and `timeZone`.

import { z } from 'zod';
import { type AskedTime, isTimeZone, parseAskedTime } from '../domain/local-time.ts';

const askedTime = z
  .string()
  .meta({ examples: ['2026-12-01T09:00:00+01:00'] })
  .transform((value, context): AskedTime => {
    const time = parseAskedTime(value);
    if (time === undefined) {
      context.addIssue({
        code: 'custom',
        message:
          'Expected a date and time that exist, such as "2026-12-01T09:00:00+01:00" (an instant) or "2026-12-01T09:00" (the local time of each person)',
      });
      return z.NEVER;
    }
    return time;
  });

const timeZone = z
  .string()
  .refine(isTimeZone, 'Expected the IANA name of a time zone that exists, for example "Europe/Berlin"')
  .meta({ examples: ['Europe/Berlin'] });

/** To be spread into the schema of a request, with `checkSchedule` as its refinement. */
export const scheduleFields = { at: askedTime.optional(), timeZone: timeZone.optional() };

/** When a notification is to arrive; at once without `at`. */
export interface ScheduleWish {
  readonly at?: AskedTime | undefined;
  /** Where people are whose own zone is not known; UTC when absent. */
  readonly timeZone?: string | undefined;
}

/** What the fields may not say together. */
export function checkSchedule(
  { at, timeZone: zone, key }: ScheduleWish & { readonly key?: unknown },
  context: z.RefinementCtx,
): void {
  if (zone !== undefined && at?.kind !== 'local') {
    context.addIssue({
      code: 'custom',
      path: ['timeZone'],
      message: 'Expected it only with a local time in "at", without an offset; leave it out',
    });
  }
  if (at !== undefined && key !== undefined) {
    context.addIssue({
      code: 'custom',
      path: ['at'],
      message: 'Expected no time beside "key": what is told of a thing is told when it happens. Leave one of them out',
    });
  }
}
