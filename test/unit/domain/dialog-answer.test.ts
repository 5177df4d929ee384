// What is taken as an answer, and where it leads.

import fc from 'fast-check';
import type { DialogDefinition, DialogQuestion } from '../../../src/domain/dialog.ts';
import { type AnswerInput, questionAfter, readAnswer } from '../../../src/domain/dialog-answer.ts';

const TEXT: DialogQuestion = { id: 'why', kind: 'text', text: 'Why?' };
const CHOICE: DialogQuestion = { id: 'size', kind: 'choice', text: 'Which?', choices: ['Small', 'Very Large', '10'] };
const NUMBER: DialogQuestion = { id: 'age', kind: 'number', text: 'How many?' };
const DATE: DialogQuestion = { id: 'day', kind: 'date', text: 'When?' };

const written = (question: DialogQuestion, text: string) => {
  const read = readAnswer(question, { kind: 'text', text });
  return read.kind === 'answer' ? read.answer : { problem: read.problem };
};

test.each([
  ['small', 'Small'],
  ['  VERY   large ', 'Very Large'],
  ['Small!', 'Small'],
  ['1', 'Small'],
  ['#2', 'Very Large'],
  ['2.', 'Very Large'],
  ['٢', 'Very Large'],
  ['２', 'Very Large'],
  // The words of a choice come before its number.
  ['10', '10'],
  ['0', { problem: 'not_a_choice' }],
  ['4', { problem: 'not_a_choice' }],
  ['larg', { problem: 'not_a_choice' }],
  ['__proto__', { problem: 'not_a_choice' }],
  [' ', { problem: 'empty' }],
])('a choice is written as "%s"', (text, expected) => {
  expect(written(CHOICE, text)).toEqual(expected);
});

test.each([
  [0, 'Small'],
  [2, '10'],
  [3, { problem: 'not_a_choice' }],
])('a choice is pressed by its index %d', (index, expected) => {
  const read = readAnswer(CHOICE, { kind: 'choice', index });
  expect(read.kind === 'answer' ? read.answer : { problem: read.problem }).toEqual(expected);
  expect(readAnswer(TEXT, { kind: 'choice', index })).toEqual({ kind: 'problem', problem: 'not_a_choice' });
});

test.each([
  ['7', 7],
  ['-7.5', -7.5],
  ['7,5', 7.5],
  ['+7', 7],
  [',5', 0.5],
  ['−3', -3],
  ['٧٫٥', 7.5],
  ['0,125', 0.125],
  ['-0', 0],
  ['12,3456', 12.3456],
  // A thousand for some, one for others.
  ['1,000', { problem: 'not_a_number' }],
  ['1.000,5', { problem: 'not_a_number' }],
  ['seven', { problem: 'not_a_number' }],
  ['7 apples', { problem: 'not_a_number' }],
  ['1e9', { problem: 'not_a_number' }],
  ['0x10', { problem: 'not_a_number' }],
  ['Infinity', { problem: 'not_a_number' }],
  ['9'.repeat(400), { problem: 'not_a_number' }],
])('a number is written as "%s"', (text, expected) => {
  expect(written(NUMBER, text)).toEqual(expected);
});

test('a number keeps to its bounds, which belong to it', () => {
  const bounded = { ...NUMBER, min: 1, max: 10 };
  expect(['1', '10', '0,9', '11', '-5'].map((text) => written(bounded, text))).toEqual([
    1,
    10,
    { problem: 'out_of_range' },
    { problem: 'out_of_range' },
    { problem: 'out_of_range' },
  ]);
});

test.each([
  ['2026-11-28', '2026-11-28'],
  ['2026-1-2', '2026-01-02'],
  ['2026/11/28', '2026-11-28'],
  ['28.11.2026', '2026-11-28'],
  ['2. 1. 2026', '2026-01-02'],
  ['2026年11月28日', '2026-11-28'],
  ['٢٠٢٦-١١-٢٨', '2026-11-28'],
  ['2024-02-29', '2024-02-29'],
  ['2026-02-29', { problem: 'not_a_date' }],
  ['2026-13-01', { problem: 'not_a_date' }],
  // Nobody can know which is the month.
  ['03/04/2026', { problem: 'not_a_date' }],
  ['tomorrow', { problem: 'not_a_date' }],
  ['2026-11-28T10:00', { problem: 'not_a_date' }],
])('a date is written as "%s"', (text, expected) => {
  expect(written(DATE, text)).toEqual(expected);
});

test('a text is kept as it was written, but for what is invisible, and may not be too long', () => {
  expect(written(TEXT, '  a\u0007 *b*\nc ')).toBe('a *b*\nc');
  expect(written(TEXT, '\u0000\u0001')).toEqual({ problem: 'empty' });
  expect(written(TEXT, 'a'.repeat(2_000))).toBe('a'.repeat(2_000));
  expect(written(TEXT, 'a'.repeat(10_000))).toEqual({ problem: 'too_long' });
  expect(written({ ...TEXT, maxLength: 3 }, 'abcd')).toEqual({ problem: 'too_long' });
});

test('only what may be left out can be left out, by a step or by an input that is left empty', () => {
  const leavingOut: readonly AnswerInput[] = [{ kind: 'skip' }, { kind: 'entered', text: ' ' }];
  for (const input of leavingOut) {
    expect(readAnswer({ ...DATE, isOptional: true }, input)).toEqual({ kind: 'answer', answer: null });
    expect(readAnswer(DATE, input)).toEqual({ kind: 'problem', problem: 'empty' });
  }
  expect(written({ ...TEXT, isOptional: true }, '')).toEqual({ problem: 'empty' });
});

test('a choice leads where it says, to the end, or to the question below', () => {
  const size: DialogQuestion = { ...CHOICE, next: { Small: 'end', 'Very Large': 'day' } };
  const definition: DialogDefinition = { title: 'Sizes', questions: [size, NUMBER, DATE], timeoutMs: 1 };
  const after = (answer: string | null) => questionAfter(definition, size, answer)?.id;
  expect([after('Small'), after('Very Large'), after('10'), after(null)]).toEqual([undefined, 'day', 'age', 'age']);
  expect(questionAfter(definition, DATE, '2026-11-28')).toBeUndefined();
});

test('whatever is written gives an answer that fits the question, or a problem', () => {
  const question = fc.constantFrom(TEXT, CHOICE, { ...NUMBER, min: -5, max: 500 }, DATE);
  const digits = fc.stringMatching(/^[-+#]?\d{0,4}[.,/ -]?\d{0,4}[.-]?\d{0,4}$/);
  const text = fc.oneof(fc.string({ unit: 'binary' }), digits, fc.constantFrom('small', '２', '2026-02-28'));
  const kind = fc.constantFrom('text' as const, 'entered' as const);
  const property = fc.property(question, text, kind, (asked, entered, way) => {
    const read = readAnswer(asked, { kind: way, text: entered });
    if (read.kind === 'problem') {
      return;
    }
    const { answer } = read;
    switch (asked.kind) {
      case 'text':
        expect(String(answer).trim()).not.toBe('');
        break;
      case 'choice':
        expect(asked.choices).toContain(answer);
        break;
      case 'number':
        expect(Number(answer)).toBe(answer);
        expect(Math.abs(Number(answer) - 247.5)).toBeLessThanOrEqual(252.5);
        break;
      case 'date':
        expect(new Date(`${answer}T00:00Z`).toISOString().slice(0, 10)).toBe(answer);
        break;
    }
    // What was taken is taken again as it is kept.
    expect(readAnswer(asked, { kind: 'text', text: String(answer) })).toEqual(read);
  });
  fc.assert(property, { numRuns: 10_000 });
});
