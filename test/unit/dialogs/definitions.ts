// Surveys as property tests make them.

import fc from 'fast-check';
import type { WrittenDefinition } from '../../../src/dialogs/parse-definition.ts';
import type { DialogDefinition } from '../../../src/domain/dialog.ts';

/** How many cases a property is tried with. */
export const RUNS = 10_000;

const words = fc.string({ minLength: 1, maxLength: 12 }).map((word) => `a${word.replaceAll(/\p{C}/gu, '')}b`);
const isOptional = fc.option(fc.boolean(), { nil: undefined });
const choices = fc.uniqueArray(words, {
  minLength: 2,
  maxLength: 10,
  selector: (word) => word.normalize('NFC').toLowerCase(),
});

type Question = WrittenDefinition['questions'][number];

/** Without what is absent. */
function present<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as T;
}

const bodies = fc.oneof(
  fc.record({
    ...{ kind: fc.constant('text' as const), text: words, isOptional },
    maxLength: fc.option(fc.integer({ min: 1, max: 2_000 }), { nil: undefined }),
  }),
  fc.tuple(fc.integer(), fc.nat(), words, isOptional).map(([min, more, text, optional]) => ({
    ...{ kind: 'number' as const, text, min, max: min + more, isOptional: optional },
  })),
  fc.record({ kind: fc.constant('date' as const), text: words, isOptional }),
  fc.record({ kind: fc.constant('choice' as const), text: words, choices, isOptional }),
);

/** Right ones of 1 to 30 questions, with branches. */
export const definitions: fc.Arbitrary<WrittenDefinition> = fc
  .record({
    title: words,
    bodies: fc.array(fc.tuple(bodies, fc.array(fc.nat({ max: 40 }), { maxLength: 10 })), {
      minLength: 1,
      maxLength: 30,
    }),
    thanks: fc.option(words, { nil: undefined }),
    timeout: fc.option(fc.constantFrom('PT1M', 'P30D', 'PT36H'), { nil: undefined }),
  })
  .map(({ bodies: made, ...rest }) =>
    present({
      ...rest,
      questions: made.map(([body, jumps], at) => {
        const question = { id: `q${at}`, ...present(body) };
        const next =
          question.kind === 'choice' &&
          jumps.slice(0, question.choices.length).map((jump, nth) => {
            const target = at + 1 + jump;
            return [question.choices[nth], target < made.length ? `q${target}` : 'end'];
          });
        return (next ? { ...question, next: Object.fromEntries(next) } : question) as Question;
      }),
    }),
  ) as fc.Arbitrary<WrittenDefinition>;

/** @returns how many questions are asked of somebody who chooses by `turns` */
export function waysThrough({ questions }: DialogDefinition, turns: readonly number[]): number {
  let asked = 0;
  let at = 0;
  for (const turn of turns) {
    const question = questions[at];
    if (!question) {
      break;
    }
    asked += 1;
    const chosen = question.choices?.[turn % question.choices.length] ?? '';
    const target = question.next && Object.hasOwn(question.next, chosen) ? question.next[chosen] : undefined;
    at = target === undefined ? at + 1 : target === 'end' ? questions.length : indexOf(questions, target);
  }
  return asked;
}

function indexOf(questions: DialogDefinition['questions'], id: string): number {
  return questions.findIndex((question) => question.id === id);
}
