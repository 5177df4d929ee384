// The fields of a request that ask something of those who get it, and when it is asked again and of whom else.

import { z } from 'zod';
import { type Ask, type AskedAction, type AskedInput, ASK_LIMITS as LIMITS } from '../domain/ask.ts';
import { parseDurationMs } from '../domain/duration.ts';
import type { LifecycleState } from '../domain/lifecycle.ts';
import { NOTIFICATION_LIMITS } from '../domain/notification.ts';
import { recipientsField } from '../domain/recipients-field.ts';
import { filled } from '../domain/request-fields.ts';

/** Six are what the Teams store allows on a card, and one of them is the menu. */
const MAX_BUTTONS = 5;
const MIN_CHOICES = 2;
/** So many are never asked; a number beyond it is a mistake. */
const MAX_NEEDED = 10_000;
const MIN_TIME_MS = 60_000;
const DEFAULT_ESCALATE_MS = 3_600_000;

const NEEDED = `Expected a whole number from 1 to ${MAX_NEEDED}`;

const time = z
  .string()
  .meta({ format: 'duration', examples: ['PT30M'] })
  .transform((value, context) => {
    const ms = parseDurationMs(value);
    if (ms === undefined || ms < MIN_TIME_MS || ms > NOTIFICATION_LIMITS.maxTtlMs) {
      context.addIssue({
        code: 'custom',
        message: 'Expected an ISO 8601 duration from PT1M to P7D, for example "PT30M"',
      });
      return z.NEVER;
    }
    return ms;
  });

const CHOICES = `Expected ${MIN_CHOICES} to ${LIMITS.maxChoices} choices`;

const input = z
  .strictObject({
    kind: z.enum(['text', 'number', 'date', 'choice']),
    label: filled(LIMITS.maxLabelLength).describe('What stands over the field.'),
    required: z.boolean().default(false).describe('Whether the button can be pressed only when something is entered.'),
    choices: z
      .array(filled(LIMITS.maxChoiceLength))
      .min(MIN_CHOICES, CHOICES)
      .max(LIMITS.maxChoices, CHOICES)
      .optional()
      .describe('Of the kind choice, and only there.'),
  })
  .superRefine(checkChoices);

const action = z.strictObject({
  id: z
    .string()
    .regex(
      new RegExp(`^[A-Za-z0-9._-]{1,${LIMITS.maxIdLength}}$`),
      `Expected 1 to ${LIMITS.maxIdLength} letters, digits, dots, dashes or underscores`,
    )
    .describe('Your name for it, which comes back to you.'),
  title: filled(LIMITS.maxTitleLength).describe('What stands on the button.'),
  style: z.enum(['positive', 'destructive']).optional().describe('Plain when absent.'),
  input: input.optional().describe('A field that is filled in with it.'),
  needed: z
    .int(NEEDED)
    .min(1, NEEDED)
    .max(MAX_NEEDED, NEEDED)
    .optional()
    .describe('How many people have to choose it until it is decided; nothing is decided by it when absent.'),
});

/** To be spread into the schema of a request, with `checkAsk` as its refinement. */
export const askFields = {
  acknowledge: z.boolean().default(false),
  actions: z.array(action).max(LIMITS.maxActions, `Expected at most ${LIMITS.maxActions} actions`).default([]),
  remind: time.optional(),
  escalateTo: recipientsField().optional(),
  escalateAfter: time.optional(),
};

/** What a request asks, as it is parsed: times in milliseconds. */
export type AskWish = z.output<z.ZodObject<typeof askFields>>;

/** Of a request that asks nothing. */
export const NOTHING_ASKED: AskWish = {
  acknowledge: false,
  actions: [],
  remind: undefined,
  escalateTo: undefined,
  escalateAfter: undefined,
};

/** The fields in a request that brings its card. @param message what is said of one that is there */
export function askFieldsBeside(message: string) {
  const nothing = z.custom<never>(() => false, message).optional();
  return { acknowledge: nothing, actions: nothing, remind: nothing, escalateTo: nothing, escalateAfter: nothing };
}

type CheckedRequest = AskWish & {
  readonly links: readonly unknown[];
  readonly state?: LifecycleState | undefined;
};

/** What the fields may not say together. */
export function checkAsk(request: CheckedRequest, context: z.RefinementCtx): void {
  const { acknowledge, actions, remind, escalateTo, escalateAfter, links, state } = request;
  const fault = (path: readonly PropertyKey[], message: string) =>
    context.addIssue({ code: 'custom', path: [...path], message });
  for (const [at, { id }] of actions.entries()) {
    if (actions.findIndex((one) => one.id === id) < at) {
      fault(['actions', at, 'id'], 'Expected an id that no other action has');
    }
  }
  const asking = acknowledge ? 'acknowledge' : 'actions';
  if (acknowledge || actions.length > 0) {
    if (links.length > maxLinksBeside(request)) {
      fault(['links'], describeTooManyLinks(request));
    }
    if (state === 'resolved') {
      fault([asking], 'Expected nothing to be asked about what is over. Leave it out, or tell another state');
    }
  } else {
    for (const [name, value] of Object.entries({ remind, escalateTo })) {
      if (value !== undefined) {
        fault([name], 'Expected "acknowledge" or "actions" beside it: what are people asked?');
      }
    }
  }
  if (escalateAfter !== undefined && escalateTo === undefined) {
    fault(['escalateAfter'], 'Expected "escalateTo" beside it: who is asked then?');
  }
}

/** How many links a card has room for beside its menu and what it asks. */
export function maxLinksBeside(asked: { readonly acknowledge: boolean; readonly actions: readonly unknown[] }): number {
  return MAX_BUTTONS - (asked.acknowledge ? 1 : 0) - asked.actions.length;
}

/** What is said of more of them. */
export function describeTooManyLinks(asked: Parameters<typeof maxLinksBeside>[0]): string {
  const max = maxLinksBeside(asked);
  const allowed = max === 0 ? 'no link' : max === 1 ? 'at most 1 link' : `at most ${max} links`;
  return `Expected ${allowed} beside what is asked: with the menu, a card has room for ${MAX_BUTTONS + 1} buttons`;
}

function checkChoices(
  { kind, choices }: { readonly kind: AskedInput['kind']; readonly choices?: readonly string[] | undefined },
  context: z.RefinementCtx,
): void {
  if ((kind === 'choice') !== (choices !== undefined)) {
    context.addIssue({
      code: 'custom',
      path: ['choices'],
      message: kind === 'choice' ? CHOICES : 'Expected it only of the kind choice; leave it out',
    });
  }
  for (const [at, choice] of (choices ?? []).entries()) {
    if (choices !== undefined && choices.indexOf(choice) < at) {
      context.addIssue({ code: 'custom', path: ['choices', at], message: 'Expected a choice that is not there yet' });
    }
  }
}

/** What is asked, as part of the content; undefined when that is nothing. */
export function toAsk({ acknowledge, actions }: AskWish): Ask | undefined {
  return acknowledge || actions.length > 0
    ? { canAcknowledge: acknowledge, actions: actions.map(toAction) }
    : undefined;
}

function toAction({ id, title, style, input: field, needed }: AskWish['actions'][number]): AskedAction {
  return {
    id,
    title,
    ...(style && { style }),
    ...(field && { input: toInput(field) }),
    ...(needed !== undefined && { needed }),
  };
}

function toInput({ kind, label, required, choices }: z.output<typeof input>): AskedInput {
  return { kind, label, isRequired: required, ...(choices && { choices }) };
}

/** When it is asked again, and when of whom else. */
export interface AskTimes {
  readonly remindMs?: number | undefined;
  readonly remindAtMs?: number | undefined;
  /** Forms of `to`. */
  readonly escalateTo?: readonly string[] | undefined;
  readonly escalateAtMs?: number | undefined;
}

/** @param startsAtMs when it is asked first, epoch milliseconds */
export function toAskTimes({ remind, escalateTo, escalateAfter }: AskWish, startsAtMs: number): AskTimes {
  const afterMs = escalateAfter ?? (remind === undefined ? DEFAULT_ESCALATE_MS : 2 * remind);
  return {
    ...(remind !== undefined && { remindMs: remind, remindAtMs: startsAtMs + remind }),
    ...(escalateTo && { escalateTo, escalateAtMs: startsAtMs + afterMs }),
  };
}
