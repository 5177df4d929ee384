// What only Jira does: categories of states, texts with markup, no addresses of pages, two ways to tell of a comment.

import { finishDraft } from '../../../src/sources/finish-draft.ts';
import { jira } from '../../../src/sources/jira.ts';
import { stepsOf, tellOne } from '../../support/sender-life.ts';
import { readPayload } from '../../support/senders.ts';

/** A payload with some fields of its issue, or some of its own members, changed. */
function payload(file: string, fields: object = {}, members: object = {}) {
  const body = JSON.parse(readPayload('jira', { file }).toString('utf8'));
  const issue = body.issue && { ...body.issue, fields: { ...body.issue.fields, ...fields } };
  return { ...body, ...(issue && { issue }), ...members };
}

const tell = (body: unknown, headers: Readonly<Record<string, string>> = {}) => tellOne(jira, body, headers);
const cardOf = (body: unknown) => finishDraft(tell(body).draft, 'Jira');
const text = (description: unknown) => tell(payload('issue-created.json', { description })).draft.text;

test('an issue has one card from its creation until it is done', () => {
  const files = ['issue-created.json', 'issue-moved.json', 'issue-done.json', 'issue-deleted.json'];
  expect(
    stepsOf(
      jira,
      files.map((file) => payload(file)),
    ),
  ).toEqual(['post', 'edit', 'edit', 'edit']);
});

test('an issue that is reopened rings again', () => {
  const [done, open] = [payload('issue-done.json'), payload('issue-created.json')];
  const reopened = { ...open, webhookEvent: 'jira:issue_updated', timestamp: done.timestamp + 1 };
  expect(stepsOf(jira, [open, done, reopened])).toEqual(['post', 'edit', 'post']);
});

test('word of an issue that comes too late changes nothing', () => {
  expect(stepsOf(jira, [payload('issue-done.json'), payload('issue-moved.json')])).toEqual(['post', 'outdated']);
});

test.each([
  ['new', 'open'],
  ['indeterminate', 'acknowledged'],
  ['done', 'resolved'],
  ['undefined', 'open'],
])('a state of the category %s is %s, whatever its name', (key, state) => {
  const status = { name: 'Erledigt', statusCategory: { key } };
  expect(tell(payload('issue-moved.json', { status })).draft.state).toBe(state);
});

test.each([
  ['Blocker', 'error'],
  ['Highest', 'error'],
  ['High', 'warning'],
  ['Medium', 'info'],
])('an open issue of the priority %s is %s', (name, severity) => {
  expect(tell(payload('issue-created.json', { priority: { name } })).draft.severity).toBe(severity);
});

test('a comment is a card of its own, however Jira tells of it', () => {
  const events = ['comment-created.json', 'issue-commented.json'].map((file) => tell(payload(file)));
  expect(events.map(({ draft }) => draft.key)).toEqual([undefined, undefined]);
  expect(new Set(events.map(({ draft }) => draft.title)).size).toBe(1);
});

test('a comment without its issue, as old Jiras send it, is told all the same', () => {
  const { draft } = tell(payload('comment-created.json', {}, { issue: undefined }));
  expect(draft.title).toBe('Ben Okafor commented on an issue');
});

test('of what has changed ten lines are shown, without ranks, and without long values', () => {
  const item = (field: string, value: string) => ({ field, fromString: null, toString: value });
  const items = [
    item('Rank', 'Ranked higher'),
    item('description', 'x'.repeat(500)),
    ...Array.from({ length: 12 }, (_, at) => item(`field ${at}`, 'a')),
  ];
  const lines = tell(payload('issue-moved.json', {}, { changelog: { id: '1', items } })).draft.text?.split('\n') ?? [];
  expect([lines[0], lines.length, lines.at(-1)]).toEqual(['Description: changed', 11, '… 3 more']);
});

test('an issue that is given to somebody says so in its title', () => {
  const items = [{ field: 'assignee', fromString: null, toString: 'Carla Weber' }];
  const { draft } = tell(payload('issue-moved.json', {}, { changelog: { id: '1', items } }));
  expect(draft.title).toBe('Ana Costa assigned WEB-42 to Carla Weber: Uploads over 2 GB fail');
});

test('the signs of its markup are left out', () => {
  expect(text('{quote}h1. no{quote}\r\nh2. Yes {{code}} [~ana]')).toBe('no\nYes {{code}} @ana');
  expect(text('[https://contoso.com/a|https://contoso.com/a|smart-link]')).toBe('https://contoso.com/a');
});

test('a document is told as its text', () => {
  const mention = { type: 'mention', attrs: { id: '5b10', text: '@Ana' } };
  const paragraph = { type: 'paragraph', content: [{ type: 'text', text: 'Ask ' }, mention] };
  const list = { type: 'bulletList', content: [{ type: 'listItem', content: [paragraph] }] };
  expect(text({ type: 'doc', version: 1, content: [paragraph, list] })).toBe('Ask @Ana\nAsk @Ana');
});

test('addresses for programs are no buttons: the key of the issue stands there instead', () => {
  const card = cardOf(payload('issue-created.json'));
  expect(card['links']).toBeUndefined();
  expect(card['facts']).toContainEqual({ name: 'Issue', value: 'WEB-42' });
});

test('a request that names its page in the portal only has that as its button', () => {
  const portal = 'https://contoso.atlassian.net/servicedesk/customer/portal/1/IT-7';
  const card = cardOf(payload('request-created.json', { customfield_10010: { _links: { web: portal } } }));
  expect(card['links']).toEqual([{ title: 'Issue', url: portal }]);
});

test('a sprint has one card until it is closed', () => {
  const files = ['sprint-started.json', 'sprint-closed.json'];
  expect(
    stepsOf(
      jira,
      files.map((file) => payload(file)),
    ),
  ).toEqual(['post', 'edit']);
});

test('what is sent again has the same id, with a header or without', () => {
  const headers = { 'x-atlassian-webhook-identifier': 'b1f7c2d4' };
  const [created, moved] = [payload('issue-created.json'), payload('issue-moved.json')];
  expect(tell(created, headers).id).toBe('b1f7c2d4');
  expect(tell(created).id).toBe(tell(created).id);
  expect(tell(created).id).not.toBe(tell(moved).id);
  expect(tell({ ...created, timestamp: undefined }).id).toBeUndefined();
});

test('filters see the event, the project, the person and the labels', () => {
  expect(tell(payload('issue-moved.json')).traits).toEqual({
    event: 'jira:issue_updated',
    repository: 'WEB',
    actor: 'Ana Costa',
    labels: ['uploads', 'customer'],
  });
});

test.each([[[]], [null], ['issue'], [{}], [{ issue: {} }]])('%j is no payload of Jira', (body) => {
  expect(() => jira.translate({ body, headers: {} })).toThrow(expect.objectContaining({ code: 'invalid_request' }));
});
