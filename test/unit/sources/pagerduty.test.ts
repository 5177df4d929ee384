// What PagerDuty tells of incidents and services.

import { AppError } from '../../../src/domain/errors.ts';
import { pagerduty } from '../../../src/sources/pagerduty.ts';

const BEN = { type: 'user_reference', summary: 'Ben' };

test('an incident has one card through its whole life, in the order in which things happened', () => {
  const told = [
    tell('incident.triggered', {}),
    tell('incident.acknowledged', { status: 'acknowledged' }),
    tell('incident.unacknowledged', {}),
    tell('incident.resolved', { status: 'resolved' }),
    tell('incident.reopened', {}),
  ].map(({ draft }) => [draft.key, draft.state, draft.occurredAt]);
  expect(told).toEqual([
    ['Q1', 'open', '2026-10-04T13:00:00Z'],
    ['Q1', 'acknowledged', '2026-10-04T13:00:00Z'],
    ['Q1', 'open', '2026-10-04T13:00:00Z'],
    ['Q1', 'resolved', '2026-10-04T13:00:00Z'],
    ['Q1', 'open', '2026-10-04T13:00:00Z'],
  ]);
});

test.each([
  ['incident.triggered', {}, 'Disk is full'],
  ['incident.acknowledged', {}, 'Acknowledged by Ben: Disk is full'],
  ['incident.escalated', { assignees: [{ summary: 'Ana' }] }, 'Escalated to Ana: Disk is full'],
  ['incident.reassigned', { assignees: [] }, 'Reassigned: Disk is full'],
  ['incident.delegated', { escalation_policy: { summary: 'Platform' } }, 'Delegated to Platform: Disk is full'],
  ['incident.priority_updated', { priority: { summary: 'P2' } }, 'Priority P2: Disk is full'],
  ['incident.priority_updated', { priority: null }, 'Priority removed: Disk is full'],
  ['incident.service_updated', { service: { summary: 'Shop' } }, 'Moved to Shop: Disk is full'],
  ['incident.snoozed_again', {}, 'snoozed again: Disk is full'],
])('%s with %j is titled: %s', (type, values, title) => {
  expect(tell(type, values).draft.title).toBe(title);
});

test('what an integration did is nobody’s doing', () => {
  const agent = { type: 'inbound_integration_reference', summary: 'Prometheus' };
  expect(tell('incident.resolved', { status: 'resolved' }, { agent }).draft.title).toBe('Resolved: Disk is full');
  expect(tell('incident.resolved', { status: 'resolved' }, { agent: null }).draft.title).toBe('Resolved: Disk is full');
});

test.each([
  [{ urgency: 'high' }, 'error'],
  [{ urgency: 'low' }, 'warning'],
  [{ urgency: 'low', priority: { summary: 'P1' } }, 'critical'],
  [{ urgency: 'high', priority: { summary: 'SEV-2' } }, 'error'],
  [{ urgency: 'high', priority: { summary: 'P3' } }, 'warning'],
  [{ urgency: 'high', priority: { summary: 'P5' } }, 'info'],
  [{ urgency: 'high', priority: { summary: 'Urgent for P1 customers' } }, 'error'],
  [{ urgency: 'high', priority: { summary: 'P1' }, status: 'resolved' }, 'success'],
])('%j is as severe as %s', (values, severity) => {
  expect(tell('incident.triggered', values).draft.severity).toBe(severity);
});

test('a note has a card of its own, so that the one of the incident keeps saying how that stands', () => {
  const data = { type: 'incident_note', content: 'We roll back', trimmed: true };
  const { draft } = tell('incident.annotated', { ...data, incident: { id: 'Q1', summary: 'Disk is full' } });
  expect(draft).toMatchObject({ title: 'Note by Ben: Disk is full', text: 'We roll back …', severity: 'info' });
  expect(draft.key).toBeUndefined();
});

test.each([
  ['incident.responder.added', 'pending', 'Ana is asked to help: Disk is full'],
  ['incident.responder.replied', 'joined', 'Ana helps: Disk is full'],
  ['incident.responder.replied', 'declined', 'Ana cannot help: Disk is full'],
  ['incident.responder.replied', 'constructor', 'Ana replied: Disk is full'],
])('%s in the state %s says: %s', (type, state, title) => {
  const data = { type: 'incident_responder', state, user: { summary: 'Ana' }, incident: { summary: 'Disk is full' } };
  expect(tell(type, data).draft.title).toBe(title);
});

test('changed fields are listed with their values, ten of them', () => {
  const fields = Array.from({ length: 12 }, (_, at) => ({
    display_name: `Field ${at}`,
    value: at === 0 ? ['a', 'b'] : at,
  }));
  const data = { type: 'incident_field_values', incident: { summary: 'Disk is full' }, changed_custom_fields: fields };
  const lines = tell('incident.custom_field_values.updated', data).draft.text?.split('\n');
  expect([lines?.[0], lines?.[1], lines?.at(-1)]).toEqual(['Field 0: a, b', 'Field 1: 1', '… 2 more']);
});

test('an event that it does not know says its name, and the incident', () => {
  const data = { type: 'incident_task', incident: { summary: 'Disk is full' } };
  expect(tell('incident.task.created', data).draft.title).toBe('PagerDuty: incident.task.created: Disk is full');
});

test('the id of the event is the id', () => {
  expect(tell('incident.triggered', {}).id).toBe('event-1');
});

test('the ping of a new webhook only says hello', () => {
  const body = { event: { event_type: 'pagey.ping', data: { type: 'ping' } } };
  expect(pagerduty.translate({ body, headers: {} }).kind).toBe('greeting');
});

test('the older versions are refused', () => {
  const body = { messages: [{ event: 'incident.trigger', incident: { id: 'Q1' } }] };
  expect(() => pagerduty.translate({ body, headers: {} })).toThrow(AppError);
  expect(() => pagerduty.translate({ body: { event: 'incident.trigger' }, headers: {} })).toThrow(AppError);
});

function tell(type: string, data: object, event: object = {}) {
  const incident = { id: 'Q1', type: 'incident', title: 'Disk is full', status: 'triggered', urgency: 'high' };
  const all = { id: 'event-1', event_type: type, occurred_at: '2026-10-04T13:00:00Z', agent: BEN, ...event };
  const body = { event: { ...all, data: 'type' in data ? data : { ...incident, ...data } } };
  const translation = pagerduty.translate({ body, headers: {} });
  const [told] = translation.kind === 'events' ? translation.events : [];
  if (!told) {
    throw new Error('Expected an event');
  }
  return told;
}
