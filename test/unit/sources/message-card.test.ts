// MessageCards: what stands where, and what becomes of what cannot work any more.

import { finishDraft } from '../../../src/sources/finish-draft.ts';
import { messageCard } from '../../../src/sources/message-card.ts';

function shown(body: unknown) {
  const translation = messageCard.translate({ body, headers: {} });
  const [event] = translation.kind === 'events' ? translation.events : [];
  return event && finishDraft(event.draft, 'MessageCard');
}

test('its senders read what they read from a connector', () => {
  expect(messageCard.answer).toEqual({ status: 200, contentType: 'text/plain', body: '1' });
});

test.each([
  ['one line', 'Backup of **db1** finished', { title: 'Backup of db1 finished' }],
  ['several lines', '# Backup\n\ndb1: *412 GB*', { title: 'Backup', text: 'db1: *412 GB*' }],
  [
    'a link in the first line',
    '[Build 12](https://ci.contoso.com/12) failed',
    { title: 'Build 12 failed', links: [{ title: 'Build 12', url: 'https://ci.contoso.com/12' }] },
  ],
  ['an address in the first line', 'See https://ci.contoso.com/12', { title: 'See https://ci.contoso.com/12' }],
  ['a long line', 'word '.repeat(80), { title: expect.stringMatching(/…$/), text: 'word '.repeat(80).trim() }],
])('a text alone, %s, is led by its first line', (_name, text, expected) => {
  expect(shown({ text })).toEqual({ ...expected, ...('text' in expected && { textFormat: 'markdown' }) });
});

test('the title is the title, else the summary, else the first heading', () => {
  const sections = [{ activityTitle: '**Ben** pushed', text: 'x' }];
  expect(shown({ title: 'Title', summary: 'Summary', sections })).toMatchObject({ title: 'Title', summary: 'Summary' });
  expect(shown({ summary: 'Summary', sections })).toMatchObject({ title: 'Summary', text: '**Ben** pushed\n\nx' });
  expect(shown({ sections })).toMatchObject({ title: 'Ben pushed', text: 'x' });
});

test.each([
  ['FF0000', 'error'],
  ['#d9534f', 'error'],
  ['red', 'error'],
  ['ffa500', 'warning'],
  ['#FFCC00', 'warning'],
  ['2DC72D', 'success'],
  ['#0a0', 'success'],
  ['0076D7', undefined],
  ['808080', undefined],
  ['000000', undefined],
  ['turquoise-ish', undefined],
  ['constructor', undefined],
  [undefined, undefined],
])('the colour %s says %s', (themeColor, severity) => {
  expect(shown({ text: 'x', themeColor })?.['severity']).toBe(severity);
});

test('a section without markdown is shown as the characters that it is made of', () => {
  expect(shown({ title: 't', sections: [{ markdown: false, text: '5 * 3 * 2 <b>' }] })?.['text']).toBe(
    '5 \\* 3 \\* 2 \\<b\\>',
  );
});

test('what posted or asked for something is named, also in sections; what leads somewhere is a button', () => {
  const open = (name: string, url: string) => ({ '@type': 'OpenUri', name, targets: [{ os: 'default', uri: url }] });
  const body = {
    title: 't',
    potentialAction: [
      open('Run', 'https://ci.contoso.com/1'),
      { '@type': 'HttpPOST', name: 'Retry', target: 'https://ci.contoso.com/retry' },
    ],
    sections: [
      { potentialAction: [open('Log', 'http://ci.local/log'), { '@type': 'InvokeAddInCommand', name: 'Add-in' }] },
    ],
  };
  expect(shown(body)).toEqual({
    title: 't',
    facts: [
      { name: 'Not available in Teams', value: 'Retry, Add-in' },
      { name: 'Log', value: 'http://ci.local/log' },
    ],
    links: [{ title: 'Run', url: 'https://ci.contoso.com/1' }],
  });
});

test.each([
  ['<b>bold </b>and <i>italic</i>', '**bold** and _italic_'],
  ['<a href="https://a.contoso.com/?x=1&amp;y=2"><b>here</b></a>', '[**here**](https://a.contoso.com/?x=1&y=2)'],
  ['a<br/>b<br>c', 'a\nb\nc'],
  ['<p>one</p><p>two</p>', 'one\n\ntwo'],
  ['<table><tr><td>Host</td><td>db1</td></tr></table>', 'Host | db1'],
  ['a &lt;b&gt; c &amp;amp; &copy;', 'a <b> c &amp; &copy;'],
  ['5 < 6 and 7 > 6', '5 < 6 and 7 > 6'],
  ['List<String> x', 'List<String> x'],
])('HTML is read: %s', (text, expected) => {
  expect(shown({ title: 't', text })?.['text']).toBe(expected);
});

test.each([
  ['snake_case_name and 5 * 3 * 2', 'snake_case_name and 5 * 3 * 2'],
  ['__bold__, _italic_, ~~old~~ and `code`', 'bold, italic, old and code'],
  ['*/5 * * * *', '*/5 * * * *'],
  ['\\*not bold\\*', '*not bold*'],
])('the value of a fact is what its markdown reads: %s', (value, expected) => {
  expect(shown({ title: 't', sections: [{ facts: [{ name: 'x', value }] }] })?.['facts']).toEqual([
    { name: 'x', value: expected },
  ]);
});

test('sections beyond what anybody reads are counted', () => {
  const sections = Array.from({ length: 25 }, (_, at) => ({ text: `section ${at}` }));
  expect(shown({ title: 't', sections })?.['text']).toMatch(/section 19\n\n… 5 more sections$/);
});

test.each([{}, { '@type': 'MessageCard' }, { text: ' ' }, { text: {} }, { sections: [{}] }, { themeColor: 'red' }])(
  '%j has nothing to show, and is refused',
  (body) => {
    expect(() => shown(body)).toThrow(expect.objectContaining({ code: 'invalid_request' }));
  },
);

test('texts of any kind are read in little time', () => {
  const evil = ['<a ', '<b>', '[', '](', '**', '_a', '`', '&lt;', '<a href=', '\\', '<at>', '[a](', '~~'];
  const before = performance.now();
  for (const part of evil) {
    const text = part.repeat(60_000);
    shown({ title: text, text, sections: [{ activityTitle: text, facts: [{ name: text, value: text }] }] });
  }
  expect(performance.now() - before).toBeLessThan(10_000);
});
