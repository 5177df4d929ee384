// What may be asked of hooks: the forms of the requests. Pure.

import { z } from 'zod';
import { describeFields } from '../domain/answer.ts';
import { HOOK_LIMITS as LIMITS } from '../domain/hook.ts';
import { NOTIFICATION_LIMITS, PRIORITIES, SEVERITIES } from '../domain/notification.ts';
import { parseRecipient, RECIPIENT_FORMS } from '../domain/recipient.ts';
import { filled, overlap } from '../domain/request-fields.ts';
import { HOOK_AUTH_KINDS } from '../domain/source.ts';
import { templateName } from '../domain/template-name.ts';
import { FILTER_FORM, parseFilter } from './filter.ts';

const recipient = z.string().refine((text) => parseRecipient(text) !== undefined, `Expected ${RECIPIENT_FORMS}`);
const covered = z
  .string()
  .refine(
    (text) => parseRecipient(text) !== undefined || /^\*@[^\s@]+$/.test(text),
    `Expected ${RECIPIENT_FORMS}, or "*@domain"`,
  );
const filter = z.string().refine((text) => parseFilter(text) !== undefined, `Expected ${FILTER_FORM}`);
/** It stands on cards and in lists of one line each; PostgreSQL holds no text with U+0000. */
const hookName = filled(LIMITS.maxNameLength).refine(
  (text) => !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text),
  'Expected one line without control characters',
);
const origin = z
  .string()
  .max(LIMITS.maxOriginLength, `Expected at most ${LIMITS.maxOriginLength} characters`)
  .regex(/^[A-Za-z0-9]+(?:[.-]+[A-Za-z0-9]+)*$/, 'Expected a host name such as "eventgrid.azure.net"');
const secret = z.string().max(1_024, 'Expected at most 1024 characters');

const FIELDS = {
  name: 'What people call it; shown on its cards as where they come from. Each of your hooks has another one.',
  source: 'The dialect of its sender.',
  to: 'Who is told, as in a notification.',
  choosable:
    'Whom the sender may name itself, by `?to=` or in its payload: forms of `to`, or `*@domain`; an empty list for anybody, null for nobody.',
  auth: 'How it knows its sender; what serves the dialect best when absent.',
  secret: 'One that the sender has made up; for `token`, `signature` and `standard-webhooks`. A new one when absent.',
  severity: 'Stands in where the payload has none.',
  priority: 'For all that comes through it: `bulk` is quiet, `urgent` goes first.',
  lifecycle: 'Whether what happens to one thing changes one card; false gives each event a card of its own.',
  template: 'A template of yours that makes the cards; the payload is its data.',
  filters: `Only what passes all of them is told: ${FILTER_FORM}.`,
  origin:
    'Who may register this hook as a webhook of CloudEvents, such as `eventgrid.azure.net`: its `OPTIONS` request with this `WebHook-Request-Origin` is answered 200; null refuses all of them.',
  ratePerMinute: 'Requests that it takes in a minute; more are answered 429.',
} as const;

const settings = {
  name: hookName,
  to: z
    .array(recipient)
    .max(NOTIFICATION_LIMITS.maxRecipients, `Expected at most ${NOTIFICATION_LIMITS.maxRecipients} recipients`),
  choosable: z.array(covered).max(NOTIFICATION_LIMITS.maxRecipients).nullable(),
  severity: z.enum(SEVERITIES).nullable(),
  priority: z.enum(PRIORITIES).nullable(),
  lifecycle: z.boolean(),
  template: templateName.nullable(),
  filters: z.array(filter).max(LIMITS.maxFilters, `Expected at most ${LIMITS.maxFilters} filters`),
  origin: origin.nullable(),
  ratePerMinute: z.int().min(1).max(LIMITS.maxRatePerMinute),
};

const withDefaults = {
  ...settings,
  to: settings.to.default([]),
  choosable: settings.choosable.default(null),
  severity: settings.severity.default(null),
  priority: settings.priority.default(null),
  lifecycle: settings.lifecycle.default(true),
  template: settings.template.default(null),
  filters: settings.filters.default([]),
  origin: settings.origin.default(null),
  ratePerMinute: settings.ratePerMinute.default(LIMITS.defaultRatePerMinute),
};

/** All of them, for these dialects. */
export function createHookSchemas(dialectNames: readonly [string, ...string[]]) {
  const registration = z.strictObject({
    ...withDefaults,
    source: z.enum(dialectNames),
    auth: z.enum(HOOK_AUTH_KINDS).optional(),
    secret: secret.optional(),
  });
  const change = z.strictObject({ ...settings, isEnabled: z.boolean() }).partial();
  const rotation = z.strictObject({ keepPreviousFor: overlap, secret: secret.optional() });
  const trial = z.strictObject({ payload: z.unknown(), headers: z.record(z.string(), z.string()).default({}) });
  describeFields(registration, FIELDS);
  const { source: _source, auth: _auth, secret: _secret, ...changeable } = FIELDS;
  describeFields(change, { ...changeable, isEnabled: 'Whether it takes anything.' });
  describeFields(rotation, {
    keepPreviousFor: 'How long the old secret is good as well, up to P7D.',
    secret: FIELDS.secret,
  });
  describeFields(trial, {
    payload: 'What the sender would post: JSON, or a text for dialects of text.',
    headers: 'Headers of the sender that say what it is, such as `X-GitHub-Event`.',
  });
  return {
    registration,
    change: change.refine((wish) => Object.keys(wish).length > 0, 'Expected something to change'),
    rotation,
    trial,
  };
}

export type HookSchemas = ReturnType<typeof createHookSchemas>;
export type HookRegistration = z.output<HookSchemas['registration']>;
export type HookWish = z.output<HookSchemas['change']>;
