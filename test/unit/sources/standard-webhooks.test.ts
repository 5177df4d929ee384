// What events of Standard Webhooks become.

import type { SourceEvent } from '../../../src/domain/source.ts';
import { standardWebhooks } from '../../../src/sources/standard-webhooks.ts';

function eventOf(body: unknown, headers: Readonly<Record<string, string>> = {}): SourceEvent | undefined {
  const translation = standardWebhooks.translate({ body, headers });
  return translation.kind === 'events' ? translation.events[0] : undefined;
}

test.each([
  ['user.created', { name: 'Ben' }, 'User created: Ben'],
  ['user.created', { id: 7 }, 'User created: 7'],
  ['user.created', {}, 'User created'],
  ['user.created', 'as text', 'User created'],
  ['userCreated', null, 'User created'],
  ['com.contoso.order.shipped.v2', { number: 4711 }, 'Order shipped: 4711'],
  ['an event', { id: 7 }, 'an event: 7'],
  ['...', {}, '...'],
])('the title of %s with %j is %s', (type, data, title) => {
  expect(eventOf({ type, timestamp: '2026-10-04T13:32:56Z', data })?.draft.title).toBe(title);
});

test.each([
  ['invoice.payment_failed', {}, 'error'],
  ['certificate.expiring', {}, 'warning'],
  ['batch.completed', {}, 'success'],
  ['user.created', {}, undefined],
  ['page.created', {}, undefined],
  ['check.done', { status: 'failed' }, 'error'],
  ['batch.completed', { severity: 'critical' }, 'critical'],
])('%s with %j is %s', (type, data, severity) => {
  expect(eventOf({ type, data })?.draft.severity).toBe(severity);
});

test('the id is that of the message, which is the same when it is sent again', () => {
  expect(eventOf({ type: 'a.b', id: 'evt_1' }, { 'webhook-id': 'msg_1' })?.id).toBe('msg_1');
  expect(eventOf({ type: 'a.b', id: 'evt_1' })?.id).toBeUndefined();
});

test('data may stand beside the type, and be anything', () => {
  const factsOf = (body: unknown) => eventOf(body)?.draft.facts?.filter(({ value }) => value !== undefined);
  const event = { name: 'Event', value: 'a.b' };
  expect(factsOf({ type: 'a.b', timestamp: 'x', host: 'db1' })).toEqual([{ name: 'host', value: 'db1' }, event]);
  expect(factsOf({ type: 'a.b', data: 7, host: 'db1' })).toEqual([{ name: 'Data', value: '7' }, event]);
  expect(factsOf({ type: 'a.b', data: [1, 2] })).toEqual([{ name: 'Data', value: '2 entries' }, event]);
  expect(eventOf({ type: 'a.b', data: 'some text' })?.draft.text).toBe('some text');
});

test('names of the time before the specification are read, too', () => {
  const event = eventOf({ event_type: 'user.created', created_at: 1791120776, data: { name: 'Ben' } });
  expect(event).toMatchObject({
    draft: { title: 'User created: Ben', occurredAt: 1791120776 },
    traits: { event: 'user.created' },
  });
});

test.each([null, [], 'text', {}, { type: ' ' }, { data: {} }])('%j is refused, and the type is missed', (body) => {
  expect(() => eventOf(body)).toThrow(
    expect.objectContaining({ code: 'invalid_request', faults: [expect.objectContaining({ pointer: '/type' })] }),
  );
});
