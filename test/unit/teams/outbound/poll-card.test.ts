// Polls: what one chooses from, what one chose, and the result as bars and as text.

import fc from 'fast-check';
import { POLL_LIMITS, type Poll, type PollView } from '../../../../src/domain/poll.ts';
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
const NOON_MS = Date.UTC(2026, 10, 28, 12);
const ID = 'pol_01KB3T5XGQ0000000000000000';
const LUNCH: Poll = {
  ...{ question: 'Lunch?', choices: ['Sushi', 'Pizza', 'Salad'], isSeveral: false, isAnonymous: false },
};
const RESULT = { counts: [5, 3, 0], voters: 8, isClosed: false };

const build = (view: Omit<PollView, 'id'>, options: Partial<MessageOptions> = {}) =>
  buildMessage(
    { kind: 'poll', view: { id: ID, ...view } },
    {
      ...{ isReduced: false, locale: 'en-US', timeZone: 'UTC', ...options },
    },
  );
const cardWith = (view: Omit<PollView, 'id'>, options: Partial<MessageOptions> = {}) => cardOf(build(view, options));
const linesOf = (view: Omit<PollView, 'id'>, options: Partial<MessageOptions> = {}) =>
  textsOf(cardWith(view, options)).map((text) => text.replaceAll(/[\u00a0\u202f]/g, ' '));

describe('to vote', () => {
  test('is one press, and the own choice is marked and can be changed', () => {
    const card = cardWith({ poll: LUNCH, own: [1] });
    expect(pressesOf(card)).toEqual([
      ['Sushi', { bellhop: 'vote', poll: ID, choice: 0 }],
      ['✓ Pizza', { bellhop: 'vote', poll: ID, choice: 1 }],
      ['Salad', { bellhop: 'vote', poll: ID, choice: 2 }],
    ]);
    expect(textsOf(card)).toContain('You chose “Pizza”. You can change it.');
    expect(linesOf({ poll: LUNCH }).join()).not.toContain('You chose');
  });

  test.each([
    ['more than five choices', ['1', '2', '3', '4', '5', '6'], false],
    ['a choice that no button shows whole', ['x'.repeat(41), 'y'], false],
    ['several that may be chosen', ['1', '2'], true],
  ])('is a list and one button for %s', (_why, choices, isSeveral) => {
    const card = cardWith({ poll: { ...LUNCH, choices, isSeveral } });
    const [list, ...others] = partsOf(card, 'Input.ChoiceSet');
    expect(others).toEqual([]);
    expect(list).toMatchObject({ id: 'bellhop-input', style: 'expanded', wrap: true, isRequired: true });
    expect(list?.['isMultiSelect']).toBe(isSeveral ? true : undefined);
    expect(list?.['choices']).toEqual(choices.map((title, at) => ({ title, value: String(at) })));
    expect(pressesOf(card)).toEqual([['Vote', { bellhop: 'vote', poll: ID }]]);
  });

  test('again begins with what was chosen', () => {
    const card = cardWith({ poll: { ...LUNCH, isSeveral: true }, own: [0, 2] });
    expect(partsOf(card, 'Input.ChoiceSet')[0]?.['value']).toBe('0,2');
    expect(pressesOf(card)[0]?.[0]).toBe('Change vote');
    expect(textsOf(card)).toContain('You chose “Sushi” and “Salad”. You can change it.');
  });

  test('says before whether it is anonymous, and until when it is open', () => {
    expect(linesOf({ poll: { ...LUNCH, isAnonymous: true, closesAtMs: NOON_MS } })).toEqual([
      'Lunch?',
      'Anonymous: your vote counts, but nobody is told what you chose.',
      'Open until Sat, Nov 28, 2026, 12:00 PM UTC',
    ]);
    expect(linesOf({ poll: LUNCH })).toEqual(['Lunch?']);
  });
});

describe('the result', () => {
  const widthsOf = (card: CardPart) =>
    partsOf(card, 'ColumnSet').map((row) => partsOf(row, 'Column').map(({ width }) => width));

  test('is told in words, and drawn in boxes as wide as the parts are large', () => {
    const card = cardWith({ poll: LUNCH, result: RESULT, isResult: true });
    expect(textsOf(card)).toEqual([
      ...['Result so far', 'Lunch?', 'Sushi: 5 of 8 (63%)', 'Pizza: 3 of 8 (38%)', 'Salad: 0 of 8 (0%)'],
      '8 people have voted',
    ]);
    expect(widthsOf(card)).toEqual([[5, 3], [3, 5], [8]]);
    expect(pressesOf(card)).toEqual([['Close poll', { bellhop: 'closePoll', poll: ID }]]);
  });

  test('has the numbers of its reader', () => {
    const linesIn = (locale: string) => linesOf({ poll: LUNCH, result: RESULT }, { locale });
    expect(linesIn('de-DE')).toContain('Sushi: 5 von 8 (63 %)');
    expect(linesIn('ar-SA').find((text) => text.includes('Sushi'))).toMatch(/٥ من ٨ \(٦٣٪/);
  });

  test('at the end has no buttons, and shows what came first and what the reader chose', () => {
    const card = cardWith({ poll: { ...LUNCH, closesAtMs: NOON_MS }, own: [1], result: { ...RESULT, isClosed: true } });
    expect(pressesOf(card)).toEqual([]);
    expect(textsOf(card)).toEqual(
      expect.arrayContaining(['Final result', '✓ Pizza: 3 of 8 (38%)', 'You chose “Pizza”.']),
    );
    expect(textsOf(card).join()).not.toMatch(/Open until|change/);
    expect(
      partsOf(card, 'Container')
        .map(({ style }) => style)
        .filter(Boolean),
    ).toEqual([...['good', 'emphasis', 'accent', 'emphasis', 'emphasis']]);
  });

  test('of nobody has neither numbers nor bars', () => {
    const card = cardWith({ poll: LUNCH, isResult: true, result: { counts: [0, 0, 0], voters: 0, isClosed: false } });
    expect(textsOf(card)).toEqual(['Result so far', 'Lunch?', 'Sushi', 'Pizza', 'Salad', 'Nobody has voted yet.']);
    expect(partsOf(card, 'ColumnSet')).toEqual([]);
  });

  test('is not told while too few have voted in secret', () => {
    const result = { counts: [], voters: 2, isClosed: false };
    const lines = linesOf({ poll: { ...LUNCH, isAnonymous: true }, isResult: true, result });
    expect(lines.slice(-2)).toEqual([
      '2 people have voted',
      'Too few have voted to show the result without telling who chose what.',
    ]);
    expect(lines.join()).not.toContain('Sushi');
  });
});

test('a card that many read is refreshed for those who have voted', () => {
  expect(cardWith({ poll: LUNCH }, { refreshFor: ['29:a'] })['refresh']).toEqual({
    action: { type: 'Action.Execute', verb: 'bellhop', data: { bellhop: 'refreshPoll', poll: ID } },
    userIds: ['29:a'],
  });
});

test('who votes gets the poll as they see it now', () => {
  const { type, value } = writePressAnswer({ kind: 'poll', view: { id: ID, poll: LUNCH, own: [0] } }, { locale: 'fr' });
  expect(type).toBe('application/vnd.microsoft.card.adaptive');
  expect(textsOf(Object(value))).toContain('Vous avez choisi «\u00a0Sushi\u00a0». Vous pouvez changer d’avis.');
});

test('a poll in Arabic runs from right to left, its bars as well', () => {
  const poll = { ...LUNCH, question: 'الغداء؟', choices: ['سوشي', 'بيتزا'] };
  expect(cardWith({ poll, result: { ...RESULT, counts: [5, 3] } })['rtl']).toBe(true);
  expect(cardWith({ poll: LUNCH }, { locale: 'ar-SA' })['rtl']).toBe(false);
});

test('whatever is asked and chosen, the card is within its limit, valid, and has at most six actions', () => {
  const { maxChoices, maxChoiceLength, maxQuestionLength, minChoices } = POLL_LIMITS;
  const anyPoll: fc.Arbitrary<Poll> = fc.record(
    {
      question: hostileText(maxQuestionLength),
      choices: fc.array(hostileText(maxChoiceLength), { minLength: minChoices, maxLength: maxChoices }),
      isSeveral: fc.boolean(),
      isAnonymous: fc.boolean(),
      closesAtMs: fc.constant(NOON_MS),
    },
    { requiredKeys: ['question', 'choices', 'isSeveral', 'isAnonymous'] },
  );
  const anyView: fc.Arbitrary<Omit<PollView, 'id'>> = fc.record(
    {
      poll: anyPoll,
      own: fc.subarray([0, 1, 2, 9]),
      result: fc.record({
        counts: fc.array(fc.nat({ max: 10_000 }), { maxLength: 10 }),
        voters: fc.nat({ max: 10_000 }),
        isClosed: fc.boolean(),
      }),
      isResult: fc.constant(true as const),
    },
    { requiredKeys: ['poll'] },
  );
  const anyReader = fc.record({ locale: fc.constantFrom(...LOCALES), isReduced: fc.boolean() });
  const refreshFor = Array.from({ length: 60 }, () => `29:${'x'.repeat(88)}`);
  fc.assert(
    fc.property(anyView, anyReader, (view, { locale, isReduced }) => {
      const message = build(view, { locale, isReduced, refreshFor });
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
