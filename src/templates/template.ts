// What a template is, and the reading of one that came from outside.

import { z } from 'zod';
import { describeFields } from '../domain/answer.ts';
import { AppError, type Fault } from '../domain/errors.ts';
import { faultyRequest, parseRequest } from '../domain/parse-request.ts';
import { filled } from '../domain/request-fields.ts';
import { type CardNode, compileCard } from './compile-card.ts';
import { compileText } from './compile-text.ts';
import type { TextTemplate } from './text.ts';

/** Bounds of templates. */
export const TEMPLATE_LIMITS = {
  /** Of a template without its sample, and of a sample or other data, as JSON in UTF-8. */
  maxBytes: 65_536,
  maxPerProducer: 200,
  maxTextLength: 2_048,
  maxDataDepth: 32,
} as const;

/** An object of JSON. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** A template as its author wrote it. */
export interface TemplateBody {
  /** An Adaptive Card with `${...}`, `$data` and `$when`. */
  readonly card: JsonObject;
  /** The text of the toast. */
  readonly summary: string;
  /** Shown where the card cannot be; the summary when absent. */
  readonly title?: string;
}

/** A template that can be expanded. */
export interface CompiledTemplate {
  readonly card: CardNode;
  readonly summary: TextTemplate;
  readonly title: TextTemplate;
}

/** A field that holds an object. */
export const jsonObject = z.custom<JsonObject>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'Expected an object',
);

/** What its author puts. */
export const templateRequest = z.strictObject({
  card: jsonObject.meta({ type: 'object' }),
  summary: filled(TEMPLATE_LIMITS.maxTextLength),
  title: filled(TEMPLATE_LIMITS.maxTextLength).optional(),
  sample: jsonObject.meta({ type: 'object' }),
});
z.globalRegistry.add(templateRequest, {
  id: 'TemplateRequest',
  description: 'A card with expressions, and data to try it with.',
});
describeFields(templateRequest, {
  card: 'An Adaptive Card with expressions, `$data` and `$when`.',
  summary: 'The text of the toast; may have expressions.',
  title: 'Shown where the card cannot be; the summary when absent.',
  sample: 'Data that the template is tried with.',
});

/**
 * Reads a template, whose expressions are left for `compileTemplate`.
 *
 * @throws AppError `invalid_request` with all faults of its form
 */
export function parseTemplate(json: unknown): { readonly body: TemplateBody; readonly sample: JsonObject } {
  const { card, summary, title, sample } = parseRequest(templateRequest, json, 'template');
  const body = { card, summary, ...(title !== undefined && { title }) };
  const faults = Object.entries({ '/card': body, '/sample': sample }).flatMap(([pointer, part]) => {
    const detail = describeExcess(part);
    return detail === undefined ? [] : [{ pointer, detail }];
  });
  if (faults.length > 0) {
    throw new AppError('invalid_request', 'The template is too large', { faults });
  }
  return { body, sample };
}

/** What is too much of a template or of data, if anything is. */
export function describeExcess(value: object): string | undefined {
  // Looked at first: what is nested without end cannot even be written as JSON.
  if (isDeeperThan(value, TEMPLATE_LIMITS.maxDataDepth)) {
    return `Expected at most ${TEMPLATE_LIMITS.maxDataDepth} levels`;
  }
  return Buffer.byteLength(JSON.stringify(value)) > TEMPLATE_LIMITS.maxBytes
    ? `Expected at most ${TEMPLATE_LIMITS.maxBytes} bytes of JSON`
    : undefined;
}

function isDeeperThan(value: unknown, levels: number): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    (levels === 0 || Object.values(value).some((one) => isDeeperThan(one, levels - 1)))
  );
}

/** Pure. @throws AppError `invalid_request` with every expression and member that is not allowed, and its pointer */
export function compileTemplate({ card, summary, title }: TemplateBody): CompiledTemplate {
  const faults: Fault[] = [];
  const text = (value: string, pointer: string): TextTemplate => ({
    pointer,
    place: 'plain',
    parts: compileText(value, pointer, faults),
  });
  const compiled = {
    card: compileCard(card, '/card', faults),
    summary: text(summary, '/summary'),
    title: title === undefined ? text(summary, '/summary') : text(title, '/title'),
  };
  if (faults.length > 0) {
    const said = new Map(faults.map((fault) => [`${fault.pointer} ${fault.detail}`, fault]));
    throw faultyRequest('template', [...said.values()]);
  }
  return compiled;
}
