// What is read from JSON of no published shape.

import type { Draft, SourceEvent } from '../../../src/domain/source.ts';
import { parseNotificationRequest } from '../../../src/notifications/parse-notification.ts';
import { finishDraft } from '../../../src/sources/finish-draft.ts';
import { json } from '../../../src/sources/json.ts';

type Headers = Readonly<Record<string, string>>;

function eventsOf(body: unknown, headers: Headers = {}): readonly SourceEvent[] {
  const translation = json.translate({ body, headers });
  return translation.kind === 'events' ? translation.events : [];
}

function draftOf(body: unknown): Draft {
  return eventsOf(body)[0]?.draft ?? { title: 'nothing' };
}

function factsOf(body: unknown): readonly string[] {
  return (draftOf(body).facts ?? []).map(({ name, value }) => `${name}: ${value}`);
}

describe('a request of our own API', () => {
  test.each([
    { title: 'Disk full' },
    { title: '  as it is  ', text: ' two\nlines ', severity: 'critical', key: 'a', state: 'resolved' },
    {
      title: 'Disk full',
      text: '**4 %** left',
      textFormat: 'markdown',
      severity: 'warning',
      facts: [{ name: 'Host', value: 'db1' }],
      links: [{ title: 'Dashboard', url: 'https://a.example/' }],
      summary: 'db1',
      priority: 'bulk',
      key: 'disk/db1',
      state: 'acknowledged',
      occurredAt: '2026-10-04T13:32:56Z',
    },
    {
      summary: 'db1',
      card: { type: 'AdaptiveCard', version: '1.5', fallbackText: 'x', body: [{ type: 'TextBlock', text: 'x' }] },
      severity: 'warning',
    },
  ])('means the same through a hook: %j', (request) => {
    const straight = parseNotificationRequest({ to: 'ana@contoso.com', ...request });
    const through = parseNotificationRequest({ to: 'ana@contoso.com', ...finishDraft(draftOf(request), json.title) });
    expect(through).toEqual({
      ...straight,
      title: straight.title.trim(),
      ...(straight.text && { text: straight.text.trimEnd() }),
    });
  });

  test('fields that only the API has are no lines of the card', () => {
    expect(factsOf({ title: 'x', ttl: 'PT2H', onUnknown: 'hold', timeZone: 'UTC' })).toEqual([]);
  });
});

describe('title and text', () => {
  test.each([
    [{ title: 'a', message: 'b' }, 'a', 'b'],
    [{ Subject: 'a', Body: 'b' }, 'a', 'b'],
    [{ summary: 'a', description: 'b' }, 'a', 'b'],
    [{ title: 'a', summary: 'b', host: 'db1' }, 'a', 'b'],
    [{ message: 'a\nb' }, 'a', 'b'],
    [{ event: 'user.created', message: 'Ana is here' }, 'Ana is here', undefined],
    [{ event: 'user.created' }, 'user.created', undefined],
    [{ name: 'Backup', message: 'b' }, 'Backup', 'b'],
    [{ name: 'shop', msg: 'no answer', level: 50 }, 'no answer', undefined],
    [{ 'detail-type': 'Instance stopped', detail: { instance: 'i-1' } }, 'Instance stopped', undefined],
    [{ title: 'a', text: 'a', host: 'db1' }, 'a', undefined],
    [{ alert: { title: 'a', text: 'b' } }, 'a', 'b'],
    [{ title: { a: 1 }, message: ['x'] }, undefined, undefined],
  ])('%j', (body, title, text) => {
    expect(draftOf(body)).toMatchObject({ title, text });
  });

  test('of two members that are called alike the first one counts, and the other one is a line', () => {
    const body = { title: 'a', Title: 'b' };
    expect(draftOf({ ...body, host: 'db1' }).title).toBe('a');
    expect(factsOf({ ...body, host: 'db1' })).toEqual(['Title: b', 'host: db1']);
  });

  test('text is markdown only where the payload says so', () => {
    expect(draftOf({ host: 'a', text: '*b*' }).textFormat).toBe('plain');
    expect(draftOf({ host: 'a', text: '*b*', textFormat: 'markdown' }).textFormat).toBe('markdown');
  });
});

describe('severity', () => {
  test.each([
    [{ severity: 'CRIT' }, 'critical'],
    [{ level: 'warn' }, 'warning'],
    [{ level: 50 }, 'error'],
    [{ severity: 'P1' }, 'critical'],
    [{ priority: 'high' }, 'warning'],
    [{ priority: 'urgent' }, undefined],
    [{ status: 'Timed out' }, 'error'],
    [{ result: 'success' }, 'success'],
    [{ severity: 'info', status: 'failed' }, 'info'],
    [{ severity: 'purple', status: 'failed' }, 'error'],
    [{ state: 'CA' }, undefined],
    [{ severity: 'constructor' }, undefined],
  ])('%j is %s', (body, severity) => {
    expect(draftOf({ name: 'x', ...body }).severity).toBe(severity);
  });

  test('what told the severity is no line; an outcome is, for its own word says more', () => {
    expect(factsOf({ name: 'x', level: 'warn', status: 'timed out' })).toEqual(['status: timed out']);
    expect(factsOf({ name: 'x', severity: 'purple' })).toEqual(['severity: purple']);
  });
});

describe('the thing that it is about', () => {
  test.each([
    [{ key: 'a', status: 'failed' }, 'a', 'open'],
    [{ key: 'a', status: 'ok' }, 'a', 'resolved'],
    [{ dedup_key: 'a', event_action: 'acknowledge' }, 'a', 'acknowledged'],
    [{ id: 7, status: 'firing' }, '7', 'open'],
    [{ id: 7, status: 'Closed' }, '7', 'resolved'],
    [{ incident: { id: 'i1' }, state: 'investigating' }, 'i1', 'acknowledged'],
    [{ key: 'a' }, 'a', undefined],
    [{ id: 7, status: 'ok' }, undefined, undefined],
    [{ id: 7 }, undefined, undefined],
    [{ status: 'firing' }, undefined, undefined],
  ])('%j', (body, key, state) => {
    expect(draftOf({ name: 'x', ...body })).toMatchObject({ key, state });
  });

  test('what is over is a success, however bad it was', () => {
    expect(draftOf({ name: 'x', id: 7, status: 'resolved', severity: 'critical' }).severity).toBe('success');
  });
});

describe('the other members', () => {
  test('are lines as they are called, one level deep', () => {
    const body = { title: 'x', a: 1, b: true, c: null, d: ' ', e: { f: 'g', h: { i: 1 } }, j: ['k', 2], l: [{ m: 1 }] };
    expect(factsOf(body)).toEqual(['a: 1', 'b: true', 'e.f: g', 'j: k, 2']);
  });

  test('what nobody should read in a chat is left out', () => {
    const body = {
      title: 'x',
      password: 'p',
      api_key: 'k',
      accessToken: 't',
      auth: { client_secret: 's' },
      response_url: 'https://a.example/r',
    };
    expect(factsOf({ ...body, tokens_used: 5 })).toEqual(['tokens_used: 5']);
    expect(draftOf(body).links).toEqual([]);
  });

  test('of many the first twelve are shown, and how many more there are', () => {
    const many = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`m${index}`, index]));
    expect(factsOf({ title: 'x', ...many }).slice(-2)).toEqual(['m11: 11', '…: 28 lines more']);
    const far = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`m${index}`, index]));
    expect(factsOf({ title: 'x', ...far }).slice(-2)).toEqual(['m11: 11', '…: 4988 lines more']);
  });

  test('facts that are said to be some come as they are', () => {
    expect(factsOf({ title: 'x', n: 1, facts: { a: 'b' }, fields: [{ title: 'c', value: 'd', short: true }] })).toEqual(
      ['a: b', 'c: d', 'n: 1'],
    );
  });

  test('addresses of pages are buttons by their names, those of programs are not', () => {
    const body = {
      name: 'x',
      url: 'https://a.example/1',
      runbookUrl: 'https://a.example/2',
      api_url: 'https://a.example/3',
      html_url: 'no address',
    };
    expect(draftOf(body).links).toEqual([
      { title: 'Open', url: 'https://a.example/1' },
      { title: 'Runbook', url: 'https://a.example/2' },
    ]);
    expect(factsOf(body)).toEqual(['api_url: https://a.example/3', 'html_url: no address']);
  });

  test.each([
    [[{ title: 'Log', url: 'https://a.example/' }]],
    [[{ text: 'Log', href: 'https://a.example/' }]],
    [{ Log: 'https://a.example/' }],
    [{ name: 'Log', link: 'https://a.example/' }],
  ])('links are read as %j', (links) => {
    expect(draftOf({ name: 'x', links }).links).toEqual([{ title: 'Log', url: 'https://a.example/' }]);
  });

  test('a time without its zone stays a line, as does a number that is none', () => {
    expect(draftOf({ name: 'x', '@timestamp': '2026-10-04T13:32:56Z' }).occurredAt).toBe('2026-10-04T13:32:56Z');
    expect(draftOf({ name: 'x', ts: 1791120776.5 }).occurredAt).toBe(1791120776.5);
    expect(draftOf({ name: 'x', time: '13:32' })).toMatchObject({
      occurredAt: undefined,
      facts: [{ name: 'time', value: '13:32' }],
    });
    expect(factsOf({ name: 'x', time: 350 })).toEqual(['time: 350']);
  });
});

test('recipients are taken from a text or a list, whatever else stands there', () => {
  expect(eventsOf({ title: 'x', to: ' ana@contoso.com ' })[0]?.to).toEqual(['ana@contoso.com']);
  expect(eventsOf({ title: 'x', to: ['a@b.example', null, 'everyone'] })[0]?.to).toEqual(['a@b.example', 'everyone']);
  expect(eventsOf({ title: 'x', to: {} })[0]?.to).toBeUndefined();
});

test('filters see the event, who did it and the labels', () => {
  const body = { event: 'deploy', repo: 'contoso/shop', branch: 'main', user: 'ana', labels: { team: 'shop' } };
  expect(eventsOf(body)[0]?.traits).toEqual({
    event: 'deploy',
    repository: 'contoso/shop',
    branch: 'main',
    actor: 'ana',
    labels: ['team=shop'],
  });
});

describe('the id', () => {
  test.each<[Headers, string | undefined]>([
    [{ 'idempotency-key': 'a' }, 'a'],
    [{ 'webhook-id': 'a', 'webhook-timestamp': '1791120776' }, 'a'],
    [{ 'webhook-id': 'a' }, undefined],
    [{ 'x-request-id': 'a' }, undefined],
  ])('of %j is %s', (headers, id) => {
    expect(eventsOf({ title: 'x' }, headers)[0]?.id).toBe(id);
  });

  test('an id in the body may be that of a thing: two posts with it are two', () => {
    expect(eventsOf({ title: 'x', id: 'a' })[0]?.id).toBeUndefined();
  });
});

describe('a list', () => {
  test('of a few objects is a card for each, with ids of their own', () => {
    const events = eventsOf([{ title: 'a' }, { title: 'b' }], { 'idempotency-key': 'k' });
    expect(events.map(({ id, draft }) => [id, draft.title])).toEqual([
      ['["k",0]', 'a'],
      ['["k",1]', 'b'],
    ]);
  });

  test('of many is one card', () => {
    const [event, ...others] = eventsOf(Array.from({ length: 50 }, (_, index) => ({ title: `t${index}` })));
    expect(others).toEqual([]);
    expect(event?.draft.title).toBe('50 entries');
    expect(event?.draft.text?.split('\n').slice(-2)).toEqual(['t9', '… 40 more entries']);
  });

  test('of texts is one card, and an empty one has nothing to tell', () => {
    expect(draftOf(['a', 'b'])).toMatchObject({ title: '2 entries', text: 'a\nb' });
    expect(json.translate({ body: [], headers: {} }).kind).toBe('greeting');
  });
});

test.each([null, 'text', 7, true])('%j is refused', (body) => {
  expect(() => eventsOf(body)).toThrow(expect.objectContaining({ code: 'invalid_request' }));
});
