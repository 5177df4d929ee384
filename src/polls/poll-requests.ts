// What producers may ask of polls: the forms of their requests. Pure.

import { z } from 'zod';
import { describeFields } from '../domain/answer.ts';
import { parseDurationMs } from '../domain/duration.ts';
import { NOTIFICATION_LIMITS, PRIORITIES } from '../domain/notification.ts';
import { POLL_LIMITS as LIMITS, type Poll } from '../domain/poll.ts';
import { RECIPIENT_FORMS } from '../domain/recipient.ts';
import { recipientsField } from '../domain/recipients-field.ts';
import { filled, instant, timeToLive } from '../domain/request-fields.ts';
import { cursor, pageLimit } from '../domain/request-query.ts';

const DAY_MS = 24 * 3_600_000;
/** The longest time for which a poll may be asked to stay open. */
export const MAX_OPEN_MS = 366 * DAY_MS;
const MIN_OPEN_MS = 10_000;

const CHOICE_COUNT = `Expected ${LIMITS.minChoices} to ${LIMITS.maxChoices} choices`;

const openFor = z
  .string()
  .meta({ format: 'duration', examples: ['P1D'] })
  .transform((value, context) => {
    const ms = parseDurationMs(value);
    if (ms === undefined || ms < MIN_OPEN_MS || ms > MAX_OPEN_MS) {
      context.addIssue({
        code: 'custom',
        message: 'Expected an ISO 8601 duration from PT10S to P366D, for example "P1D"',
      });
      return z.NEVER;
    }
    return ms;
  });

const fields = z.strictObject({
  to: recipientsField(),
  question: filled(LIMITS.maxQuestionLength),
  choices: z
    .array(filled(LIMITS.maxChoiceLength))
    .min(LIMITS.minChoices, CHOICE_COUNT)
    .max(LIMITS.maxChoices, CHOICE_COUNT)
    .refine(
      (choices) => new Set(choices.map((choice) => choice.trim())).size === choices.length,
      'Expected choices that differ from one another',
    ),
  several: z.boolean().default(false),
  anonymous: z.boolean().default(false),
  closesAt: instant.optional(),
  closesIn: openFor.optional(),
  priority: z.enum(PRIORITIES).default('normal'),
  ttl: timeToLive.optional(),
});

describeFields(fields, {
  to: `Who is asked: one or up to ${NOTIFICATION_LIMITS.maxRecipients} of ${RECIPIENT_FORMS}.`,
  question: 'What is asked. Shown as the characters it is made of.',
  choices: `What may be chosen: ${LIMITS.minChoices} to ${LIMITS.maxChoices}, all different.`,
  several: 'Whether a person may choose more than one.',
  anonymous: 'Whether nobody is to know who chose what. Needs the setting ENCRYPTION_KEY.',
  closesAt: 'When it closes, at most 366 days ahead; left out with `closesIn`, it is closed by hand.',
  closesIn: 'How long it is open from now on, in the place of `closesAt`: an ISO 8601 duration from PT10S to P366D.',
  priority: 'As of a notification.',
  ttl: 'How long the question is worth sending, from PT10S to P7D; when absent, until the poll closes, at most P7D.',
});

/** A request for a poll. Instants are epoch milliseconds, durations milliseconds once it is parsed. */
export const pollRequest = fields.refine(({ closesAt, closesIn }) => closesAt === undefined || closesIn === undefined, {
  path: ['closesIn'],
  message: 'Expected only one of "closesAt" and "closesIn"',
});
z.globalRegistry.add(pollRequest, { id: 'PollRequest', description: 'A question, and who is asked.' });
export type PollRequest = z.infer<typeof pollRequest>;

/** What is asked, as it is stored. Pure. */
export function toPoll({ question, choices, several, anonymous, ...times }: PollRequest, nowMs: number): Poll {
  const { closesAt = times.closesIn === undefined ? undefined : nowMs + times.closesIn } = times;
  return {
    question,
    choices,
    isSeveral: several,
    isAnonymous: anonymous,
    ...(closesAt !== undefined && { closesAtMs: closesAt }),
  };
}

/** How long its message is worth sending. Pure. */
export function ttlOf({ ttl }: PollRequest, { closesAtMs }: Poll, nowMs: number): number {
  const { minTtlMs, maxTtlMs } = NOTIFICATION_LIMITS;
  const openMs = (closesAtMs ?? Number.POSITIVE_INFINITY) - nowMs;
  return ttl ?? Math.min(maxTtlMs, Math.max(minTtlMs, openMs));
}

const rowCursor = cursor((text) => (/^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined)).describe(
  'The `nextCursor` of the page before.',
);

/** What may be asked for of the list of polls. */
export const pollListQuery = z.strictObject({
  cursor: rowCursor,
  limit: pageLimit(200, 50).describe('Polls in a page.'),
});

/** What may be asked for of the votes of one. */
export const voteListQuery = z.strictObject({
  cursor: rowCursor,
  limit: pageLimit(500, 100).describe('Votes in a page.'),
});
