// CloudEvents 1.0 as the HTTP binding and the JSON format have it, and what the events become.

import fc from 'fast-check';
import { AppError } from '../../../src/domain/errors.ts';
import type { SourceEvent } from '../../../src/domain/source.ts';
import { parseNotificationRequest } from '../../../src/notifications/parse-notification.ts';
import { cloudevents } from '../../../src/sources/cloudevents.ts';
import { finishDraft } from '../../../src/sources/finish-draft.ts';

type Headers = Readonly<Record<string, string>>;
type Json = Readonly<Record<string, unknown>>;

const EVENT = { specversion: '1.0', id: 'e1', type: 'com.contoso.order.shipped', source: '/shop' };
const STRUCTURED = { 'content-type': 'application/cloudevents+json' };
const BATCH = { 'content-type': 'application/cloudevents-batch+json' };
const BINARY = {
  'content-type': 'application/json',
  'ce-specversion': '1.0',
  'ce-id': 'e1',
  'ce-type': 'com.contoso.order.shipped',
  'ce-source': '/shop',
};

function eventsOf(body: unknown, headers: Headers): readonly SourceEvent[] {
  const translation = cloudevents.translate({ body, headers });
  return translation.kind === 'events' ? translation.events : [];
}

function structured(changes: Json): SourceEvent | undefined {
  return eventsOf({ ...EVENT, ...changes }, STRUCTURED)[0];
}

function binary(data: unknown, changes: Headers = {}): SourceEvent | undefined {
  return eventsOf(data, { ...BINARY, ...changes })[0];
}

function factsOf(event: SourceEvent | undefined): readonly string[] {
  const facts = event?.draft.facts ?? [];
  return facts.filter(({ value }) => value !== undefined).map(({ name, value }) => `${name}: ${value}`);
}

const REFUSED = expect.objectContaining({ code: 'invalid_request' });

function refusedAt(...pointers: readonly string[]) {
  return expect.objectContaining({
    code: 'invalid_request',
    faults: pointers.map((pointer) => expect.objectContaining({ pointer })),
  });
}

describe('the mode', () => {
  test.each([
    ['application/cloudevents+json'],
    ['application/cloudevents+json; charset=utf-8'],
    ['Application/CloudEvents+JSON;charset=UTF-8'],
    ['application/cloudevents'],
  ])('%s is structured', (contentType) => {
    expect(eventsOf(EVENT, { 'content-type': contentType })).toHaveLength(1);
  });

  test.each(['application/cloudevents-batch+json', 'APPLICATION/CLOUDEVENTS-BATCH+JSON; charset=utf-8'])(
    '%s is a batch',
    (contentType) => {
      expect(eventsOf([EVENT, { ...EVENT, id: 'e2' }], { 'content-type': contentType })).toHaveLength(2);
    },
  );

  test.each([
    'application/cloudevents+avro',
    'application/cloudevents+xml',
    'application/cloudevents-batch+protobuf',
    'application/cloudeventsfoo',
  ])('the format %s is refused', (contentType) => {
    expect(() => eventsOf(EVENT, { 'content-type': contentType })).toThrow(REFUSED);
  });

  test('any other media type is binary, also one that is not there', () => {
    const { 'content-type': _, ...withoutType } = BINARY;
    expect(eventsOf({}, withoutType)).toHaveLength(1);
    expect(binary({}, { 'content-type': 'application/vnd.contoso+json' })).toBeDefined();
  });

  test('in structured mode headers count for nothing', () => {
    expect(eventsOf(EVENT, { ...STRUCTURED, 'ce-id': 'other', 'ce-subject': '%C0%A0' })[0]?.id).toBe('["/shop","e1"]');
  });

  test('an event in the body without the media type is none', () => {
    expect(() => eventsOf(EVENT, { 'content-type': 'application/json' })).toThrow(REFUSED);
  });
});

describe('attributes of the JSON format', () => {
  test.each<[string, Json]>([
    ['only what is required', {}],
    ['null for what is optional', { datacontenttype: null, dataschema: null, subject: null, time: null, data: null }],
    [
      'all of them',
      { datacontenttype: 'text/plain', dataschema: 'https://a.example/s', subject: 's', time: '2018-04-05T17:31:00Z' },
    ],
    ['nanoseconds', { time: '2018-04-05T17:31:00.000000000Z' }],
    ['an offset', { time: '2018-04-05T16:31:00-01:00' }],
    ['a fragment as source', { source: '#fragment' }],
    ['extensions of all types', { extinteger: 10, extboolean: true, extstring: 'text', exturi: 'https://a.example' }],
    ['data in base64', { data_base64: 'TWE=' }],
  ])('may be %s', (_, changes) => {
    expect(structured(changes)).toBeDefined();
  });

  test.each<[string, Json]>([
    ['/specversion', { specversion: undefined }],
    ['/specversion', { specversion: '' }],
    ['/specversion', { specversion: '0.3' }],
    ['/specversion', { specversion: 1 }],
    ['/id', { id: undefined }],
    ['/id', { id: '' }],
    ['/id', { id: 25 }],
    ['/id', { id: { xyz: 'abc' } }],
    ['/source', { source: undefined }],
    ['/source', { source: '' }],
    ['/type', { type: undefined }],
    ['/type', { type: ' ' }],
    ['/subject', { subject: '' }],
    ['/dataschema', { dataschema: '' }],
    ['/datacontenttype', { datacontenttype: '' }],
    ['/datacontenttype', { datacontenttype: 'xyz' }],
    ['/time', { time: 'lunchtime' }],
    ['/time', { time: '2018-04-05T18:31Z' }],
    ['/time', { time: '2018-04-05T18:31:00X' }],
    ['/time', { time: '2018-04-05T18:31:00+25:00' }],
    ['/time', { time: '2018-04-05T18:31:00+05' }],
    ['/time', { time: '2018-04-05T18:31:00' }],
    ['/MyExtension', { MyExtension: 'bad' }],
    ['/my.extension', { 'my.extension': 'bad' }],
    ['/a~1b', { 'a/b': 'bad' }],
    ['/extension', { extension: 1.5 }],
    ['/extension', { extension: { a: 1 } }],
    ['/data_base64', { data: 'text', data_base64: 'TWE=' }],
    ['/data_base64', { data_base64: 'no base64!' }],
    ['/data_base64', { data_base64: 5 }],
  ])('are refused at %s: %j', (pointer, changes) => {
    expect(() => structured(changes)).toThrow(refusedAt(pointer));
  });

  test.each([null, [], 'text', 7])('%j is no event', (body) => {
    expect(() => eventsOf(body, STRUCTURED)).toThrow(refusedAt(''));
  });

  test('all that is wrong is told at once', () => {
    expect(() => eventsOf({ type: 'a' }, STRUCTURED)).toThrow(refusedAt('/specversion', '/id', '/source'));
  });
});

describe('a batch', () => {
  test.each([[[]], [{}], [EVENT], [Array.from({ length: 101 }, (_, index) => ({ ...EVENT, id: `${index}` }))]])(
    'that is no list of 1 to 100 events is refused',
    (body) => {
      expect(() => eventsOf(body, BATCH)).toThrow(refusedAt(''));
    },
  );

  test('of a hundred events is told whole', () => {
    const ids = Array.from({ length: 100 }, (_, index) => `${index}`);
    const events = eventsOf(
      ids.map((id) => ({ ...EVENT, id })),
      BATCH,
    );
    expect(new Set(events.map(({ id }) => id)).size).toBe(100);
  });

  test('with one wrong event is refused whole', () => {
    expect(() => eventsOf([EVENT, 'no event', { ...EVENT, id: '' }], BATCH)).toThrow(refusedAt('/1', '/2/id'));
    expect(() => eventsOf([EVENT, { ...EVENT, specversion: '0.9' }], BATCH)).toThrow(refusedAt('/1/specversion'));
  });
});

describe('the values of headers', () => {
  test.each([
    ['Euro%20%E2%82%AC%20%F0%9F%98%80', 'Euro € 😀'],
    ['Euro%20%e2%82%ac', 'Euro €'],
    ['%41%42', 'AB'],
    ['%2520', '%20'],
    ['"quoted text"', 'quoted text'],
    ['"a \\"b\\" \\\\ c"', 'a "b" \\ c'],
    ['"a%20b"', 'a b'],
    ['%22a%22', '"a"'],
    ['100% of it', '100% of it'],
    [Buffer.from('Größe', 'utf8').toString('latin1'), 'Größe'],
  ])('%s is %s', (header, subject) => {
    expect(binary({}, { 'ce-subject': header })?.traits?.labels).toContain(`subject=${subject}`);
  });

  test.each(['%C0%A0', 'a%FFb', '%ED%A0%80', '%E2%82'])('%s is no UTF-8 and is refused', (header) => {
    expect(() => binary({}, { 'ce-subject': header })).toThrow(REFUSED);
  });

  test.each(['ce-id', 'ce-type', 'ce-source', 'ce-specversion'])('%s has to be there, and filled', (name) => {
    const { [name as 'ce-id']: _, ...others } = BINARY;
    expect(() => eventsOf({}, others)).toThrow(REFUSED);
    expect(() => binary({}, { [name]: '' })).toThrow(REFUSED);
  });

  test('the media type has its own header, and no other one', () => {
    expect(() => binary({}, { 'ce-datacontenttype': 'application/json' })).toThrow(REFUSED);
  });

  test('what is wrong in a header is named', () => {
    expect(() => binary({}, { 'ce-time': 'lunchtime' })).toThrow(
      expect.objectContaining({ faults: [{ pointer: '', detail: expect.stringContaining('ce-time') }] }),
    );
  });

  test('headers that cannot be attributes are other people’s', () => {
    expect(binary({}, { 'ce-my_header': 'x', 'ce-': 'y', 'x-ce-id': 'z' })).toBeDefined();
  });
});

test('whatever headers say, an event is made of it or it is refused', () => {
  const names = [...Object.keys(BINARY), 'ce-subject', 'ce-time', 'ce-extension', 'ce-__proto__', 'ce-constructor'];
  const value = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 20 }).map((text) => Buffer.from(text).toString('latin1')),
    fc.constantFrom(
      '1.0',
      '%',
      '%E2%82%AC',
      '%00',
      '"',
      '"\\"',
      '\\',
      'application/cloudevents',
      '2026-10-04T13:32:56z',
    ),
  );
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...names), value), (changes) => {
      expect(outcomeOf({ ...BINARY, ...changes })).toBe('as it should be');
    }),
    { numRuns: 2_000 },
  );
});

function outcomeOf(headers: Headers): string {
  try {
    const [event] = eventsOf({ a: 1 }, headers);
    parseNotificationRequest({ to: 'ana@contoso.com', ...finishDraft(event?.draft ?? { title: '' }, 'x') });
    return 'as it should be';
  } catch (error) {
    // The notification itself has to be right: only the translator may refuse.
    return error instanceof AppError && error.message.includes('CloudEvents') ? 'as it should be' : String(error);
  }
}

describe('data', () => {
  test.each([
    [{ total: 7 }, ['total: 7']],
    [7, ['Data: 7']],
    [true, ['Data: true']],
    [[1, { a: 1 }], ['Data: 2 entries']],
    [null, []],
    [undefined, []],
  ])('may be any JSON in binary mode: %j', (data, lines) => {
    expect(factsOf(binary(data))).toEqual([...lines, 'Event: com.contoso.order.shipped', 'Source: /shop']);
  });

  test('that is text is shown as text', () => {
    expect(binary('some text')?.draft.text).toBe('some text');
    expect(structured({ datacontenttype: 'text/plain', data: 'some text' })?.draft.text).toBe('some text');
  });

  test.each([
    [undefined, '{"total":7}', 'total: 7'],
    ['application/json', '{"total":7}', 'total: 7'],
    ['application/vnd.contoso+json; charset=utf-8', '{"total":7}', 'total: 7'],
  ])('in base64 of the type %s is read', (datacontenttype, text, line) => {
    const event = structured({ datacontenttype, data_base64: Buffer.from(text).toString('base64') });
    expect(factsOf(event)).toContain(line);
  });

  test('in base64 that is text is shown as text, also where it should be JSON', () => {
    const base64 = Buffer.from('Grüße').toString('base64');
    expect(structured({ datacontenttype: 'text/plain', data_base64: base64 })?.draft.text).toBe('Grüße');
    expect(structured({ data_base64: base64 })?.draft.text).toBe('Grüße');
  });

  test.each([
    ['image/png', 'iVBORw0KGgo=', 'Data: 8 bytes of image/png'],
    [undefined, '/w==', 'Data: 1 byte'],
    ['application/json', '/w==', 'Data: 1 byte of application/json'],
  ])('in base64 of the type %s that cannot be read tells its size', (datacontenttype, base64, line) => {
    expect(factsOf(structured({ datacontenttype, data_base64: base64 }))).toContain(line);
  });

  test('in a format of its own is shown while it is short', () => {
    const xml = { datacontenttype: 'application/xml' };
    expect(structured({ ...xml, data: '<much wow="xml"/>' })?.draft.text).toBe('<much wow="xml"/>');
    expect(factsOf(structured({ ...xml, data: 'x'.repeat(1_001) }))).toContain(
      'Data: 1001 characters of application/xml',
    );
  });
});

describe('the card', () => {
  test.each<[Json, string]>([
    [{}, 'Order shipped'],
    [{ subject: 'orders/4711' }, 'Order shipped: 4711'],
    [{ subject: 'orders/4711', data: { name: 'Atlas' } }, 'Order shipped: Atlas'],
    [{ data: { id: 4711 } }, 'Order shipped: 4711'],
    [
      { type: 'google.cloud.storage.object.v1.finalized', subject: 'objects/a.pdf' },
      'Google cloud storage object finalized: a.pdf',
    ],
    [{ type: 'Microsoft.Storage.BlobCreated', subject: '/a/b/c.pdf' }, 'Blob created: c.pdf'],
    [{ type: 'urn:event/x' }, 'urn:event/x'],
  ])('of %j is titled %s', (changes, title) => {
    expect(structured(changes)?.draft.title).toBe(title);
  });

  test('says how bad it is by an extension, else by the data, else by the type', () => {
    const failed = { type: 'com.contoso.order.failed' };
    expect(structured({ ...failed, severitytext: 'WARN', data: { severity: 'info' } })?.draft.severity).toBe('warning');
    expect(structured({ ...failed, data: { severity: 'info' } })?.draft.severity).toBe('info');
    expect(structured(failed)?.draft.severity).toBe('error');
    expect(structured({})?.draft.severity).toBeUndefined();
  });

  test('shows extensions but those for programs', () => {
    const facts = factsOf(structured({ region: 'eu', traceparent: '00-4bf9-00f0-01', partitionkey: 'k' }));
    expect(facts).toEqual(['Event: com.contoso.order.shipped', 'Source: /shop', 'region: eu']);
  });

  test('of Azure shows names instead of paths, and when something expires', () => {
    const source = '/subscriptions/7c2f/resourceGroups/shop/providers/Microsoft.KeyVault/vaults/contoso-shop';
    const type = 'Microsoft.KeyVault.SecretNearExpiry';
    const data = { VaultName: 'contoso-shop', EXP: 1793772000, NBF: 1759557600, requestId: 'r' };
    expect(factsOf(structured({ type, source, subject: 'payment', data }))).toEqual([
      'VaultName: contoso-shop',
      'Expires: 2026-11-04',
      'Event: Microsoft.KeyVault.SecretNearExpiry',
      'Source: Microsoft.KeyVault/vaults/contoso-shop',
    ]);
    expect(factsOf(structured({ type, data: { EXP: 1e300 } }))).toContain('EXP: 1e+300');
    expect(factsOf(structured({ data: { EXP: 1793772000 } }))).toContain('EXP: 1793772000');
  });
});

test('an id counts within its source, and no two pairs are one', () => {
  const idOf = (source: string, id: string) => structured({ source, id })?.id;
  expect(idOf('/a', 'b')).toBe(idOf('/a', 'b'));
  expect(idOf('/a', 'b')).not.toBe(idOf('/b', 'b'));
  expect(idOf('/a","b', 'c')).not.toBe(idOf('/a', 'b","c'));
  expect(binary({})?.id).toBe(structured({})?.id);
});
