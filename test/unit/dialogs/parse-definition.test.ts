// Reading surveys: what is right is kept as it is, and all that is wrong is told with its place.

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { findDefinitionFaults, parseDefinition, toDefinition } from '../../../src/dialogs/parse-definition.ts';
import { DIALOG_LIMITS as LIMITS } from '../../../src/domain/dialog.ts';
import { definitions, RUNS, waysThrough } from './definitions.ts';

type Json = Record<string, unknown>;

const survey = (...questions: readonly Json[]): Json => ({ title: 'Lunch', questions });
const text = (id: string, more: Json = {}): Json => ({ id, kind: 'text', text: 'How was it?', ...more });
const choice = (id: string, more: Json = {}): Json => ({
  ...{ id, kind: 'choice', text: 'Was it good?', choices: ['Yes', 'No'] },
  ...more,
});
const faultsOf = (json: unknown) => findDefinitionFaults(json, '').map(({ pointer }) => pointer);

describe('a survey that is right', () => {
  test('is kept as it was written', () => {
    const written = {
      ...survey(
        choice('good', { next: { No: 'why', Yes: 'end' } }),
        text('why', { maxLength: 200, isOptional: true }),
        { id: 'stars', kind: 'number', text: 'How many stars?', min: 1, max: 5 },
        { id: 'next', kind: 'date', text: 'When do you come again?' },
      ),
      thanks: 'Thank you.',
      timeout: 'PT2H',
    };
    expect(parseDefinition(written)).toEqual(written);
    expect(toDefinition(parseDefinition(written))).toMatchObject({ title: 'Lunch', timeoutMs: 7_200_000 });
  });

  test('is the one that the page about dialogs shows', () => {
    const page = readFileSync(new URL('../../../docs/dialogs.md', import.meta.url), 'utf8');
    const [, json = ''] = /```json\n(.*?)```/s.exec(page) ?? [];
    expect(parseDefinition(JSON.parse(json))).toMatchObject({ title: 'Your first week' });
  });

  test('is answered within three days when it does not say for how long', () => {
    expect(toDefinition(parseDefinition(survey(text('a')))).timeoutMs).toBe(3 * 24 * 3_600_000);
  });

  test('is one whatever its questions are, and every way through it ends', () => {
    fc.assert(
      fc.property(definitions, fc.array(fc.nat({ max: 9 }), { minLength: 40, maxLength: 40 }), (json, turns) => {
        const written = parseDefinition(json);
        expect(written).toEqual(json);
        expect(waysThrough(toDefinition(written), turns)).toBeLessThanOrEqual(LIMITS.maxQuestions);
      }),
      { numRuns: RUNS },
    );
  });
});

describe('what is wrong with a survey', () => {
  test.each<[string, unknown, readonly string[]]>([
    ['no object', 'Lunch', ['']],
    ['nothing in it', {}, ['/title', '/questions']],
    ['no questions', survey(), ['/questions']],
    ['too many questions', survey(...Array.from({ length: 31 }, (_, at) => text(`q${at}`))), ['/questions']],
    ['a field that no survey has', { ...survey(text('a')), colour: 'red' }, ['/colour']],
    ['a kind that there is not', survey({ ...text('a'), kind: 'photo' }), ['/questions/0/kind']],
    ['a field of another kind', survey(text('a', { choices: ['x', 'y'] })), ['/questions/0/choices']],
    ['an id twice', survey(text('a'), text('b'), text('a')), ['/questions/2/id']],
    ['the end as an id', survey(text('end')), ['/questions/0/id']],
    ['an id with a blank', survey(text('a b')), ['/questions/0/id']],
    ['one choice', survey(choice('a', { choices: ['Yes'] })), ['/questions/0/choices']],
    ['a choice twice, in another case', survey(choice('a', { choices: ['Yes', 'yes'] })), ['/questions/0/choices/1']],
    ['a choice with blanks', survey(choice('a', { choices: ['Yes', ' No'] })), ['/questions/0/choices/1']],
    ['a branch of no choice', survey(choice('a', { next: { Maybe: 'end' } })), ['/questions/0/next/Maybe']],
    ['a branch to nowhere', survey(choice('a', { next: { Yes: 'b' } })), ['/questions/0/next/Yes']],
    ['a branch to itself', survey(choice('a', { next: { Yes: 'a' } })), ['/questions/0/next/Yes']],
    ['a way back', survey(text('a'), choice('b', { next: { Yes: 'a' } })), ['/questions/1/next/Yes']],
    ['bounds the wrong way', survey({ id: 'n', kind: 'number', text: 'n', min: 2, max: 1 }), ['/questions/0/max']],
    ['a bound that is no number', survey({ id: 'n', kind: 'number', text: 'n', min: '1' }), ['/questions/0/min']],
    ['no room for an answer', survey(text('a', { maxLength: 0 })), ['/questions/0/maxLength']],
    ['too much room', survey(text('a', { maxLength: 2_001 })), ['/questions/0/maxLength']],
    ['too short a time', { ...survey(text('a')), timeout: 'PT59S' }, ['/timeout']],
    ['too long a time', { ...survey(text('a')), timeout: 'P31D' }, ['/timeout']],
    ['no time', { ...survey(text('a')), timeout: 'soon' }, ['/timeout']],
    ['a lone surrogate', survey(text('a', { text: '\ud800' })), ['/questions/0/text']],
  ])('%s', (_what, json, pointers) => {
    expect(faultsOf(json)).toEqual(pointers);
  });

  test('is told all at once, in its form and in its order', () => {
    const json = { ...survey(text('a', { text: '' }), choice('a', { next: { Yes: 'z' } })), timeout: 'x' };
    expect(faultsOf(json)).toEqual(['/questions/0/text', '/timeout', '/questions/1/id', '/questions/1/next/Yes']);
    expect(() => parseDefinition(json)).toThrow('The dialog has 4 faults');
  });

  test('names the fields of its own kind to whoever has another', () => {
    const [fault] = findDefinitionFaults(survey(text('a', { smallest: 1 })), '');
    expect(fault?.detail).toBe('Unknown field. Known are id, text, isOptional, kind, maxLength');
  });

  test('is told with its place in the request', () => {
    expect(findDefinitionFaults({}, '/definition')[0]?.pointer).toBe('/definition/title');
  });

  test('is never taken for right, wherever a way back is put', () => {
    fc.assert(
      fc.property(definitions, fc.nat(), (json, turn) => {
        const questions = json.questions.map((question) => ({ ...question }));
        const at = turn % questions.length;
        const target = questions[turn % (at + 1)]?.id ?? '';
        const back = { id: `q${at}`, kind: 'choice' as const, text: 'Again?', choices: ['Yes', 'No'] };
        const wrong = { ...json, questions: questions.with(at, { ...back, next: { Yes: target } }) };
        expect(faultsOf(wrong)).toContain(`/questions/${at}/next/Yes`);
      }),
      { numRuns: RUNS },
    );
  });

  test('is told of anything that can be sent, and nothing else is thrown', () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.record({ title: fc.string(), questions: fc.jsonValue() })), (json) => {
        expect(faultsOf(json).length).toBeGreaterThan(0);
      }),
      { numRuns: RUNS },
    );
  });
});
