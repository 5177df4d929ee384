// The card of an event that asks something: its buttons, who has answered, and what came of it.

import fc from 'fast-check';
import { ACKNOWLEDGE, type Ask, type AskedAction, type AskView } from '../../../../src/domain/ask.ts';
import type { EventContent } from '../../../../src/domain/notification.ts';
import { withOneField } from '../../../../src/teams/cards/ask-entered.ts';
import { CARD_UNITS, unitsOf } from '../../../../src/teams/cards/card-activity.ts';
import { composeMessage, createMessageBuilder, type MessageOptions } from '../../../../src/teams/cards/message.ts';
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
const NOTIFICATION = 'ntf_01KB3T5XGQ0000000000000000';
const MENU = { notification: NOTIFICATION, hasKey: true };
const APPROVE: AskedAction = { id: 'approve', title: 'Approve', style: 'positive', needed: 2 };
const REJECT: AskedAction = {
  ...{ id: 'reject', title: 'Reject', style: 'destructive' },
  input: { kind: 'text', label: 'Reason', isRequired: true },
};
const LATER: AskedAction = {
  ...{ id: 'later', title: 'Later' },
  input: { kind: 'choice', label: 'When', isRequired: false, choices: ['Monday', 'Tuesday'] },
};
const ORDER: EventContent = {
  ...{ kind: 'event', title: 'Order 12', text: 'Five laptops', severity: 'warning', source: 'erp', facts: [] },
  links: [{ title: 'Order', url: 'https://erp.example/12' }],
  ask: { canAcknowledge: true, actions: [APPROVE, REJECT] },
};
const NOBODY: AskView = { responses: [], more: 0 };

const asking = (ask: Partial<Ask>): EventContent => ({
  ...ORDER,
  ask: { canAcknowledge: false, actions: [], ...ask },
});
const respond = (name: string | null, action: string, atMs = NOON_MS) => ({ name, action, atMs });
const compose = (content: EventContent, options: Partial<MessageOptions> = {}) =>
  composeMessage(content, {
    ...{ isReduced: false, locale: 'en-US', timeZone: 'UTC', acceptedAtMs: NOON_MS },
    ...{ asked: NOBODY, notification: NOTIFICATION, ...options },
  });
const cardWith = (content: EventContent, options: Partial<MessageOptions> = {}) =>
  cardOf(compose(content, options).activity);
const titlesOf = ({ actions }: CardPart) => (Array.isArray(actions) ? actions.map(({ title }) => String(title)) : []);
const linesOf = (content: EventContent, asked: AskView, options: Partial<MessageOptions> = {}) =>
  textsOf(cardWith(content, { asked, ...options })).map((text) => text.replaceAll(/[\u202f\u00a0]/g, ' '));

describe('what can be pressed', () => {
  test('is to acknowledge, each action, then the links, and each press names the notification', () => {
    const card = cardWith(ORDER);
    expect(titlesOf(card)).toEqual(['Acknowledge', 'Approve', 'Reject', 'Order (erp.example)']);
    expect(pressesOf(card).map(([, press]) => press)).toEqual(
      [ACKNOWLEDGE, 'approve', 'reject'].map((action) => ({
        ...{ bellhop: 'respond', notification: NOTIFICATION, action },
      })),
    );
    expect(partsOf(card, 'Action.Execute').map(({ style }) => style)).toEqual([undefined, 'positive', 'destructive']);
  });

  test('unfolds the field of an action below its button, so that no other action asks for it', () => {
    const [shown] = partsOf(cardWith(ORDER), 'Action.ShowCard');
    expect(shown).toMatchObject({ title: 'Reject', style: 'destructive' });
    expect(partsOf(shown, 'Input.Text')).toEqual([
      {
        ...{ type: 'Input.Text', id: 'bellhop-input', label: 'Reason', isRequired: true },
        ...{ errorMessage: 'Write something.', isMultiline: true, maxLength: 2_000 },
      },
    ]);
    expect(pressesOf({ actions: shown }).map(([title]) => title)).toEqual(['Send']);
  });

  test.each(['text', 'number', 'date', 'choice'] as const)('can have a field for a %s', (kind) => {
    const types = { text: 'Text', number: 'Number', date: 'Date', choice: 'ChoiceSet' };
    const input = { kind, label: 'x', isRequired: true, ...(kind === 'choice' && { choices: ['a', 'b'] }) };
    const card = cardWith(asking({ actions: [{ id: 'a', title: 'A', input }] }));
    const [field] = partsOf(card, `Input.${types[kind]}`);
    expect(field).toMatchObject({ id: 'bellhop-input', label: 'x', isRequired: true });
    expect(field?.['choices']).toEqual(
      kind === 'choice' ? ['a', 'b'].map((value) => ({ title: value, value })) : undefined,
    );
    expect(complaintsOf(card)).toEqual([]);
  });

  test('has an own id for each of several fields, which comes back as the one that everybody knows', () => {
    const card = cardWith(asking({ actions: [REJECT, LATER] }));
    const ids = [...partsOf(card, 'Input.Text'), ...partsOf(card, 'Input.ChoiceSet')].map(({ id }) => id);
    expect(ids).toEqual(['bellhop-input:reject', 'bellhop-input:later']);
    const press = { bellhop: 'respond', notification: NOTIFICATION, action: 'later' };
    const entered = { 'bellhop-input:reject': 'no', 'bellhop-input:later': 'Monday' };
    expect(withOneField({ ...press, ...entered })).toEqual({ ...press, ...entered, 'bellhop-input': 'Monday' });
  });

  test.each([
    undefined,
    null,
    'respond',
    7,
    [],
    {},
    { bellhop: 'vote', action: 'a', 'bellhop-input:a': 'x' },
    { bellhop: 'respond', action: 7 },
    { bellhop: 'respond', action: 'a', 'bellhop-input': 'x', 'bellhop-input:a': 'y' },
    { bellhop: 'respond', action: '__proto__' },
  ])('data that has no such field stays as it is: %j', (data) => {
    expect(withOneField(data)).toBe(data);
  });

  test('is nothing while nobody knows of which notification it is', () => {
    expect(titlesOf(cardWith(ORDER, { notification: undefined }))).toEqual(['Order (erp.example)']);
  });

  test('is at most six actions: links give way, and are counted', () => {
    const links = Array.from({ length: 6 }, (_, at) => ({ title: `L${at}`, url: `https://erp.example/${at}` }));
    const actions = ['a', 'b', 'c', 'd'].map((id) => ({ id, title: id }));
    const { activity, leftOut } = compose({ ...ORDER, links, ask: { canAcknowledge: true, actions } }, { menu: MENU });
    expect(titlesOf(cardOf(activity))).toEqual(['Acknowledge', 'a', 'b', 'c', 'd', 'L0 (erp.example)']);
    expect(leftOut.links).toBe(5);
  });

  test('is there in the short form, too', () => {
    const card = cardWith(ORDER, { isReduced: true });
    expect(titlesOf(card)).toEqual(['Acknowledge', 'Approve', 'Reject', 'Order (erp.example)']);
    expect(textsOf(card)).toContain('Five laptops');
    expect(JSON.stringify(card)).not.toContain('Action.Submit');
  });

  test.each(['resolved', 'replaced'])('is nothing once the thing is %s', (what) => {
    const life = { openedAtMs: NOON_MS, history: [], forgotten: 0, isReplaced: what === 'replaced' };
    const lifecycle = { ...life, state: what === 'resolved' ? ('resolved' as const) : ('open' as const) };
    expect(pressesOf(cardWith(ORDER, { lifecycle }))).toEqual([]);
  });
});

describe('who has answered', () => {
  test('is said with the times, and how many there are besides', () => {
    const acknowledged = [respond('Ana', ACKNOWLEDGE), respond('Ben', ACKNOWLEDGE, NOON_MS + 60_000)];
    expect(linesOf(asking({ canAcknowledge: true }), { responses: acknowledged, more: 3 })).toContain(
      'Acknowledged by Ana \\(Nov 28, 12:00 PM\\), Ben \\(Nov 28, 12:01 PM\\), and 3 more'.replaceAll('\\', ''),
    );
  });

  test('is said for each action, with how many it needs', () => {
    const lines = linesOf(ORDER, { responses: [respond('Ana', 'approve'), respond(null, 'reject')], more: 2 });
    expect(lines).toEqual(
      expect.arrayContaining([
        'Approve: Ana (Nov 28, 12:00 PM) · 1 of 2',
        'Reject: somebody (Nov 28, 12:00 PM)',
        '… 2 more',
      ]),
    );
  });

  test('is at most ten names; the others are counted', () => {
    const responses = Array.from({ length: 14 }, (_, at) => respond(`P${at}`, ACKNOWLEDGE));
    const line = linesOf(asking({ canAcknowledge: true }), { responses, more: 5 }).find((text) => text.includes('P0'));
    expect(line).toMatch(/P9 .* and 9 more$/);
    expect(line).not.toContain('P10');
  });

  test('of the reader is said first, and what they could only press again is gone', () => {
    const asked = { responses: [respond('Ana', ACKNOWLEDGE)], more: 0, own: [ACKNOWLEDGE, 'reject'] };
    const card = cardWith(ORDER, { asked });
    expect(textsOf(card)).toEqual(expect.arrayContaining(['You acknowledged this.', 'You chose “Reject”.']));
    // What was entered can be corrected.
    expect(titlesOf(card)).toEqual(['Approve', 'Reject', 'Order (erp.example)']);
  });

  test('decides: the decision is the first that is read, and nothing can be pressed', () => {
    const responses = [respond('Ana', 'approve'), respond('Ben', 'approve')];
    const card = cardWith(ORDER, { asked: { responses, more: 0, decided: 'approve' } });
    const texts = textsOf(card);
    expect(texts.indexOf('✅ Decided: Approve')).toBe(texts.indexOf('Order 12') + 1);
    expect(texts.find((text) => text.startsWith('Approve: Ana'))).toMatch(/and Ben .* · 2 of 2$/);
    expect(pressesOf(card)).toEqual([]);
    expect(titlesOf(card)).toEqual(['Order (erp.example)']);
  });
});

describe('a card that many read', () => {
  const userIds = Array.from({ length: 70 }, (_, at) => `29:${String(at).padStart(88, 'x')}`);

  test('names those whose clients fetch a view of their own, at most sixty', () => {
    const card = cardWith(ORDER, { refreshFor: userIds });
    expect(card['refresh']).toEqual({
      action: {
        ...{ type: 'Action.Execute', verb: 'bellhop' },
        data: { bellhop: 'refreshAsk', notification: NOTIFICATION },
      },
      userIds: userIds.slice(0, 60),
    });
    expect(complaintsOf(card)).toEqual([]);
  });

  test.each([[undefined], [[]]])('of which nobody has one, %j, is refreshed by nobody', (refreshFor) => {
    expect(cardWith(ORDER, { refreshFor })).not.toHaveProperty('refresh');
  });

  test('names as many as there is room for, and its text is the same', () => {
    const long = { ...ORDER, text: 'x'.repeat(16_000) };
    const { activity, leftOut } = compose(long, { refreshFor: userIds });
    expect(unitsOf(activity)).toBeLessThanOrEqual(CARD_UNITS.full);
    expect(leftOut).toEqual(compose(long).leftOut);
  });
});

describe.each(LOCALES)('in %s', (locale) => {
  const views: readonly AskView[] = [
    NOBODY,
    { responses: [respond('Ana', ACKNOWLEDGE), respond(null, 'approve')], more: 3, own: [ACKNOWLEDGE, 'approve'] },
    { responses: [respond('Ana', 'approve')], more: 0, decided: 'approve', own: [] },
  ];

  test.each([false, true])('it is a good card; in its short form: %s', (isReduced) => {
    for (const asked of views) {
      for (const title of ['Order 12', 'طلب 12']) {
        const card = cardWith({ ...ORDER, title, text: title }, { locale, asked, isReduced, menu: MENU });
        expect(complaintsOf(card)).toEqual([]);
        expect(JSON.stringify(card)).not.toMatch(/undefined|null|NaN|\[object|Invalid/);
        expect(textsOf(card).filter((text) => !isInert(text.replace('•••', '')))).toEqual([]);
      }
    }
  });
});

test('whatever is asked and whoever answers, the card is within its limit, valid, and does nothing but what it says', () => {
  const anyAction: fc.Arbitrary<AskedAction> = fc.record(
    {
      id: fc.constantFrom('a', 'b.c', 'd-e_f', 'g'.repeat(64)),
      title: hostileText(40),
      style: fc.constantFrom('positive' as const, 'destructive' as const),
      needed: fc.constantFrom(1, 2, 100),
      input: fc.record({
        kind: fc.constantFrom('text' as const, 'number' as const, 'date' as const, 'choice' as const),
        label: hostileText(128),
        isRequired: fc.boolean(),
        choices: fc.array(hostileText(64), { minLength: 2, maxLength: 10 }),
      }),
    },
    { requiredKeys: ['id', 'title'] },
  );
  const anyAsk: fc.Arbitrary<Ask> = fc.record({
    canAcknowledge: fc.boolean(),
    actions: fc.uniqueArray(anyAction, { selector: ({ id }) => id, minLength: 1, maxLength: 4 }),
  });
  const anyView: fc.Arbitrary<AskView> = fc.record(
    {
      responses: fc.array(
        fc.record({
          name: fc.option(hostileText(200)),
          action: fc.constantFrom(ACKNOWLEDGE, 'a', 'b.c', 'gone'),
          atMs: fc.constant(NOON_MS),
        }),
        { maxLength: 60 },
      ),
      more: fc.nat(),
      decided: fc.constantFrom('a', 'gone'),
      own: fc.subarray([ACKNOWLEDGE, 'a', 'b.c', 'gone']),
    },
    { requiredKeys: ['responses', 'more'] },
  );
  const anyEvent = fc.record({
    title: hostileText(256),
    text: fc.oneof(hostileText(100), fc.constantFrom('x'.repeat(16_384), '*'.repeat(16_384))),
    links: fc.constantFrom(
      [],
      ORDER.links,
      Array(6).fill({ title: 'l', url: `https://x.example/${'y'.repeat(2_000)}` }),
    ),
    source: hostileText(64),
    ask: anyAsk,
  });
  const anyReader = fc.record({ locale: fc.constantFrom(...LOCALES), isReduced: fc.boolean() });
  fc.assert(
    fc.property(anyEvent, anyView, anyReader, (parts, asked, { locale, isReduced }) => {
      const content: EventContent = { ...ORDER, ...parts };
      const foretold = composeMessage(content, { isReduced });
      const { activity, leftOut } = compose(content, { locale, isReduced, asked, menu: MENU, isThroughQuiet: true });
      expect(leftOut).toEqual(foretold.leftOut);
      expect(unitsOf(activity)).toBeLessThanOrEqual(isReduced ? CARD_UNITS.reduced : CARD_UNITS.full);
      const card = cardOf(activity);
      expect(complaintsOf(card)).toEqual([]);
      expect(titlesOf(card).length).toBeLessThanOrEqual(6);
      for (const text of textsOf(card)) {
        expect(isInert(text.replace('•••', '')) ? '' : text).toBe('');
      }
      for (const title of [...titlesOf(card), ...pressesOf(card).map(([pressed]) => pressed)]) {
        expect(title).not.toMatch(/\p{Cc}|\u202e|\{\{/u);
      }
    }),
    { numRuns: 400 },
  );
}, 120_000);

describe('a message builder', () => {
  const build = createMessageBuilder();
  const options = { isReduced: false, notification: NOTIFICATION, acceptedAtMs: NOON_MS };

  test('keeps what many see alike, and tells apart what people chose', () => {
    const first = build(ORDER, { ...options, asked: NOBODY });
    expect(build(ORDER, { ...options, asked: { ...NOBODY } })).toBe(first);
    const others = [
      { ...NOBODY, own: ['approve'] },
      { ...NOBODY, more: 1 },
      { ...NOBODY, decided: 'approve' },
    ];
    const built = others.map((asked) => build(ORDER, { ...options, asked }));
    expect(new Set([first, ...built].map((message) => JSON.stringify(message))).size).toBe(4);
    expect(build(ORDER, { ...options, asked: NOBODY, notification: 'ntf_2' })).not.toBe(first);
  });

  test('does not keep the card of one chat', () => {
    const shared = { ...options, asked: NOBODY, refreshFor: ['29:a'] };
    expect(build(ORDER, shared)).toEqual(build(ORDER, shared));
    expect(build(ORDER, shared)).not.toBe(build(ORDER, shared));
  });
});

test('who pressed in a channel gets the notification as they see it now, with all that the shared card tells', () => {
  const asked = { responses: [respond('Ana', 'approve')], more: 0, own: ['approve'] };
  const entry = { atMs: NOON_MS, state: 'open', severity: 'warning', title: 'Order 12', count: 3 } as const;
  const pressed = {
    kind: 'ask',
    ...{ content: ORDER, asked, acceptedAtMs: NOON_MS, notification: NOTIFICATION },
    lifecycle: { state: 'open', openedAtMs: NOON_MS, history: [entry], forgotten: 0, isReplaced: false },
    mentions: [{ id: '29:1', name: 'Ben' }],
  } as const;
  const { type, value } = writePressAnswer(pressed, { locale: 'de-DE' });
  expect(type).toBe('application/vnd.microsoft.card.adaptive');
  const card: CardPart = Object(value);
  expect(textsOf(card)).toContain('Sie haben „Approve“ gewählt.');
  expect(textsOf(card).join('\n')).toContain('3 Meldungen seit');
  expect(JSON.stringify(card)).toContain('<at>Ben</at>');
  expect(titlesOf(card)).toEqual(['Zur Kenntnis nehmen', 'Reject', 'Order (erp.example)']);
});
