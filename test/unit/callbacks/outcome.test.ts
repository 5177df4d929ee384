// What the answers of receivers mean.

import { readAttempt } from '../../../src/callbacks/outcome.ts';

const NOW = Date.UTC(2026, 0, 1);
const respond = (status: number, parts: { body?: string; headers?: Record<string, string> } = {}) =>
  readAttempt({ kind: 'response', status, headers: {}, isTruncated: false, ...parts }, NOW);

test.each([200, 201, 202, 204, 299])('%i is taken', (status) => {
  expect(respond(status)).toMatchObject({ kind: 'delivered', httpStatus: status });
});

test.each([
  [301, 'redirected'],
  [304, 'redirected'],
  [308, 'redirected'],
  [400, 'refused'],
  [404, 'refused'],
  [410, 'gone'],
  [429, 'refused'],
  [500, 'refused'],
])('%i is %s', (status, error) => {
  expect(respond(status)).toMatchObject({ kind: 'failed', error, httpStatus: status });
});

test('a receiver may ask for an hour of rest at the most', () => {
  expect(respond(429, { headers: { 'retry-after': '90' } })).toMatchObject({ retryAfterMs: 90_000 });
  expect(respond(503, { headers: { 'retry-after': '999999' } })).toMatchObject({ retryAfterMs: 3_600_000 });
});

test('of an answer 200 printable characters are kept', () => {
  expect(respond(500, { body: 'line 1\r\n\u001b[31mline\u202e 2' })).toMatchObject({ answer: 'line 1 [31mline 2' });
  expect(respond(200, { body: '🚀'.repeat(300) })).toMatchObject({ answer: '🚀'.repeat(200) });
  expect(respond(200)).toMatchObject({ answer: null });
});

test('of an answer that repeats the message, the name of the recipient is not kept', () => {
  const answered = { status: 200, headers: {}, isTruncated: false, body: '{"recipient":"ana@contoso.com"}' } as const;
  const outcome = readAttempt({ kind: 'response', ...answered }, NOW, 'ana@contoso.com');
  expect(outcome).toMatchObject({ answer: '{"recipient":"(recipient)"}' });
});

test.each([
  ['EACCES', false, 'not_public'],
  ['UND_ERR_CONNECT_TIMEOUT', false, 'timeout'],
  ['UND_ERR_HEADERS_TIMEOUT', true, 'timeout'],
  ['TOTAL_TIMEOUT', true, 'timeout'],
  ['ENOTFOUND', false, 'unknown_host'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', false, 'certificate'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', false, 'certificate'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', false, 'certificate'],
  ['ECONNREFUSED', false, 'unreachable'],
  ['UND_ERR_SOCKET', true, 'connection_lost'],
] as const)('%s, written: %j, is %s', (code, isWritten, error) => {
  expect(readAttempt({ kind: 'failure', code, isWritten }, NOW)).toMatchObject({ kind: 'failed', error });
});

test('what we ended ourselves is no failure', () => {
  expect(readAttempt({ kind: 'failure', code: 'ABORTED', isWritten: true }, NOW)).toEqual({ kind: 'stopped' });
});
