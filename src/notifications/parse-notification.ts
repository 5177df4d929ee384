// From the JSON of a request to a notification request, or to everything that is wrong with it.

import { z } from 'zod';
import { checkCard } from '../domain/card-check.ts';
import { LIFECYCLE_STATES, type LifecycleState } from '../domain/lifecycle.ts';
import {
  NOTIFICATION_LIMITS as LIMITS,
  PRIORITIES,
  SEVERITIES,
  TEXT_FORMATS,
  UNKNOWN_POLICIES,
} from '../domain/notification.ts';
import { faultyRequest, findFaults, parseRequest } from '../domain/parse-request.ts';
import { isPerson, PERSON_FORMS, parseRecipient } from '../domain/recipient.ts';
import { recipientsField } from '../domain/recipients-field.ts';
import { filled, httpsUrl, instant, text, timeToLive } from '../domain/request-fields.ts';
import { askFields, askFieldsBeside, checkAsk, NOTHING_ASKED } from './parse-ask.ts';
import { checkSchedule, scheduleFields } from './parse-schedule.ts';

const fact = z.strictObject({ name: filled(LIMITS.maxFactNameLength), value: text(LIMITS.maxFactValueLength) });

const link = z.strictObject({ title: filled(LIMITS.maxLinkTitleLength), url: httpsUrl });

const image = z.strictObject({ url: httpsUrl, alt: filled(LIMITS.maxImageAltLength) });

const person = z.string().refine((value) => {
  const named = parseRecipient(value);
  return named !== undefined && isPerson(named);
}, `Expected ${PERSON_FORMS}`);

export const factsField = z.array(fact).max(LIMITS.maxFacts, `Expected at most ${LIMITS.maxFacts} facts`);
export const linksField = z.array(link).max(LIMITS.maxLinks, `Expected at most ${LIMITS.maxLinks} links`);
export const imagesField = z.array(image).max(LIMITS.maxImages, `Expected at most ${LIMITS.maxImages} images`);

/** What a thing is called that notifications are about; nothing invisible, which nobody could type again. */
const lifecycleKey = filled(LIMITS.maxKeyLength).refine(
  (value) => !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(value) && value.trim() === value,
  'Expected one line without invisible characters, and without blanks around it',
);

const fields = z.strictObject({
  to: recipientsField(),
  title: filled(LIMITS.maxTitleLength),
  text: text(LIMITS.maxTextLength).optional(),
  textFormat: z.enum(TEXT_FORMATS).default('plain'),
  severity: z.enum(SEVERITIES).default('info'),
  facts: factsField.default([]),
  links: linksField.default([]),
  images: imagesField.default([]),
  summary: filled(LIMITS.maxSummaryLength).optional(),
  priority: z.enum(PRIORITIES).default('normal'),
  ttl: timeToLive.prefault(LIMITS.defaultTtl),
  onUnknown: z.enum(UNKNOWN_POLICIES).default('resend'),
  key: lifecycleKey.optional(),
  state: z.enum(LIFECYCLE_STATES).optional(),
  occurredAt: instant.optional(),
  mentions: z.array(person).max(LIMITS.maxMentions, `Expected at most ${LIMITS.maxMentions} people`).default([]),
  ...scheduleFields,
  ...askFields,
  card: z.custom<Card>().meta({ type: 'object' }).optional(),
  // A request that names a template is another one; known here, so that misspelling it is told.
  template: z.undefined().optional(),
});

/** The fields of a request, for those of another shape. */
export const requestFields = fields.shape;

type Card = Readonly<Record<string, unknown>>;

/** Whether a state comes with the key of what it is the state of. */
export const hasKeyOfState = ({ key, state }: { key?: string | undefined; state?: LifecycleState | undefined }) =>
  state === undefined || key !== undefined;
/** What is said when it does not. */
export const NO_KEY = { path: ['state'], message: 'Expected a key beside it: the state of which thing is this?' };

const request = fields.refine(hasKeyOfState, NO_KEY).superRefine(checkSchedule).superRefine(checkAsk);

const besideCard = z.custom<never>(() => false, 'Expected nothing here: a card of your own says all of it').optional();

/** What stands beside a card of the producer's own making. */
const cardRequest = z
  .strictObject({
    ...fields.shape,
    title: fields.shape.title.optional(),
    summary: filled(LIMITS.maxSummaryLength),
    text: besideCard,
    textFormat: besideCard,
    facts: besideCard,
    links: besideCard,
    images: besideCard,
    mentions: besideCard,
    ...askFieldsBeside(
      'Expected nothing here: the buttons of a card of your own do not come back to you. Ask with title and text',
    ),
  })
  .refine(hasKeyOfState, NO_KEY)
  .superRefine(checkSchedule);

/** A request in which everything is known to be right. `ttl` is in milliseconds, `occurredAt` in epoch milliseconds. */
export type NotificationRequest = z.infer<typeof request>;

/** @throws AppError `invalid_request` with every fault and its JSON pointer; values are never quoted */
export function parseNotificationRequest(json: unknown): NotificationRequest {
  return hasCard(json) ? parseCardRequest(json) : parseRequest(request, json, 'notification');
}

/** Whether a request brings a card of its own, right or wrong. */
export function hasCard(json: unknown): json is { readonly card: unknown } {
  return typeof json === 'object' && json !== null && Object.hasOwn(json, 'card');
}

function parseCardRequest(json: { readonly card: unknown }): NotificationRequest {
  const faults = [...findFaults(cardRequest, json), ...checkCard(json.card, '/card')];
  if (faults.length > 0) {
    throw faultyRequest('notification', faults);
  }
  const { title, ...others } = cardRequest.parse(json);
  return {
    ...others,
    title: title ?? others.summary,
    text: undefined,
    textFormat: 'plain',
    facts: [],
    links: [],
    images: [],
    mentions: [],
    ...NOTHING_ASKED,
  };
}
