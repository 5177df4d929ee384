// From the JSON of a survey to its definition, or to everything that is wrong with it.

import { z } from 'zod';
import { describeFields } from '../domain/answer.ts';
import {
  type DialogDefinition,
  type DialogQuestion,
  END_OF_DIALOG,
  DIALOG_LIMITS as LIMITS,
} from '../domain/dialog.ts';
import { parseDurationMs } from '../domain/duration.ts';
import type { Fault } from '../domain/errors.ts';
import { faultyRequest, findFaults } from '../domain/parse-request.ts';
import { filled } from '../domain/request-fields.ts';
import { findOrderFaults } from './question-order.ts';

const questionId = z
  .string()
  .regex(
    new RegExp(`^[A-Za-z0-9._-]{1,${LIMITS.maxIdLength}}$`),
    `Expected 1 to ${LIMITS.maxIdLength} letters, digits, dots, dashes or underscores`,
  )
  .refine((id) => id !== END_OF_DIALOG, `Expected another id: "${END_OF_DIALOG}" is the end of the survey`);

const asked = {
  id: questionId.describe('Your name for it, unique in the survey; its answer is told by it.'),
  text: filled(LIMITS.maxTextLength).describe('What is asked.'),
  isOptional: z.boolean().exactOptional().describe('Whether it may be left without an answer; false when absent.'),
};

const choice = filled(LIMITS.maxChoiceLength).refine(
  (value) => value.trim() === value && !/\p{Cc}/u.test(value),
  'Expected one line without blanks around it',
);
const CHOICE_COUNT = `Expected ${LIMITS.minChoices} to ${LIMITS.maxChoices} choices`;
const MAX_LENGTH = `Expected a whole number from 1 to ${LIMITS.maxAnswerLength}`;
const bound = z.number('Expected a number');

const question = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({
      ...asked,
      kind: z.literal('text'),
      maxLength: z
        .int(MAX_LENGTH)
        .min(1, MAX_LENGTH)
        .max(LIMITS.maxAnswerLength, MAX_LENGTH)
        .exactOptional()
        .describe(`Of the answer, in UTF-16 units; ${LIMITS.maxAnswerLength} when absent.`),
    }),
    z.strictObject({
      ...asked,
      kind: z.literal('choice'),
      choices: z.array(choice).min(LIMITS.minChoices, CHOICE_COUNT).max(LIMITS.maxChoices, CHOICE_COUNT),
      next: z
        .record(z.string(), z.string())
        .exactOptional()
        .describe(
          `From a choice to the id of a question further down, or to \`${END_OF_DIALOG}\`. Other choices lead to the question below.`,
        ),
    }),
    z.strictObject({
      ...asked,
      kind: z.literal('number'),
      min: bound.exactOptional().describe('The smallest number that is taken.'),
      max: bound.exactOptional().describe('The largest.'),
    }),
    z.strictObject({ ...asked, kind: z.literal('date') }),
  ],
  { error: 'Expected one of "text", "choice", "number", "date"' },
);

const timeout = z
  .string()
  .meta({ format: 'duration', examples: ['P3D'] })
  .refine((value) => {
    const ms = parseDurationMs(value);
    return ms !== undefined && ms >= LIMITS.minTimeoutMs && ms <= LIMITS.maxTimeoutMs;
  }, 'Expected an ISO 8601 duration from PT1M to P30D, for example "P3D"');

const QUESTION_COUNT = `Expected 1 to ${LIMITS.maxQuestions} questions`;

/** What its author writes. */
export const definitionRequest = z.strictObject({
  title: filled(LIMITS.maxTitleLength),
  questions: z.array(question).min(1, QUESTION_COUNT).max(LIMITS.maxQuestions, QUESTION_COUNT),
  thanks: filled(LIMITS.maxTextLength).exactOptional(),
  timeout: timeout.exactOptional(),
});
z.globalRegistry.add(definitionRequest, {
  id: 'DialogDefinition',
  description: 'A survey: questions in order, with branches by what is chosen.',
});
describeFields(definitionRequest, {
  title: 'Stands over each question.',
  questions: 'In the order in which they are asked.',
  thanks: 'What is said at its end.',
  timeout: `For how long it is answered, from when it begins to be asked; ${LIMITS.defaultTimeout} when absent.`,
});

/** A definition as it is written. */
export type WrittenDefinition = z.output<typeof definitionRequest>;

/** Everything that is wrong with it, in its form and in its order. @param pointer where it stands in the request */
export function findDefinitionFaults(json: unknown, pointer: string): readonly Fault[] {
  return [...findFaults(definitionRequest, json), ...findOrderFaults(json)].map((fault) => ({
    ...fault,
    pointer: `${pointer}${fault.pointer}`,
  }));
}

/** @throws AppError `invalid_request` with every fault and its JSON pointer; values are never quoted */
export function parseDefinition(json: unknown): WrittenDefinition {
  const faults = findDefinitionFaults(json, '');
  if (faults.length > 0) {
    throw faultyRequest('dialog', faults);
  }
  return definitionRequest.parse(json);
}

/** What is carried out. Pure. */
export function toDefinition(written: WrittenDefinition): DialogDefinition {
  const { title, questions, thanks, timeout: duration = LIMITS.defaultTimeout } = written;
  const asking: readonly DialogQuestion[] = questions;
  return {
    title,
    questions: asking,
    ...(thanks !== undefined && { thanks }),
    timeoutMs: parseDurationMs(duration) ?? LIMITS.maxTimeoutMs,
  };
}
