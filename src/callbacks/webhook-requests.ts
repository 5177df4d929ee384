// What producers may ask of webhooks: the forms of their requests. Pure.

import { z } from 'zod';
import { describeFields } from '../domain/answer.ts';
import { filled, overlap } from '../domain/request-fields.ts';
import { STATUS_EVENT_TYPES } from '../domain/status-event.ts';
import { findUrlFault, type WebhookUrlPolicy } from './webhook-url.ts';

const MAX_DESCRIPTION_LENGTH = 256;

const events = z
  .array(z.enum(STATUS_EVENT_TYPES))
  .min(1, 'Expected at least one event; null stands for all of them')
  .transform((types) => [...new Set(types)])
  .nullable();

const description = filled(MAX_DESCRIPTION_LENGTH).nullable();

const instant = z.iso
  .datetime({ offset: true, error: 'Expected an instant with its offset, for example "2026-01-31T08:00:00Z"' })
  .transform((text) => Date.parse(text));

const FIELDS = {
  url: 'An https address on the public internet, on port 443 or from 1024 on.',
  events: 'What it is told; null for all of it.',
  description: 'For people: what it is for.',
} as const;

/** All of them, for a service with this policy. */
export function createWebhookSchemas(policy: WebhookUrlPolicy) {
  const url = z.string().superRefine((text, context) => {
    const fault = findUrlFault(text, policy);
    if (fault !== undefined) {
      context.addIssue({ code: 'custom', message: fault });
    }
  });
  const fields = { url, events, description };
  const registration = z.strictObject({
    ...fields,
    events: events.default(null),
    description: description.default(null),
  });
  const change = z.strictObject({ ...fields, isEnabled: z.boolean() }).partial();
  const rotation = z.strictObject({ keepPreviousFor: overlap });
  const replay = z.strictObject({ since: instant, until: instant.optional() });
  describeFields(registration, FIELDS);
  describeFields(change, { ...FIELDS, isEnabled: 'Whether messages are sent there.' });
  describeFields(rotation, { keepPreviousFor: 'How long the old secret signs as well, up to P7D.' });
  describeFields(replay, {
    since: 'From this instant on, up to 30 days ago.',
    until: 'Before this instant; now when absent.',
  });
  return {
    registration,
    change: change.refine((wish) => Object.keys(wish).length > 0, 'Expected something to change'),
    rotation,
    replay: replay.refine(
      ({ since, until }) => until === undefined || since < until,
      'Expected "since" to be before "until"',
    ),
    nothing: z.strictObject({}),
  };
}

export type WebhookSchemas = ReturnType<typeof createWebhookSchemas>;
