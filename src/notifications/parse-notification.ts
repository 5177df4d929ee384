// From the JSON of a request to a notification request, or to everything that is wrong with it.

import { z } from 'zod';
import { describeFields } from '../domain/answer.ts';
import { LIFECYCLE_STATES } from '../domain/lifecycle.ts';
import { NOTIFICATION_LIMITS as LIMITS, PRIORITIES, SEVERITIES, UNKNOWN_POLICIES } from '../domain/notification.ts';
import { parseRequest } from '../domain/parse-request.ts';
import { parseRecipient, RECIPIENT_FORMS } from '../domain/recipient.ts';
import { filled, httpsUrl, instant, text, timeToLive } from '../domain/request-fields.ts';

const fact = z.strictObject({ name: filled(LIMITS.maxFactNameLength), value: text(LIMITS.maxFactValueLength) });

const link = z.strictObject({ title: filled(LIMITS.maxLinkTitleLength), url: httpsUrl });

const RECIPIENT_COUNT = `Expected 1 to ${LIMITS.maxRecipients} recipients`;

const recipient = z.string().refine((value) => parseRecipient(value) !== undefined, `Expected ${RECIPIENT_FORMS}`);

export const factsField = z.array(fact).max(LIMITS.maxFacts, `Expected at most ${LIMITS.maxFacts} facts`);
export const linksField = z.array(link).max(LIMITS.maxLinks, `Expected at most ${LIMITS.maxLinks} links`);

/** What a thing is called that notifications are about; nothing invisible, which nobody could type again. */
const lifecycleKey = filled(LIMITS.maxKeyLength).refine(
  (value) => !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(value) && value.trim() === value,
  'Expected one line without invisible characters, and without blanks around it',
);

/** What a producer sends. */
export const notificationRequest = z
  .strictObject({
    to: z.union(
      [
        recipient.transform((one) => [one]),
        z.array(recipient).min(1, RECIPIENT_COUNT).max(LIMITS.maxRecipients, RECIPIENT_COUNT),
      ],
      `Expected a recipient or a list of them: ${RECIPIENT_FORMS}`,
    ),
    title: filled(LIMITS.maxTitleLength),
    text: text(LIMITS.maxTextLength).optional(),
    severity: z.enum(SEVERITIES).default('info'),
    facts: factsField.default([]),
    links: linksField.default([]),
    summary: filled(LIMITS.maxSummaryLength).optional(),
    priority: z.enum(PRIORITIES).default('normal'),
    ttl: timeToLive.prefault(LIMITS.defaultTtl),
    onUnknown: z.enum(UNKNOWN_POLICIES).default('resend'),
    key: lifecycleKey.optional(),
    state: z.enum(LIFECYCLE_STATES).optional(),
    occurredAt: instant.optional(),
  })
  .refine(({ key, state }) => state === undefined || key !== undefined, {
    path: ['state'],
    message: 'Expected a key beside it: the state of which thing is this?',
  });

z.globalRegistry.add(notificationRequest, {
  id: 'NotificationRequest',
  description: 'What is to be said, and to whom.',
});
describeFields(notificationRequest, {
  to: `Who it is for: one or up to ${LIMITS.maxRecipients} of ${RECIPIENT_FORMS}.`,
  title: 'What has happened, in a line.',
  text: 'More about it. Line breaks are kept; all text is shown as the characters it is made of.',
  severity: 'Shown as word, colour and icon.',
  facts: 'Pairs of a name and a value, shown as a list.',
  links: 'Buttons that open an https address.',
  summary: 'The text of the toast and of the list of chats; the title when absent.',
  priority:
    "What goes first among all that waits. urgent before normal before bulk; of 20 places 3 are normal's and 1 is bulk's.",
  ttl: 'How long it is worth sending: an ISO 8601 duration from PT10S to P7D.',
  onUnknown:
    'What to do when nobody can know whether Teams posted it: send it again (it may be read twice), or hold it.',
  key: 'What you call the thing that it is about: later notifications with the same key change the same message.',
  state: 'The state of that thing: it needs somebody, somebody is on it, or it is over; open when absent.',
  occurredAt:
    'When it happened, with its offset. Of one thing, what happened earlier than what is known already is not told.',
});

/** A request in which everything is known to be right. `ttl` is in milliseconds. */
export type NotificationRequest = z.infer<typeof notificationRequest>;

/** @throws AppError `invalid_request` with every fault and its JSON pointer; values are never quoted */
export function parseNotificationRequest(json: unknown): NotificationRequest {
  return parseRequest(notificationRequest, json, 'notification');
}
