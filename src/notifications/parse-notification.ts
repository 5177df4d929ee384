// From the JSON of a request to a notification request, or to everything that is wrong with it.

import { z } from 'zod';
import { parseDurationMs } from '../domain/duration.ts';
import { AppError, type Fault } from '../domain/errors.ts';
import { NOTIFICATION_LIMITS as LIMITS, PRIORITIES, SEVERITIES, UNKNOWN_POLICIES } from '../domain/notification.ts';
import { parseRecipient, RECIPIENT_FORMS } from '../domain/recipient.ts';

/** Text without lone surrogates, which no UTF-8 can carry. */
const text = (max: number) =>
  z
    .string()
    .max(max, `Expected at most ${max} characters`)
    .refine((value) => value.isWellFormed(), 'Expected well-formed Unicode, found a lone surrogate');

const filled = (max: number) => text(max).refine((value) => value.trim() !== '', 'Expected some text');

const fact = z.strictObject({ name: filled(LIMITS.maxFactNameLength), value: text(LIMITS.maxFactValueLength) });

const link = z.strictObject({
  title: filled(LIMITS.maxLinkTitleLength),
  url: z
    .string()
    .max(LIMITS.maxUrlLength, `Expected at most ${LIMITS.maxUrlLength} characters`)
    .refine(isSafeLink, 'Expected an absolute https URL without user name, password or control characters'),
});

const recipient = z.string().refine((value) => parseRecipient(value) !== undefined, `Expected ${RECIPIENT_FORMS}`);

const ttl = z.string().transform((value, context) => {
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

const request = z.strictObject({
  to: z
    .union(
      [recipient.transform((one) => [one]), z.array(recipient)],
      `Expected a recipient or a list of them: ${RECIPIENT_FORMS}`,
    )
    .refine(
      (list) => list.length >= 1 && list.length <= LIMITS.maxRecipients,
      `Expected 1 to ${LIMITS.maxRecipients} recipients`,
    ),
  title: filled(LIMITS.maxTitleLength),
  text: text(LIMITS.maxTextLength).optional(),
  severity: z.enum(SEVERITIES).default('info'),
  facts: z.array(fact).max(LIMITS.maxFacts, `Expected at most ${LIMITS.maxFacts} facts`).default([]),
  links: z.array(link).max(LIMITS.maxLinks, `Expected at most ${LIMITS.maxLinks} links`).default([]),
  summary: filled(LIMITS.maxSummaryLength).optional(),
  priority: z.enum(PRIORITIES).default('normal'),
  ttl: ttl.default(LIMITS.defaultTtlMs),
  onUnknown: z.enum(UNKNOWN_POLICIES).default('resend'),
});

/** A request in which everything is known to be right. `ttl` is in milliseconds. */
export type NotificationRequest = z.infer<typeof request>;

/** @throws AppError `invalid_request` with every fault and its JSON pointer; values are never quoted */
export function parseNotificationRequest(json: unknown): NotificationRequest {
  const result = request.safeParse(json, { reportInput: true });
  if (result.success) {
    return result.data;
  }
  const faults = result.error.issues.flatMap(toFaults);
  throw new AppError('invalid_request', `The notification has ${faults.length} fault(s)`, { faults });
}

function toFaults(issue: z.core.$ZodIssue): readonly Fault[] {
  const pointer = toPointer(issue.path);
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = KNOWN_FIELDS[String(issue.path[0] ?? '')] ?? [];
      return issue.keys.map((key) => ({
        pointer: `${pointer}${toPointer([key])}`,
        detail: describeUnknown(key, known),
      }));
    }
    case 'invalid_union':
      // The branch that fits the shape (one recipient, or a list) says it best.
      return (
        bestBranch(issue.errors)?.flatMap((inner) => toFaults({ ...inner, path: [...issue.path, ...inner.path] })) ?? [
          { pointer, detail: issue.message },
        ]
      );
    case 'invalid_type':
      return [
        {
          pointer,
          detail:
            issue.input === undefined ? `Expected ${issue.expected}, it is missing` : `Expected ${issue.expected}`,
        },
      ];
    case 'invalid_value':
      return [{ pointer, detail: `Expected one of ${issue.values.map((value) => `"${String(value)}"`).join(', ')}` }];
    default:
      return [{ pointer, detail: issue.message }];
  }
}

/** Zod lists one set of issues a branch; a wrong type at the very top means the value was meant for the other one. */
function bestBranch(branches: readonly z.core.$ZodIssue[][]): readonly z.core.$ZodIssue[] | undefined {
  return branches.find((issues) => !issues.some((issue) => issue.code === 'invalid_type' && issue.path.length === 0));
}

function toPointer(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** By the field that holds the object; '' is the whole request. */
const KNOWN_FIELDS: Readonly<Record<string, readonly string[]>> = {
  '': Object.keys(request.shape),
  facts: Object.keys(fact.shape),
  links: Object.keys(link.shape),
};

function describeUnknown(key: string, known: readonly string[]): string {
  const near = known.find((field) => field.toLowerCase() === key.toLowerCase() || isOneEditAway(field, key));
  return near ? `Unknown field. Did you mean "${near}"?` : `Unknown field. Known are ${known.join(', ')}`;
}

/** One letter more, fewer, other, or two neighbours swapped. */
function isOneEditAway(left: string, right: string): boolean {
  let start = 0;
  while (start < left.length && left[start] === right[start]) {
    start++;
  }
  const [a, b] = [left.slice(start), right.slice(start)];
  const isSwap = a.length > 1 && a[0] === b[1] && a[1] === b[0] && a.slice(2) === b.slice(2);
  return isSwap || a.slice(1) === b.slice(1) || a === b.slice(1) || a.slice(1) === b;
}

function isSafeLink(value: string): boolean {
  // What a card would not show, or parsers read differently; refused here, so that no link is lost later.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this refuses
  const hasDisguise = /[\\\u0000-\u0020\u007f-\u00a0\u2028\u2029]/.test(value) || !value.isWellFormed();
  if (hasDisguise || !/^https:\/\/[^/]/i.test(value) || !URL.canParse(value)) {
    return false;
  }
  const url = new URL(value);
  return url.username === '' && url.password === '';
}
