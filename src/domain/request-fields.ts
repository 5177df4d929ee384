// The fields that requests are made of: what each may hold, and what is said when it does not.

import { z } from 'zod';
import { parseDurationMs } from './duration.ts';
import { parseInstantMs } from './instant.ts';
import { NOTIFICATION_LIMITS as LIMITS } from './notification.ts';

/** Text without lone surrogates, which no UTF-8 can carry. */
export const text = (max: number) =>
  z
    .string()
    .max(max, `Expected at most ${max} characters`)
    .refine((value) => value.isWellFormed(), 'Expected well-formed Unicode, found a lone surrogate');

/** Text that says something. */
export const filled = (max: number) =>
  text(max)
    .refine((value) => value.trim() !== '', 'Expected some text')
    .meta({ pattern: '\\S' });

/** An address that a person may be led to. */
export const httpsUrl = z
  .string()
  .max(LIMITS.maxUrlLength, `Expected at most ${LIMITS.maxUrlLength} characters`)
  .refine(isSafeLink, 'Expected an absolute https URL without user name, password or control characters')
  .meta({ format: 'uri', pattern: '^https://' });

/** How long something is worth sending, in milliseconds once it is parsed. */
export const timeToLive = z
  .string()
  .meta({ format: 'duration', examples: ['PT2H'] })
  .transform((value, context) => {
    const ms = parseDurationMs(value);
    if (ms === undefined || ms < LIMITS.minTtlMs || ms > LIMITS.maxTtlMs) {
      context.addIssue({
        code: 'custom',
        message: 'Expected an ISO 8601 duration from PT10S to P7D, for example "PT2H"',
      });
      return z.NEVER;
    }
    return ms;
  });

const MAX_OVERLAP_MS = 7 * 24 * 3_600_000;

/** How long the secret before a new one is good as well, in milliseconds once it is parsed. */
export const overlap = z
  .string()
  .default('P1D')
  .transform((value, context) => {
    const ms = parseDurationMs(value);
    if (ms === undefined || ms > MAX_OVERLAP_MS) {
      context.addIssue({ code: 'custom', message: 'Expected an ISO 8601 duration up to P7D, for example "PT12H"' });
      return z.NEVER;
    }
    return ms;
  });

/** An instant, in epoch milliseconds once it is parsed. */
export const instant = z
  .string()
  .meta({ format: 'date-time', examples: ['2026-01-31T08:00:00Z'] })
  .transform((value, context) => {
    const ms = parseInstantMs(value);
    if (ms === undefined) {
      context.addIssue({
        code: 'custom',
        message: 'Expected an instant with its offset (RFC 3339), for example "2026-01-31T08:00:00Z"',
      });
      return z.NEVER;
    }
    return ms;
  });

/** Whether an address is plain https: no user name, and nothing that hides where it leads. */
export function isSafeLink(value: string): boolean {
  // What a card would not show, or parsers read differently; refused here, so that no link is lost later.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this refuses
  const hasDisguise = /[\\\u0000-\u0020\u007f-\u00a0\u2028\u2029]/.test(value) || !value.isWellFormed();
  if (hasDisguise || !/^https:\/\/[^/]/i.test(value) || !URL.canParse(value)) {
    return false;
  }
  const url = new URL(value);
  return url.username === '' && url.password === '';
}
