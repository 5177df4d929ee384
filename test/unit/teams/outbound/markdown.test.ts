// What becomes of a producer's markdown on a card.

import fc from 'fast-check';
import { Lexer } from 'marked';
import type { CardElement } from '../../../../src/teams/cards/card-activity.ts';
import { cutMarkdown, toMarkdownBlocks } from '../../../../src/teams/cards/markdown.ts';

/** The text of a card that has a single text block. */
function textOf(source: string): unknown {
  const blocks = toMarkdownBlocks(source);
  expect(blocks.length).toBeLessThanOrEqual(1);
  return blocks[0]?.['text'] ?? '';
}

test.each([
  ['**bold**, __bold__, *italic*, _italic_', '**bold**, **bold**, _italic_, _italic_'],
  ['***both*** and **bold with *italic* inside**', '**_both_** and **bold with** **_italic_** **inside**'],
  ['** no bold ** and 2 * 3 * 4', '\\*\\* no bold \\*\\* and 2 \\* 3 \\* 4'],
  ['**5**ms and snake_case_name', '**5**ms and snake\\_case\\_name'],
  ['one\ntwo\n\nthree', 'one\n\ntwo\n\nthree'],
  ['*over\ntwo lines*', '_over_\n\n_two lines_'],
  ['- one\n- *two*\n  still two', '- one\n- _two_ still two'],
  ['* one\n\n* two', '- one\n- two'],
  ['3. three\n4. four', '3. three\n4. four'],
  ['1. one\n   - deeper\n2. two', '1. one\n\n\u00a0\u00a0\u00a0\u00a0◦ deeper\n\n2. two'],
  ['- [x] done\n- [ ] to do', '- \\[x\\] done\n- \\[ \\] to do'],
  ['- one\n\n3) three', '- one\n\n3. three'],
  ['# Title\ntext', '**Title**\n\ntext'],
  ['Title\n===', '**Title**'],
  ['`code` is shown with its `` ` ``', '\\`code\\` is shown with its \\`\\` \\` \\`\\`'],
  ['\\*no italic\\*', '\\*no italic\\*'],
  ['', ''],
  [' \n\t\n', ''],
])('%j is written as %j', (source, markdown) => {
  expect(textOf(source)).toBe(markdown);
});

test.each([
  ['> quote', '\\> quote'],
  ['~~struck~~', '\\~\\~struck\\~\\~'],
  ['| a | b |\n|---|---|', '\\| a \\| b \\|\n\n\\|---\\|---\\|'],
  ['<b>x</b> &amp; <br>', '\\<b\\>x\\</b\\> \\&amp; \\<br\\>'],
  ['<at>Ana</at>', '\\<at\\>Ana\\</at\\>'],
  ['![a picture](https://ci.example/x.png)', '!\\[a picture\\]\\(https://ci.example/x.png\\)'],
  ['[name]: javascript:alert(1)\n[name]', '\\[name\\]: javascript:alert\\(1\\)\n\n\\[name\\]'],
  ['{{DATE(x)}} {**{x**', '{\\{DATE\\(x\\)}} {**{x**'],
  ['text\n\n---', 'text\n\n\\---'],
  ['www.example.com ana@example.com', 'www.example.com ana\\@example.com'],
])('%j is not what cards know and stays what it is', (source, markdown) => {
  expect(textOf(source)).toBe(markdown);
});

test.each([
  ['[View run](https://ci.example/1)', '[View run \\(ci.example\\)](https://ci.example/1)'],
  ['[ci.example](https://ci.example/1)', '[ci.example](https://ci.example/1)'],
  ['[bank.example](https://evil.example)', '[bank.example \\(evil.example\\)](https://evil.example/)'],
  ['[ci.example.evil](https://ci.example)', '[ci.example.evil \\(ci.example\\)](https://ci.example/)'],
  ['[](https://ci.example/1)', '[ci.example](https://ci.example/1)'],
  ['see https://ci.example/1.', 'see [https://ci.example/1](https://ci.example/1).'],
  ['<https://ci.example/1>', '[https://ci.example/1](https://ci.example/1)'],
  ['[a *b*](https://ci.example/ "title")', '[a b \\(ci.example\\)](https://ci.example/)'],
  ['**[a](https://ci.example/)**', '**[a \\(ci.example\\)](https://ci.example/)**'],
  ['\\![a](https://ci.example/)', '\\![a \\(ci.example\\)](https://ci.example/)'],
  ['[![badge](https://x.example/b.png)](https://ci.example/)', '[badge \\(ci.example\\)](https://ci.example/)'],
  [
    '[a](https://ci.example/(x)_[*]?a={b}&lt;c)',
    '[a \\(ci.example\\)](https://ci.example/%28x%29_%5B%2A%5D?a=%7Bb%7D&lt%3Bc)',
  ],
])('the link %j shows its host: %j', (source, markdown) => {
  expect(textOf(source)).toBe(markdown);
});

test.each([
  'http://ci.example/1',
  'javascript:alert(1)',
  'data:text/html,x',
  'mailto:ana@contoso.com',
  'https://user@ci.example/',
  'https://bank.example@evil.example/',
  'https://bank.example\\@evil.example/',
  '/1',
  '#top',
])('a link to %s stays text', (url) => {
  const [block] = toMarkdownBlocks(`[Open](${url})`);
  expect(String(block?.['text'])).toMatch(/^\\\[Open\\\]\\\(/);
});

test('code stands in blocks of its own, in a monospaced font, and is literal', () => {
  expect(toMarkdownBlocks('before\n\n```js\na *b*\n  <c>\n```\nafter')).toEqual([
    { type: 'TextBlock', text: 'before', wrap: true },
    {
      type: 'Container',
      style: 'emphasis',
      items: [{ type: 'TextBlock', text: 'a \\*b\\*\n\n\u00a0\u00a0\\<c\\>', wrap: true, fontType: 'Monospace' }],
    },
    { type: 'TextBlock', text: 'after', wrap: true },
  ]);
});

test('a numbered list goes on after a block of code', () => {
  const texts = toMarkdownBlocks('1. one\n   ```\n   x\n   ```\n2. two').map((block) => block['text']);
  expect(texts).toEqual(['1. one', undefined, '2. two']);
});

test('a cut never leaves the beginning of an address', () => {
  const source = 'see https://bank.example.evil.example/x and more';
  for (let length = 0; length < source.length; length++) {
    const links = JSON.stringify(toMarkdownBlocks(cutMarkdown(source, length))).match(/\]\(.*?\)/g) ?? [];
    expect(links).toEqual(
      length < 'see https://bank.example.evil.example/x'.length ? [] : ['](https://bank.example.evil.example/x)'],
    );
  }
  expect(cutMarkdown('some words', 7)).toBe('some wo');
});

/** Text made of what markdown, mentions and templates give a meaning to, of addresses, and of ordinary words. */
const hostile = fc
  .array(
    fc.oneof(
      fc.constantFrom(...'\\*_~`[]()#<>&@|{}!+-=.:0 \t\n'),
      fc.constantFrom(
        '**',
        '***',
        '1. ',
        '- ',
        '> ',
        '# ',
        '```',
        '](',
        '](https://a.example/x)',
        '<at>',
        '</at>',
        '{{',
      ),
      fc.constantFrom(
        'https://a.example',
        '<https://b.example>',
        'javascript:alert(1)',
        '[x](',
        '![',
        '\u202e',
        '&lt;',
      ),
      fc.constantFrom('https://u@c.example', '\\\\', '\r\n', '\u0000', '\u00a0', 'word', '1', '    ', '\n\n', '[x]: '),
      fc.string({ unit: 'grapheme', maxLength: 5 }),
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(''));

/** Addresses that a text holds, as a browser reads them. */
function addressesIn(text: string): ReadonlySet<string> {
  const addresses = [...text.matchAll(/https:\/\//gi)].flatMap(({ index }) =>
    Array.from({ length: text.length - index }, (_, length) => URL.parse(text.slice(index, index + length + 1))?.href),
  );
  return new Set(addresses.filter((address) => address !== undefined).map(decode));
}

/** Some characters are escaped in links, which leads to the same place. */
function decode(url: string): string {
  return url.replace(/%(?:28|29|5B|5D|7B|7D|2A|60|3C|3E|7C|3B)/g, (code) => decodeURIComponent(code));
}

interface Found {
  readonly type: string;
  readonly href?: string;
  readonly text?: string;
  readonly tokens?: readonly Found[];
  readonly items?: readonly Found[];
}

/** Everything that a reader of plain CommonMark finds in a text of a card. */
function readAll(tokens: readonly Found[]): readonly Found[] {
  return tokens.flatMap((token) => [token, ...readAll(token.tokens ?? []), ...readAll(token.items ?? [])]);
}

const HARMLESS = ['paragraph', 'text', 'list', 'list_item', 'strong', 'em', 'link', 'escape', 'space'];

function textsOf(elements: readonly CardElement[]): readonly string[] {
  return elements.flatMap(({ text, items }) => [
    ...(typeof text === 'string' ? [text] : []),
    ...(Array.isArray(items) ? textsOf(items) : []),
  ]);
}

test('whatever the text, nothing is active but links to https addresses that stood in it and are shown', () => {
  fc.assert(
    fc.property(hostile, (source) => {
      const addresses = addressesIn(source);
      for (const text of textsOf(toMarkdownBlocks(source))) {
        expect(text).not.toContain('{{');
        const found = readAll(new Lexer({ gfm: false }).lex(text) as readonly Found[]);
        expect(found.map(({ type }) => type).filter((type) => !HARMLESS.includes(type))).toEqual([]);
        for (const { href = '', text: label = '' } of found.filter(({ type }) => type === 'link')) {
          expect(addresses).toContain(decode(href));
          expect(label.replaceAll('\\', '').toLowerCase()).toContain(new URL(href).host.slice(-39));
          expect(new URL(href).username).toBe('');
        }
      }
    }),
    { numRuns: 10_000 },
  );
}, 60_000);

test('no text takes long', () => {
  const nested = ['**a '.repeat(2_000) + 'a** '.repeat(2_000), '*a **b '.repeat(1_000) + 'b** a* '.repeat(1_000)];
  const repeated = [
    '*a_',
    '_a',
    '1. ',
    '- ',
    '[',
    '](https://x)',
    '\\[',
    'a\n- ',
    '<a',
    '`a',
    ' ',
    '|-|\n',
    '![[',
    '> ',
  ];
  for (const source of [...nested, ...repeated.map((part) => part.repeat(16_384 / part.length))]) {
    const startedAtMs = performance.now();
    toMarkdownBlocks(source);
    expect(performance.now() - startedAtMs).toBeLessThan(1_000);
  }
});
