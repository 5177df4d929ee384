// Which Adaptive Cards of producers are taken, and what the others are refused with.

import { AdaptiveCard, SerializationContext, Versions } from 'adaptivecards';
import fc from 'fast-check';
import { CARD_LIMITS, checkCard } from '../../../src/domain/card-check.ts';

const card = (fields: object = {}) => ({
  type: 'AdaptiveCard',
  version: '1.5',
  body: [{ type: 'TextBlock', text: 'Hello' }],
  ...fields,
});
const withElement = (element: unknown) => card({ body: [element] });
const withAction = (action: unknown) => card({ actions: [action] });
const openUrl = (fields: object = {}) => ({
  type: 'Action.OpenUrl',
  title: 'Open',
  url: 'https://ci.example/1',
  ...fields,
});
const faultsOf = (value: unknown) => checkCard(value, '/card');
const pointersOf = (value: unknown) => faultsOf(value).map(({ pointer }) => pointer);
const nested = (depth: number): object =>
  depth === 0 ? { type: 'TextBlock', text: 'deep' } : { type: 'Container', items: [nested(depth - 1)] };

const RICH = card({
  $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
  fallbackText: 'See [the run](https://ci.example/1)',
  msteams: { width: 'Full' },
  rtl: false,
  lang: 'en',
  minHeight: '50px',
  backgroundImage: { url: 'https://cdn.example/back.png', fillMode: 'repeat' },
  selectAction: openUrl(),
  body: [
    {
      type: 'TextBlock',
      text: '**Deploy** of [api](https://ci.example/(1)) done',
      size: 'Large',
      wrap: true,
      color: null,
    },
    {
      type: 'RichTextBlock',
      inlines: ['plain ', { type: 'TextRun', text: 'bold', weight: 'bolder', selectAction: openUrl() }],
    },
    { type: 'Image', url: 'https://cdn.example/a.png', altText: 'A', size: 'medium', width: '50px' },
    { type: 'ImageSet', images: [{ url: 'https://cdn.example/a.png' }], imageSize: 'small' },
    { type: 'Container', style: 'emphasis', items: [], rtl: true, fallback: { type: 'TextBlock', text: 'less' } },
    {
      type: 'ColumnSet',
      columns: [
        { width: 'stretch', items: [{ type: 'TextBlock', text: 'left', id: 'left' }] },
        { type: 'Column', width: 2, items: [], fallback: 'drop' },
      ],
    },
    { type: 'FactSet', facts: [{ title: 'Host', value: 'db1' }], requires: { adaptiveCards: '1.0' } },
    {
      type: 'ActionSet',
      actions: [{ type: 'Action.ToggleVisibility', targetElements: ['left', { elementId: 'left', isVisible: true }] }],
    },
    {
      type: 'Table',
      columns: [{ width: 1 }, { width: '50px' }],
      rows: [{ type: 'TableRow', cells: [{ type: 'TableCell', items: [{ type: 'TextBlock', text: 'cell' }] }] }],
    },
  ],
  actions: [
    openUrl({ iconUrl: 'https://cdn.example/i.png' }),
    { type: 'Action.ShowCard', title: 'More', card: { body: [{ type: 'TextBlock', text: 'x' }] } },
  ],
});

test('a card with every element and action that is sent is taken', () => {
  expect(faultsOf(RICH)).toEqual([]);
});

describe('what is refused', () => {
  test.each([
    [null, '/card'],
    [[], '/card'],
    ['{}', '/card'],
    [{}, '/card/type'],
    [card({ type: 'MessageCard' }), '/card/type'],
    [card({ version: '1.6' }), '/card/version'],
    [card({ version: undefined }), '/card/version'],
    [card({ body: {} }), '/card/body'],
    [card({ body: [] }), '/card'],
    [card({ refresh: {} }), '/card/refresh'],
    [card({ authentication: {} }), '/card/authentication'],
    [card({ msteams: { entities: [] } }), '/card/msteams/entities'],
    [card({ msteams: { width: 'Half' } }), '/card/msteams/width'],
    [card({ backgroundImage: 'http://cdn.example/a.png' }), '/card/backgroundImage'],
    [card({ backgroundImage: { url: 'data:image/png;base64,AA' } }), '/card/backgroundImage/url'],
    [card({ fallbackText: '[x](javascript:alert)' }), '/card/fallbackText'],
    [card({ selectAction: { type: 'Action.Submit' } }), '/card/selectAction/type'],
    [card({ selectAction: { type: 'Action.ShowCard', card: card() } }), '/card/selectAction/type'],
    [card({ selectAction: null }), '/card/selectAction'],
    [withElement(7), '/card/body/0'],
    [withElement({ text: 'x' }), '/card/body/0/type'],
    [withElement({ type: 'Input.Text', id: 'a' }), '/card/body/0/type'],
    [withElement({ type: 'Media', sources: [] }), '/card/body/0/type'],
    [withElement({ type: 'Column', items: [] }), '/card/body/0/type'],
    [withElement({ type: 'constructor' }), '/card/body/0/type'],
    [withElement({ type: 'TextBlock', text: 5 }), '/card/body/0/text'],
    [withElement({ type: 'TextBlock' }), '/card/body/0/text'],
    [withElement({ type: 'TextBlock', text: '\ud800' }), '/card/body/0/text'],
    [withElement({ type: 'TextBlock', text: 'x', wrap: 'yes' }), '/card/body/0/wrap'],
    [withElement({ type: 'TextBlock', text: 'x', size: 'huge' }), '/card/body/0/size'],
    [withElement({ type: 'Image', url: 'http://cdn.example/a.png' }), '/card/body/0/url'],
    [withElement({ type: 'Image', url: 'data:image/png;base64,AA' }), '/card/body/0/url'],
    [withElement({ type: 'FactSet', facts: [{ title: 'x', value: 5 }] }), '/card/body/0/facts/0/value'],
    [withElement({ type: 'Container', items: [{ type: 'Image', url: 'x' }] }), '/card/body/0/items/0/url'],
    [withElement({ type: 'TextBlock', text: 'x', fallback: { type: 'Media' } }), '/card/body/0/fallback/type'],
    [withElement({ type: 'TextBlock', text: 'x', fallback: 'keep' }), '/card/body/0/fallback'],
    [withElement({ type: 'RichTextBlock', inlines: [{ text: 'x' }] }), '/card/body/0/inlines/0/type'],
    [withElement({ type: 'TextBlock', text: 'x', requires: { a: {} } }), '/card/body/0/requires'],
    [withAction({ type: 'Action.Submit', title: 'OK' }), '/card/actions/0/type'],
    [withAction({ type: 'Action.Execute', title: 'OK' }), '/card/actions/0/type'],
    [withAction(openUrl({ url: 'http://ci.example' })), '/card/actions/0/url'],
    [withAction(openUrl({ url: 'https://user@ci.example' })), '/card/actions/0/url'],
    [withAction({ type: 'Action.ShowCard', title: 'More' }), '/card/actions/0/card'],
    [withAction({ type: 'Action.ShowCard', card: card({ msteams: {} }) }), '/card/actions/0/card/msteams'],
    [
      withAction({ type: 'Action.ShowCard', card: { body: [{ type: 'Input.Date' }] } }),
      '/card/actions/0/card/body/0/type',
    ],
    [withAction({ type: 'Action.ToggleVisibility', targetElements: [] }), '/card/actions/0/targetElements'],
    [
      JSON.parse('{"type":"AdaptiveCard","version":"1.5","body":[{"type":"TextBlock","text":"x"}],"__proto__":{}}'),
      '/card/__proto__',
    ],
  ])('%j is told at its place', (value, pointer) => {
    expect(pointersOf(value)).toEqual([pointer]);
  });

  test('says what was probably meant', () => {
    const [element, field, type] = [
      withElement({ type: 'Textblock', text: 'x' }),
      withElement({ type: 'TextBlock', text: 'x', wrapp: true }),
      withElement({ type: 'Input.Text' }),
    ].map((value) => faultsOf(value)[0]?.detail);
    expect(element).toBe('Unknown type. Did you mean "TextBlock"?');
    expect(field).toBe('Unknown field. Did you mean "wrap"?');
    expect(type).toMatch(/^Inputs are not sent/);
  });

  test('is told all at once, up to a hundred', () => {
    expect(pointersOf(card({ version: 1, body: [{ type: 'Image', url: 1 }, { type: 'Media' }] }))).toEqual([
      '/card/version',
      '/card/body/0/url',
      '/card/body/1/type',
    ]);
    expect(faultsOf(card({ body: Array(400).fill({}) }))).toHaveLength(CARD_LIMITS.maxFaults);
  });
});

describe('bounds', () => {
  test('six actions on a card, wherever they stand; what a button shows counts for itself', () => {
    const six = Array.from({ length: 6 }, () => openUrl({ fallback: openUrl() }));
    const shown = { type: 'Action.ShowCard', card: { body: [], actions: six } };
    expect(faultsOf(card({ actions: six }))).toEqual([]);
    expect(faultsOf(card({ actions: [...six.slice(1), shown] }))).toEqual([]);
    const set = { type: 'ActionSet', actions: six };
    expect(faultsOf(card({ body: [set], actions: [openUrl()] }))).toEqual([
      { pointer: '/card', detail: 'Expected at most 6 actions on a card, found 7' },
    ]);
  });

  test('sixteen elements inside one another, the card included', () => {
    expect(faultsOf(withElement(nested(14)))).toEqual([]);
    expect(faultsOf(withElement(nested(15)))).toHaveLength(1);
    expect(faultsOf(withElement(nested(5_000)))).toHaveLength(1);
  });

  test('five hundred elements', () => {
    const texts = (count: number) => card({ body: Array(count).fill({ type: 'TextBlock', text: 'x' }) });
    expect(faultsOf(texts(499))).toEqual([]);
    expect(faultsOf(texts(600))).toHaveLength(1);
  });
});

describe('links in markdown', () => {
  test.each([
    'no link at all, not even [x] (y)',
    '[x](https://ci.example)',
    '[x](<https://ci.example/a> "title")',
    '[a](https://ci.example/(1)) and [b]( https://ci.example )',
    'not a link: \\[x\\](http://ci.example)',
    '[1]: https://ci.example "title"',
    '[INFO]: nothing to see',
    '<https://ci.example>',
    '<at>Ana</at>',
  ])('%j is taken', (text) => {
    expect(faultsOf(withElement({ type: 'TextBlock', text }))).toEqual([]);
  });

  test.each([
    '[x](http://ci.example)',
    '[x](javascript:alert(1))',
    '[x](<javascript:alert(1)>)',
    '[x](\njavascript:alert(1))',
    '[x](/relative)',
    '[x]()',
    '![x](data:image/png;base64,AA)',
    '\\\\[x\\\\](javascript:alert(1))',
    '[x](https://ok.example)[y](mailto:a@b.example)',
    '[x](https://ok.example/](javascript:alert(1))',
    '[x](https://ok.example@evil.example)',
    '[x]\n\n[x]: javascript:alert(1)',
    '[x]:\njavascript:alert(1)',
    '<javascript:alert(1)>',
  ])('%j is refused, in facts too', (text) => {
    expect(pointersOf(withElement({ type: 'TextBlock', text }))).toEqual(['/card/body/0/text']);
    const facts = [{ title: text, value: text }];
    expect(pointersOf(withElement({ type: 'FactSet', facts }))).toHaveLength(2);
  });

  test('take no time, however many there are', () => {
    for (const text of ['](', '[x](https://a/', '[a]: <', '\\\\](', '[x](((', '[', '<a:']) {
      const started = performance.now();
      faultsOf(withElement({ type: 'TextBlock', text: text.repeat(40_000 / text.length) }));
      expect(performance.now() - started).toBeLessThan(500);
    }
  });

  test('take no time either where there are blanks in the place of an address', () => {
    const text = `[a]:${'\t'.repeat(40_000)}`;
    const started = performance.now();
    faultsOf(withElement({ type: 'TextBlock', text }));
    expect(performance.now() - started).toBeLessThan(500);
  });
});

// --- Any card ---------------------------------------------------------------------------------------------------------

const ALLOWED = new Set([
  ...['AdaptiveCard', 'TextBlock', 'RichTextBlock', 'TextRun', 'Image', 'ImageSet', 'BackgroundImage'],
  ...['Container', 'ColumnSet', 'Column', 'FactSet', 'Fact', 'ActionSet'],
  ...['Table', 'TableRow', 'TableCell', 'TableColumnDefinition'],
  ...['Action.OpenUrl', 'Action.ShowCard', 'Action.ToggleVisibility', 'TargetElement'],
]);
const MARKDOWN_FIELDS = new Set(['text', 'value', 'fallbackText']);
const ADDRESS_FIELDS = new Set(['url', 'iconUrl', 'backgroundImage', 'poster', 'image', 'uri']);

/** What an accepted card must not hold, found by a walk that knows nothing of places and schemas. */
function dangersIn(value: unknown, field = ''): readonly string[] {
  if (typeof value === 'string') {
    const isBadAddress = ADDRESS_FIELDS.has(field) && !value.startsWith('https://');
    const isBadLink = MARKDOWN_FIELDS.has(field) && /\]\(\s*<?(?!https:\/\/)/i.test(value);
    return [...(isBadAddress ? [`address ${value}`] : []), ...(isBadLink ? [`link ${value}`] : [])];
  }
  if (Array.isArray(value)) {
    return value.flatMap((item) => dangersIn(item, field));
  }
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  const { type } = value as { type?: unknown };
  const isForbidden = type !== undefined && !(typeof type === 'string' && ALLOWED.has(type));
  const fields = Object.entries(value).flatMap(([key, inner]) => [
    ...(['refresh', 'authentication', 'entities', 'data', 'verb', 'sources', '__proto__'].includes(key) ? [key] : []),
    ...dangersIn(inner, key),
  ]);
  return [...(isForbidden ? [`type ${String(type)}`] : []), ...fields];
}

const url = fc.oneof(
  { weight: 8, arbitrary: fc.constant('https://ci.example/1') },
  fc.constantFrom('http://ci.example', 'data:image/png;base64,AA', 'javascript:alert(1)', '//x', '', 'HTTPS:\\\\x'),
);
const label = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom('Hello', '**bold**', '[x](https://ci.example)', '<at>Ana</at>') },
  fc.constantFrom('[x](http://a)', '[x](javascript:a)', '[x]\n[x]: javascript:a', '\\[x](ftp://a)', '\ud800'),
);
const mostly = <T>(good: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 30, arbitrary: good as fc.Arbitrary<unknown> }, fc.jsonValue({ maxDepth: 2 }));

const { element } = fc.letrec<{ element: unknown; action: unknown; select: unknown; items: unknown }>((tie) => {
  const items = fc.array(tie('element'), { maxLength: 3 });
  const optional = (shape: Record<string, fc.Arbitrary<unknown>>) => fc.record(shape, { requiredKeys: ['type'] });
  const type = (name: string) => fc.constant(name);
  return {
    items,
    select: mostly(
      fc.oneof(
        fc.record({ type: type('Action.OpenUrl'), url: mostly(url) }),
        fc.constantFrom({ type: 'Action.Submit' }, { type: 'Action.ToggleVisibility', targetElements: ['a'] }),
      ),
    ),
    action: mostly(
      fc.oneof(
        optional({ type: type('Action.OpenUrl'), url, title: label, iconUrl: url, fallback: tie('action') }),
        optional({ type: type('Action.ShowCard'), card: fc.record({ type: type('AdaptiveCard'), body: items }) }),
        fc.constantFrom({ type: 'Action.Submit', data: {} }, { type: 'Action.Execute', verb: 'x' }),
      ),
    ),
    element: mostly(
      fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc.record({ type: type('TextBlock'), text: label }),
        optional({ type: type('Image'), url, altText: label, selectAction: tie('select') }),
        fc.record({
          type: type('FactSet'),
          facts: fc.array(fc.record({ title: label, value: label }), { maxLength: 2 }),
        }),
        optional({
          type: type('Container'),
          items,
          backgroundImage: url,
          selectAction: tie('select'),
          fallback: tie('element'),
        }),
        fc.record({ type: type('ColumnSet'), columns: fc.array(fc.record({ items }), { maxLength: 2 }) }),
        fc.record({ type: type('ActionSet'), actions: fc.array(tie('action'), { maxLength: 2 }) }),
        fc.constantFrom({ type: 'Input.Text', id: 'a' }, { type: 'Media', sources: [] }, { type: 'Carousel' }),
      ),
    ),
  };
});

const cardOf = (extra: Record<string, fc.Arbitrary<unknown>>) =>
  fc.record({
    type: fc.constant('AdaptiveCard'),
    version: mostly(fc.constantFrom('1.0', '1.2', '1.5')),
    body: fc.array(element, { maxLength: 3 }),
    ...extra,
  });
const anyCard = fc.oneof(
  { weight: 6, arbitrary: cardOf({}) },
  {
    weight: 2,
    arbitrary: cardOf({ actions: fc.array(fc.record({ type: fc.constant('Action.OpenUrl'), url }), { maxLength: 7 }) }),
  },
  ...['refresh', 'authentication', 'msteams', '__proto__', 'selectAction'].map((key) => ({
    weight: 1,
    arbitrary: cardOf({
      [key]: fc.oneof(fc.jsonValue({ maxDepth: 1 }), fc.constantFrom({ width: 'Full' }, { entities: [] })),
    }),
  })),
  { weight: 1, arbitrary: fc.jsonValue() },
);

test('any JSON is either refused with faults or holds nothing that may not be sent', () => {
  let taken = 0;
  fc.assert(
    fc.property(anyCard, (value) => {
      const faults = checkCard(value, '/card');
      if (faults.length === 0) {
        taken += 1;
        expect(dangersIn(value)).toEqual([]);
      }
      expect(faults.every(({ pointer, detail }) => pointer.startsWith('/card') && detail !== '')).toBe(true);
    }),
    { numRuns: 10_000 },
  );
  expect(taken).toBeGreaterThan(1_000);
}, 60_000);

test('what is taken is understood by the card library without a complaint', () => {
  const context = new SerializationContext(Versions.v1_5);
  new AdaptiveCard().parse(RICH, context);
  expect(Array.from({ length: context.eventCount }, (_, index) => context.getEventAt(index).message)).toEqual([]);
});
