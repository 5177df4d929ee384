// What every answer of the Bot Connector means.

import fc from 'fast-check';
import type { Operation, Outcome } from '../../../../src/domain/delivery.ts';
import { FAILURE_REASONS } from '../../../../src/domain/failure-reason.ts';
import { readRetryAfterMs } from '../../../../src/network/retry-after.ts';
import type { ConnectorAnswer } from '../../../../src/teams/connector.ts';
import { readOutcome } from '../../../../src/teams/outcome.ts';

const NOW_MS = Date.UTC(2026, 0, 15, 12, 0, 0);

function response(status: number, body?: unknown, headers: Record<string, string> = {}): ConnectorAnswer {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { kind: 'response', status, headers, isTruncated: false, ...(text !== undefined && { body: text }) };
}

function refusal(status: number, code: string, message = 'Said by Teams'): ConnectorAnswer {
  return response(status, { error: { code, message } });
}

function outcomeOf(answer: ConnectorAnswer, operation: Operation = 'post'): Outcome {
  return readOutcome(operation, answer, NOW_MS);
}

/** The flat form, with JSON inside the message. */
const writesBlocked = response(403, {
  errorCode: 209,
  message:
    '{\r\n  "subCode": "MessageWritesBlocked",\r\n  "details": "Thread writes are blocked",\r\n  "errorCode": null\r\n}',
});
const unreachable = (reason: keyof typeof FAILURE_REASONS): Outcome => ({
  kind: 'gone',
  reason,
  isUninstalled: false,
});

/** Documented as not to be retried: once more, late. */
const SERVER_ERROR: Outcome = { kind: 'unknown', reason: 'server_error', maxResends: 1, retryAfterMs: 30_000 };

const ROWS: readonly (readonly [string, ConnectorAnswer, Outcome])[] = [
  ['200 with an id', response(200, { id: '1700000000001' }), { kind: 'delivered', activityId: '1700000000001' }],
  ['201 with an id', response(201, { id: '1700000000001' }), { kind: 'delivered', activityId: '1700000000001' }],
  ['202 with an id', response(202, { id: '1700000000001' }), { kind: 'delivered', activityId: '1700000000001' }],
  ['2xx without a body', response(200), { kind: 'unknown', reason: 'response_invalid' }],
  ['2xx with an empty body', response(200, ''), { kind: 'unknown', reason: 'response_invalid' }],
  ['2xx with HTML', response(200, '<html>hello</html>'), { kind: 'unknown', reason: 'response_invalid' }],
  ['2xx with half a JSON', response(200, '{"id":"17000'), { kind: 'unknown', reason: 'response_invalid' }],
  ['2xx without an id', response(200, {}), { kind: 'unknown', reason: 'response_invalid' }],
  ['2xx with a number as id', response(200, { id: 17 }), { kind: 'unknown', reason: 'response_invalid' }],
  ['2xx with an id that is a path', response(200, { id: '../x' }), { kind: 'unknown', reason: 'response_invalid' }],
  ['302', response(302, '', { location: 'https://elsewhere' }), { kind: 'transient', reason: 'unreachable_host' }],
  ['400 BadArgument', refusal(400, 'BadArgument'), { kind: 'rejected', reason: 'bad_request' }],
  ['400 BadSyntax', refusal(400, 'BadSyntax'), { kind: 'rejected', reason: 'bad_request' }],
  ['400 MissingProperty', refusal(400, 'MissingProperty'), { kind: 'rejected', reason: 'bad_request' }],
  ['400 foreign person', refusal(400, 'BadArgument', 'Failed to decrypt pairwise id'), unreachable('wrong_identity')],
  [
    '400 foreign chat',
    refusal(400, 'Bad Argument', 'Failed to decrypt conversation id'),
    unreachable('wrong_identity'),
  ],
  ['401 BotNotRegistered', refusal(401, 'BotNotRegistered'), { kind: 'transient', reason: 'unauthorized' }],
  ['401 AuthorizationError', refusal(401, 'AuthorizationError'), { kind: 'transient', reason: 'unauthorized' }],
  [
    '401 in the short form',
    response(401, { message: 'Authorization has been denied for this request.' }),
    { kind: 'transient', reason: 'unauthorized' },
  ],
  [
    '403 BotNotInConversationRoster',
    refusal(403, 'BotNotInConversationRoster'),
    { kind: 'gone', reason: 'not_in_roster', isUninstalled: true },
  ],
  [
    '403 with a code in other letters',
    refusal(403, 'bot Not In Conversation roster'),
    { kind: 'gone', reason: 'not_in_roster', isUninstalled: true },
  ],
  ['403 ForbiddenOperationException', refusal(403, 'ForbiddenOperationException'), unreachable('not_installed')],
  ['403 ConversationBlockedByUser', refusal(403, 'ConversationBlockedByUser'), unreachable('blocked_by_user')],
  ['403 MessageWritesBlocked inside the message', writesBlocked, unreachable('blocked_by_user')],
  ['403 MessageWritesBlocked as the code', refusal(403, 'MessageWritesBlocked'), unreachable('blocked_by_user')],
  ['403 BotDisabledByAdmin', refusal(403, 'BotDisabledByAdmin'), unreachable('disabled_by_admin')],
  ['403 InvalidBotApiHost', refusal(403, 'InvalidBotApiHost'), unreachable('wrong_cloud')],
  ['403 NotEnoughPermissions', refusal(403, 'NotEnoughPermissions'), { kind: 'rejected', reason: 'forbidden' }],
  ['403 foreign chat', refusal(403, 'BadArgument', 'Failed to decrypt conversation id'), unreachable('wrong_identity')],
  ['403 without a code', response(403, '<html>'), { kind: 'rejected', reason: 'forbidden' }],
  ['404 ConversationNotFound', refusal(404, 'ConversationNotFound'), unreachable('conversation_not_found')],
  [
    '404 ActivityNotFoundInConversation',
    refusal(404, 'ActivityNotFoundInConversation'),
    { kind: 'rejected', reason: 'rejected' },
  ],
  ['404 of somebody in between', response(404, '<html>'), { kind: 'rejected', reason: 'rejected' }],
  ['407', response(407), { kind: 'transient', reason: 'unreachable_host' }],
  ['408', response(408), { kind: 'unknown', reason: 'unavailable' }],
  ['409', response(409), { kind: 'rejected', reason: 'rejected' }],
  ['412', refusal(412, 'PreconditionFailed'), { kind: 'transient', reason: 'concurrent_operation' }],
  ['413 MessageSizeTooBig', refusal(413, 'MessageSizeTooBig'), { kind: 'tooLarge' }],
  ['413 RequestEntityTooLarge', refusal(413, 'RequestEntityTooLarge'), { kind: 'tooLarge' }],
  ['429', refusal(429, 'Throttled'), { kind: 'throttled', reason: 'throttled', scope: 'conversation' }],
  ['500', refusal(500, 'ServiceError'), SERVER_ERROR],
  ['501', response(501), SERVER_ERROR],
  ['502', refusal(502, 'ServiceError'), { kind: 'unknown', reason: 'unavailable' }],
  ['503', response(503), { kind: 'unknown', reason: 'unavailable' }],
  ['504', response(504), { kind: 'unknown', reason: 'unavailable' }],
  [
    'a failure before the request was written',
    { kind: 'failure', isWritten: false, code: 'ECONNREFUSED' },
    { kind: 'transient', reason: 'unreachable_host' },
  ],
  [
    'a failure after the request was written',
    { kind: 'failure', isWritten: true, code: 'ECONNRESET' },
    { kind: 'unknown', reason: 'response_lost' },
  ],
  [
    'a success that broke off',
    { kind: 'response', status: 200, headers: {}, isTruncated: true },
    { kind: 'unknown', reason: 'response_lost' },
  ],
  [
    'a success that was too long to read',
    { kind: 'response', status: 200, headers: {}, isTruncated: false },
    { kind: 'unknown', reason: 'response_invalid' },
  ],
  [
    'a refusal that broke off',
    { kind: 'response', status: 403, headers: {}, isTruncated: true },
    { kind: 'rejected', reason: 'forbidden' },
  ],
  ['an untrusted address', { kind: 'refused', because: 'untrusted_service_url' }, unreachable('untrusted_service_url')],
  ['an id that is none', { kind: 'refused', because: 'malformed_id' }, { kind: 'rejected', reason: 'bad_request' }],
  [
    'no token',
    { kind: 'refused', because: 'token_unavailable', retryAfterMs: 7_000 },
    { kind: 'transient', reason: 'token_unavailable', retryAfterMs: 7_000 },
  ],
];

describe('the outcome of a post', () => {
  test.each(ROWS)('%s', (_name, answer, expected) => {
    expect(outcomeOf(answer)).toEqual(expected);
  });
});

describe('the outcome of creating a conversation', () => {
  test('an id is the conversation', () => {
    const answer = response(201, { id: 'a:1conv' });
    expect(outcomeOf(answer, 'create_conversation')).toEqual({ kind: 'created', conversationId: 'a:1conv' });
  });

  test('a success without an id is unknown', () => {
    expect(outcomeOf(response(200, {}), 'create_conversation')).toEqual({
      kind: 'unknown',
      reason: 'response_invalid',
    });
  });

  test('a 429 holds back the lane, because no conversation is named', () => {
    expect(outcomeOf(response(429), 'create_conversation')).toMatchObject({ kind: 'throttled', scope: 'lane' });
  });

  test('a 413 is a defect, because there is nothing to shorten', () => {
    expect(outcomeOf(response(413), 'create_conversation')).toEqual({ kind: 'rejected', reason: 'bad_request' });
  });
});

describe('the outcome of an edit or a deletion', () => {
  test.each([response(200, { id: '17' }), response(200, {}), response(204)])('a success needs no id: %j', (answer) => {
    expect(outcomeOf(answer, 'update')).toEqual({ kind: 'edited' });
    expect(outcomeOf(answer, 'delete')).toEqual({ kind: 'removed' });
  });

  test('a message that Teams does not know is missing', () => {
    const answer = refusal(404, 'ActivityNotFoundInConversation');
    expect(outcomeOf(answer, 'update')).toEqual({ kind: 'missing' });
    expect(outcomeOf(answer, 'delete')).toEqual({ kind: 'missing' });
  });

  test('a 429 holds back the conversation', () => {
    expect(outcomeOf(response(429), 'update')).toMatchObject({ kind: 'throttled', scope: 'conversation' });
  });

  test('a 413 is worth a shorter edit', () => {
    expect(outcomeOf(response(413), 'update')).toEqual({ kind: 'tooLarge' });
  });

  test('a 403 means what it means for a post', () => {
    expect(outcomeOf(refusal(403, 'BotNotInConversationRoster'), 'delete')).toEqual(
      outcomeOf(refusal(403, 'BotNotInConversationRoster')),
    );
  });
});

describe('Retry-After', () => {
  const CASES: readonly (readonly [string, string | undefined, number | undefined])[] = [
    ['seconds', '30', 30_000],
    ['seconds with blanks', ' 30 ', 30_000],
    ['a date', 'Thu, 15 Jan 2026 12:00:05 GMT', 5_000],
    ['more than an hour is an hour', '86400', 3_600_000],
    ['a date next year is an hour', 'Fri, 15 Jan 2027 12:00:00 GMT', 3_600_000],
    ['nothing', undefined, undefined],
    ['empty', '', undefined],
    ['zero', '0', undefined],
    ['negative', '-5', undefined],
    ['a fraction', '1.5', undefined],
    ['a date that is past', 'Thu, 15 Jan 2026 11:59:59 GMT', undefined],
    ['a date in another form', '2026-01-15T12:00:05Z', undefined],
    ['an impossible date', 'Thu, 99 Jan 2026 12:00:05 GMT', undefined],
    ['words', 'soon', undefined],
  ];

  test.each(CASES)('%s', (_name, header, expected) => {
    expect(readRetryAfterMs(header, NOW_MS)).toBe(expected);
  });

  test('is ignored when it comes twice', () => {
    expect(readRetryAfterMs(['1', '2'], NOW_MS)).toBeUndefined();
  });

  test.each([412, 429, 500, 503])('of a %d is kept in the outcome', (status) => {
    expect(outcomeOf(response(status, {}, { 'retry-after': '3' }))).toMatchObject({ retryAfterMs: 3_000 });
  });
});

test('every answer has an outcome with a known reason, and a failure is never taken for a success', () => {
  const anyBody = fc.oneof(fc.string(), fc.json(), fc.constant(undefined));
  const anyAnswer: fc.Arbitrary<ConnectorAnswer> = fc.oneof(
    fc.record({ kind: fc.constant('failure' as const), isWritten: fc.boolean(), code: fc.string() }),
    fc
      .record({
        status: fc.integer({ min: 200, max: 599 }),
        retryAfter: fc.oneof(fc.string(), fc.integer().map(String)),
        isTruncated: fc.boolean(),
        body: anyBody,
      })
      .map(({ status, retryAfter, isTruncated, body }) => ({
        kind: 'response' as const,
        status,
        headers: { 'retry-after': retryAfter },
        isTruncated,
        ...(body !== undefined && { body }),
      })),
  );
  fc.assert(
    fc.property(anyAnswer, fc.constantFrom<Operation>('post', 'create_conversation'), (answer, operation) => {
      const outcome = outcomeOf(answer, operation);
      const isSuccess = outcome.kind === 'delivered' || outcome.kind === 'created';
      expect(isSuccess && (answer.kind !== 'response' || answer.status >= 300)).toBe(false);
      if ('reason' in outcome) {
        expect(FAILURE_REASONS).toHaveProperty(outcome.reason);
      }
      if ('retryAfterMs' in outcome) {
        expect(outcome.retryAfterMs).toBeGreaterThan(0);
      }
    }),
    { numRuns: 2_000 },
  );
});
