// Cards as the library of Adaptive Cards reads them, and as people press them.

import { AdaptiveCard, HostConfig, SerializationContext, Versions } from 'adaptivecards';
import { MUTE_SPANS, PRESS_VERB, type Press } from '../../src/domain/press.ts';
import type { CardActivity } from '../../src/teams/cards/card-activity.ts';

/** As many as Teams allows. */
const MAX_ACTIONS = 6;

/** Anything on a card. */
export type CardPart = Readonly<Record<string, unknown>>;

/** The card of a message as it travels: through JSON. */
export function cardOf(message: CardActivity): CardPart {
  const [attachment, ...others] = message.attachments;
  expect(others).toEqual([]);
  return JSON.parse(JSON.stringify(attachment?.content));
}

/** What the library has to say against a card of version 1.5. */
export function complaintsOf(content: unknown): readonly string[] {
  const context = new SerializationContext(Versions.v1_5);
  const card = new AdaptiveCard();
  card.hostConfig = new HostConfig({ actions: { maxActions: MAX_ACTIONS } });
  card.parse(content, context);
  return [
    ...Array.from({ length: context.eventCount }, (_, index) => context.getEventAt(index).message),
    ...card.validateProperties().validationEvents.map(({ message }) => message),
    ...(card.getItemCount() > 0 ? [] : ['The card is empty']),
  ];
}

/** Every part of a card that has this type, in the order of the document. */
export function partsOf(value: unknown, type: string): readonly CardPart[] {
  if (Array.isArray(value)) {
    return value.flatMap((item) => partsOf(item, type));
  }
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  const inner = Object.values(value).flatMap((item) => partsOf(item, type));
  return 'type' in value && value.type === type ? [{ ...value }, ...inner] : inner;
}

/** The markdown of all text blocks. */
export function textsOf(card: CardPart): readonly string[] {
  return partsOf(card, 'TextBlock').map(({ text }) => String(text));
}

/** The buttons of the bot: title and what they send. Each has to be well-formed, and to send the same either way. */
export function pressesOf(card: CardPart): readonly (readonly [string, Press])[] {
  const { refresh: _, ...shown } = card;
  return partsOf(shown, 'Action.Execute').map(({ title, verb, data, fallback }) => {
    expect(verb).toBe(PRESS_VERB);
    // The short form does without.
    expect(fallback ?? { type: 'Action.Submit', title, data }).toEqual({ type: 'Action.Submit', title, data });
    expect(String(title)).toMatch(/\S/);
    return [String(title), asPress(data)] as const;
  });
}

/** What each kind of press is about. */
const SUBJECTS: ReadonlyMap<Press['bellhop'], string> = new Map([
  ...([
    ['command', 'text'],
    ['why', 'notification'],
    ['mute', 'notification'],
  ] as const),
  ...([
    ['respond', 'notification'],
    ['refreshAsk', 'notification'],
    ['answer', 'dialog'],
  ] as const),
  ...([
    ['vote', 'poll'],
    ['closePoll', 'poll'],
    ['refreshPoll', 'poll'],
  ] as const),
]);

function asPress(data: unknown): Press {
  const { bellhop, text, notification, what, for: span, choice, ...named } = Object(data);
  expect(Object.values(named).every((value) => typeof value === 'string' && value !== '')).toBe(true);
  const subject = SUBJECTS.get(bellhop);
  expect(subject).toBeDefined();
  expect(Object(data)[subject ?? '']).toMatch(/./);
  expect(['undefined', 'number', 'string']).toContain(typeof choice);
  if (bellhop === 'mute') {
    expect(['source', 'key']).toContain(what);
    expect(MUTE_SPANS).toContain(span);
  }
  return Object(data);
}

/** Whether anything in a markdown text would do more than be read; the bot's own bold is allowed. */
export function isInert(markdown: string): boolean {
  const unescaped = markdown.replace(/\\[!-/:-@[-`{-~]/g, 'x').replace(/^\*\*[^*]+\*\*/, '');
  return !/[*_~`[\]<>#&@|]|\{\{|^\s*(?:[-+=]|\d+\.\s)/m.test(unescaped);
}
