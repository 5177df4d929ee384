// From a request that names a template to one with the card that the template makes.

import { z } from 'zod';
import type { Advice } from '../domain/card-advice.ts';
import { parseRequest } from '../domain/parse-request.ts';
import { templateName } from '../domain/template-name.ts';
import { askFieldsBeside, NOTHING_ASKED } from './parse-ask.ts';
import { hasKeyOfState, NO_KEY, type NotificationRequest, requestFields } from './parse-notification.ts';
import { checkSchedule } from './parse-schedule.ts';
import type { Sender } from './store-notification.ts';

type Json = Readonly<Record<string, unknown>>;

/** Which template, and with what. */
export interface TemplateWish {
  readonly producerId: number;
  readonly name: string;
  readonly data: Json;
}

/** What a template makes: a card that may be sent. */
export interface FilledCard {
  readonly card: Json;
  readonly summary: string;
  readonly title: string;
  /** What the data lacks, with places in the template. */
  readonly warnings: readonly Advice[];
}

/** The port to the templates. It throws AppError `invalid_request` with pointers below `/template`. */
export type FillTemplate = (wish: TemplateWish) => Promise<FilledCard>;

const besideTemplate = z.custom<never>(() => false, 'Expected nothing here: the template says all of it').optional();

/** Which template of the producer, and what it is filled with. */
export const templateField = z.strictObject({
  name: templateName.describe('What the template is called.'),
  data: z
    .custom<Json>((value) => typeof value === 'object' && value !== null && !Array.isArray(value), 'Expected an object')
    .meta({ type: 'object' })
    .default({})
    .describe('What stands for its expressions.'),
});

/** What stands beside a template. */
const templateRequest = z
  .strictObject({
    ...requestFields,
    title: besideTemplate,
    text: besideTemplate,
    textFormat: besideTemplate,
    facts: besideTemplate,
    links: besideTemplate,
    images: besideTemplate,
    mentions: besideTemplate,
    card: besideTemplate,
    ...askFieldsBeside(
      'Expected nothing here: the buttons of a template do not come back to you. Ask with title and text',
    ),
    template: templateField,
  })
  .refine(hasKeyOfState, NO_KEY)
  .superRefine(checkSchedule);

/** A request that is known to be right, and what its template had nothing for. */
export interface FilledRequest {
  readonly request: NotificationRequest;
  readonly warnings: readonly Advice[];
}

/** Whether a request names a template, right or wrong. */
export function hasTemplate(json: unknown): boolean {
  return typeof json === 'object' && json !== null && Object.hasOwn(json, 'template');
}

/** @throws AppError `invalid_request` with every fault of the request, or else of what the template makes */
export async function fillTemplate(
  fill: FillTemplate,
  { sender, json }: { readonly sender: Sender; readonly json: unknown },
): Promise<FilledRequest> {
  const { template, summary, ...fields } = parseRequest(templateRequest, json, 'notification');
  const { card, warnings, ...made } = await fill({ producerId: sender.producerId, ...template });
  const request = {
    ...fields,
    title: made.title,
    summary: summary ?? made.summary,
    text: undefined,
    textFormat: 'plain' as const,
    facts: [],
    links: [],
    images: [],
    mentions: [],
    ...NOTHING_ASKED,
    card,
  };
  return { request, warnings: warnings.map(toWarningOfRequest) };
}

function toWarningOfRequest({ code, detail, pointer }: Advice): Advice {
  return {
    code,
    pointer: '/template/data',
    detail: pointer === undefined ? detail : `${detail} (at ${pointer} of the template)`,
  };
}
