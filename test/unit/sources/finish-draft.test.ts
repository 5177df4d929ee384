// From a draft to a notification within its bounds.

import fc from 'fast-check';
import {
  NOTIFICATION_LIMITS as LIMITS,
  PRIORITIES,
  SEVERITIES,
  TEXT_FORMATS,
} from '../../../src/domain/notification.ts';
import type { Draft } from '../../../src/domain/source.ts';
import { type NotificationRequest, parseNotificationRequest } from '../../../src/notifications/parse-notification.ts';
import { clip, finishDraft } from '../../../src/sources/finish-draft.ts';

const RUNS = 10_000;
const FALLBACK = 'GitHub: builds';

const finish = (draft: Partial<Draft>) => finishDraft({ title: 'Disk is full', ...draft }, FALLBACK);
const parse = (draft: Partial<Draft>): NotificationRequest =>
  parseNotificationRequest({ to: 'ana@contoso.com', ...finish(draft) });
const linkTo = (url: unknown, title = 'Run') => ({ title, url });

describe('what is too long', () => {
  test.each<readonly [string, number, (long: string) => unknown]>([
    ['a title', LIMITS.maxTitleLength, (title) => finish({ title }).title],
    ['a text', LIMITS.maxTextLength, (text) => parse({ text }).text],
    ['a summary', LIMITS.maxSummaryLength, (summary) => parse({ summary }).summary],
    ['the name of a fact', LIMITS.maxFactNameLength, (name) => parse({ facts: [{ name, value: 1 }] }).facts[0]?.name],
    ['a fact', LIMITS.maxFactValueLength, (value) => parse({ facts: [{ name: 'a', value }] }).facts[0]?.value],
    [
      'the words of a picture',
      LIMITS.maxImageAltLength,
      (alt) => parse({ images: [{ url: 'https://a.example/', alt }] }).images[0]?.alt,
    ],
    [
      'a button',
      LIMITS.maxLinkTitleLength,
      (title) => parse({ links: [linkTo('https://a.example/', title)] }).links[0]?.title,
    ],
  ])('%s stays as it is up to its bound, and ends in an ellipsis beyond it', (_what, max, read) => {
    expect(read('x'.repeat(max))).toBe('x'.repeat(max));
    expect(read('x'.repeat(max + 1))).toBe(`${'x'.repeat(max - 1)}…`);
  });

  test('is cut at the border of a character, before one that would be halved', () => {
    expect(clip('ab👍cd', 4)).toBe('ab…');
    expect(clip('ab👍cd', 5)).toBe('ab👍…');
    expect(clip('ab👍c', 5)).toBe('ab👍c');
  });

  test('a list of facts says how many lines it leaves out', () => {
    const facts = (many: number) =>
      parse({ facts: Array.from({ length: many }, (_, at) => ({ name: `${at}`, value: at })) }).facts;
    expect(facts(LIMITS.maxFacts)).toHaveLength(LIMITS.maxFacts);
    expect(facts(LIMITS.maxFacts).at(-1)).toEqual({ name: '29', value: '29' });
    expect(facts(LIMITS.maxFacts + 1)).toHaveLength(LIMITS.maxFacts);
    expect(facts(LIMITS.maxFacts + 1).slice(-2)).toEqual([
      { name: '28', value: '28' },
      { name: '…', value: '2 lines more' },
    ]);
  });

  test('buttons beyond the last one become lines', () => {
    const links = Array.from({ length: LIMITS.maxLinks + 2 }, (_, at) =>
      linkTo(`https://a.example/${at}`, `Run ${at}`),
    );
    const request = parse({ links });
    expect(request.links).toEqual(links.slice(0, LIMITS.maxLinks));
    expect(request.facts).toEqual(links.slice(LIMITS.maxLinks).map(({ title, url }) => ({ name: title, value: url })));
  });
});

describe('titles', () => {
  test('are one line', () => {
    expect(finish({ title: ' a\r\n\tb\u2028c\u0000d\u200be ' }).title).toBe('a b c d e');
  });

  test('cannot turn what stands behind them around', () => {
    expect(finish({ title: 'a\u202egpj.exe' }).title).toBe('a gpj.exe');
  });

  test.each(['', '  \n', undefined, '\u200b\ufeff', '\u200d', '\u00ad\u2061', '\u3164', '\ufe0f', '\u{e0001}'])(
    'of which nothing can be seen (%j) leave the word to whose event it is',
    (title) => {
      expect(finish({ title }).title).toBe(FALLBACK);
    },
  );

  test('keep what joins several characters to one', () => {
    expect(finish({ title: '👩‍👩‍👧 ok' }).title).toBe('👩‍👩‍👧 ok');
  });

  test('a summary that says nothing is left out', () => {
    expect(finish({ summary: '\u200b ' })).not.toHaveProperty('summary');
  });
});

describe('facts', () => {
  test.each([undefined, null, '', ' \n'])('%p is no line', (value) => {
    expect(finish({ facts: [{ name: 'a', value }] })).not.toHaveProperty('facts');
  });

  test.each<readonly [unknown, string]>([
    [0, '0'],
    [false, 'false'],
    ['  a b ', 'a b'],
    [[1, null], '[1,null]'],
    [{ a: { b: 'c' } }, '{"a":{"b":"c"}}'],
    ['\ud800', '\ufffd'],
  ])('%j is written as %s', (value, written) => {
    expect(parse({ facts: [{ name: 'a', value }] }).facts).toEqual([{ name: 'a', value: written }]);
  });

  test('one without a name is shown all the same', () => {
    expect(parse({ facts: [{ name: ' ', value: 'a' }] }).facts).toEqual([{ name: '…', value: 'a' }]);
  });
});

describe('links', () => {
  test.each([
    'http://a.example/',
    'javascript:alert(1)',
    'https://user:secret@a.example/',
    'https://a.example/\u202egpj.exe ',
    `https://a.example/${'x'.repeat(900)} `,
  ])('%j is no button but a line that shows it', (url) => {
    const request = parse({ links: [linkTo(url)] });
    expect(request.links).toEqual([]);
    expect(request.facts).toEqual([{ name: 'Run', value: url.trim() }]);
  });

  test.each(['//a.example/', '/graph?g0.expr=up', 'graph', '#top'])(
    '%j is part of an address, and leads nowhere',
    (url) => {
      expect(finish({ links: [linkTo(url)] })).toEqual({ title: 'Disk is full' });
    },
  );

  test('an address that is too long is a line that is cut', () => {
    const url = `https://a.example/${'x'.repeat(LIMITS.maxUrlLength)}`;
    expect(parse({ links: [linkTo(url)] })).toMatchObject({
      links: [],
      facts: [{ name: 'Run', value: clip(url, LIMITS.maxFactValueLength) }],
    });
  });

  test('an address that is not there is nothing', () => {
    expect(finish({ links: [linkTo(undefined), linkTo(null), linkTo('')] })).toEqual({ title: 'Disk is full' });
  });

  test('a button without a word opens', () => {
    expect(parse({ links: [linkTo('https://a.example/', '\u200b')] }).links[0]?.title).toBe('Open');
  });
});

describe('pictures', () => {
  const pictures = (count: number) =>
    Array.from({ length: count }, (_, at) => ({ url: `https://grafana.contoso.com/${at}.png`, alt: `Graph ${at}` }));

  test('stay pictures, with words that stand for them', () => {
    const images = [...pictures(1), { url: 'https://grafana.contoso.com/x.png', alt: ' ' }];
    expect(finish({ title: 'Load', images })).toEqual({
      title: 'Load',
      images: [...pictures(1), { url: 'https://grafana.contoso.com/x.png', alt: 'Image' }],
    });
  });

  test('that no card may show become lines with their addresses', () => {
    const images = [
      { url: 'http://grafana.local/load.png', alt: 'Load of db1' },
      { url: undefined, alt: 'Nothing' },
    ];
    expect(finish({ title: 'Load', images })).toEqual({
      title: 'Load',
      facts: [{ name: 'Load of db1', value: 'http://grafana.local/load.png' }],
    });
  });

  test('beyond what a card holds become lines', () => {
    const made = finish({ title: 'Load', images: pictures(6) });
    expect(made['images']).toEqual(pictures(LIMITS.maxImages));
    expect(made['facts']).toEqual([
      { name: 'Graph 4', value: 'https://grafana.contoso.com/4.png' },
      { name: 'Graph 5', value: 'https://grafana.contoso.com/5.png' },
    ]);
  });
});

describe('keys', () => {
  const keyOf = (key: string) => parse({ key }).key ?? '';
  const long = 'k'.repeat(LIMITS.maxKeyLength);

  test('stay as they are up to their bound', () => {
    expect(keyOf(long)).toBe(long);
  });

  test('that begin alike stay two', () => {
    const keys = [keyOf(`${long}a`), keyOf(`${long}b`)];
    expect(new Set(keys).size).toBe(2);
    expect(keys.map((key) => key.length)).toEqual([LIMITS.maxKeyLength, LIMITS.maxKeyLength]);
    expect(keys[0]).toBe(keyOf(`${long}a`));
  });

  test('are cut between two characters', () => {
    const keys = [221, 222].map((before) => keyOf(`${'k'.repeat(before - 1)}👍${long}`));
    expect(keys.map((key) => key.isWellFormed())).toEqual([true, true]);
  });

  test('lose what nobody could type, and blanks around them', () => {
    expect(keyOf(' disk\u200b\n/api\u202e ')).toBe('disk/api');
  });

  test('go with their state, which is nothing without one', () => {
    expect(finish({ key: 'disk', state: 'open' })).toMatchObject({ key: 'disk', state: 'open' });
    expect(finish({ key: ' \u200b', state: 'open' })).toEqual({ title: 'Disk is full' });
    expect(finish({ state: 'open' })).toEqual({ title: 'Disk is full' });
  });
});

describe('instants', () => {
  const AT_MS = Date.UTC(2026, 9, 4, 13, 32, 56);

  test.each([
    '2026-10-04T13:32:56Z',
    '2026-10-04T13:32:56.000000000Z',
    '2026-10-04T15:32:56+02:00',
    '2026-10-04T15:32:56+0200',
    '2026-10-04 13:32:56 UTC',
    '2026-10-04 13:32:56Z',
    '2026-10-04 08:32:56 -0500',
    ' 2026-10-04T13:32:56Z\n',
    AT_MS,
    AT_MS / 1_000,
    String(AT_MS),
    String(AT_MS / 1_000),
    `${AT_MS / 1_000}.000`,
  ])('%j is read', (occurredAt) => {
    expect(parse({ occurredAt }).occurredAt).toBe(AT_MS);
  });

  test.each([
    '0001-01-01T00:00:00Z',
    '1970-01-01T00:00:00Z',
    0,
    '0',
    -1,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    1e18,
    '2026-02-30T00:00:00Z',
    '2026-10-04T13:32:56',
    '2026-10-04',
    'yesterday',
    '',
    true,
    null,
    {},
  ])("%p is nobody's instant", (occurredAt) => {
    expect(finish({ occurredAt })).not.toHaveProperty('occurredAt');
  });
});

describe('a card of its own', () => {
  const card = { type: 'AdaptiveCard', version: '1.5', body: [{ type: 'TextBlock', text: 'Hello' }] };

  test('stands for text, facts and links, and has a toast', () => {
    const facts = [{ name: 'a', value: 1 }];
    const links = [linkTo('https://a.example/')];
    expect(finish({ card, text: 'a', facts, links, key: 'k' })).toEqual({
      title: 'Disk is full',
      summary: 'Disk is full',
      key: 'k',
      card,
    });
    expect(finish({ card, summary: 'Look' })).toMatchObject({ summary: 'Look' });
    expect(parse({ card }).title).toBe('Disk is full');
  });
});

test('any draft of odd text makes a request that is accepted', () => {
  fc.assert(
    fc.property(oddDraft(), fc.constantFrom(FALLBACK, 'x'.repeat(100)), (draft, fallback) => {
      expect(() => parseNotificationRequest({ to: 'ana@contoso.com', ...finishDraft(draft, fallback) })).not.toThrow();
    }),
    { numRuns: RUNS },
  );
});

/** Around each bound, with what is invisible, half a character, or read as something else. */
function oddText(): fc.Arbitrary<string> {
  const pieces = [
    'a',
    ' ',
    '\n',
    '👍',
    '\ud83d',
    '\udc4d',
    '\u200b',
    '\u200d',
    '\u202e',
    '\u0000',
    '\ufeff',
    '\u2028',
    'é',
    '<at>',
  ];
  const around = [64, 128, 256, 1_024].flatMap((bound) => [bound - 1, bound, bound + 1]);
  return fc.oneof(
    fc.string({ unit: 'binary', maxLength: 12 }),
    fc.array(fc.constantFrom(...pieces), { maxLength: 8 }).map((parts) => parts.join('')),
    fc
      .tuple(fc.constantFrom(...around), fc.constantFrom(...pieces), fc.constantFrom(...pieces))
      .map(([length, one, end]) => `${one.repeat(Math.ceil(length / one.length)).slice(0, length - end.length)}${end}`),
    fc.constant(`${'👍'.repeat(9_000)}\ud83d`),
  );
}

function oddUrl(): fc.Arbitrary<unknown> {
  return fc.oneof(
    oddText(),
    oddText().map((text) => `https://a.example/${text}`),
    fc.constantFrom<unknown>(
      'https://',
      'https:///',
      'https://[',
      'https://a.example',
      undefined,
      null,
      1,
      {},
      `https://a.example/${'x'.repeat(2_030)}`,
    ),
  );
}

function oddDraft(): fc.Arbitrary<Draft> {
  const value = fc.oneof(oddText(), fc.jsonValue({ maxDepth: 2 }), fc.constant(undefined));
  const link = fc.record({ title: oddText(), url: oddUrl() });
  const fact = fc.record({ name: oddText(), value });
  const instant = fc.oneof(
    oddText(),
    fc.double(),
    fc.integer(),
    fc.date().map((date) => (Number.isNaN(date.getTime()) ? 'NaN' : date.toISOString())),
  );
  return fc.record(
    {
      title: fc.option(oddText(), { nil: undefined }),
      text: oddText(),
      textFormat: fc.constantFrom(...TEXT_FORMATS),
      severity: fc.constantFrom(...SEVERITIES),
      priority: fc.constantFrom(...PRIORITIES),
      summary: oddText(),
      facts: fc.oneof(fc.array(fact, { maxLength: 4 }), fc.array(fact, { minLength: 28, maxLength: 33 })),
      links: fc.array(link, { maxLength: 9 }),
      images: fc.array(fc.record({ alt: oddText(), url: oddUrl() }), { maxLength: 6 }),
      key: oddText(),
      state: fc.constantFrom('open', 'acknowledged', 'resolved'),
      occurredAt: instant,
    },
    { requiredKeys: ['title'] },
  );
}
