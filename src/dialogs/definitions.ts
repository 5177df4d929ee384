// What the owner of surveys does with their definitions: put, list, read and remove.

import { z } from 'zod';
import { type AnswerOf, shownInstant, toInstant } from '../domain/answer.ts';
import type { Clock } from '../domain/clock.ts';
import { DIALOG_LIMITS } from '../domain/dialog.ts';
import { DIALOG_NAME_FORM, isDialogName } from '../domain/dialog-name.ts';
import { AppError } from '../domain/errors.ts';
import type { DefinitionEntry, DefinitionKey, DefinitionRow } from '../store/statements/dialog-definitions.ts';
import type { Statements, Store } from '../store/store.ts';
import { definitionRequest, parseDefinition } from './parse-definition.ts';

/** What it works on. */
export interface DefinitionDeps {
  readonly store: Store;
  readonly clock: Clock;
}

/** A definition in a list. */
export const definitionView = z
  .object({ name: z.string(), updatedAt: shownInstant })
  .meta({ id: 'NamedDialog', description: 'A survey in a list.' });
export type DefinitionView = AnswerOf<typeof definitionView>;

/** All of them, in an answer. */
export const definitionList = z
  .object({ definitions: z.array(definitionView) })
  .meta({ id: 'NamedDialogList', description: 'The surveys of the producer, by name.' });

/** A whole definition, in an answer. */
export const definitionDetails = definitionView
  .extend({ definition: definitionRequest })
  .meta({ id: 'NamedDialogDetails', description: 'A survey as it was put.' });

/**
 * Makes a definition, or changes the one of this name. What was begun with it before goes on as it was.
 *
 * @throws AppError `invalid_request` with every fault; nothing is stored then
 */
export async function putDefinition(
  { store, clock }: DefinitionDeps,
  key: DefinitionKey,
  json: unknown,
): Promise<{ readonly isNew: boolean; readonly definition: DefinitionView }> {
  if (!isDialogName(key.name)) {
    throw new AppError('invalid_request', `Expected ${DIALOG_NAME_FORM}`);
  }
  const definition = JSON.stringify(parseDefinition(json));
  const nowMs = clock.nowMs();
  const { maxDefinitions } = DIALOG_LIMITS;
  const isNew = await store.write(async (tx) => {
    // Of two that make the last one that there is room for, the second has to see the first.
    await tx.locks.take(`dialog definitions ${key.producerId}`);
    const found = await tx.dialogDefinitions.find(key);
    if (!found && (await tx.dialogDefinitions.count(key.producerId)) >= maxDefinitions) {
      const detail = `Expected at most ${maxDefinitions} dialog definitions of a producer. Remove one that is not used`;
      throw new AppError('invalid_request', detail);
    }
    await tx.dialogDefinitions.save(key, { definition, nowMs });
    return !found;
  });
  return { isNew, definition: toView({ name: key.name, updatedAtMs: nowMs }) };
}

/** By name. */
export async function listDefinitions(
  { store }: Pick<DefinitionDeps, 'store'>,
  producerId: number,
): Promise<AnswerOf<typeof definitionList>> {
  return { definitions: (await store.read.dialogDefinitions.list(producerId)).map(toView) };
}

/** As it was put. @throws AppError `not_found`, also for that of another producer */
export async function getDefinition(
  { store }: Pick<DefinitionDeps, 'store'>,
  key: DefinitionKey,
): Promise<AnswerOf<typeof definitionDetails>> {
  const row = await findDefinition(store.read, key);
  if (!row) {
    throw notFound();
  }
  return { ...toView(row), definition: JSON.parse(row.definition) };
}

/** What was begun with it goes on. @throws AppError `not_found` */
export async function removeDefinition({ store }: Pick<DefinitionDeps, 'store'>, key: DefinitionKey): Promise<void> {
  if (!(await store.write((tx) => tx.dialogDefinitions.remove(key)))) {
    throw notFound();
  }
}

/** @returns undefined also for a name that no definition can have */
export async function findDefinition(
  { dialogDefinitions }: Pick<Statements, 'dialogDefinitions'>,
  key: DefinitionKey,
): Promise<DefinitionRow | undefined> {
  return isDialogName(key.name) ? dialogDefinitions.find(key) : undefined;
}

function notFound(): AppError {
  return new AppError('not_found', 'There is no dialog definition of this name');
}

function toView({ name, updatedAtMs }: DefinitionEntry): DefinitionView {
  return { name, updatedAt: toInstant(updatedAtMs) };
}
