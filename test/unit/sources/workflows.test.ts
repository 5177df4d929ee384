// Adaptive Cards as they are posted to workflows: all that can be shown is, and what cannot says so.

import { checkCard } from '../../../src/domain/card-check.ts';
import { finishDraft } from '../../../src/sources/finish-draft.ts';
import { workflows } from '../../../src/sources/workflows.ts';

type Json = Readonly<Record<string, unknown>>;

const block = (text: string, fields: Json = {}) => ({ type: 'TextBlock', text, ...fields });
const cardOf = (fields: Json) => ({ type: 'AdaptiveCard', version: '1.4', ...fields });
const attach = (content: unknown, contentType = 'application/vnd.microsoft.card.adaptive') => ({
  contentType,
  content,
});

function eventsOf(body: unknown) {
  const translation = workflows.translate({ body, headers: {} });
  return translation.kind === 'events' ? translation.events.map(({ draft }) => finishDraft(draft, 'Workflows')) : [];
}

/** The card that is made of a card with this. It may always be sent. */
function made(fields: Json): Json {
  const body = { type: 'message', attachments: [attach(cardOf(fields))] };
  const [notification] = eventsOf(JSON.parse(JSON.stringify(body)));
  const card = notification?.['card'];
  expect(checkCard(card, '')).toEqual([]);
  return card as Json;
}

test('a card that may be sent stays as it is', () => {
  const card = cardOf({
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    msteams: { width: 'Full' },
    body: [
      block('**Disk** full, [see](https://grafana.contoso.com/d)', {
        wrap: true,
        color: 'attention',
        weight: 'bolder',
      }),
      { type: 'Table', columns: [{ width: 1 }], rows: [{ cells: [{ items: [block('98 %')] }] }] },
      { type: 'FactSet', facts: [{ title: 'Host', value: 'db1' }] },
    ],
    actions: [{ type: 'Action.OpenUrl', title: 'Dashboard', url: 'https://grafana.contoso.com/d' }],
  });
  expect(eventsOf(card)).toEqual([{ title: 'Disk full, see', summary: 'Disk full, see', severity: 'error', card }]);
});

test('mentions become the names of those who are mentioned', () => {
  const entity = { type: 'mention', text: '<at>Ana</at>', mentioned: { id: 'ana@contoso.com', name: 'Ana' } };
  const card = made({
    body: [block('<at>Ana</at>, look'), { type: 'FactSet', facts: [{ title: 'On call', value: '<at>Ana</at>' }] }],
    msteams: { width: 'Full', entities: [entity] },
  });
  expect(card).toMatchObject({
    msteams: { width: 'Full' },
    body: [{ text: 'Ana, look' }, { facts: [{ value: 'Ana' }] }],
  });
  expect(JSON.stringify(card)).not.toContain('entities');
});

test.each([['1.6'], ['2.0'], [undefined], [null], [1.4]])('version %j becomes 1.5', (version) => {
  expect(made({ version, body: [block('x')] })).toMatchObject({ version: '1.5' });
});

test.each([
  ['[Prometheus](http://prometheus.local:9090/graph)', 'Prometheus (http://prometheus.local:9090/graph)'],
  ['[http://a.local](http://a.local)', 'http://a.local'],
  ['<http://a.local>', 'http://a.local'],
  ['[FIRING:1]: disk', '\\[FIRING:1]: disk'],
  ['[x](javascript:alert(1))', ' x (javascript:alert(1))'],
  ['[good](https://a.contoso.com) and [bad](ftp://b)', '[good](https://a.contoso.com) and bad (ftp://b)'],
])('a link that may not be followed is shown as text: %s', (text, shown) => {
  expect(made({ body: [block(text)] })).toMatchObject({ body: [{ text: shown }] });
});

test('what bots do not know is shown by its fallback, by what it holds, or by its text', () => {
  const card = made({
    body: [
      { type: 'Carousel', fallback: block('fallback') },
      { type: 'Accordion', items: [block('held')] },
      { type: 'Badge', text: 'Production' },
      { type: 'CodeBlock', codeSnippet: 'a[0](http://x)' },
      { type: 'Input.Text', id: 'x', label: 'Comment' },
      { type: 'Image', url: 'data:image/png;base64,iVBORw0KGgo=', altText: 'Load of db1' },
    ],
  });
  const [first, second, ...others] = card['body'] as readonly Json[];
  expect([first, second]).toMatchObject([{ text: 'fallback' }, { type: 'Container', items: [{ text: 'held' }] }]);
  expect(others.map(({ type, text }) => [type, text])).toEqual([
    ['TextBlock', 'Production'],
    ['TextBlock', 'a\\[0\\]\\(http://x\\)'],
    ['TextBlock', 'Load of db1'],
  ]);
});

test('a button that cannot work is told by name, one that leads to http by its address', () => {
  const actions = [
    { type: 'Action.Submit', title: 'Approve *now*' },
    { type: 'Action.OpenUrl', title: 'Graph', url: 'http://localhost:3000/graph' },
    { type: 'Action.OpenUrl', title: 'Run', url: 'https://ci.contoso.com/1' },
  ];
  const card = made({ body: [block('x')], actions });
  expect(card['actions']).toEqual([actions[2]]);
  expect(card['body']).toMatchObject([
    { text: 'x' },
    { text: 'Graph: http://localhost:3000/graph' },
    { text: 'Not available in Teams: Approve \\*now\\*' },
  ]);
});

test('of more buttons than a card holds, the last ones stand on it as text', () => {
  const actions = Array.from({ length: 8 }, (_, at) => ({
    ...{ type: 'Action.OpenUrl', title: `Run ${at}`, url: `https://ci.contoso.com/${at}` },
  }));
  const card = made({ body: [block('x')], actions });
  expect(card['actions']).toHaveLength(6);
  expect(card['body']).toMatchObject([{}, { text: 'Run 6: https://ci.contoso.com/6' }, {}]);
});

test('properties that no card has, and values that none may have, are left out', () => {
  const card = made({
    refresh: { action: { type: 'Action.Execute' } },
    authentication: { text: 'Sign in' },
    body: [block('x', { weight: 'Bold', size: 'Huge', highlight: true, isVisible: 'yes', maxLines: 2 }), null, 'y', 5],
  });
  expect(card).toEqual(cardOf({ body: [block('x', { weight: 'Bolder', maxLines: 2 })] }));
});

test('a card that is too large is told in its words', () => {
  const alerts = Array.from({ length: 60 }, (_, at) =>
    block(`Alert ${at}: **db${at}** ${'is almost full '.repeat(20)}`),
  );
  const facts = [{ title: 'Firing', value: '60' }];
  const actions = [{ type: 'Action.OpenUrl', title: 'Alerts', url: 'https://alerts.contoso.com/' }];
  const body = [block('60 alerts', { color: 'Attention' }), ...alerts, { type: 'FactSet', facts }];
  const [notification] = eventsOf(cardOf({ body, actions }));
  expect(notification).toMatchObject({
    title: '60 alerts',
    severity: 'error',
    textFormat: 'markdown',
    text: expect.stringMatching(/^Alert 0: \*\*db0\*\* is almost full/),
    facts: [{ name: 'Firing', value: '60' }],
    links: [{ title: 'Alerts', url: 'https://alerts.contoso.com/' }],
  });
  expect(notification).not.toHaveProperty('card');
});

test('one that is too deep is told in its words as well', () => {
  const deep = (depth: number): object =>
    depth === 0 ? block('bottom') : { type: 'Container', items: [deep(depth - 1)] };
  expect(eventsOf(cardOf({ body: [block('top'), deep(30)] }))).toMatchObject([{ title: 'top', text: 'bottom' }]);
});

test('each attachment is a message of its own, whatever kind of card it is', () => {
  const attachments = [
    attach(cardOf({ body: [block('first')] })),
    attach({ '@type': 'MessageCard', title: 'second' }, 'application/vnd.microsoft.teams.card.o365connector'),
    attach(JSON.stringify(cardOf({ body: [block('third')] }))),
  ];
  const titles = eventsOf({ type: 'message', summary: 'all', attachments }).map(({ title }) => title);
  expect(titles).toEqual(['first', 'second', 'third']);
});

test('the summary of a message with one card is what the toast says', () => {
  const body = { summary: 'Disk **full**', attachments: [attach(cardOf({ body: [block('x')] }))] };
  expect(eventsOf(body)).toMatchObject([{ title: 'Disk full', summary: 'Disk full' }]);
});

test.each([
  ['nothing', {}],
  ['no attachments', { type: 'message', attachments: [] }],
  ['an empty card', { type: 'message', attachments: [attach(cardOf({ body: [] }))] }],
  ['a card that only asks', cardOf({ body: [{ type: 'Input.Text', id: 'x' }] })],
  ['attachments of other kinds', { attachments: [attach('x', 'text/html'), attach(null, 'image/png')] }],
  ['a list', [cardOf({ body: [block('x')] })]],
])('%s is refused, and it is said what was expected', (_name, body) => {
  expect(() => eventsOf(body)).toThrow(
    expect.objectContaining({
      code: 'invalid_request',
      message: expect.stringContaining('Expected a message for Teams'),
    }),
  );
});
