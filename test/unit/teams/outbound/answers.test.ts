// What the bot answers to what people write and press, in every language.

import fc from 'fast-check';
import type { BotAnswer } from '../../../../src/domain/bot-answer.ts';
import { buildAnswerCard } from '../../../../src/teams/cards/answer-card.ts';
import { CARD_UNITS } from '../../../../src/teams/cards/card-activity.ts';
import { buildMessage } from '../../../../src/teams/cards/message.ts';
import { writePressAnswer } from '../../../../src/teams/cards/press-answer.ts';
import { cardOf, complaintsOf, isInert, pressesOf, textsOf } from '../../../support/card-library.ts';

const LOCALES = ['en-US', 'de-DE', 'es-ES', 'fr-FR', 'ja-JP', 'ar-SA'] as const;
const NOON_MS = Date.UTC(2026, 10, 28, 12);
const NIGHT = { fromMinute: 18 * 60, toMinute: 8 * 60, withWeekends: true };
const BERLIN = { timeZone: 'Europe/Berlin', isTimeZoneKnown: true };

const why = (addressedBy: Extract<BotAnswer, { kind: 'why' }>['addressedBy']): BotAnswer => ({
  ...{ kind: 'why', title: 'Disk full', source: 'monitoring', addressedBy, sentAtMs: NOON_MS },
});

/** Every kind of answer with names of somebody's choice in it. */
function answersWith(name: string): Readonly<Record<BotAnswer['kind'], readonly BotAnswer[]>> {
  const thing = { title: name, source: name, sinceMs: NOON_MS };
  const settings = {
    ...{ isOptedOut: false, quietHours: NIGHT, digestMinute: 9 * 60, topics: [name, 'x'], ...BERLIN },
    mutes: [
      { name, untilMs: NOON_MS },
      { name: 'x', untilMs: null },
    ],
  };
  return {
    topics: [
      { kind: 'topics', topics: [] },
      {
        kind: 'topics',
        topics: [
          { name, description: name, isSubscribed: true },
          { name: 'x', description: '', isSubscribed: false },
        ],
      },
    ],
    subscribed: [{ kind: 'subscribed', topic: name }],
    unsubscribed: [{ kind: 'unsubscribed', topic: name }],
    noSuchTopic: [
      { kind: 'noSuchTopic', topic: name },
      { kind: 'noSuchTopic', topic: name, suggestion: name },
    ],
    needsName: ['subscribe', 'unsubscribe', 'mute', 'unmute', name].map((command) => ({ kind: 'needsName', command })),
    muted: [
      { kind: 'muted', name, untilMs: NOON_MS },
      { kind: 'muted', name, untilMs: null },
    ],
    unmuted: [{ kind: 'unmuted', name }],
    wasNotMuted: [{ kind: 'wasNotMuted', name }],
    tooManyMutes: [{ kind: 'tooManyMutes', max: 100 }],
    quietSet: [
      { kind: 'quietSet', quietHours: NIGHT, ...BERLIN },
      { kind: 'quietSet', quietHours: { ...NIGHT, withWeekends: false }, timeZone: name, isTimeZoneKnown: false },
    ],
    quietOff: [{ kind: 'quietOff' }],
    digestSet: [{ kind: 'digestSet', minute: 0, ...BERLIN }],
    digestOff: [{ kind: 'digestOff' }],
    badTime: [
      { kind: 'badTime', command: 'quiet' },
      { kind: 'badTime', command: 'digest' },
      { kind: 'badTime', command: 'mute' },
    ],
    settings: [
      { kind: 'settings', settings },
      {
        kind: 'settings',
        settings: {
          ...{ isOptedOut: true, mutes: [], quietHours: null, digestMinute: null, topics: [] },
          ...{ timeZone: 'UTC', isTimeZoneKnown: false },
        },
      },
    ],
    stopped: [{ kind: 'stopped' }],
    started: [{ kind: 'started' }],
    why: [
      why({ kind: 'name' }),
      why({ kind: 'everyone' }),
      why({ kind: 'team', name }),
      why({ kind: 'topic', name }),
      { ...why({ kind: 'mention', name }), title: name, source: name } as BotAnswer,
    ],
    nothingSent: [{ kind: 'nothingSent' }],
    inbox: [
      { kind: 'inbox', things: [], more: 0 },
      { kind: 'inbox', things: [thing], more: 7 },
    ],
    forgetConfirm: [{ kind: 'forgetConfirm' }],
    forgotten: [{ kind: 'forgotten' }],
    notUnderstood: [{ kind: 'notUnderstood' }, { kind: 'notUnderstood', suggestion: name }],
    tooLong: [{ kind: 'tooLong', maxLength: 1_000 }],
    unknownPerson: [{ kind: 'unknownPerson' }],
    notYours: [{ kind: 'notYours' }],
    alreadyDone: [{ kind: 'alreadyDone' }],
    seeBelow: [{ kind: 'seeBelow' }],
    tellUsage: [{ kind: 'tellUsage' }],
    tellLimit: [{ kind: 'tellLimit', perHour: 10 }],
    pollLimit: [{ kind: 'pollLimit', perHour: 10 }],
    pollNotAnonymous: [{ kind: 'pollNotAnonymous' }],
    tellResult: [
      { kind: 'tellResult', reached: [name, 'Ben'], notReached: [] },
      {
        kind: 'tellResult',
        reached: [],
        notReached: (['opted_out', 'muted', 'not_installed', 'later', 'failed', 'pending'] as const).map(
          (obstacle) => ({
            ...{ name, obstacle },
          }),
        ),
      },
      { kind: 'tellResult', reached: [], notReached: [] },
    ],
    acknowledged: [{ kind: 'acknowledged' }],
    responded: [{ kind: 'responded', title: name }],
    askClosed: [{ kind: 'askClosed' }],
    badInput: [{ kind: 'badInput', label: name }],
    voted: [
      { kind: 'voted', choices: [name] },
      { kind: 'voted', choices: [name, 'Pizza'] },
    ],
    badVote: [
      { kind: 'badVote', isSeveral: false },
      { kind: 'badVote', isSeveral: true },
    ],
    pollClosed: [{ kind: 'pollClosed' }],
    pollUsage: [{ kind: 'pollUsage' }],
    dialogOver: [{ kind: 'dialogOver' }],
  };
}

const allAnswers = (name: string) => Object.values(answersWith(name)).flat();
const build = (answer: BotAnswer, locale = 'en-US') => buildAnswerCard(answer, { locale, timeZone: 'Europe/Berlin' });

describe.each(LOCALES)('in %s', (locale) => {
  test.each(Object.entries(answersWith('db 1')))('the answer %s is a sentence and a good card', (_kind, answers) => {
    for (const answer of answers) {
      const message = build(answer, locale);
      const card = cardOf(message);
      expect(message.summary).toMatch(/^\S.{8,254}\S$/u);
      expect(JSON.stringify(message)).not.toMatch(/undefined|null|NaN|\[object|Invalid/);
      expect(complaintsOf(card)).toEqual([]);
      expect(card['rtl']).toBe(locale === 'ar-SA' ? true : undefined);
      expect(textsOf(card).filter((text) => !isInert(text))).toEqual([]);
      expect(pressesOf(card).length).toBeLessThanOrEqual(6 + 4);
    }
  });

  test('each says something else than in English, and no two say the same', () => {
    const sentences = allAnswers('ci').map((answer) => build(answer, locale).summary);
    const english = allAnswers('ci').map((answer) => build(answer).summary);
    // Nobody told and no usage given are one and the same.
    expect(new Set(sentences).size).toBe(new Set(english).size);
    if (locale !== 'en-US') {
      expect(sentences.filter((sentence, at) => sentence === english[at])).toEqual([]);
    }
  });
});

describe('in English', () => {
  const sentences: readonly (readonly [string, BotAnswer])[] = [
    ['There are 2 topics; you are subscribed to 1.', answersWith('ci').topics[1] ?? { kind: 'started' }],
    [
      'There is no topic “bilds”. Did you mean “builds”?',
      { kind: 'noSuchTopic', topic: 'bilds', suggestion: 'builds' },
    ],
    ['After “mute” comes a name, for example “mute builds 1h”.', { kind: 'needsName', command: 'mute' }],
    ['“ci” is muted until Nov 28, 1:00 PM.', { kind: 'muted', name: 'ci', untilMs: NOON_MS }],
    ['Your quiet hours are 6:00 PM – 8:00 AM and all weekend.', { kind: 'quietSet', quietHours: NIGHT, ...BERLIN }],
    ['I could not read that time. Write it like this: “digest daily 09:00”.', { kind: 'badTime', command: 'digest' }],
    [
      '“Disk full” came from “monitoring”. It was sent to the members of the team “Ops”.',
      why({ kind: 'team', name: 'Ops' }),
    ],
    [
      'I told Ana and Ben. Omar gets it later.',
      { kind: 'tellResult', reached: ['Ana', 'Ben'], notReached: [{ name: 'Omar', obstacle: 'later' }] },
    ],
    ['You chose “Approve”.', { kind: 'responded', title: 'Approve' }],
    [
      'What you entered for “Amount” does not fit, so nothing was sent. Try again.',
      { kind: 'badInput', label: 'Amount' },
    ],
    ['Your vote counts: Sushi and Pizza', { kind: 'voted', choices: ['Sushi', 'Pizza'] }],
    [
      'In a team or group chat, mention me and write poll, the question and two to ten answers, with a line between them: @Bellhop poll Lunch? | Sushi | Pizza',
      { kind: 'pollUsage' },
    ],
    [
      'Messages: On · Quiet hours: 6:00 PM – 8:00 AM and all weekend · Daily digest: 9:00 AM',
      answersWith('ci').settings[0] ?? { kind: 'started' },
    ],
  ];

  test.each(sentences)('%s', (sentence, answer) => {
    expect(build(answer).summary.replaceAll('\u202f', ' ')).toBe(sentence);
  });
});

test('times of day are written as in the region of the reader, whatever their zone', () => {
  const timesIn = (locale: string) => build({ kind: 'digestSet', minute: 13 * 60 + 5, ...BERLIN }, locale).summary;
  expect(timesIn('en-GB')).toContain('13:05');
  expect(timesIn('en-US')).toMatch(/1:05\sPM/);
  expect(timesIn('de-AT')).toContain('13:05');
  expect(timesIn('ar-SA')).toMatch(/\u2068١:٠٥\sم\u2069/u);
});

test('each topic has a button that changes its subscription, and what is beyond twenty is counted', () => {
  const topics = Array.from({ length: 23 }, (_, at) => ({ name: `t${at}`, description: 'd', isSubscribed: at === 0 }));
  const card = cardOf(build({ kind: 'topics', topics }));
  expect(pressesOf(card).slice(0, 2)).toEqual([
    ['Unsubscribe', { bellhop: 'command', text: 'unsubscribe t0' }],
    ['Subscribe', { bellhop: 'command', text: 'subscribe t1' }],
  ]);
  expect(pressesOf(card)).toHaveLength(20 + 1);
  expect(textsOf(card)).toContain('… 3 more');
});

test('each setting has a button that changes it', () => {
  const [set, unset] = answersWith('ci').settings.map((answer) => pressesOf(cardOf(build(answer))));
  const commandsOf = (presses = set) => presses?.map(([, press]) => (press.bellhop === 'command' ? press.text : ''));
  const next = ['topics', 'inbox', 'help'];
  expect(commandsOf()).toEqual(['stop', 'quiet off', 'digest off', 'unmute ci', 'unmute x', ...next]);
  expect(commandsOf(unset)).toEqual(['start', 'quiet 18:00-08:00', 'digest daily 09:00', ...next]);
});

test('who is to be forgotten is asked first, and pressing is the answer', () => {
  const card = cardOf(build({ kind: 'forgetConfirm' }));
  expect(pressesOf(card)).toEqual([['Forget me', { bellhop: 'command', text: 'forget me yes' }]]);
});

test.each([
  ['ci', 'unmute ci'],
  ['disk/db-1', 'unmute disk/db-1'],
  ['Is it on?', 'unmute "Is it on?"'],
  ['late 2h', 'unmute "late 2h"'],
  ['"x"', 'unmute ""x""'],
  ['ليل', 'unmute ليل'],
])('a button about %j sends it so that it is read as one name', (name, text) => {
  const card = cardOf(build({ kind: 'muted', name, untilMs: null }));
  expect(pressesOf(card)[0]?.[1]).toEqual({ bellhop: 'command', text });
});

test('a suggestion can be pressed', () => {
  const pressedBy = (answer: BotAnswer) => pressesOf(cardOf(build(answer)))[0]?.[1];
  expect(pressedBy({ kind: 'notUnderstood', suggestion: 'topics' })).toEqual({ bellhop: 'command', text: 'topics' });
  expect(pressedBy({ kind: 'noSuchTopic', topic: 'x', suggestion: 'ci' })).toMatchObject({ text: 'subscribe ci' });
});

test.each([false, true])('whatever the names, a message is within its limit; in its short form: %s', (isReduced) => {
  for (const letter of ['a', '*', '"', '\\', '😀', '\n', 'م']) {
    for (const answer of allAnswers(letter.repeat(10_000))) {
      const message = buildMessage({ kind: 'answer', answer }, { isReduced, locale: 'ar-SA' });
      const units = JSON.stringify(message).length;
      expect(units).toBeLessThanOrEqual(isReduced ? CARD_UNITS.reduced : CARD_UNITS.full);
      expect(complaintsOf(cardOf(message))).toEqual([]);
    }
  }
  const many = Array.from({ length: 1_000 }, (_, at) => `${'*'.repeat(200)}${at}`);
  const lists: readonly BotAnswer[] = [
    { kind: 'topics', topics: many.map((name) => ({ name, description: name, isSubscribed: false })) },
    { kind: 'inbox', things: many.map((title) => ({ title, source: title, sinceMs: 0 })), more: 5 },
    { kind: 'tellResult', reached: many, notReached: many.map((name) => ({ name, obstacle: 'failed' })) },
  ];
  for (const answer of lists) {
    const message = buildMessage({ kind: 'answer', answer }, { isReduced });
    expect(JSON.stringify(message).length).toBeLessThanOrEqual(isReduced ? CARD_UNITS.reduced : CARD_UNITS.full);
  }
});

test('no name makes a link, a mention or markup of any kind, nor reorders what stands around it', () => {
  const hostile = fc.string({
    unit: fc.constantFrom(
      ...['[', ']', '(', ')', 'https://x.example', '<at>', '</at>', '**', '_', '{{', '}}', '\\', '- ', '1. ', '\n'],
      ...['\u202e', '\u2066', '\u0007', 'a', ' ', 'م', '"', '&lt;', '`', '#', '|', '@'],
    ),
    minLength: 1,
    maxLength: 40,
  });
  fc.assert(
    fc.property(hostile, fc.constantFrom('en-US', 'ar-SA'), (name, locale) => {
      for (const answer of allAnswers(name)) {
        const message = build(answer, locale);
        const card = cardOf(message);
        for (const text of textsOf(card)) {
          expect(isInert(text) ? '' : text).toBe('');
        }
        const plain = [message.summary, ...pressesOf(card).map(([title]) => title)];
        for (const text of plain) {
          expect(text).not.toMatch(/\p{Cc}|[\u202e\u2066]|\{\{/u);
        }
        expect(card['msteams']).toEqual({ width: 'Full' });
      }
    }),
    { numRuns: 60 },
  );
}, 60_000);

describe('to a pressed button', () => {
  const reader = { locale: 'de-DE' };

  test('a sentence is what is shown for a moment, and a card takes the place of the pressed one', () => {
    const answer: BotAnswer = { kind: 'subscribed', topic: 'ci' };
    expect(writePressAnswer({ kind: 'sentence', answer }, reader)).toEqual({
      ...{ statusCode: 200, type: 'application/vnd.microsoft.activity.message' },
      value: 'Sie haben „ci“ abonniert.',
    });
    expect(writePressAnswer({ kind: 'card', answer }, reader)).toEqual({
      ...{ statusCode: 200, type: 'application/vnd.microsoft.card.adaptive' },
      value: build(answer, 'de-DE').attachments[0]?.content,
    });
  });

  test('one that is no longer in use says so', () => {
    expect(writePressAnswer({ kind: 'retiredButton' }, reader).value).toBe(
      'Diese Schaltfläche wird nicht mehr verwendet.',
    );
  });
});
