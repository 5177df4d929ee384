// Slack's mrkdwn as markdown: what is markup to Slack, and what is to others only.

import fc from 'fast-check';
import { linksOfMrkdwn, mrkdwnToMarkdown, mrkdwnToText } from '../../../src/sources/slack/mrkdwn.ts';
import { toMarkdownBlocks } from '../../../src/teams/cards/markdown.ts';

test.each([
  ['bold', '*bold* and (*bold*), *two words*', '**bold** and \\(**bold**\\), **two words**'],
  ['italic', '_italic_ text', '_italic_ text'],
  ['both', '*_both_*', '**_both_**'],
  ['strikethrough, which cards do not have', '~gone~', '\\~gone\\~'],
  ['code', 'run `a *b* &lt;c&gt;`', 'run \\`a \\*b\\* \\<c\\>\\`'],
  ['a block of code', 'log:\n```\n*x* &amp; <y>\n```\nend', 'log:\n\n```\n*x* & <y>\n```\n\nend'],
  ['a link', '<https://ci.contoso.com/1|Build *1*>', '[Build \\*1\\*](https://ci.contoso.com/1)'],
  ['a link in bold', '*<https://ci.contoso.com/1|Build 1> failed*', '**[Build 1](https://ci.contoso.com/1) failed**'],
  [
    'a bare link',
    '<https://ci.contoso.com/?a=1&amp;b=2>',
    '[https://ci.contoso.com/?a=1\\&b=2](https://ci.contoso.com/?a=1&b=2)',
  ],
  ['a link with brackets', '<https://w.contoso.com/a_(b)|x>', '[x](https://w.contoso.com/a_%28b%29)'],
  ['a link that is not https', '<http://ci.local/1|Build 1>', 'Build 1 (http://ci.local/1)'],
  ['a link that does something', '<javascript:alert(1)|x>', 'x (javascript:alert\\(1\\))'],
  ['a mail address', '<mailto:ana@contoso.com|Ana>', 'Ana'],
  ['mentions', '<@U1> <@U1|ana> <#C1|general> <#C1>', '\\@U1 \\@ana \\#general \\#C1'],
  ['mentions of many', '<!here> <!channel> <!everyone> <!subteam^S1|@ops>', '\\@here \\@channel \\@everyone \\@ops'],
  ['a date', '<!date^1392734382^{date}|18 Feb 2014>', '18 Feb 2014'],
  ['escapes', '1 &lt; 2 &amp;&amp; 3 &gt; 2 &copy; &amp;lt;', '1 \\< 2 \\&\\& 3 \\> 2 \\&copy; \\&lt;'],
  ['emoji', ':rocket: :no_such_emoji: 10:30:45', '🚀 :no\\_such\\_emoji: 10:30:45'],
  ['what is no markup: inside words', 'snake_case_name 5*3*2', 'snake\\_case\\_name 5\\*3\\*2'],
  ['what is no markup: beside blanks', '5 * 3 * 2', '5 \\* 3 \\* 2'],
  ['what is no markup: over lines', '*a\nb*', '\\*a\nb\\*'],
  ["others' markup", '# [x](https://y) **z**', '\\# \\[x\\]\\(https://y\\) \\*\\*z\\*\\*'],
  ['quotes', '&gt; quoted', '\\> quoted'],
  ['a list', '• one\n- two', '• one\n- two'],
  ['a rule', 'Title\n---\ntext', 'Title\n\\---\ntext'],
  ['nothing', '  ', ''],
])('%s', (_name, mrkdwn, markdown) => {
  expect(mrkdwnToMarkdown(mrkdwn)).toBe(markdown);
});

test.each([
  ['*bold* _italic_ `code` ~gone~', 'bold italic code ~gone~'],
  ['<https://ci.contoso.com/1|Build 1> &amp; <@U1|ana> :x:', 'Build 1 & @ana ❌'],
  ['```\ncode\n```', 'code'],
  ['<http://ci.local/1>', 'http://ci.local/1'],
])('as plain text, %j reads %j', (mrkdwn, text) => {
  expect(mrkdwnToText(mrkdwn)).toBe(text);
});

test('its links can be buttons', () => {
  expect(linksOfMrkdwn('<https://a.contoso.com/?x=1&amp;y=2|A &amp; B> <@U1> <mailto:a@b.c> <http://c.local>')).toEqual(
    [
      { title: 'A & B', url: 'https://a.contoso.com/?x=1&y=2' },
      { title: 'http://c.local', url: 'http://c.local' },
    ],
  );
});

test('a text without markup of Slack is shown as the characters that it is made of', () => {
  const unit = fc.constantFrom(...'ab1#[]()!|{}\\-+=.:"\'', ' ', 'é', '😀');
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 60 }), (text) => {
      const shown = toMarkdownBlocks(mrkdwnToMarkdown(`x${text}`)).map((block) => String(block['text'] ?? ''));
      const plain = shown.join('').replace(/\\([!-/:-@[-`{-~])/g, '$1');
      expect(plain.replace(/\s+/g, '')).toBe(`x${text}`.replace(/\s+/g, ''));
    }),
    { numRuns: 2_000 },
  );
});

test('places that it keeps for itself are nothing to a sender', () => {
  expect(mrkdwnToMarkdown('\ue0000\ue001 \ue002x\ue002 `y`')).toBe('0 x \\`y\\`');
});

test('texts of any kind are read in little time', () => {
  const evil = [
    '*',
    '_',
    '`',
    '<',
    '<a',
    '<https://a|',
    '```',
    '``',
    '*a ',
    '_a ',
    '&lt;',
    ':a',
    '[',
    '    ',
    '-',
    '`a``b',
  ];
  const before = performance.now();
  for (const part of evil) {
    const text = part.repeat(60_000);
    mrkdwnToMarkdown(text);
    mrkdwnToMarkdown(`\`\`\`${text}`);
    mrkdwnToText(text);
    linksOfMrkdwn(text);
  }
  expect(performance.now() - before).toBeLessThan(10_000);
});
