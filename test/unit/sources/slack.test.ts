// Messages for Slack: text, attachments and blocks as one card.

import { finishDraft } from '../../../src/sources/finish-draft.ts';
import { slack } from '../../../src/sources/slack.ts';

function eventOf(body: unknown) {
  const translation = slack.translate({ body, headers: {} });
  return translation.kind === 'events' ? translation.events[0] : undefined;
}

function shown(body: unknown) {
  const event = eventOf(body);
  return event && finishDraft(event.draft, 'Slack message');
}

const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text } });
const button = (text: string, fields: object = {}) => ({
  type: 'button',
  text: { type: 'plain_text', text },
  ...fields,
});

test('its senders read what they read from Slack', () => {
  expect(slack.answer).toEqual({ status: 200, contentType: 'text/plain', body: 'ok' });
});

test('a text alone is led by its first line, whose links are buttons', () => {
  expect(shown({ text: '*Build* <https://ci.contoso.com/1|#1> failed\n2 of _418_ tests' })).toMatchObject({
    title: 'Build #1 failed',
    text: '2 of _418_ tests',
    links: [{ title: '#1', url: 'https://ci.contoso.com/1' }],
  });
});

test('beside blocks the text is only the toast, and the title where there is no header', () => {
  const text = 'Build 1 failed on main';
  expect(shown({ text, blocks: [section('x')] })).toMatchObject({ title: text, text: 'x', summary: text });
  const header = { type: 'header', text: { type: 'plain_text', text: 'Build 1' } };
  expect(shown({ text, blocks: [header, section('x')] })).toMatchObject({ title: 'Build 1', text: 'x', summary: text });
  expect(shown({ blocks: [section('*Build 1*'), section('x')] })).toMatchObject({ title: 'Build 1', text: 'x' });
});

test('mrkdwn: false makes a text literal', () => {
  expect(shown({ text: 'Title\n*not bold*', mrkdwn: false })?.['text']).toBe('\\*not bold\\*');
});

test.each([
  ['good', 'success'],
  ['warning', 'warning'],
  ['danger', 'error'],
  ['#2eb886', 'success'],
  ['#daa038', 'warning'],
  ['#a30200', 'error'],
  ['#439FE0', undefined],
  [7, undefined],
])('the colour %s says %s', (color, severity) => {
  expect(shown({ attachments: [{ color, text: 'x' }] })?.['severity']).toBe(severity);
});

test('of several colours the worst counts', () => {
  const attachments = ['good', 'danger', 'warning'].map((color) => ({ color, text: color }));
  expect(shown({ text: 'Nightly', attachments })).toMatchObject({
    severity: 'error',
    text: 'good\n\ndanger\n\nwarning',
  });
});

test('an attachment of which only the fallback is known is that', () => {
  expect(shown({ attachments: [{ fallback: 'Disk *full*', callback_id: 'x' }] })).toMatchObject({ title: 'Disk full' });
});

test('fields of attachments and of sections are facts, and their links are the last buttons', () => {
  const fields = [
    { type: 'mrkdwn', text: '*Stage:*\nTest' },
    { type: 'mrkdwn', text: '*Run:* <https://ci.contoso.com/1|1>' },
    { type: 'mrkdwn', text: 'no name' },
  ];
  const body = {
    text: 'Build',
    blocks: [{ type: 'section', fields, accessory: button('View', { url: 'https://ci.contoso.com/' }) }],
    attachments: [{ fields: [{ title: 'Host', value: '*db1*' }, { title: '', value: '' }, null] }],
  };
  expect(shown(body)).toMatchObject({
    text: 'no name',
    facts: [
      { name: 'Stage', value: 'Test' },
      { name: 'Run', value: '1' },
      { name: 'Host', value: 'db1' },
    ],
    links: [
      { title: 'View', url: 'https://ci.contoso.com/' },
      { title: '1', url: 'https://ci.contoso.com/1' },
    ],
  });
});

test('what can be pressed or chosen only in Slack is named', () => {
  const menu = { type: 'static_select', placeholder: { type: 'plain_text', text: 'Assign to' }, options: [] };
  const blocks = [section('x'), { type: 'actions', elements: [button('Approve'), button('Approve'), menu] }];
  expect(shown({ blocks })?.['facts']).toEqual([{ name: 'Not available in Teams', value: 'Approve, Assign to' }]);
});

test('pictures of blocks and attachments are images', () => {
  const url = (name: string) => `https://ci.contoso.com/${name}.png`;
  const body = {
    blocks: [
      section('x'),
      { type: 'image', image_url: url('a'), alt_text: 'A', title: { type: 'plain_text', text: 'Load' } },
    ],
    attachments: [{ fallback: 'B', image_url: url('b'), thumb_url: url('c') }],
  };
  expect(shown(body)?.['images']).toEqual([
    { url: url('a'), alt: 'Load' },
    { url: url('b'), alt: 'B' },
  ]);
});

test('rich text keeps its styles, lists, quotes and code', () => {
  const run = (text: string, style?: object) => ({ type: 'text', text, ...(style && { style }) });
  const item = (text: string) => ({ type: 'rich_text_section', elements: [run(text)] });
  const elements = [
    {
      type: 'rich_text_section',
      elements: [
        run('bold ', { bold: true }),
        run('both', { bold: true, italic: true }),
        run(' *as is*'),
        { type: 'user', user_id: 'U1' },
      ],
    },
    { type: 'rich_text_list', style: 'ordered', elements: [item('one'), item('two')] },
    { type: 'rich_text_list', style: 'bullet', indent: 1, elements: [item('three')] },
    { type: 'rich_text_quote', elements: [run('said')] },
    { type: 'rich_text_preformatted', elements: [run('a < b')] },
  ];
  expect(shown({ text: 't', blocks: [{ type: 'rich_text', elements }] })?.['text']).toBe(
    '**bold** **_both_** \\*as is\\*\\@U1\n1. one\n2. two\n\n  - three\n\n_said_\n\n\n```\na < b\n```',
  );
});

test('filters see the channel and the name that a sender gives itself', () => {
  expect(eventOf({ text: 'x', channel: '#ops', username: 'Grafana' })?.traits).toEqual({
    actor: 'Grafana',
    labels: ['channel=#ops'],
  });
});

test('blocks and attachments beyond what Slack shows are counted', () => {
  const body = { text: 't', blocks: Array(60).fill(section('x')), attachments: Array(25).fill({ text: 'y' }) };
  expect(shown(body)?.['text']).toMatch(/… 10 more blocks[\s\S]*… 5 more attachments$/);
});

test.each([{}, { text: ' ' }, { blocks: [{ type: 'divider' }] }, { attachments: [{}] }, { text: { a: 1 } }, []])(
  '%j has nothing to show, and is refused',
  (body) => {
    expect(() => shown(body)).toThrow(
      expect.objectContaining({
        code: 'invalid_request',
        message: expect.stringContaining('Expected a message for Slack'),
      }),
    );
  },
);
