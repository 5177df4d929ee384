// What is asked, and between what one chooses, however it is written.

import fc from 'fast-check';
import { POLL_LIMITS } from '../../../src/domain/poll.ts';
import { parsePoll, startsAsPoll } from '../../../src/polls/parse-poll.ts';

const HOUR_MS = 3_600_000;
const LUNCH = { question: 'Lunch?', choices: ['Pizza', 'Sushi'] };
const PLAIN = { ...LUNCH, isSeveral: false, isAnonymous: false };

test.each([
  'poll Lunch? | Pizza | Sushi',
  'POLL Lunch?|Pizza|Sushi',
  '/poll Lunch? | Pizza | Sushi |',
  'poll: Lunch? | Pizza || Sushi',
  '  poll   Lunch?  |  Pizza |  Sushi  ',
  'poll Lunch?\nPizza\nSushi',
  'poll\nLunch?\n\n- Pizza\n- Sushi\n',
  'poll Lunch?\r\n* Pizza\r\n• Sushi',
  'poll Lunch? ｜ Pizza ｜ Sushi',
  'poll Lunch? | Pizza | Sushi | PIZZA',
  'Umfrage Lunch? | Pizza | Sushi',
  'Abstimmung: Lunch? | Pizza | Sushi',
  'encuesta Lunch? | Pizza | Sushi',
  'votación Lunch? | Pizza | Sushi',
  'sondage Lunch? | Pizza | Sushi',
  '投票 Lunch? | Pizza | Sushi',
  'アンケート：Lunch? | Pizza | Sushi',
  'استطلاع Lunch? | Pizza | Sushi',
  'poll Lu\u0000nch? | \u202ePizza | Sushi | \u200b | \u2800',
])('%j asks for lunch', (text) => {
  expect(startsAsPoll(text)).toBe(true);
  expect(parsePoll(text)).toEqual({ kind: 'poll', poll: PLAIN });
});

test.each([
  ['poll anonymous Lunch? | Pizza | Sushi', { isAnonymous: true }],
  ['poll Anonymous, several: Lunch? | Pizza | Sushi', { isAnonymous: true, isSeveral: true }],
  ['poll Lunch? | Pizza | Sushi | anonymous, SEVERAL', { isAnonymous: true, isSeveral: true }],
  ['poll Lunch? | Pizza | Sushi for 2h', { end: { kind: 'for', ms: 2 * HOUR_MS } }],
  ['poll for 30 minutes Lunch? | Pizza | Sushi', { end: { kind: 'for', ms: HOUR_MS / 2 } }],
  ['poll several for 1 day Lunch? | Pizza | Sushi', { isSeveral: true, end: { kind: 'for', ms: 24 * HOUR_MS } }],
  ['poll Lunch?\nPizza\nSushi\nuntil 17:00', { end: { kind: 'until', minute: 17 * 60 } }],
  ['poll Lunch? | Pizza | Sushi (until 5:30 pm)', { end: { kind: 'until', minute: 17 * 60 + 30 } }],
  ['poll anonymous until 12am\nLunch?\nPizza\nSushi', { isAnonymous: true, end: { kind: 'until', minute: 0 } }],
])('%j says how it is to be held', (text, options) => {
  expect(parsePoll(text)).toEqual({ kind: 'poll', poll: { ...PLAIN, ...options } });
});

test.each([
  ['poll Anonymous? | Yes | No', 'Anonymous?', ['Yes', 'No']],
  ['poll Anonymous | Yes | No', 'Anonymous', ['Yes', 'No']],
  ['poll How? | Named | Anonymous', 'How?', ['Named', 'Anonymous']],
  [
    'poll Until when? | until 16:00 | until 17:00 | until 18:00',
    'Until when?',
    [16, 17, 18].map((at) => `until ${at}:00`),
  ],
  ['poll Wann? | 1. April | 2. April', 'Wann?', ['1. April', '2. April']],
  ['poll How many? | for 2 | until 5', 'How many?', ['for 2', 'until 5']],
  ['poll For whom? | For us | For 2 people', 'For whom?', ['For us', 'For 2 people']],
])('%j is about such words, and is held as usual', (text, question, choices) => {
  expect(parsePoll(text)).toEqual({ kind: 'poll', poll: { ...PLAIN, question, choices } });
});

test.each([
  'poll',
  'poll Lunch?',
  'poll Lunch? | Pizza',
  'poll Lunch? | Pizza | pizza',
  'poll Lunch? | \u200b | \u202e | \u0000',
  'poll Lunch? | Pizza | Sushi until 25:00',
  'poll Lunch? | Pizza | Sushi until 13 pm',
  'poll Lunch? | Pizza | Sushi for 0h',
  'poll Lunch? | Pizza | Sushi for 9999 days',
  `poll Lunch? ${[...'abcdefghijk'].map((choice) => `| ${choice}`).join(' ')}`,
])('%j is no question with 2 to 10 choices and an end that there is', (text) => {
  expect(startsAsPoll(text)).toBe(true);
  expect(parsePoll(text)).toEqual({ kind: 'usage' });
});

test.each(['', 'help', 'polls', "poll's", 'pollution', 'a poll', 'Umfragen', 'poll_x'])(
  '%j is something else',
  (text) => {
    expect(startsAsPoll(text)).toBe(false);
  },
);

test('somebody who is mentioned is a name', () => {
  const text = 'poll Who brings <at>Ben</at>? | <at>Ana</at> | <at id="3">Clara Íñigo</at>';
  expect(parsePoll(text)).toMatchObject({ poll: { question: 'Who brings Ben?', choices: ['Ana', 'Clara Íñigo'] } });
});

test('the greatest lengths are taken, and what is longer is not', () => {
  const { maxQuestionLength, maxChoiceLength } = POLL_LIMITS;
  const poll = (question: number, choice: number) => `poll ${'q'.repeat(question)} | ${'c'.repeat(choice)} | other`;
  expect(parsePoll(poll(maxQuestionLength, maxChoiceLength))).toMatchObject({ kind: 'poll' });
  expect(parsePoll(poll(maxQuestionLength + 1, 1))).toEqual({ kind: 'tooLong', maxLength: maxQuestionLength });
  expect(parsePoll(poll(1, maxChoiceLength + 1))).toEqual({ kind: 'tooLong', maxLength: maxChoiceLength });
  expect(parsePoll(poll(10_000, 1))).toMatchObject({ kind: 'tooLong' });
});

test('whatever is written, a poll has a question, 2 to 10 different choices, and nothing invisible', () => {
  const word = fc.oneof(
    fc.constantFrom('anonymous', 'several', 'for 2h', 'until 17:00', '|', '\n', '<at>Ben</at>', '</at', '\u202e', '- '),
    fc.string({ unit: 'binary', maxLength: 12 }),
  );
  const written = fc.array(word, { maxLength: 40 }).map((words) => `poll ${words.join(' ')}`);
  fc.assert(
    fc.property(written, (text) => {
      const parsed = parsePoll(text);
      if (parsed.kind !== 'poll') {
        return;
      }
      const { question, choices } = parsed.poll;
      expect(choices.length).toBeGreaterThanOrEqual(POLL_LIMITS.minChoices);
      expect(choices.length).toBeLessThanOrEqual(POLL_LIMITS.maxChoices);
      expect(new Set(choices).size).toBe(choices.length);
      for (const part of [question, ...choices]) {
        expect(part).toMatch(/\S/);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for
        expect(part).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069|]|<\/?at\b/);
        expect(part.isWellFormed()).toBe(true);
      }
    }),
    { numRuns: 10_000 },
  );
});

test('every poll that can be asked can be written, in one line or in several', () => {
  const letters = fc.string({ unit: fc.constantFrom(...'abcxyzäé漢字'), minLength: 1, maxLength: 20 });
  const choices = fc.uniqueArray(letters, { minLength: 2, maxLength: 10 });
  const separator = fc.constantFrom('|', ' | ', '\n', '\r\n- ');
  fc.assert(
    fc.property(
      letters,
      choices,
      separator,
      fc.boolean(),
      fc.boolean(),
      (question, each, between, isAnonymous, isSeveral) => {
        const options = [...(isAnonymous ? ['anonymous'] : []), ...(isSeveral ? ['several'] : [])].join(', ');
        const text = ['poll', options, [question, ...each].join(between)].join(' ');
        expect(parsePoll(text)).toEqual({ kind: 'poll', poll: { question, choices: each, isAnonymous, isSeveral } });
      },
    ),
    { numRuns: 10_000 },
  );
});
