// Leading people through a survey, on the real dialogs of the SDK.

import fc from 'fast-check';
import type { DialogTurnEnd } from '../../../../src/dialogs/dialog-runner.ts';
import type { DialogAnswer, DialogDefinition, DialogQuestion } from '../../../../src/domain/dialog.ts';
import { type DialogInput, questionAfter, readAnswer } from '../../../../src/domain/dialog-answer.ts';
import { createDialogRunner } from '../../../../src/teams/dialogs/create-dialog-runner.ts';

const SURVEY: DialogDefinition = {
  title: 'Lunch',
  questions: [
    {
      id: 'hungry',
      kind: 'choice',
      text: 'Hungry?',
      choices: ['Yes', 'No', 'Later'],
      next: { No: 'end', Later: 'when' },
    },
    { id: 'dish', kind: 'text', text: 'What?', maxLength: 20 },
    { id: 'count', kind: 'number', text: 'For how many?', min: 1, max: 9, isOptional: true },
    { id: 'when', kind: 'date', text: 'When?' },
  ],
  timeoutMs: 3_600_000,
};
const text = (value: string): DialogInput => ({ kind: 'text', text: value });
const BACK: DialogInput = { kind: 'back' };
const SKIP: DialogInput = { kind: 'skip' };
const CANCEL: DialogInput = { kind: 'cancel' };

const START: Pick<DialogTurnEnd, 'progress' | 'answers'> = { progress: '{}', answers: {} };

/** Each input by a runner of its own, as after a restart or in another process. */
async function play(inputs: readonly DialogInput[], definition = SURVEY): Promise<DialogTurnEnd> {
  let last: DialogTurnEnd = { ...START, step: { kind: 'lost' } };
  for (const input of inputs) {
    const { progress, answers } = last;
    last = await createDialogRunner().run({ definition, progress, answers, input });
  }
  return last;
}
const stepOf = async (...inputs: DialogInput[]) => {
  const { step, answers } = await play(inputs);
  return { ...(step.kind === 'ask' ? { ...step, question: step.question.id } : step), answers };
};

test('questions come in their order, and their answers are kept in their own kinds', async () => {
  expect(await stepOf(text('yes'))).toEqual({
    kind: 'ask',
    question: 'dish',
    number: 2,
    canGoBack: true,
    answers: { hungry: 'Yes' },
  });
  expect(await stepOf(text('1'), text('Soup'), text('2,5'), text('28.11.2026'))).toEqual({
    kind: 'completed',
    answers: { hungry: 'Yes', dish: 'Soup', count: 2.5, when: '2026-11-28' },
  });
});

test('a choice leads to another question, or to the end', async () => {
  expect(await stepOf({ kind: 'choice', index: 2 })).toMatchObject({ question: 'when', number: 2 });
  expect(await stepOf(text('no'))).toEqual({ kind: 'completed', answers: { hungry: 'No' } });
});

test('what is no answer is asked once more, and says why', async () => {
  const again = { kind: 'ask', question: 'hungry', number: 1, canGoBack: false, answers: {} };
  expect(await stepOf(text('perhaps'))).toEqual({ ...again, problem: 'not_a_choice' });
  expect(await stepOf(SKIP)).toEqual({ ...again, problem: 'empty' });
  const dish = { kind: 'ask', question: 'dish', number: 2, canGoBack: true, answers: { hungry: 'Yes' } };
  expect(await stepOf(text('yes'), text('x'.repeat(10_000)))).toEqual({ ...dish, problem: 'too_long' });
  expect(await stepOf(text('yes'), text('x'.repeat(10_000)), text('Soup'))).toMatchObject({ question: 'count' });
});

test('the way back leads through branches, and drops the answers of what was left', async () => {
  expect(await stepOf(text('later'), BACK)).toEqual({
    kind: 'ask',
    question: 'hungry',
    number: 1,
    canGoBack: false,
    answers: {},
  });
  const corrected = [text('yes'), text('Soup'), SKIP, BACK, BACK, text('Rice')];
  expect(await stepOf(...corrected)).toMatchObject({ question: 'count', answers: { hungry: 'Yes', dish: 'Rice' } });
  const left = [text('yes'), text('Soup'), text('3'), BACK, BACK, BACK, text('later'), text('2026-12-01')];
  expect(await stepOf(...left)).toEqual({ kind: 'completed', answers: { hungry: 'Later', when: '2026-12-01' } });
  expect(await stepOf(BACK)).toMatchObject({ question: 'hungry', number: 1 });
});

test('a survey that is cancelled keeps what was answered', async () => {
  expect(await stepOf(CANCEL)).toEqual({ kind: 'cancelled', answers: {} });
  expect(await stepOf(text('yes'), text('Soup'), CANCEL)).toEqual({
    kind: 'cancelled',
    answers: { hungry: 'Yes', dish: 'Soup' },
  });
});

test.each([
  ['nonsense', 'nonsense'],
  ['another form', '{"form":2,"dialogStack":[]}'],
  ['a question that is not there', JSON.stringify(progressAt(['hungry', 'gone']))],
  ['an answer too few', JSON.stringify(progressAt(['hungry', 'dish'], []))],
  [
    'a dialog that is not there',
    JSON.stringify({ ...progressAt(['hungry', 'dish']), dialogStack: [{ id: 'waterfall', state: {} }] }),
  ],
])('progress that cannot be gone on with is lost, and the answers are not: %s', async (_, progress) => {
  const turn = { definition: SURVEY, progress, answers: { hungry: 'Yes' }, input: text('Soup') };
  expect(await createDialogRunner().run(turn)).toEqual({
    step: { kind: 'lost' },
    progress,
    answers: { hungry: 'Yes' },
  });
});

test('progress of this release is gone on with by the next', async () => {
  const progress = JSON.stringify(progressAt(['hungry', 'dish']));
  const turn = { definition: SURVEY, progress, answers: {}, input: text('Soup') };
  expect(await createDialogRunner().run(turn)).toMatchObject({
    step: { question: { id: 'count' } },
    answers: { hungry: 'Yes', dish: 'Soup' },
  });
});

/** As it is kept. */
function progressAt(path: readonly string[], answers: readonly unknown[] = [['hungry', 'Yes']]) {
  return {
    form: 1,
    dialogStack: [
      { id: 'survey', state: { path, answers } },
      { id: `question:${path.at(-1)}`, state: {} },
    ],
  };
}

/** The same in the simplest way: what was answered, as a list. */
class Model {
  readonly #definition: DialogDefinition;
  #trail: readonly (readonly [DialogQuestion, DialogAnswer])[] = [];
  #open: DialogQuestion | undefined;
  isCancelled = false;

  constructor(definition: DialogDefinition) {
    this.#definition = definition;
    this.#open = definition.questions[0];
  }

  get open(): DialogQuestion | undefined {
    return this.isCancelled ? undefined : this.#open;
  }

  get answers(): Readonly<Record<string, DialogAnswer>> {
    return Object.fromEntries(this.#trail.map(([{ id }, answer]) => [id, answer]));
  }

  take(input: DialogInput): void {
    const question = this.#open;
    if (!question) {
      return;
    }
    if (input.kind === 'cancel') {
      this.isCancelled = true;
    } else if (input.kind === 'back') {
      this.#open = this.#trail.at(-1)?.[0] ?? question;
      this.#trail = this.#trail.slice(0, -1);
    } else {
      const read = readAnswer(question, input);
      if (read.kind === 'answer') {
        this.#trail = [...this.#trail, [question, read.answer]];
        this.#open = questionAfter(this.#definition, question, read.answer);
      }
    }
  }
}

test('any order of answers, steps and repeats ends with the answers of a simple model', async () => {
  const input: fc.Arbitrary<DialogInput> = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom('1', '2', '3', 'c0', '2026-11-28', 'x').map(text) },
    { weight: 2, arbitrary: fc.integer({ min: 0, max: 3 }).map((index) => ({ kind: 'choice', index }) as const) },
    { weight: 2, arbitrary: fc.constantFrom(BACK, SKIP) },
    { weight: 1, arbitrary: fc.constant(CANCEL) },
  );
  const property = fc.asyncProperty(
    surveys(),
    fc.array(input, { minLength: 1, maxLength: 25 }),
    async (definition, inputs) => {
      const runner = createDialogRunner();
      const model = new Model(definition);
      let kept = START;
      for (const one of inputs) {
        model.take(one);
        const { step, ...next } = await runner.run({ definition, ...kept, input: one });
        expect(next.answers).toEqual(model.answers);
        expect(step.kind === 'ask' ? step.question.id : step.kind).toBe(
          model.open?.id ?? (model.isCancelled ? 'cancelled' : 'completed'),
        );
        if (step.kind !== 'ask') {
          return;
        }
        expect([step.number, step.canGoBack]).toEqual([Object.keys(model.answers).length + 1, step.number > 1]);
        kept = JSON.parse(JSON.stringify(next));
      }
    },
  );
  await fc.assert(property, { numRuns: 1_000 });
});

/** Surveys whose choices lead anywhere below, or to the end. */
function surveys(): fc.Arbitrary<DialogDefinition> {
  const kind = fc.constantFrom('text' as const, 'choice' as const, 'number' as const, 'date' as const);
  const one = fc.record({ kind, isOptional: fc.boolean(), jumps: fc.array(fc.nat(8), { minLength: 3, maxLength: 3 }) });
  return fc.array(one, { minLength: 1, maxLength: 8 }).map((list) => ({
    title: 'Any',
    timeoutMs: 1,
    questions: list.map(({ jumps, ...question }, at) => {
      const ids = jumps.map((jump) => (at + 1 + jump < list.length ? `q${at + 1 + jump}` : 'end'));
      const next = Object.fromEntries(ids.map((id, index) => [`c${index}`, id]));
      const asked = { ...question, id: `q${at}`, text: 'Now?' };
      return question.kind === 'choice' ? { ...asked, choices: ['c0', 'c1', 'c2'], next } : asked;
    }),
  }));
}
