// Questions of a conversation that the bot began, its end, and the reminder of what nobody has answered.

import fc from 'fast-check';
import { ACKNOWLEDGE } from '../../../../src/domain/ask.ts';
import {
  DIALOG_STATES,
  type DialogAnswer,
  type DialogProblem,
  type DialogQuestion,
  type QuestionView,
} from '../../../../src/domain/dialog.ts';
import type { BotContent } from '../../../../src/domain/notification.ts';
import { CARD_UNITS, unitsOf } from '../../../../src/teams/cards/card-activity.ts';
import { buildMessage, type MessageOptions } from '../../../../src/teams/cards/message.ts';
import { writePressAnswer } from '../../../../src/teams/cards/press-answer.ts';
import {
  type CardPart,
  cardOf,
  complaintsOf,
  isInert,
  partsOf,
  pressesOf,
  textsOf,
} from '../../../support/card-library.ts';
import { hostileText } from '../../../support/hostile-text.ts';

const LOCALES = ['en-US', 'de-DE', 'es-ES', 'fr-FR', 'ja-JP', 'ar-SA'] as const;
const PROBLEMS: readonly DialogProblem[] = [
  ...(['not_a_choice', 'not_a_number', 'out_of_range', 'not_a_date', 'too_long', 'empty'] as const),
];
const HOW: DialogQuestion = { id: 'how', kind: 'choice', text: 'How was it?', choices: ['Good', 'Bad'] };

const viewOf = (question: Partial<DialogQuestion>, rest: Partial<QuestionView> = {}): QuestionView => ({
  ...{ dialog: 'dlg_1', title: 'First week', question: { ...HOW, ...question }, number: 2, canGoBack: true, ...rest },
});
const build = (content: BotContent, options: Partial<MessageOptions> = {}) =>
  buildMessage(content, { isReduced: false, locale: 'en-US', timeZone: 'UTC', ...options });
const cardWith = (view: QuestionView, options: Partial<MessageOptions> = {}) =>
  cardOf(build({ kind: 'question', view }, options));

describe('a question', () => {
  test('says of what it is, which it is, and what is asked', () => {
    const message = build({ kind: 'question', view: viewOf({}) });
    expect(message.summary).toBe('How was it?');
    expect(textsOf(cardOf(message))).toEqual(['First week · Question 2', 'How was it?']);
  });

  test('with few choices has a button for each, above the steps', () => {
    const press = { bellhop: 'answer', dialog: 'dlg_1', question: 'how' };
    const card = cardWith(viewOf({ isOptional: true }));
    expect(pressesOf(card)).toEqual([
      ['Good', { ...press, choice: 0 }],
      ['Bad', { ...press, choice: 1 }],
      ['Back', { ...press, choice: 'back' }],
      ['Skip', { ...press, choice: 'skip' }],
      ['Cancel', { ...press, choice: 'cancel' }],
    ]);
    expect(partsOf(card, 'ActionSet')).toHaveLength(1);
  });

  test.each([
    ['the first', false, false, ['Cancel']],
    ['one that has to be answered', true, false, ['Back', 'Cancel']],
    ['one that may be left out', false, true, ['Skip', 'Cancel']],
  ])('%s offers the steps that there are', (_which, canGoBack, isOptional, steps) => {
    const presses = pressesOf(cardWith(viewOf({ kind: 'text', isOptional }, { canGoBack })));
    expect(presses.map(([title]) => title)).toEqual(['Send', ...steps]);
  });

  test('with many choices has a list, and sends the words of the choice', () => {
    const choices = ['1', '2', '3', '4', '5', '6'];
    const card = cardWith(viewOf({ choices }));
    expect(partsOf(card, 'Input.ChoiceSet')[0]).toMatchObject({
      ...{ id: 'bellhop-input', choices: choices.map((choice) => ({ title: choice, value: choice })) },
    });
    expect(pressesOf(card)[0]).toEqual(['Send', { bellhop: 'answer', dialog: 'dlg_1', question: 'how' }]);
  });

  test('for a text, a number or a date has a field, which nobody has to fill in to go back', () => {
    const fieldOf = (question: Partial<DialogQuestion>, type: string) =>
      partsOf(cardWith(viewOf(question)), `Input.${type}`)[0];
    expect(fieldOf({ kind: 'text', maxLength: 80 }, 'Text')).toMatchObject({
      maxLength: 80,
      label: 'Write something.',
    });
    expect(fieldOf({ kind: 'number', min: 1, max: 10 }, 'Number')).toMatchObject({
      min: 1,
      max: 10,
      label: 'From 1 to 10',
    });
    expect(fieldOf({ kind: 'number', min: 0 }, 'Number')).toMatchObject({ min: 0, label: 'At least 0' });
    expect(fieldOf({ kind: 'date' }, 'Date')).toMatchObject({ id: 'bellhop-input', label: 'Choose a date.' });
    for (const kind of ['text', 'number', 'date'] as const) {
      expect(JSON.stringify(cardWith(viewOf({ kind })))).not.toContain('isRequired');
    }
  });

  test.each([
    ['not_a_choice', '⚠️ That is none of the answers. Choose one of them.'],
    ['not_a_number', '⚠️ That is not a number. Write it in digits.'],
    ['out_of_range', '⚠️ That number is too small or too large. From 1 to 10'],
    ['not_a_date', '⚠️ That is not a date. Write it like this: 2026-12-31.'],
    ['too_long', '⚠️ That is too long for me: I read at most 2,000 characters.'],
    ['empty', '⚠️ This question needs an answer.'],
  ] as const)('that is asked once more says why: %s', (problem, sentence) => {
    const card = cardWith(viewOf({ kind: 'number', min: 1, max: 10 }, { problem }));
    expect(textsOf(card).map((text) => text.replaceAll('\\', ''))).toContain(sentence);
  });

  test('takes the place of the one that was answered', () => {
    const { value } = writePressAnswer({ kind: 'question', view: viewOf({}) }, { locale: 'ja-JP' });
    expect(textsOf(Object(value))[0]).toBe('First week · 質問 2');
  });
});

describe('a question that was answered', () => {
  const answered = (question: Partial<DialogQuestion>, answer?: DialogAnswer, locale = 'en-US') => {
    const view = { title: 'First *week*', question: { ...HOW, ...question }, ...(answer !== undefined && { answer }) };
    return writePressAnswer({ kind: 'answered', view }, { locale }).value as CardPart;
  };

  test('can be read with its answer, and not be pressed any more', () => {
    const card = answered({}, 'Good');
    expect(textsOf(card)).toEqual(['First \\*week\\*', 'How was it?', '✅ Good']);
    expect(pressesOf(card)).toEqual([]);
    expect(complaintsOf(card)).toEqual([]);
  });

  test.each([
    ['a text, as it was written', 'Tomato *soup*', 'en-US', '✅ Tomato \\*soup\\*'],
    ['a number, as the reader writes it', 1_234.5, 'de-DE', '✅ 1.234,5'],
    ['a fraction, whole', 0.0005, 'en-US', '✅ 0.0005'],
    ['a date', '2026-11-28', 'en-US', '✅ 2026-11-28'],
  ])('shows %s', (_what, answer, locale, line) => {
    expect(
      textsOf(answered({ kind: 'text' }, answer, locale))
        .at(-1)
        ?.replace(/\\(?=[-.])/g, ''),
    ).toBe(line);
  });

  test.each([[undefined], [null]])('has no line for an answer that is %s', (answer) => {
    expect(textsOf(answered({}, answer))).toEqual(['First \\*week\\*', 'How was it?']);
  });
});

describe('the end of a dialog', () => {
  const ended = (state: (typeof DIALOG_STATES)[number], thanks?: string) =>
    build({ kind: 'dialogEnd', title: 'First week', state, ...(thanks !== undefined && { thanks }) });

  test('thanks in the words of who asked, but only who came to its end', () => {
    expect(textsOf(cardOf(ended('completed', 'Thanks, *Ben*')))).toEqual(['First week', 'Thanks, \\*Ben\\*']);
    expect(ended('completed').summary).toBe('Thank you, that was all.');
    expect(ended('cancelled', 'Thanks').summary).toBe('Cancelled: you are asked no more questions.');
    expect(ended('timed_out', 'Thanks').summary).toBe('The time to answer is over.');
    expect(ended('failed').summary).toMatch(/^Something went wrong/);
  });
});

describe('a reminder', () => {
  const reminder: BotContent = {
    ...{ kind: 'reminder', notification: 'ntf_1', title: 'Order 12', source: 'erp' },
    ask: { canAcknowledge: true, actions: [{ id: 'approve', title: 'Approve', needed: 2 }] },
  };

  test('says what nobody has answered yet, and has the same buttons', () => {
    const message = build(reminder);
    expect(message.summary).toBe('🔔 Reminder: nobody has answered yet. Order 12');
    expect(textsOf(cardOf(message))).toEqual([
      ...['🔔 Reminder: nobody has answered yet.', 'Order 12', 'Approve: 0 of 2', 'From erp'],
    ]);
    expect(pressesOf(cardOf(message)).map(([, press]) => press)).toEqual([
      { bellhop: 'respond', notification: 'ntf_1', action: ACKNOWLEDGE },
      { bellhop: 'respond', notification: 'ntf_1', action: 'approve' },
    ]);
  });

  test('that was answered says so instead', () => {
    const asked = { responses: [{ name: 'Ana', action: ACKNOWLEDGE, atMs: 0 }], more: 0, own: [ACKNOWLEDGE] };
    const card = cardOf(build(reminder, { asked }));
    expect(textsOf(card)).toContain('You acknowledged this.');
    expect(textsOf(card).join()).not.toContain('Reminder');
    expect(pressesOf(card).map(([title]) => title)).toEqual(['Approve']);
  });

  test.each(['\\', '"', '*', 'م', '😀'])(
    'of the longest texts, all %s, is within its limit, and can be pressed',
    (letter) => {
      const long = (length: number) => letter.repeat(length / letter.length);
      const reminderOf = (labelLength: number): BotContent => ({
        ...{ kind: 'reminder', notification: 'ntf_01KB3T5XGQ0000000000000000', title: long(256), source: long(64) },
        ask: {
          canAcknowledge: true,
          actions: ['a', 'b', 'c'].map((id) => ({
            ...{ id, title: id, needed: 2 },
            input: { kind: 'text', label: long(labelLength), isRequired: false },
          })),
        },
      });
      // Whatever its buttons take: all of the room, or much less than all.
      for (let labelLength = 2; labelLength <= 128; labelLength += 2) {
        for (const locale of LOCALES) {
          for (const isReduced of [false, true]) {
            const message = build(reminderOf(labelLength), { locale, isReduced });
            expect(unitsOf(message)).toBeLessThanOrEqual(isReduced ? CARD_UNITS.reduced : CARD_UNITS.full);
            expect(pressesOf(cardOf(message))).not.toEqual([]);
          }
        }
      }
    },
  );
});

test('whatever is asked, each of these cards is within its limit, valid, and has at most six actions', () => {
  const anyQuestion = fc.record(
    {
      id: fc.constant('q'),
      kind: fc.constantFrom('text' as const, 'choice' as const, 'number' as const, 'date' as const),
      text: hostileText(1_024),
      choices: fc.array(hostileText(128), { minLength: 1, maxLength: 60 }),
      isOptional: fc.boolean(),
      min: fc.integer(),
      max: fc.integer(),
    },
    { requiredKeys: ['id', 'kind', 'text', 'choices'] },
  );
  const anyContent: fc.Arbitrary<BotContent> = fc.oneof(
    fc.record({
      kind: fc.constant('question' as const),
      view: fc.record(
        {
          ...{ dialog: fc.constant('dlg_1'), title: hostileText(256), question: anyQuestion, number: fc.nat() },
          ...{ canGoBack: fc.boolean(), problem: fc.constantFrom(...PROBLEMS) },
        },
        { requiredKeys: ['dialog', 'title', 'question', 'number', 'canGoBack'] },
      ),
    }),
    fc.record({
      ...{ kind: fc.constant('dialogEnd' as const), title: hostileText(256), thanks: hostileText(2_000) },
      state: fc.constantFrom(...DIALOG_STATES),
    }),
    fc.record({
      ...{ kind: fc.constant('reminder' as const), notification: fc.constant('ntf_01KB3T5XGQ0000000000000000') },
      ...{ title: hostileText(256), source: hostileText(64) },
      ask: fc.record({
        canAcknowledge: fc.constant(true),
        actions: fc.uniqueArray(
          fc.record({
            ...{ id: fc.uuid(), title: hostileText(40), needed: fc.constant(2) },
            input: fc.record({ kind: fc.constant('text' as const), label: hostileText(128), isRequired: fc.boolean() }),
          }),
          { maxLength: 4, selector: ({ id }) => id },
        ),
      }),
    }),
  );
  const anyReader = fc.record({ locale: fc.constantFrom(...LOCALES), isReduced: fc.boolean() });
  fc.assert(
    fc.property(anyContent, anyReader, (content, { locale, isReduced }) => {
      const message = build(content, { locale, isReduced });
      expect(unitsOf(message)).toBeLessThanOrEqual(isReduced ? CARD_UNITS.reduced : CARD_UNITS.full);
      const card = cardOf(message);
      expect(complaintsOf(card)).toEqual([]);
      expect(pressesOf(card).length).toBeLessThanOrEqual(6);
      expect(JSON.stringify(card)).not.toMatch(/undefined|NaN|\[object/);
      for (const text of textsOf(card)) {
        expect(isInert(text) ? '' : text).toBe('');
      }
      expect(message.summary).not.toMatch(/\p{Cc}|\u202e|\{\{/u);
    }),
    { numRuns: 400 },
  );
}, 120_000);
