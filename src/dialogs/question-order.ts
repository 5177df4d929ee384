// How the questions of a survey lead to one another: every way through them has to end. Pure.

import { DIALOG_LIMITS, END_OF_DIALOG } from '../domain/dialog.ts';
import type { Fault } from '../domain/errors.ts';
import { toPointer } from '../domain/parse-request.ts';

/**
 * What is wrong with how they follow one another. Looks at JSON of any form, so that it is told beside what is wrong
 * with the form itself.
 */
export function findOrderFaults(json: unknown): readonly Fault[] {
  const questions = listOf(toObject(json)['questions'], DIALOG_LIMITS.maxQuestions).map(toObject);
  const ids = questions.map(({ id }) => id);
  return questions.flatMap((question, at) => {
    const faults = [
      ...(isRepeated(ids, at) ? [{ path: ['id'], detail: 'Expected an id that no question above has' }] : []),
      ...findChoiceFaults(question),
      ...findBranchFaults(question, ids.slice(at + 1)),
      ...findBoundFaults(question),
    ];
    return faults.map(({ path, detail }) => ({ pointer: toPointer(['questions', at, ...path]), detail }));
  });
}

type Found = { readonly path: readonly (string | number)[]; readonly detail: string };
type JsonObject = Readonly<Record<string, unknown>>;

function findChoiceFaults({ choices }: JsonObject): readonly Found[] {
  const keys = listOf(choices, DIALOG_LIMITS.maxChoices).map(toKey);
  return keys.flatMap((_, at) =>
    isRepeated(keys, at) ? [{ path: ['choices', at], detail: 'Expected a choice that differs from those above' }] : [],
  );
}

/** Written answers are taken in whatever case. */
function toKey(choice: unknown): unknown {
  return typeof choice === 'string' ? choice.normalize('NFC').toLowerCase() : undefined;
}

function findBranchFaults({ choices, next }: JsonObject, idsBelow: readonly unknown[]): readonly Found[] {
  const known = listOf(choices, DIALOG_LIMITS.maxChoices);
  // One more than there can be choices: at least that one is then told to be none.
  const branches = Object.entries(toObject(next)).slice(0, DIALOG_LIMITS.maxChoices + 1);
  return branches.flatMap(([choice, target]) => [
    ...(known.length > 0 && !known.includes(choice)
      ? [{ path: ['next', choice], detail: 'Expected one of the choices of this question' }]
      : []),
    ...(typeof target === 'string' && target !== END_OF_DIALOG && !idsBelow.includes(target)
      ? [{ path: ['next', choice], detail: `Expected the id of a question further down, or "${END_OF_DIALOG}"` }]
      : []),
  ]);
}

function findBoundFaults({ min, max }: JsonObject): readonly Found[] {
  return typeof min === 'number' && typeof max === 'number' && min > max
    ? [{ path: ['max'], detail: 'Expected a number that is not less than "min"' }]
    : [];
}

/** Whether something before it is the same. */
function isRepeated(list: readonly unknown[], at: number): boolean {
  const one = list[at];
  return typeof one === 'string' && list.indexOf(one) < at;
}

/** What is longer than it may be is not looked at: that it is too long is told already. */
function listOf(value: unknown, maxLength: number): readonly unknown[] {
  return Array.isArray(value) && value.length <= maxLength ? value : [];
}

function toObject(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
