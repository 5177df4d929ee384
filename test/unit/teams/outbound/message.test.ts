// The messages that the bot sends.

import { AdaptiveCard, SerializationContext, Versions } from 'adaptivecards';
import fc from 'fast-check';
import { LIFECYCLE_STATES, type LifecycleEntry, type LifecycleView } from '../../../../src/domain/lifecycle.ts';
import { type EventContent, type NotificationContent, SEVERITIES } from '../../../../src/domain/notification.ts';
import { CARD_UNITS } from '../../../../src/teams/cards/card-activity.ts';
import { buildMessage, createMessageBuilder } from '../../../../src/teams/cards/message.ts';

const DEPLOY: EventContent = {
  kind: 'event',
  title: 'Deploy finished',
  text: 'api 4.2.0 is live',
  severity: 'success',
  facts: [{ name: 'Service', value: 'api' }],
  links: [{ title: 'View run', url: 'https://ci.example/1' }],
  source: 'builds',
};

interface Card {
  readonly version: string;
  readonly fallbackText: string;
  readonly msteams: unknown;
  readonly body: readonly Element[];
  readonly actions?: readonly { readonly type: string; readonly title: string; readonly data?: unknown }[];
}

interface Element {
  readonly type: string;
  readonly text?: string;
  readonly style?: string;
  readonly items?: readonly Element[];
  readonly facts?: readonly { readonly title: string; readonly value: string }[];
}

/** The card as it travels: through JSON. */
function cardOf(content: NotificationContent, isReduced = false): Card {
  const [attachment, ...others] = buildMessage(content, { isReduced }).attachments;
  expect(others).toEqual([]);
  return JSON.parse(JSON.stringify(attachment?.content));
}

function textsOf(card: Card): readonly string[] {
  return card.body.flatMap((element) => [element, ...(element.items ?? [])]).flatMap(({ text }) => text ?? []);
}

const ALL_CONTENTS: readonly (readonly [string, NotificationContent])[] = [
  ...SEVERITIES.map((severity) => [`${severity} event`, { ...DEPLOY, severity }] as const),
  ['event with pictures', { ...DEPLOY, images: [{ url: 'https://ci.example/load.png', alt: 'Load of api' }] }],
  ['bare event', { kind: 'event', title: 'Hello', severity: 'info', facts: [], links: [], source: 'x' }],
  ['welcome', { kind: 'welcome' }],
  ['help', { kind: 'help' }],
  ['confused help', { kind: 'help', isConfused: true }],
  ['reply', { kind: 'reply', text: 'Done.' }],
];

describe.each(ALL_CONTENTS)('the message of a %s', (_name, content) => {
  test('is one card of version 1.5 with a toast, a fallback and full width, and no text beside it', () => {
    const message = buildMessage(content, { isReduced: false });
    expect(Object.keys(message).sort()).toEqual(['attachments', 'summary', 'type']);
    expect(message.summary).not.toBe('');
    expect(message.attachments[0]?.contentType).toBe('application/vnd.microsoft.card.adaptive');
    expect(cardOf(content)).toMatchObject({ version: '1.5', msteams: { width: 'Full' } });
    expect(cardOf(content).fallbackText).not.toBe('');
  });

  test('is understood by the card library without a complaint', () => {
    const context = new SerializationContext(Versions.v1_5);
    const card = new AdaptiveCard();
    card.parse(cardOf(content), context);
    const complaints = Array.from({ length: context.eventCount }, (_, index) => context.getEventAt(index).message);
    expect(complaints).toEqual([]);
    expect(card.validateProperties().validationEvents.map(({ message }) => message)).toEqual([]);
    expect(card.getItemCount()).toBeGreaterThan(0);
  });
});

describe('an event', () => {
  test('says what happened, how bad it is, the facts, where to look and who says so', () => {
    const card = cardOf(DEPLOY);
    expect(textsOf(card)).toEqual(['✅ Success', 'Deploy finished', 'api 4.2.0 is live', 'From builds']);
    expect(card.body.find(({ type }) => type === 'FactSet')?.facts).toEqual([{ title: 'Service', value: 'api' }]);
    expect(card.actions).toEqual([
      { type: 'Action.OpenUrl', title: 'View run (ci.example)', url: 'https://ci.example/1' },
    ]);
  });

  test('tells its severity by word and icon, each its own', () => {
    const labels = SEVERITIES.map((severity) => textsOf(cardOf({ ...DEPLOY, severity }))[0]);
    expect(labels).toEqual(['ℹ️ Information', '✅ Success', '⚠️ Warning', '❌ Error', '🚨 Critical']);
  });

  test('gives its summary to the toast, else its title', () => {
    const summaryOf = (content: EventContent) => buildMessage(content, { isReduced: false }).summary;
    expect(summaryOf(DEPLOY)).toBe('✅ Success: Deploy finished');
    expect(summaryOf({ ...DEPLOY, summary: 'api is live' })).toBe('✅ Success: api is live');
  });

  test('counts the links that it may not show', () => {
    const card = cardOf({ ...DEPLOY, links: [{ title: 'Open', url: 'javascript:alert(1)' }] });
    expect(card.actions).toBeUndefined();
    expect(textsOf(card)).toContain('A link was left out: not a plain https address');
  });

  test('shows six links at most and counts the rest', () => {
    const links = Array.from({ length: 8 }, (_, index) => ({ title: `${index}`, url: 'https://ci.example/' }));
    const card = cardOf({ ...DEPLOY, links });
    expect(card.actions).toHaveLength(6);
    expect(textsOf(card)).toContain('… 2 more links');
  });

  test('shows its images under its text, each with the words that stand for it, and lets it be opened large', () => {
    const images = [
      { url: 'https://ci.example/load.png', alt: 'Load of {{api}}' },
      { url: 'https://ci.example/ä.png', alt: 'Memory' },
    ];
    const { body } = cardOf({ ...DEPLOY, images });
    expect(body.map(({ type }) => type)).toEqual(['Container', 'TextBlock', 'Image', 'Image', 'FactSet', 'TextBlock']);
    expect(body.slice(2, 4)).toEqual([
      {
        ...{ type: 'Image', url: 'https://ci.example/load.png', altText: 'Load of { {api}}' },
        ...{ size: 'Auto', msTeams: { allowExpand: true } },
      },
      expect.objectContaining({ url: 'https://ci.example/%C3%A4.png', altText: 'Memory' }),
    ]);
  });

  test('counts the images that it may not show', () => {
    const card = cardOf({ ...DEPLOY, images: [{ url: 'http://ci.example/load.png', alt: 'Load' }] });
    expect(card.body.filter(({ type }) => type === 'Image')).toEqual([]);
    expect(textsOf(card)).toContain('… 1 more image');
  });

  test('gives links their room before images, and both together no more than their share', () => {
    const url = `https://ci.example/${'y'.repeat(1_800)}`;
    const links = Array.from({ length: 2 }, (_, index) => ({ title: `${index}`, url }));
    const images = Array.from({ length: 4 }, (_, index) => ({ alt: `${index}`, url }));
    const card = cardOf({ ...DEPLOY, text: 'x'.repeat(3_000), links, images });
    expect(card.actions).toHaveLength(2);
    expect(card.body.filter(({ type }) => type === 'Image')).toHaveLength(1);
    expect(textsOf(card)).toEqual(expect.arrayContaining(['… 3 more images', 'x'.repeat(3_000)]));
  });

  test('says when it happened, else when it was accepted, on the clock of its reader', () => {
    const reader = { locale: 'en-GB', timeZone: 'Europe/Berlin', isReduced: false, acceptedAtMs: Date.UTC(2026, 0, 2) };
    const lastLineOf = (content: EventContent) => {
      const [attachment] = buildMessage(content, reader).attachments;
      return textsOf(JSON.parse(JSON.stringify(attachment?.content))).at(-1);
    };
    expect(lastLineOf(DEPLOY)).toBe('From builds · Fri, 2 Jan 2026, 01:00 CET');
    const occurred = { ...DEPLOY, occurredAtMs: Date.UTC(2025, 11, 31, 23, 30) };
    expect(lastLineOf(occurred)).toBe('From builds · Thu, 1 Jan 2026, 00:30 CET');
  });

  test.each([
    ['تنبيه: القرص ممتلئ', undefined, true],
    ['🚨 (1) שרת נפל', undefined, true],
    ['db1: القرص ممتلئ', undefined, false],
    ['503', 'الخادم لا يستجيب', true],
    ['503', 'no answer', false],
    ['503', '', false],
  ])('titled %j with the text %j runs from right to left: %s', (title, text, isRightToLeft) => {
    const card = cardOf({ ...DEPLOY, title, ...(text !== undefined && { text }) });
    expect('rtl' in card).toBe(isRightToLeft);
  });

  test('shows its text as markdown only when it says so', () => {
    const text = '**bold** and `code`';
    expect(textsOf(cardOf({ ...DEPLOY, text }))).toContain('\\*\\*bold\\*\\* and \\`code\\`');
    expect(textsOf(cardOf({ ...DEPLOY, text, textFormat: 'markdown', title: '**x**' }))).toEqual(
      expect.arrayContaining(['**bold** and \\`code\\`', '\\*\\*x\\*\\*']),
    );
  });

  test('that is too long is cut in its source, so that its markdown stays whole', () => {
    const text = '- a **bold** [link](https://ci.example/1)\n'.repeat(400);
    const card = cardOf({ ...DEPLOY, text, textFormat: 'markdown' });
    const shown = textsOf(card).find((line) => line.startsWith('- a')) ?? '';
    const lines = shown.split('\n');
    expect(new Set(lines.slice(0, -1))).toEqual(
      new Set(['- a **bold** [link \\(ci.example\\)](https://ci.example/1)']),
    );
    expect(lines.length).toBeGreaterThan(100);
    expect(textsOf(card)).toContainEqual(expect.stringMatching(/^… [\d,]+ more characters$/));
  });

  test('that is too long says how much is missing', () => {
    const card = cardOf({ ...DEPLOY, text: 'x'.repeat(16_384) });
    const kept = textsOf(card).find((text) => text.startsWith('xxx'))?.length ?? 0;
    expect(kept).toBeGreaterThan(9_500);
    expect(textsOf(card)).toContain(`… ${(16_384 - kept).toLocaleString('en')} more characters`);
  });

  test('in its short form takes a quarter of the room, and still has its title, severity and source', () => {
    const long = { ...DEPLOY, text: 'lorem ipsum '.repeat(1_000) };
    const message = JSON.stringify(buildMessage(long, { isReduced: true }));
    expect(message.length).toBeLessThanOrEqual(CARD_UNITS.full / 4);
    expect(textsOf(cardOf(long, true))).toEqual(
      expect.arrayContaining(['✅ Success', 'Deploy finished', 'From builds']),
    );
  });

  test('holds no mention, whatever its text says', () => {
    const card = JSON.stringify(cardOf({ ...DEPLOY, title: '<at>Ana</at>', text: '<at>Ana</at>' }));
    expect(card).not.toContain('"entities"');
    expect(card).not.toContain('<at>');
  });
});

test('whatever the event, its message is within its limit, valid and well-formed', () => {
  // Characters that grow most when they are escaped.
  const dense = (maxLength: number) =>
    fc.oneof(
      fc.string({ unit: fc.constantFrom('\\', '*', '"', '\n', '😀', 'a', '-', '\u202e', '\ud800'), maxLength }),
      fc.constantFrom('\\'.repeat(maxLength), '"'.repeat(maxLength), '😀'.repeat(maxLength / 2), 'a'.repeat(maxLength)),
    );
  const anyEvent: fc.Arbitrary<EventContent> = fc.record({
    kind: fc.constant('event'),
    title: dense(256),
    text: dense(16_384),
    severity: fc.constantFrom(...SEVERITIES),
    facts: fc.array(fc.record({ name: dense(128), value: dense(1_024) }), { maxLength: 30 }),
    links: fc.array(
      fc.record({
        title: dense(64),
        url: dense(1_900).map((path) => `https://ci.example/${encodeURI(path.toWellFormed()).slice(0, 2_000)}`),
      }),
      { maxLength: 6 },
    ),
    images: fc.array(
      fc.record({
        alt: dense(128),
        url: dense(1_900).map((path) => `https://ci.example/${encodeURI(path.toWellFormed()).slice(0, 2_000)}`),
      }),
      { maxLength: 4 },
    ),
    source: dense(64),
    textFormat: fc.constantFrom('plain', 'markdown'),
  });
  const anyEntry: fc.Arbitrary<LifecycleEntry> = fc.record({
    atMs: fc.integer({ min: Date.UTC(2000), max: Date.UTC(2100) }),
    state: fc.constantFrom(...LIFECYCLE_STATES),
    severity: fc.constantFrom(...SEVERITIES),
    title: dense(256),
    count: fc.integer({ min: 1, max: 1_000_000 }),
  });
  const anyLife: fc.Arbitrary<LifecycleView> = fc.record({
    state: fc.constantFrom(...LIFECYCLE_STATES),
    openedAtMs: fc.constant(0),
    history: fc.array(anyEntry, { minLength: 1, maxLength: 20 }),
    forgotten: fc.nat(),
    isReplaced: fc.boolean(),
  });
  const build = createMessageBuilder();
  fc.assert(
    fc.property(anyEvent, fc.boolean(), fc.option(anyLife, { nil: undefined }), (content, isReduced, lifecycle) => {
      const json = JSON.stringify(build(content, { isReduced, lifecycle, acceptedAtMs: 0 }));
      expect(json.length).toBeLessThanOrEqual(isReduced ? CARD_UNITS.reduced : CARD_UNITS.full);
      expect(json).not.toMatch(/\\ud[89a-f]/i);
      expect(json.isWellFormed()).toBe(true);
    }),
    { numRuns: 200 },
  );
}, 60_000);

describe('what the bot says itself', () => {
  test('the welcome explains who sends, how to get help and how to stop, and offers help as a button', () => {
    const card = cardOf({ kind: 'welcome' });
    const text = textsOf(card).join('\n');
    expect(text).toContain("your organization's own systems");
    expect(text).toContain('Write help');
    expect(text).toContain('remove or block this app');
    expect(card.actions?.map(({ title, data }) => [title, data])).toEqual([
      ['Help', { bellhop: 'help' }],
      ['Topics', { bellhop: 'command', text: 'topics' }],
      ['Settings', { bellhop: 'command', text: 'status' }],
    ]);
  });

  test('the help begins with a friendly word only when the bot did not understand', () => {
    expect(textsOf(cardOf({ kind: 'help', isConfused: true }))[0]).toMatch(/^Sorry/);
    expect(textsOf(cardOf({ kind: 'help' }))[0]).toBe('What I can do');
  });

  test('a reply is literal', () => {
    expect(textsOf(cardOf({ kind: 'reply', text: 'Not *now*' }))).toEqual(['Not \\*now\\*']);
  });

  test('a reply of any length fits', () => {
    const message = buildMessage({ kind: 'reply', text: '\\'.repeat(100_000) }, { isReduced: false });
    expect(JSON.stringify(message).length).toBeLessThanOrEqual(CARD_UNITS.full);
  });
});

describe('a message builder', () => {
  const build = createMessageBuilder();

  test('gives what buildMessage gives, built once for the same content', () => {
    const first = build(DEPLOY, { isReduced: false });
    expect(first).toEqual(buildMessage(DEPLOY, { isReduced: false }));
    expect(build(DEPLOY, { isReduced: false })).toBe(first);
  });

  test('builds a broadcast once for each language and zone, whatever the order of its readers', () => {
    const zones = Intl.supportedValuesOf('timeZone')
      .filter((_, at) => at % 35 === 0)
      .slice(0, 12);
    const messages = Array.from({ length: 1_200 }, (_, at) =>
      build(DEPLOY, { isReduced: false, locale: 'en-GB', timeZone: zones[at % 12], acceptedAtMs: 0 }),
    );
    expect(new Set(messages).size).toBe(12);
  });

  test('keeps only so many, and tells one life from another', () => {
    const life = (count: number): LifecycleView => ({
      ...{ state: 'open', openedAtMs: 0, forgotten: 0, isReplaced: false },
      history: [{ atMs: 0, state: 'open', severity: 'info', title: 'x', count }],
    });
    for (let count = 2; count < 200; count++) {
      const message = JSON.stringify(build(DEPLOY, { isReduced: false, lifecycle: life(count) }));
      expect(message).toContain(`Reported ${count} times`);
    }
  });

  test('never gives one form for the other, nor one content for another', () => {
    const long = { ...DEPLOY, text: 'long '.repeat(3_000) };
    expect(build(long, { isReduced: false })).toEqual(buildMessage(long, { isReduced: false }));
    expect(build(long, { isReduced: true })).toEqual(buildMessage(long, { isReduced: true }));
    expect(build(long, { isReduced: false })).toEqual(buildMessage(long, { isReduced: false }));
    expect(build({ ...long, title: 'Other' }, { isReduced: false }).summary).toContain('Other');
  });
});
