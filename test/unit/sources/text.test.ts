// What plain text becomes, and what its headers say.

import fc from 'fast-check';
import type { Draft, SourceEvent } from '../../../src/domain/source.ts';
import { parseNotificationRequest } from '../../../src/notifications/parse-notification.ts';
import { finishDraft } from '../../../src/sources/finish-draft.ts';
import { text } from '../../../src/sources/text.ts';

type Headers = Readonly<Record<string, string>>;

function eventOf(body: string, headers: Headers = {}): SourceEvent {
  const translation = text.translate({ body, headers });
  const [event] = translation.kind === 'events' ? translation.events : [];
  if (!event) {
    throw new Error('Expected one event');
  }
  return event;
}

function draftOf(body: string, headers: Headers = {}): Draft {
  return eventOf(body, headers).draft;
}

/** As Node hands over the bytes that a sender wrote. */
function asReceived(header: string): string {
  return Buffer.from(header, 'utf8').toString('latin1');
}

describe('title and text', () => {
  test('one line is the title', () => {
    expect(draftOf('Deploy ok\n')).toMatchObject({ title: 'Deploy ok', text: undefined });
  });

  test('the first of several lines is the title, and the others are the text', () => {
    expect(draftOf('Deploy ok\r\n\r\n  shop 4.7.1\n  in 31 s')).toMatchObject({
      title: 'Deploy ok',
      text: 'shop 4.7.1\n  in 31 s',
    });
  });

  test('with a header Title all of it is text', () => {
    expect(draftOf('one\ntwo', { title: 'Deploy' })).toMatchObject({ title: 'Deploy', text: 'one\ntwo' });
  });

  test('of a long first line the beginning is the title, and nothing of it is lost', () => {
    const line = `${'word '.repeat(40)}end`;
    const draft = draftOf(line);
    expect(draft.title).toMatch(/^(word )+word…$/);
    expect(draft.title?.length).toBeLessThanOrEqual(120);
    expect(draft.text).toBe(line);
  });

  test('a long line is cut between two characters', () => {
    expect(draftOf('👍'.repeat(100)).title?.isWellFormed()).toBe(true);
  });

  test('an empty body takes the header Message, whose breaks of lines are written as two characters', () => {
    expect(draftOf('', { 'x-message': 'one\\ntwo' })).toMatchObject({ title: 'one', text: 'two' });
  });

  test('a title alone is enough; nothing at all is refused', () => {
    expect(draftOf(' ', { title: 'Deploy ok' })).toMatchObject({ title: 'Deploy ok', text: undefined });
    expect(() => draftOf(' \n')).toThrow(expect.objectContaining({ code: 'invalid_request' }));
  });

  test('text is literal unless it is said to be markdown', () => {
    expect(draftOf('# Done').textFormat).toBe('plain');
    expect(draftOf('# Done', { markdown: 'no' }).textFormat).toBe('plain');
    expect(draftOf('# Done\n**ok**', { md: '1' })).toMatchObject({
      title: 'Done',
      text: '**ok**',
      textFormat: 'markdown',
    });
    expect(draftOf('x', { 'content-type': 'text/markdown; charset=utf-8' }).textFormat).toBe('markdown');
  });
});

describe('severity and priority', () => {
  test.each([
    ['5', 'critical', 'urgent'],
    ['max', 'critical', 'urgent'],
    ['urgent', 'critical', 'urgent'],
    ['4', 'warning', 'normal'],
    ['High', 'warning', 'normal'],
    ['3', undefined, 'normal'],
    ['default', undefined, 'normal'],
    ['2', undefined, 'bulk'],
    ['min', undefined, 'bulk'],
    ['u=1, i', undefined, undefined],
  ])('the priority %s is %s and %s', (priority, severity, ours) => {
    expect(draftOf('x', { priority })).toMatchObject({ severity, priority: ours });
  });

  test.each([
    ['rotating_light', 'critical'],
    ['x', 'error'],
    ['warning', 'warning'],
    ['white_check_mark', 'success'],
    ['tada, Warning', 'warning'],
    ['computer', undefined],
  ])('the tags %s are %s', (tags, severity) => {
    expect(draftOf('x', { tags }).severity).toBe(severity);
  });

  test('a tag says more than a priority, and a severity more than both', () => {
    expect(draftOf('x', { tags: 'tada', priority: '5' }).severity).toBe('success');
    expect(draftOf('x', { tags: 'tada', priority: '5', severity: 'error' }).severity).toBe('error');
  });

  test('tags that say how bad it is are shown by the severity, others as a line; filters see all', () => {
    const { draft, traits } = eventOf('x', { tags: 'warning, db1,,backup' });
    expect(draft.facts).toEqual([{ name: 'Tags', value: 'db1, backup' }]);
    expect(traits?.labels).toEqual(['warning', 'db1', 'backup']);
  });
});

describe('buttons', () => {
  test('only actions that open a page become buttons', () => {
    const actions =
      'view, Open it, https://a.example/1; http, Close, https://a.example/2; broadcast, Shoot, extras.cmd=pic';
    expect(draftOf('x', { actions }).links).toEqual([{ title: 'Open it', url: 'https://a.example/1' }]);
  });

  test.each([
    'action=view, label="Open; close, it", url=https://a.example/1, clear=true',
    `view, 'Open; close, it', https://a.example/1`,
    '[{"action":"view","label":"Open; close, it","url":"https://a.example/1"},{"action":"http"}]',
  ])('the forms of ntfy are one: %s', (actions) => {
    expect(draftOf('x', { 'x-actions': actions }).links).toEqual([
      { title: 'Open; close, it', url: 'https://a.example/1' },
    ]);
  });

  test('a quote inside a word opens nothing', () => {
    const actions = `view, Ana's page, https://a.example/1; view, Ben's page, https://a.example/2`;
    expect(draftOf('x', { actions }).links?.map(({ title }) => title)).toEqual(["Ana's page", "Ben's page"]);
  });

  test('what is clicked and what is attached come with them', () => {
    const headers = { click: 'https://a.example/1', attach: 'https://a.example/report.pdf', filename: 'report.pdf' };
    expect(draftOf('x', headers).links).toEqual([
      { title: 'Open', url: 'https://a.example/1' },
      { title: 'report.pdf', url: 'https://a.example/report.pdf' },
    ]);
  });
});

describe('the thing that it is about', () => {
  test.each([
    ['open', 'open'],
    ['Acked', 'acknowledged'],
    ['ok', 'resolved'],
    ['failed', 'open'],
    ['purple', undefined],
  ])('the state %s is %s', (said, state) => {
    expect(draftOf('x', { key: 'backup', state: said })).toMatchObject({ key: 'backup', state });
  });

  test('what is resolved is a success, whatever its priority', () => {
    expect(draftOf('x', { key: 'backup', state: 'resolved', priority: '5' }).severity).toBe('success');
  });

  test.each(['x-sequence-id', 'sequence-id', 'sid'])("ntfy's own way to replace a message is a key: %s", (name) => {
    expect(draftOf('x', { [name]: 'backup' }).key).toBe('backup');
  });

  test('no state without a key', () => {
    expect(draftOf('x', { state: 'resolved' }).state).toBeUndefined();
  });

  test('only an idempotency key makes two posts one', () => {
    expect(eventOf('x', { 'idempotency-key': 'a', 'x-request-id': 'b' }).id).toBe('a');
    expect(eventOf('x', { 'x-request-id': 'b' }).id).toBeUndefined();
  });
});

describe('the characters of headers', () => {
  test.each([
    ['UTF-8 as its bytes', asReceived('Grüße aus Łódź 👍'), 'Grüße aus Łódź 👍'],
    ['Latin-1', 'Gr\xfc\xdfe', 'Grüße'],
    ['base64', '=?utf-8?B?R3LDvMOfZSDwn5GN?=', 'Grüße 👍'],
    ['quoted', '=?UTF-8?q?Gr=C3=BC=C3=9Fe_aus_K=F6ln?='.replace('=F6', '=C3=B6'), 'Grüße aus Köln'],
    ['Latin-1 in words', '=?iso-8859-1?Q?Gr=FC=DFe?= und mehr', 'Grüße und mehr'],
    ['a character over two words', '=?utf-8?Q?Gr=C3?= =?utf-8?Q?=BC=C3=9Fe?=', 'Grüße'],
    ['words in two charsets', '=?utf-8?Q?=C3=BC?= =?iso-8859-1*de?Q?=DF?=', 'üß'],
    ['a charset that nobody knows', '=?klingon?Q?abc?=', '=?klingon?Q?abc?='],
  ])('%s', (_, title, shown) => {
    expect(draftOf('x', { title }).title).toBe(shown);
  });

  test('whatever headers say makes a notification that can be accepted', () => {
    const names = ['title', 'message', 'priority', 'tags', 'click', 'actions', 'key', 'state', 'markdown', 'attach'];
    const value = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }).map(asReceived),
      fc.string({ maxLength: 40 }),
      fc.constantFrom(
        '=?utf-8?B?////?=',
        'view,"a,b;c',
        '[{"action":"view","url":{}},null]',
        '[[',
        '💥',
        '\u0000',
        ',,;;==',
        'view',
      ),
    );
    const headers = fc.dictionary(fc.constantFrom(...names), value);
    fc.assert(
      fc.property(headers, (said) => {
        const notification = { to: 'ana@contoso.com', ...finishDraft(draftOf('x', said), text.title) };
        expect(parseNotificationRequest(notification).title).not.toBe('');
      }),
      { numRuns: 2_000 },
    );
  });
});
