// Card Markdown as Teams' subset has it, from text that nobody trusts.

/** The page's own script: it has no types, and runs in Node as well as in a browser. */
const script = new URL('../../../src/pages/cards/markdown.js', import.meta.url).href;
const { renderMarkdown: render } = (await import(script)) as {
  renderMarkdown: (text: string, schemes?: RegExp) => string;
};

test.each([
  ['**bold** and *italic* and _italic_', '<p><b>bold</b> and <i>italic</i> and <i>italic</i></p>'],
  ['- one\n- two', '<ul><li>one</li><li>two</li></ul>'],
  ['1. one\r2. two', '<ol start="1"><li>one</li><li>two</li></ol>'],
  ['text\n\nmore', '<p>text</p><p>more</p>'],
  ['one\ntwo', '<p>one<br>two</p>'],
  ['**_both_**', '<p><b><i>both</i></b></p>'],
  [
    '_[a \\(ci.example\\)](https://ci.example/)_ and **[b](https://ci.example/)**',
    '<p><i><a href="https://ci.example/" target="_blank" rel="noopener noreferrer">a (ci.example)</a></i> and <b><a href="https://ci.example/" target="_blank" rel="noopener noreferrer">b</a></b></p>',
  ],
  [
    '[a *b*](https://example.com/x_y_z?q=1&r=*2*)',
    '<p><a href="https://example.com/x_y_z?q=1&amp;r=*2*" target="_blank" rel="noopener noreferrer">a <i>b</i></a></p>',
  ],
])('%j is rendered', (text, html) => {
  expect(render(text)).toBe(html);
});

test.each([
  ['# no heading', '<p># no heading</p>'],
  ['![alt](x)', '<p>![alt](x)</p>'],
  ['`code`', '<p>`code`</p>'],
  ['> quote', '<p>&gt; quote</p>'],
  ['snake_case_name and 2 * 3 * 4', '<p>snake_case_name and 2 * 3 * 4</p>'],
  ['<b>x</b> & "y"', '<p>&lt;b&gt;x&lt;/b&gt; &amp; &quot;y&quot;</p>'],
  ['<at>Ana</at>', '<p>&lt;at&gt;Ana&lt;/at&gt;</p>'],
])('%j is no Markdown of cards and stays text', (text, html) => {
  expect(render(text)).toBe(html);
});

test.each(['javascript:alert(1)', 'data:text/html,x', 'vbscript:x', 'file:///etc/passwd', '//evil.example', 'https:'])(
  'a link to %s stays text',
  (url) => {
    expect(render(`[click](${url})`)).not.toContain('<a');
  },
);

test('a page may allow fewer kinds of addresses', () => {
  expect(render('[x](http://example.com)')).toContain('<a');
  expect(render('[x](http://example.com) [y](mailto:a@b.example)', /^https:/i)).not.toContain('<a');
  expect(render('- [x](https://example.com)', /^https:/i)).toContain('<a');
});

test('an address cannot break out of its attribute', () => {
  const html = render('[x](https://example.com/"onmouseover="alert(1))');
  expect(html).not.toMatch(/"onmouseover/);
});

test('escaped marks are text, also in labels and list items', () => {
  expect(render('\\*\\*not bold\\*\\* \\[x\\]\\(https://example.com\\)')).toBe(
    '<p>**not bold** [x](https://example.com)</p>',
  );
  expect(render('\\- no item\n1\\. no item')).toBe('<p>- no item<br>1. no item</p>');
  expect(render('\\<b\\>')).toBe('<p>&lt;b&gt;</p>');
  expect(render('snake\\_case')).toBe('<p>snake_case</p>');
});

test('a hostile text is rendered in no time', () => {
  for (const text of ['*'.repeat(20_000), '['.repeat(20_000), '_a'.repeat(10_000), '**a'.repeat(7_000)]) {
    const started = performance.now();
    render(text);
    expect(performance.now() - started).toBeLessThan(1_000);
  }
});
