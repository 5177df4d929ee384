// What the owner of templates does with them: put, list, read, try and remove.

import { z } from 'zod';
import { type AnswerOf, quantity, shownInstant } from '../domain/answer.ts';
import { advice } from '../domain/card-advice.ts';
import type { Clock } from '../domain/clock.ts';
import { AppError } from '../domain/errors.ts';
import { parseRequest } from '../domain/parse-request.ts';
import { TEMPLATE_NAME, TEMPLATE_NAME_FORM } from '../domain/template-name.ts';
import type { TemplateEntry, TemplateKey, TemplateRow } from '../store/statements/templates.ts';
import type { Store } from '../store/store.ts';
import type { Expansion } from './expand.ts';
import { compileTemplate, type JsonObject, jsonObject, parseTemplate, TEMPLATE_LIMITS } from './template.ts';
import { type CheckCard, makeCard } from './use-template.ts';

/** What administration works on. */
export interface TemplateDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly checkCard: CheckCard;
}

const anyObject = z.record(z.string(), z.unknown());

/** A template as its owner sees it. */
export const templateView = z
  .object({ name: z.string(), createdAt: shownInstant, updatedAt: shownInstant })
  .meta({ id: 'Template', description: 'A template in a list.' });
export type TemplateView = AnswerOf<typeof templateView>;

/** All of them, in an answer. */
export const templateList = z
  .object({ templates: z.array(templateView) })
  .meta({ id: 'TemplateList', description: 'The templates of the producer, by name.' });

/** A template that was put, in an answer. */
export const templateSaved = templateView
  .extend({ warnings: z.array(advice).describe('What it shows nothing for, with its own sample.') })
  .meta({ id: 'SavedTemplate', description: 'A template that was put.' });

/** A whole template, in an answer. */
export const templateDetails = templateView
  .extend({ card: anyObject, summary: z.string(), title: z.string().optional(), sample: anyObject })
  .meta({ id: 'TemplateDetails', description: 'A template as it was put.' });

/** A card that was made to be looked at, in an answer. */
export const templatePreview = z
  .object({
    card: anyObject.describe('An Adaptive Card.'),
    summary: z.string(),
    title: z.string(),
    warnings: z.array(advice).describe('What it shows nothing for.'),
    units: quantity.describe('Of the card as JSON, UTF-16; what is around it in a message comes on top.'),
  })
  .meta({ id: 'TemplatePreview', description: 'A card that a template makes.' });

/** A card that was made to be looked at. */
export interface TemplatePreview extends Expansion {
  /** Of the card as JSON, UTF-16; what is around it in a message comes on top. */
  readonly units: number;
}

/**
 * Makes a template, or changes the one of this name. It has to make a card that may be sent of its own sample.
 *
 * @throws AppError `invalid_request` with every fault; nothing is stored then
 */
export async function putTemplate(
  deps: TemplateDeps,
  key: TemplateKey,
  json: unknown,
): Promise<{ readonly isNew: boolean; readonly template: TemplateView & Pick<Expansion, 'warnings'> }> {
  requireName(key.name);
  const { body, sample } = parseTemplate(json);
  const { warnings } = makeCard(deps.checkCard, compileTemplate(body), sample);
  const nowMs = deps.clock.nowMs();
  const text = { body: JSON.stringify(body), sample: JSON.stringify(sample), nowMs };
  const earlier = await deps.store.write(async (tx) => {
    // Of two that make the last template that there is room for, the second one has to see the first.
    await tx.locks.take(`templates ${key.producerId}`);
    const found = await tx.templates.find(key);
    if (!found && (await tx.templates.count(key.producerId)) >= TEMPLATE_LIMITS.maxPerProducer) {
      const detail = `Expected at most ${TEMPLATE_LIMITS.maxPerProducer} templates of a producer. Remove one that is not used`;
      throw new AppError('invalid_request', detail);
    }
    await tx.templates.save(key, text);
    return found;
  });
  const view = toView({ name: key.name, createdAtMs: earlier?.createdAtMs ?? nowMs, updatedAtMs: nowMs });
  return { isNew: earlier === undefined, template: { ...view, warnings } };
}

/** By name. */
export async function listTemplates(
  { store }: Pick<TemplateDeps, 'store'>,
  producerId: number,
): Promise<{ readonly templates: readonly TemplateView[] }> {
  return { templates: (await store.read.templates.list(producerId)).map(toView) };
}

/** As it was put. @throws AppError `not_found`, also for the template of another producer */
export async function getTemplate(
  { store }: Pick<TemplateDeps, 'store'>,
  key: TemplateKey,
): Promise<TemplateView & JsonObject> {
  const row = await requireTemplate(store, key);
  return { ...toView(row), ...JSON.parse(row.body), sample: JSON.parse(row.sample) };
}

/** What was queued with it goes out all the same. @throws AppError `not_found` */
export async function removeTemplate({ store }: Pick<TemplateDeps, 'store'>, key: TemplateKey): Promise<void> {
  if (!(await store.write((tx) => tx.templates.remove(key)))) {
    throw notFound();
  }
}

/** What a template is tried with. */
export const previewRequest = z
  .strictObject({ data: jsonObject.meta({ type: 'object' }).optional().describe('The sample when absent.') })
  .meta({ id: 'PreviewRequest', description: 'What a template is tried with.' });

/**
 * Makes a card to be looked at; nothing is stored or sent.
 *
 * @param json `{"data": {...}}`; the sample of the template takes the place of data that is absent
 * @throws AppError `not_found`; `invalid_request` as `makeCard` does
 */
export async function previewTemplate(
  { store, checkCard }: Pick<TemplateDeps, 'store' | 'checkCard'>,
  key: TemplateKey,
  json: unknown,
): Promise<TemplatePreview> {
  const { data } = parseRequest(previewRequest, json, 'preview');
  const row = await requireTemplate(store, key);
  const made = makeCard(checkCard, compileTemplate(JSON.parse(row.body)), data ?? JSON.parse(row.sample));
  return { ...made, units: JSON.stringify(made.card).length };
}

function requireName(name: string): void {
  if (!TEMPLATE_NAME.test(name)) {
    throw new AppError('invalid_request', `Expected ${TEMPLATE_NAME_FORM}`);
  }
}

async function requireTemplate(store: Store, key: TemplateKey): Promise<TemplateRow> {
  const row = TEMPLATE_NAME.test(key.name) ? await store.read.templates.find(key) : undefined;
  if (!row) {
    throw notFound();
  }
  return row;
}

function notFound(): AppError {
  return new AppError('not_found', 'There is no template of this name');
}

function toView({ name, createdAtMs, updatedAtMs }: Pick<TemplateEntry, 'name' | 'createdAtMs' | 'updatedAtMs'>) {
  return {
    name,
    createdAt: new Date(createdAtMs).toISOString(),
    updatedAt: new Date(updatedAtMs).toISOString(),
  };
}
