// How a template becomes a card: repetitions, conditions, literal text, and what is too much.

import fc from 'fast-check';
import { toMarkdown } from '../../../src/domain/literal.ts';
import { EXPANSION_LIMITS } from '../../../src/templates/budget.ts';
import { expandTemplate } from '../../../src/templates/expand.ts';
import { compileTemplate, type JsonObject } from '../../../src/templates/template.ts';
import { bodyOf, expandBody, faultsOf, textBlock, textOf } from './templates.ts';

const NUMBERS = Array.from({ length: 1_000 }, (_, index) => index);

describe('$data and $when', () => {
  test('an object is repeated for each element of a list, and knows its place', () => {
    const body = [textBlock('first'), textBlock('${$index}: ${name} of ${$root.team}', { $data: '${people}' })];
    expect(bodyOf(body, { team: 'Ops', people: [{ name: 'Ana' }, { name: 'Ben' }] })).toEqual([
      textBlock('first'),
      textBlock('0: Ana of Ops'),
      textBlock('1: Ben of Ops'),
    ]);
  });

  test('an object is about an object, and a list of plain values is $data itself', () => {
    const inner = textBlock('${$data}', { $data: '${tags}' });
    const body = [{ type: 'Container', $data: '${order}', items: [textBlock('${id}'), inner] }];
    expect(bodyOf(body, { order: { id: 7, tags: ['a', 2] } })).toEqual([
      { type: 'Container', items: [textBlock('7'), textBlock('a'), textBlock('2')] },
    ]);
  });

  test('an object is there when its condition is true, and for nothing less than true', () => {
    const body = ['count > 1', 'count', 'missing', "'true'", 'false'].map((when) =>
      textBlock(when, { $when: `\${${when}}` }),
    );
    expect(bodyOf(body, { count: 2 })).toEqual([textBlock('count > 1')]);
  });

  test('conditions are asked for each repetition', () => {
    const body = [textBlock('${name}', { $data: '${people}', $when: '${isLate}' })];
    const people = [
      { name: 'Ana', isLate: true },
      { name: 'Ben', isLate: false },
    ];
    expect(bodyOf(body, { people })).toEqual([textBlock('Ana')]);
  });

  test('a member whose object is not there is not there either', () => {
    const body = [{ type: 'Image', selectAction: { type: 'Action.OpenUrl', url: '${url}', $when: '${false}' } }];
    expect(bodyOf(body)).toEqual([{ type: 'Image' }]);
  });

  test.each([
    ['a list', [textBlock('x', { $data: [1, 2] })], '/card/body/0/$data'],
    ['text beside the expression', [textBlock('x', { $when: 'is ${true}' })], '/card/body/0/$when'],
    ['a third repetition', nested(3), '/card/body/0/items/0/items/0/$data'],
    ['an expression in a name', [{ 'a${b}': 1 }], '/card/body/0/a${b}'],
    ['an expression for a type', [{ type: '${kind}' }], '/card/body/0/type'],
    ['a name into the prototype', JSON.parse('[{"__proto__": 1}]'), '/card/body/0/__proto__'],
    ['a reserved name', [{ $host: 1 }], '/card/body/0/$host'],
    ['an open brace', [textBlock('${name')], '/card/body/0/text'],
    ['a brace in a brace', [textBlock('${ {a} }')], '/card/body/0/text'],
    ['a deep card', deep(40), `/card/body${'/0'.repeat(31)}`],
  ])('%s is refused at its place', (_what, body, pointer) => {
    expect(faultsOf(() => expandBody(body)).map((fault) => fault.pointer)).toEqual([pointer]);
  });
});

function nested(levels: number): JsonObject[] {
  return [{ type: 'Container', $data: '${list}', items: levels > 1 ? nested(levels - 1) : [] }];
}

function deep(levels: number): unknown[] {
  return levels === 0 ? [] : [deep(levels - 1)];
}

describe('values', () => {
  test('keep their type where they stand alone and are not shown, and are text elsewhere', () => {
    const body = [{ type: 'Column', isVisible: '${flag}', width: '${size}', id: 'c${size}', altText: '${size}' }];
    expect(bodyOf(body, { flag: false, size: 2 })).toEqual([
      { type: 'Column', isVisible: false, width: 2, id: 'c2', altText: '2' },
    ]);
  });

  test('what the data lacks shows nothing and is listed with its name and place, once', () => {
    const rows = [textBlock('Hi ${person.name}!', { $data: '${rows}' }), textBlock('x', { $data: '${lines}' })];
    const { card, warnings } = expandBody([...rows, { type: 'Image', url: '${url}' }], { rows: [{}, {}] });
    expect(card['body']).toEqual([textBlock('Hi !'), textBlock('Hi !'), { type: 'Image' }]);
    expect(warnings).toEqual([
      { code: 'missing_data', pointer: '/card/body/0/text', detail: expect.stringContaining('${person.name}') },
      { code: 'missing_data', pointer: '/card/body/1/$data', detail: expect.stringContaining('${lines}') },
      { code: 'missing_data', pointer: '/card/body/2/url', detail: expect.stringContaining('${url}') },
    ]);
  });

  test('what is asked for with coalesce, if or a condition is not missed', () => {
    const body = [textBlock("${coalesce(a, 'none')}${if(b, 'b', '')}", { $when: '${not(c)}' })];
    expect(expandBody(body)).toMatchObject({ card: { body: [textBlock('none')] }, warnings: [] });
  });

  test('lists and objects are no parts of a card: data says what is shown, and not how', () => {
    const data = { more: [{ type: 'Action.Submit', title: 'Pay' }] };
    const { card, warnings } = expandBody([{ type: 'ActionSet', actions: '${more}' }, textBlock('${more}')], data);
    expect(card['body']).toEqual([{ type: 'ActionSet' }, textBlock('')]);
    expect(warnings).toHaveLength(2);
  });

  test('summary and title are lines of text, never empty', () => {
    const card = { type: 'AdaptiveCard' };
    const template = compileTemplate({ card, summary: '${what}\n is *${how}*', title: '${what}' });
    expect(expandTemplate(template, { what: 'db1', how: 'full' })).toMatchObject({
      summary: 'db1 is *full*',
      title: 'db1',
    });
    const silent = compileTemplate({ card, summary: '${what}' });
    expect(expandTemplate(silent, {})).toMatchObject({ summary: '…', title: '…' });
  });

  test('a backslash keeps a placeholder from being one', () => {
    expect(textOf(String.raw`\${name} costs $5 {x}`)).toBe('${name} costs $5 {x}');
  });
});

describe('text from data', () => {
  const hostile = '*b* [x](https://evil) <at>Ana</at> # 1. `c`';

  test('is literal where Teams shows markdown, while what the author wrote stays markdown', () => {
    const data = { name: hostile };
    const fact = { type: 'FactSet', facts: [{ title: '${name}', value: '**${name}**' }] };
    expect(textOf('**Hi** ${name}', data)).toBe(`**Hi** ${toMarkdown(hostile)}`);
    expect(bodyOf([fact], data)).toEqual([
      { type: 'FactSet', facts: [{ title: toMarkdown(hostile), value: `**${toMarkdown(hostile)}**` }] },
    ]);
  });

  test('is plain in places without markdown, and untouched in addresses and the data of actions', () => {
    const action = { type: 'Action.OpenUrl', title: '${name}', url: 'https://contoso.com/${uriComponent(name)}' };
    const submit = { type: 'Action.Submit', title: 'x', data: { text: '${name}' } };
    const run = { type: 'RichTextBlock', inlines: [{ type: 'TextRun', text: '${name}' }] };
    expect(bodyOf([action, submit, run], { name: hostile })).toEqual([
      { ...action, title: hostile, url: `https://contoso.com/${encodeURIComponent(hostile)}` },
      { ...submit, data: { text: hostile } },
      { type: 'RichTextBlock', inlines: [{ type: 'TextRun', text: hostile }] },
    ]);
  });

  test('is compared and measured as it is, and what the author quotes stays markdown', () => {
    const data = { name: 'a_b' };
    expect(textOf("${if(name == 'a_b', '**same**', name)} ${length(name)}", data)).toBe('**same** 3');
    expect(textOf("${'**' + name + '**'}${concat('_', toUpper(name), '_')}", data)).toBe(String.raw`**a\_b**_A\_B_`);
  });

  test('is markdown where the author says so', () => {
    expect(textOf('${markdown(notes)} ${notes}', { notes: '*x*' })).toBe(String.raw`*x* \*x\*`);
  });

  test('makes no function of Adaptive Cards, not even together with a brace of the author', () => {
    const data = { a: '{', b: '{DATE(2026-01-01, SHORT)}}' };
    expect(textOf('{${b} ${a}${b} ${concat(a, b)} ${a + b}', data)).not.toMatch(/(?<!\\)\{\{/);
    const [button] = bodyOf([{ type: 'Action.OpenUrl', title: '{${b} ${a}${b}' }], data) as [JsonObject];
    expect(button['title']).not.toContain('{{');
  });
});

describe('too much', () => {
  const text = 'w '.repeat(30_000);
  const rows = (expression: string) => [textBlock(`\${${expression}}`, { $data: '${list}' })];
  const wide = Object.fromEntries(NUMBERS.map((index) => [`key${index}`, index]));

  test.each<[string, unknown, JsonObject]>([
    ['a repetition in a repetition', [{ items: [textBlock('x', { $data: '${$root.list}' })], $data: '${list}' }], {}],
    [
      'that shows nothing',
      [{ items: [textBlock('x', { $data: '${$root.list}', $when: '${false}' })], $data: '${list}' }],
      {},
    ],
    ['long texts put together', [textBlock('${concat(a, a)}')], { a: text }],
    ['long texts beside each other', [textBlock('${a}'.repeat(100))], { a: text }],
    ['long texts that are never shown', rows("if(contains(toUpper($root.a), 'q'), 'yes', 'no')"), { a: text }],
    [
      'a long text that is looked for in another',
      rows('contains($root.a, $root.b)'),
      { a: 'a'.repeat(60_000), b: `b${'a'.repeat(5_000)}` },
    ],
    ['objects as text', rows('length(string($root))'), { wide }],
    [
      'members that are not there',
      rows('length($root.wide)').concat(rows('$root.wide.none')),
      { wide, list: [...NUMBERS, ...NUMBERS] },
    ],
    ['escaping', [textBlock('${a}')], { a: '- \n'.repeat(20_000) }],
    ['joining', rows('length(join($root.list, $root.a))'), { a: text }],
    ['formats', rows("formatDateTime('2026-01-02', 'MMMM dddd MMM ddd MMMM dddd MMM ddd MMMM dddd', 'fr-FR')"), {}],
    ['lists of nothing', [{ $data: '${list}', items: Array(20_000).fill([]) }], {}],
    ['texts of nothing', [{ $data: '${list}', items: Array(20_000).fill('') }], {}],
    ['unseen characters', [{ type: 'Image', id: '${a}' }], { a: '\u0001'.repeat(20_000) }],
  ])('%s is refused with what to change, in twice the time of a large JSON at the most', (_what, body, more) => {
    const template = compileTemplate({ card: { type: 'AdaptiveCard', body }, summary: 'x' });
    const run = () => faultsOf(() => expandTemplate(template, { list: NUMBERS, ...more }));
    expect(run()).toEqual([
      { pointer: expect.stringMatching(/^\/card/), detail: expect.stringMatching(/^With this data, /) },
    ]);
    expect(timesJson(run)).toBeLessThan(2);
  });

  test('a card that is repeated or not there is refused', () => {
    for (const control of [{ $data: '${list}' }, { $when: '${false}' }]) {
      const template = compileTemplate({ card: { type: 'AdaptiveCard', ...control }, summary: 'x' });
      expect(faultsOf(() => expandTemplate(template, { list: [1, 2] }))).toMatchObject([{ pointer: '/card' }]);
    }
  });

  test('what is hard to read is read in no time', () => {
    for (const part of ["${'", '${a', '${"\'', '\\', '${a}', '{', "${a'", "${\\'", "\\${\\'"]) {
      const text = part.repeat(Math.floor(60_000 / part.length));
      expect(timesJson(() => faultsOf(() => textOf(text)))).toBeLessThan(15);
    }
  });
});

const LARGE = Array.from({ length: 20_000 }, (_, index) => ({ type: 'TextBlock', text: `text ${index}` }));

/** How many times the processor takes of what writing and reading 1 MB of JSON does, on whatever machine. */
function timesJson(work: () => unknown): number {
  return meanCpuMs(work) / meanCpuMs(() => JSON.parse(JSON.stringify(LARGE)));
}

/** The mean of ten runs once they are compiled: the clock of a thread goes in steps of some milliseconds. */
function meanCpuMs(work: () => unknown): number {
  for (let run = 0; run < 3; run++) {
    work();
  }
  const before = process.threadCpuUsage();
  for (let run = 0; run < 10; run++) {
    work();
  }
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 10_000;
}

/** Blanks escaped pairs, so that what is left is what a renderer gives a meaning to. */
function unescaped(markdown: string): string {
  return markdown.replace(/\\[!-/:-@[-`{-~]/g, ' ');
}

test('whatever the data is, its text is literal, the card is bounded and nothing is thrown but what is said', () => {
  const templates = [
    [textBlock('${a}'), { type: 'FactSet', facts: [{ $data: '${list}', title: '${$data}', value: '${a}${b}' }] }],
    [textBlock("${if(a == b, a, b)} ${concat(a, b)} ${a + b} ${coalesce(a, 'none')}", { $when: '${exists(a)}' })],
    [{ type: 'Container', $data: '${list}', items: [textBlock('${a}${$index}${$root.b}', { $data: '${list}' })] }],
    [textBlock('${toUpper(a)}${trim(b)}${substring(a, 1, length(b))}${join(list, a)}${string(b)}')],
    [textBlock('${formatNumber(a, b)}${formatDateTime(a, b)}${a[b]}${list[0].a}${round(a)}${a / b}')],
  ].map((body) => compileTemplate({ card: { type: 'AdaptiveCard', body }, summary: '${a} ${b}' }));
  const text = fc
    .array(
      fc.oneof(
        fc.constantFrom(...'\\*_~`[]()#<>&@|{} \n', '<at>x</at>', '](https://x)', '{{DATE(x)}}', '1. '),
        fc.string({ unit: 'grapheme', maxLength: 4 }),
      ),
    )
    .map((parts) => parts.join(''));
  const value = fc.oneof(text, fc.jsonValue({ maxDepth: 2 }), fc.constantFrom('2026-01-01', 3, -1, 1e300));
  const data = fc.record(
    { a: value, b: value, list: fc.oneof(fc.array(value, { maxLength: 4 }), value) },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.constantFrom(...templates), data, (template, values) => {
      const { card, summary } = expandTemplate(template, values);
      const json = JSON.stringify(card);
      expect(json.length).toBeLessThanOrEqual(EXPANSION_LIMITS.maxUnits);
      expect(json.isWellFormed() && summary !== '').toBe(true);
      for (const shown of shownTexts(card['body'])) {
        expect(unescaped(shown)).not.toMatch(/[\\*_~`[\]()#<>&@|]|\{\{/);
      }
    }),
    { numRuns: 10_000 },
  );
});

function shownTexts(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  return Object.entries(value).flatMap(([key, inner]) =>
    typeof inner === 'string' && ['text', 'title', 'value'].includes(key) ? [inner] : shownTexts(inner),
  );
}
