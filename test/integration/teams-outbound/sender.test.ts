// The two ports, over real connections.

import { inspect } from 'node:util';
import { AppError } from '../../../src/domain/errors.ts';
import { createConnector } from '../../../src/teams/connector.ts';
import { createRoster } from '../../../src/teams/roster.ts';
import { createSender } from '../../../src/teams/sender.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { TOKEN } from './connector-fixture.ts';
import { type Answer, type RecordingServer, startRecordingServer } from './local-servers.ts';

const AAD_ID = '7C9E6679-7425-40DE-944B-E07FC1F90AE7';
const noAbort = new AbortController().signal;

let server: RecordingServer;
let close: () => Promise<void>;
afterEach(async () => {
  await close();
  await server.close();
});

async function setUp(answer: Answer, getToken: () => Promise<string> = async () => TOKEN) {
  server = await startRecordingServer(() => answer);
  const clock = new ManualClock();
  const tokens = { get: getToken, invalidate: () => undefined };
  const connector = createConnector({ clock, tokens }, { serviceUrlPolicy: { kind: 'prefix', prefix: server.url } });
  close = () => connector.close();
  return {
    serviceUrl: server.url,
    sender: createSender({ connector, tokens, clock }),
    roster: createRoster({ connector, clock, createRequestId: () => 'req-9' }),
  };
}

function createRequest(serviceUrl: string) {
  return { requestId: 'req-1', tenantId: 't1', serviceUrl, botAccountId: '28:app', memberId: '29:ana' };
}

function postRequest(serviceUrl: string) {
  return {
    requestId: 'req-2',
    tenantId: 't1',
    serviceUrl,
    conversationId: 'a:1conv',
    content: { kind: 'reply', text: 'text-canary' },
    isReduced: false,
    acceptedAtMs: 0,
  } as const;
}

const REFUSED = new AppError('token_unavailable', 'none', { retryAfterMs: 5_000 });

describe('the sender', () => {
  test('opens a 1:1 chat with bot, one member and the tenant', async () => {
    const { sender, serviceUrl } = await setUp({ status: 201, body: '{"id":"a:1conv"}', headers: { 'ms-cv': 'cv.1' } });
    await expect(sender.createConversation(createRequest(serviceUrl), noAbort)).resolves.toEqual({
      outcome: { kind: 'created', conversationId: 'a:1conv' },
      trace: { httpStatus: 201, correlationId: 'cv.1' },
    });
    expect(JSON.parse(server.requests[0]?.body ?? '')).toEqual({
      isGroup: false,
      bot: { id: '28:app' },
      members: [{ id: '29:ana' }],
      tenantId: 't1',
      channelData: { tenant: { id: 't1' } },
    });
  });

  test('posts a card to a chat', async () => {
    const { sender, serviceUrl } = await setUp({
      status: 201,
      body: '{"id":"17"}',
      headers: { 'X-Correlating-OperationId': 'op-1' },
    });
    await expect(sender.post(postRequest(serviceUrl), noAbort)).resolves.toEqual({
      outcome: { kind: 'delivered', activityId: '17' },
      trace: { httpStatus: 201, correlationId: 'op-1' },
    });
    expect(server.requests[0]).toMatchObject({
      path: '/v3/conversations/a%3A1conv/activities',
      headers: { 'x-ms-client-request-id': 'req-2' },
    });
    expect(JSON.parse(server.requests[0]?.body ?? '')).toMatchObject({ type: 'message', summary: 'text-canary' });
  });

  test('keeps no correlation id that could not be shown', async () => {
    const { sender, serviceUrl } = await setUp({
      status: 200,
      body: '{"id":"1"}',
      headers: { 'ms-cv': 'x'.repeat(200) },
    });
    const { trace } = await sender.post(postRequest(serviceUrl), noAbort);
    expect(trace).toEqual({ httpStatus: 200 });
  });

  test('sends nothing without a token, and says when to try again', async () => {
    const { sender, serviceUrl } = await setUp({ status: 200 }, () => Promise.reject(REFUSED));
    await expect(sender.prepare()).rejects.toMatchObject({ code: 'token_unavailable', retryAfterMs: 5_000 });
    await expect(sender.post(postRequest(serviceUrl), noAbort)).resolves.toEqual({
      outcome: { kind: 'transient', reason: 'token_unavailable', retryAfterMs: 5_000 },
      trace: {},
    });
    expect(server.connectionCount).toBe(0);
  });

  test.each([200, 401, 403, 429, 500])('shows neither token nor text in the result of a %d', async (status) => {
    const echo = JSON.stringify({ error: { code: TOKEN, message: `${TOKEN} text-canary` } });
    const { sender, serviceUrl } = await setUp({ status, body: echo });
    const result = await sender.post(postRequest(serviceUrl), noAbort);
    expect(inspect(result, { depth: null, showHidden: true })).not.toContain('canary');
  });
});

describe('the roster', () => {
  const query = (serviceUrl: string) => ({ tenantId: 't1', serviceUrl, conversationId: 'a:1conv', memberId: '29:ana' });

  test('reads a person, the tenant being the one that was asked for', async () => {
    const { roster, serviceUrl } = await setUp({
      status: 200,
      body: JSON.stringify({
        id: '29:ana',
        objectId: AAD_ID,
        name: 'Ana',
        email: 'ana@contoso.com',
        userPrincipalName: 'ana@contoso.com',
        tenantId: '29:typo',
        userRole: 'user',
      }),
    });
    await expect(roster.findMember(query(serviceUrl), noAbort)).resolves.toEqual({
      kind: 'found',
      profile: {
        tenantId: 't1',
        aadObjectId: AAD_ID.toLowerCase(),
        teamsUserId: '29:ana',
        name: 'Ana',
        email: 'ana@contoso.com',
        userPrincipalName: 'ana@contoso.com',
      },
    });
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]).toMatchObject({ method: 'GET', path: '/v3/conversations/a%3A1conv/members/29%3Aana' });
  });

  test('reads what a person has, and leaves out what is of another kind', async () => {
    const body = JSON.stringify({ id: '29:ana', aadObjectId: 'not-a-guid', name: 17, email: null });
    const { roster, serviceUrl } = await setUp({ status: 200, body });
    await expect(roster.findMember(query(serviceUrl), noAbort)).resolves.toEqual({
      kind: 'found',
      profile: { tenantId: 't1', teamsUserId: '29:ana' },
    });
  });

  test.each<[string, Answer, unknown]>([
    ['400', { status: 400 }, { kind: 'absent' }],
    ['403', { status: 403 }, { kind: 'absent' }],
    ['404', { status: 404 }, { kind: 'absent' }],
    ['401', { status: 401 }, { kind: 'later' }],
    ['412', { status: 412 }, { kind: 'later' }],
    ['429', { status: 429 }, { kind: 'throttled' }],
    [
      '429 with a Retry-After',
      { status: 429, headers: { 'retry-after': '4' } },
      { kind: 'throttled', retryAfterMs: 4_000 },
    ],
    ['500', { status: 500 }, { kind: 'later' }],
    ['503', { status: 503, headers: { 'retry-after': '4' } }, { kind: 'later', retryAfterMs: 4_000 }],
    ['200 without a person', { status: 200, body: '{}' }, { kind: 'later' }],
    ['200 without JSON', { status: 200, body: '<html>' }, { kind: 'later' }],
  ])('answers %s', async (_name, answer, expected) => {
    const { roster, serviceUrl } = await setUp(answer);
    await expect(roster.findMember(query(serviceUrl), noAbort)).resolves.toEqual(expected);
    expect(server.requests).toHaveLength(1);
  });

  test('asks later when there is no token', async () => {
    const { roster, serviceUrl } = await setUp({ status: 200 }, () => Promise.reject(REFUSED));
    const answer = await roster.findMember(query(serviceUrl), noAbort);
    expect(answer).toEqual({ kind: 'later', retryAfterMs: 5_000 });
  });
});
