// How the bytes of senders are read, whatever their client says they are.

import { readHookBody } from '../../../src/http/hook-body.ts';

const JSON_DIALECT = { body: 'json' } as const;
const TEXT_DIALECT = { body: 'text' } as const;
const read = (type: string | undefined, text: string, dialect: { body: 'json' | 'text' } = JSON_DIALECT) =>
  readHookBody(dialect, type, Buffer.from(text));

test.each([
  ['application/json', '{"a":1}'],
  ['application/json; charset=utf-8', '{"a":1}'],
  ['application/cloudevents+json', '{"a":1}'],
  [undefined, '{"a":1}'],
  ['', '{"a":1}'],
  ['text/plain', ' {"a":1}'],
  ['application/x-www-form-urlencoded', '{"a":1}'],
  ['application/x-www-form-urlencoded', 'payload=%7B%22a%22%3A1%7D&x=y'],
])('JSON that comes as %s is read', (type, text) => {
  expect(read(type, text)).toEqual({ a: 1 });
});

test('text that is no JSON stays text where its type says so', () => {
  expect(read('text/plain', 'Deploy ok')).toBe('Deploy ok');
  expect(read('text/xml', '<a/>')).toBe('<a/>');
});

test('a dialect of text takes the characters whatever the type', () => {
  expect(read('application/x-www-form-urlencoded', 'Deploy ok', TEXT_DIALECT)).toBe('Deploy ok');
  expect(read('application/json', '{"a":1}', TEXT_DIALECT)).toBe('{"a":1}');
});

test.each([
  ['application/json', '{"a":', 'invalid_json'],
  ['application/x-www-form-urlencoded', 'a=b', 'invalid_request'],
  ['multipart/form-data; boundary=x', '--x', 'unsupported_media_type'],
  ['application/octet-stream', 'x', 'unsupported_media_type'],
  ['application/json; charset=latin1', '{}', 'unsupported_media_type'],
  ['nonsense', '{}', 'unsupported_media_type'],
])('%s with %s is refused as %s', (type, text, code) => {
  expect(() => read(type, text)).toThrow(expect.objectContaining({ code }));
});

test('bytes that are no UTF-8 are refused', () => {
  const bytes = Buffer.from([0x22, 0xff, 0x22]);
  for (const dialect of [JSON_DIALECT, TEXT_DIALECT]) {
    expect(() => readHookBody(dialect, 'text/plain', bytes)).toThrow(expect.objectContaining({ code: 'invalid_json' }));
  }
});

test('a document may be larger than one of the API, and has bounds all the same', () => {
  const alerts = (count: number) => JSON.stringify(Array.from({ length: count }, () => ({ a: { b: ['c'] } })));
  expect(read('application/json', alerts(10_000))).toHaveLength(10_000);
  expect(() => read('application/json', alerts(10_001))).toThrow(expect.objectContaining({ code: 'invalid_request' }));
});
