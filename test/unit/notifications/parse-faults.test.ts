// How a wrong request is refused: every fault with its place and its remedy, and nothing of what was sent.

import fc from 'fast-check';
import { AppError } from '../../../src/domain/errors.ts';
import { parseNotificationRequest } from '../../../src/notifications/parse-notification.ts';
import { faultsOf, SMALLEST } from './requests.ts';

const detailOf = (fields: object) => faultsOf({ ...SMALLEST, ...fields }).map(({ detail }) => detail);

test('all faults are told at once', () => {
  const faults = faultsOf({ to: 'ana', severity: 'bad', ttl: 5, links: [{ url: 'http://x' }], colour: 'red' });
  expect(faults.map(({ pointer }) => pointer).sort()).toEqual(
    ['/colour', '/links/0/title', '/links/0/url', '/severity', '/title', '/to', '/ttl'].sort(),
  );
});

test('the message tells how many there are', () => {
  expect(() => parseNotificationRequest({})).toThrow('The notification has 2 faults');
  expect(() => parseNotificationRequest({ to: SMALLEST.to })).toThrow('The notification has 1 fault');
});

test.each([
  [null, 'null'],
  [5, 'a number'],
  ['text', 'a string'],
  [true, 'true or false'],
  [[], 'a list'],
  [[SMALLEST], 'a list'],
])('%j is wrong as a whole', (json, found) => {
  expect(faultsOf(json)).toEqual([{ pointer: '', detail: `Expected an object, found ${found}` }]);
});

describe('a fault says what was expected', () => {
  test('and that it is missing only when it is', () => {
    expect(faultsOf({ to: SMALLEST.to })).toEqual([{ pointer: '/title', detail: 'Expected a string, it is missing' }]);
    expect(detailOf({ title: 5 })).toEqual(['Expected a string, found a number']);
    expect(detailOf({ facts: 'x' })).toEqual(['Expected a list, found a string']);
  });

  test.each([
    [{ to: 'ana' }, /^Expected an e-mail address or UPN, .*"everyone"$/],
    [{ to: 5 }, /^Expected a recipient or a list of them: .*"everyone"$/],
    [{ to: undefined }, /^Expected a recipient or a list of them/],
    [{ to: [] }, /^Expected 1 to 100 recipients$/],
    [{ links: [{ title: 'x'.repeat(65), url: 'https://x' }] }, /^Expected at most 64 characters$/],
    [{ title: ' ' }, /^Expected some text$/],
    [{ title: '\ud800' }, /^Expected well-formed Unicode/],
    [{ priority: 'high' }, /^Expected one of "urgent", "normal", "bulk"$/],
    [{ ttl: '1h' }, /^Expected an ISO 8601 duration from PT10S to P7D, for example "PT2H"$/],
    [{ links: [{ title: 'x', url: 'http://x' }] }, /^Expected an absolute https URL/],
    [{ facts: Array(31).fill(0) }, /Expected at most 30 facts/],
  ])('%j', (fields, detail) => {
    expect(detailOf(fields)[0]).toMatch(detail);
  });
});

describe('a field that is not known', () => {
  test.each([
    ['titel', 'title'],
    ['tittle', 'title'],
    ['itle', 'title'],
    ['Title', 'title'],
    ['serverity', 'severity'],
    ['tll', 'ttl'],
    ['onunknown', 'onUnknown'],
    ['link', 'links'],
  ])('%j is answered with the near one, %j', (field, near) => {
    expect(detailOf({ [field]: 1 })).toEqual([`Unknown field. Did you mean "${near}"?`]);
  });

  test('and that is near to none is answered with all of them', () => {
    expect(detailOf({ recipients: 1 })).toEqual([
      expect.stringMatching(
        /^Unknown field\. Known are to, title, text, textFormat, severity, facts, links, [a-zA-Z, ]+$/,
      ),
    ]);
  });

  test('of a link or a fact is answered with the fields of a link or a fact', () => {
    const links = [{ title: 'x', url: 'https://ci.example', icon: 1 }];
    const facts = [{ name: 'x', value: 'y', nmae: 1 }];
    expect(faultsOf({ ...SMALLEST, links, facts })).toEqual([
      { pointer: '/facts/0/nmae', detail: 'Unknown field. Did you mean "name"?' },
      { pointer: '/links/0/icon', detail: 'Unknown field. Known are title, url' },
    ]);
  });

  test('is escaped in its pointer', () => {
    expect(faultsOf({ ...SMALLEST, 'a/b~c': 1, '': 1 }).map(({ pointer }) => pointer)).toEqual(['/a~1b~0c', '/']);
  });

  test('is refused also when objects inherit it', () => {
    const json = JSON.parse(`{"to":"a@b.c","title":"x","__proto__":{"text":"y"},"constructor":1,"toString":1}`);
    expect(faultsOf(json).map(({ pointer }) => pointer)).toEqual(['/__proto__', '/constructor', '/toString']);
  });
});

const field = fc.constantFrom(
  ...['to', 'title', 'text', 'severity', 'facts', 'links', 'images', 'summary', 'priority', 'ttl', 'onUnknown'],
);

/** JSON whose every text is a canary and whose every number is 424242; keys are those of a request, and others. */
const canaryJson = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom('canary', 'canary@', 'https://canary:canary@canary.example', ' canary\u0000', 424_242),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(
      fc.constantFrom('to', 'title', 'links', 'facts', 'images', 'url', 'name', 'value', 'alt'),
      tie('value'),
    ),
  ),
})).value;

test('no fault quotes a value', () => {
  fc.assert(
    fc.property(fc.dictionary(field, canaryJson), (json) => !/canary|424242/.test(JSON.stringify(faultsOf(json)))),
    { numRuns: 10_000 },
  );
});

test('any JSON value is a request, or refused with faults that point into it, and nothing else', () => {
  const word = fc.constantFrom('a@b.c', 'info', 'PT1H', 'hold', 'bulk');
  const likely = fc.dictionary(field, fc.oneof(fc.jsonValue({ maxDepth: 2 }), word));
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue({ maxDepth: 2 }), likely), (json) => {
      const result = attempt(json);
      return result instanceof AppError ? isRefusal(result) : isRequest(result);
    }),
    { numRuns: 10_000 },
  );
});

function attempt(json: unknown): unknown {
  try {
    return parseNotificationRequest(json);
  } catch (error) {
    return error;
  }
}

const isRefusal = ({ code, faults }: AppError) =>
  code === 'invalid_request' &&
  faults.length > 0 &&
  faults.every(({ pointer }) => /^(\/([^~/]|~[01])*)*$/.test(pointer));

const isRequest = (value: unknown) =>
  typeof value === 'object' && value !== null && 'to' in value && Array.isArray(value.to) && value.to.length > 0;
