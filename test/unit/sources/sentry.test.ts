// What Sentry tells of issues, alerts and comments.

import { AppError } from '../../../src/domain/errors.ts';
import { sentry } from '../../../src/sources/sentry.ts';

const BEN = { type: 'user', id: 31, name: 'Ben' };
const SENTRY = { type: 'application', id: 'sentry', name: 'Sentry' };

test('an issue has one card from its first event until it is resolved, whatever tells of it', () => {
  const told = [
    tell('issue', { action: 'created', data: { issue: issueOf({}) } }),
    tell('event_alert', { action: 'triggered', data: { event: { title: 'TypeError: x', issue_id: '47' } } }),
    tell('error', { action: 'created', data: { error: { title: 'TypeError: x', issue_id: 47 } } }),
    tell('issue', { action: 'assigned', data: { issue: issueOf({}) } }),
    tell('issue', { action: 'resolved', data: { issue: issueOf({ status: 'resolved' }) } }),
    tell('issue', { action: 'unresolved', data: { issue: issueOf({ substatus: 'regressed' }) } }),
  ];
  expect(told.map(({ draft }) => [draft.key, draft.state])).toEqual([
    ['issue/47', 'open'],
    ['issue/47', 'open'],
    ['issue/47', 'open'],
    ['issue/47', 'acknowledged'],
    ['issue/47', 'resolved'],
    ['issue/47', 'open'],
  ]);
});

test('what has a key says no instant, because Sentry does not say when an issue changed', () => {
  const event = { issue_id: '47', title: 'x', datetime: '2026-10-04T13:39:12Z', timestamp: 1_791_121_152 };
  expect(tell('event_alert', { data: { event } }).draft.occurredAt).toBeUndefined();
  expect(tell('issue', { data: { issue: issueOf({}) } }).draft.occurredAt).toBeUndefined();
  expect(tell('comment', { data: { comment: 'x', timestamp: '2026-10-04T13:39:12Z' } }).draft.occurredAt).toBeDefined();
});

test('the title says what happened and who did it, unless it was Sentry', () => {
  const titleOf = (action: string, actor: object, issue: object = {}) =>
    tell('issue', { action, actor, data: { issue: issueOf(issue) } }).draft.title;
  expect(titleOf('created', SENTRY)).toBe('TypeError: x');
  expect(titleOf('resolved', BEN)).toBe('Resolved by Ben: TypeError: x');
  expect(titleOf('resolved', SENTRY)).toBe('Resolved: TypeError: x');
  expect(titleOf('assigned', BEN, { assignedTo: { type: 'team', name: 'shop' } })).toBe(
    'Assigned to shop: TypeError: x',
  );
  expect(titleOf('ignored', BEN)).toBe('Archived by Ben: TypeError: x');
  expect(titleOf('unresolved', SENTRY, { substatus: 'escalating' })).toBe('Escalating: TypeError: x');
  expect(titleOf('unresolved', BEN)).toBe('Open again by Ben: TypeError: x');
  expect(titleOf('deleted', BEN)).toBe('Deleted by Ben: TypeError: x');
});

test.each([
  ['fatal', 'critical'],
  ['error', 'error'],
  ['warning', 'warning'],
  ['info', 'info'],
  ['debug', 'info'],
  ['__proto__', 'error'],
])('the level %s is %s', (level, expected) => {
  expect(tell('issue', { action: 'created', data: { issue: issueOf({ level }) } }).draft.severity).toBe(expected);
});

test('what is archived is over, but it is no good news', () => {
  const issue = issueOf({ status: 'ignored', substatus: 'archived_forever' });
  const { draft } = tell('issue', { action: 'archived', actor: BEN, data: { issue } });
  expect(draft).toMatchObject({ state: 'resolved', severity: 'info' });
  expect(draft.facts).toContainEqual({ name: 'Archived', value: 'for ever' });
});

test('a message that the title says already is not said again', () => {
  const textOf = (value: string) => tell('issue', { data: { issue: issueOf({ metadata: { value } }) } }).draft.text;
  expect(textOf('x')).toBeUndefined();
  expect(textOf('another')).toBe('another');
});

test('a comment is markdown, and leaves the card of its issue alone', () => {
  const data = { comment: '*Hm*', issue_id: 47, project_slug: 'shop' };
  const { draft } = tell('comment', { action: 'updated', actor: BEN, data });
  expect(draft).toMatchObject({ title: 'Ben changed a comment on issue 47 of shop', textFormat: 'markdown' });
  expect(draft.key).toBeUndefined();
});

test('an alert of a metric turns green when it is over, and lines end where they end', () => {
  const told = ['critical', 'warning', 'resolved'].map(
    (action) => tell('metric_alert', { action, data: { metric_alert: { id: '4' }, description_text: 'a\\nb' } }).draft,
  );
  expect(told.map(({ key, state, severity, text }) => [key, state, severity, text])).toEqual([
    ['metric-alert/4', 'open', 'critical', 'a\nb'],
    ['metric-alert/4', 'open', 'warning', 'a\nb'],
    ['metric-alert/4', 'resolved', 'success', 'a\nb'],
  ]);
});

test('without the header the payload says what it is', () => {
  const eventOf = (data: object) => tell(undefined, { action: 'created', data }).traits?.event;
  expect(eventOf({ issue: issueOf({}) })).toBe('issue.created');
  expect(eventOf({ issue: issueOf({}), activity: { type: 'seer_coding_started' } })).toBe('activity_alert.created');
  expect(eventOf({ event: { title: 'x' } })).toBe('event_alert.created');
  expect(eventOf({ run_id: 1 })).toBe('event.created');
});

test('the id of the request is the id of the event; the old plugin has that of the event and the alerts', () => {
  expect(tell('issue', { data: { issue: issueOf({}) } }).id).toBe('request-1');
  const plugin = (eventId: string, rule: string) =>
    tell(undefined, { id: '47', project: 'shop', triggering_rules: [rule], event: { event_id: eventId } }).id;
  expect(plugin('e1', 'r1')).toBe(plugin('e1', 'r1'));
  expect(new Set([plugin('e1', 'r1'), plugin('e1', 'r2'), plugin('e2', 'r1')]).size).toBe(3);
  expect(tell(undefined, { id: '47', project: 'shop', message: 'x' }).id).toBeUndefined();
});

test('filters see the project, the level and the tags of an event, but not whose event it was', () => {
  const event = {
    level: 'error',
    url: 'https://sentry.io/api/0/projects/contoso/shop/events/1/',
    tags: [['environment', 'production'], ['user', 'id:1'], ['release', '1.0'], null],
  };
  expect(tell('event_alert', { action: 'triggered', data: { event } }).traits?.labels).toEqual([
    'project=shop',
    'level=error',
    'environment=production',
    'release=1.0',
  ]);
});

test('an installation only says hello', () => {
  const body = { action: 'created', data: { installation: { status: 'installed' } } };
  expect(sentry.translate({ body, headers: { 'sentry-hook-resource': 'installation' } }).kind).toBe('greeting');
  expect(sentry.translate({ body, headers: {} }).kind).toBe('greeting');
});

test('what has neither data nor an event is refused', () => {
  expect(() => tell('issue', { action: 'created' })).toThrow(AppError);
});

function tell(resource: string | undefined, body: object) {
  const headers = resource === undefined ? {} : { 'sentry-hook-resource': resource, 'request-id': 'request-1' };
  const isOfPlatform = 'data' in body;
  const translation = sentry.translate({ body: isOfPlatform ? { action: 'created', ...body } : body, headers });
  const [event] = translation.kind === 'events' ? translation.events : [];
  if (!event) {
    throw new Error('Expected an event');
  }
  return event;
}

function issueOf(values: object) {
  return { id: '47', title: 'TypeError: x', level: 'error', status: 'unresolved', ...values };
}
