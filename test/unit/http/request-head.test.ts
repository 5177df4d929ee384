import type { IncomingMessage } from 'node:http';
import {
  checkJsonHead,
  hasBearerToken,
  isForwarded,
  readAuthorization,
  readIdempotencyKey,
} from '../../../src/http/request-head.ts';

/** The parts of a request that a head consists of. */
function requestWith(lines: [name: string, value: string][]): IncomingMessage {
  const headers: Record<string, string> = {};
  const headersDistinct: Record<string, string[]> = {};
  for (const [name, value] of lines) {
    headers[name] = name in headers ? `${headers[name]}, ${value}` : value;
    headersDistinct[name] = [...(headersDistinct[name] ?? []), value];
  }
  return { headers, headersDistinct } as unknown as IncomingMessage;
}

const JSON_TYPE: [string, string] = ['content-type', 'application/json'];

describe('the head of a JSON request', () => {
  test.each([
    'application/json',
    'Application/JSON; Charset="UTF-8"',
    'application/json;charset=utf8',
    'application/cloudevents+json',
  ])('may say %s', (type) => {
    expect(() => checkJsonHead(requestWith([['content-type', type]]), 10)).not.toThrow();
  });

  test.each([
    'text/plain',
    'text/json',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/octet-stream',
    'application/json; charset=iso-8859-1',
    'application/json; charset=utf-16',
    'json',
    '',
  ])('may not say %j', (type) => {
    const check = () => checkJsonHead(requestWith([['content-type', type]]), 10);
    expect(check).toThrow(expect.objectContaining({ code: 'unsupported_media_type' }));
  });

  test('has to say what the body is', () => {
    const check = () => checkJsonHead(requestWith([]), 10);
    expect(check).toThrow(expect.objectContaining({ code: 'unsupported_media_type' }));
  });

  test.each(['gzip', 'br', 'deflate', 'zstd', 'identity, gzip', ''])('may not announce the encoding %j', (encoding) => {
    const check = () => checkJsonHead(requestWith([JSON_TYPE, ['content-encoding', encoding]]), 10);
    expect(check).toThrow(expect.objectContaining({ code: 'unsupported_media_type' }));
  });

  test('may announce a body up to the limit', () => {
    const check = (length: string) => checkJsonHead(requestWith([JSON_TYPE, ['content-length', length]]), 10);
    expect(() => check('10')).not.toThrow();
    expect(() => check('11')).toThrow(expect.objectContaining({ code: 'payload_too_large' }));
  });
});

describe('an idempotency key', () => {
  const keyOf = (...values: string[]) =>
    readIdempotencyKey(requestWith(values.map((value) => ['idempotency-key', value])));

  test.each([
    ['8e03978e-40d5-43dd-bc93-6894a57f9324', '8e03978e-40d5-43dd-bc93-6894a57f9324'],
    ['"build/42"', 'build/42'],
    ['"a\\"b\\\\c"', 'a"b\\c'],
    ['k'.repeat(255), 'k'.repeat(255)],
  ])('is quoted or bare: %s', (value, key) => {
    expect(keyOf(value)).toBe(key);
  });

  test('is optional', () => {
    expect(keyOf()).toBeUndefined();
  });

  test.each(['', '""', '"a', 'a"', 'a b', 'a,b', 'a;b', 'é', '"a\\n"', 'k'.repeat(256)])(
    'is refused as %j',
    (value) => {
      expect(() => keyOf(value)).toThrow(expect.objectContaining({ code: 'idempotency_key_invalid' }));
    },
  );

  test('is given once', () => {
    expect(() => keyOf('a', 'a')).toThrow(expect.objectContaining({ code: 'idempotency_key_invalid' }));
  });
});

describe('credentials', () => {
  test('do not count when there are two of them', () => {
    expect(readAuthorization(requestWith([['authorization', 'Bearer a']]))).toBe('Bearer a');
    expect(
      readAuthorization(
        requestWith([
          ['authorization', 'Bearer a'],
          ['authorization', 'Bearer b'],
        ]),
      ),
    ).toBeUndefined();
  });

  test('match a token only as a whole', () => {
    const has = (value: string) => hasBearerToken(requestWith([['authorization', value]]), 'token-1');
    expect(['Bearer token-1', 'bearer token-1'].map(has)).toEqual([true, true]);
    expect(['token-1', 'Basic token-1', 'Bearer token-', 'Bearer token-12', 'Bearer '].map(has)).not.toContain(true);
  });
});

test.each(['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip'])(
  '%s tells that a proxy passed the request on',
  (name) => {
    expect(isForwarded(requestWith([[name, 'x']]))).toBe(true);
    expect(isForwarded(requestWith([['x-other', 'x']]))).toBe(false);
  },
);
