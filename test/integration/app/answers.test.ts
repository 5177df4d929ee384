// Answers and their description: what tests of the whole service find where the two differ; and answers that wait.

import { describeDifference } from '../../support/checked-answers.ts';
import { type RunningService, startService } from '../../support/running-service.ts';

type Json = Record<string, unknown>;

let service: RunningService;

beforeAll(async () => {
  service = await startService();
  await service.sandbox.people.install('ana');
});

afterAll(() => service.stop());

const send = async (query: string, headers: Record<string, string> = {}) => {
  const response = await fetch(`${service.url}/api/v1/notifications${query}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${service.apiKey}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ to: 'ana@contoso.com', title: 'Deploy finished' }),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Json };
};

describe('an answer that is not as described is found', () => {
  const differencesOf = (status: number, body: unknown, type = 'application/json') =>
    describeDifference({
      method: 'GET',
      pathname: '/api/v1/deliveries',
      response: new Response('', { status, headers: { 'content-type': type } }),
      body: JSON.stringify(body),
    });

  test('by a field too many, a field too few and a wrong value', () => {
    expect(differencesOf(200, { deliveries: [], nextCursor: null })).toEqual([]);
    expect(differencesOf(200, { deliveries: [], nextCursor: null, extra: 1 })[0]).toMatch(/extra/);
    expect(differencesOf(200, { deliveries: [] })[0]).toMatch(/nextCursor/);
    expect(differencesOf(200, { deliveries: [{}], nextCursor: 5 })[0]).toMatch(/nextCursor must be string,null/);
  });

  test('by its status and by its type', () => {
    expect(differencesOf(206, '')).toEqual(['GET /api/v1/deliveries answered 206, which is not described']);
    expect(differencesOf(200, {}, 'text/plain')[0]).toMatch(/as "text\/plain"/);
  });
});

describe('an answer that waits', () => {
  test('comes when the message is in the chat, also to a retry', async () => {
    const headers = { 'idempotency-key': 'deploy-1' };
    const { status, body } = await send('?wait=delivered', headers);
    expect([status, body['progress'], body['deliveries']]).toEqual([
      202,
      'done',
      [{ recipient: 'ana@contoso.com', state: 'sent' }],
    ]);
    const replay = await send('?wait=delivered&timeout=1s', headers);
    expect([replay.body, replay.headers.get('idempotency-replayed')]).toEqual([body, 'true']);
  });

  test('comes at once when nobody asks it to wait', async () => {
    expect(Object.keys((await send('')).body)).toEqual(['id', 'deliveries', 'unresolved', 'estimate']);
  });

  test.each(['?wait=sent', '?wait=delivered&timeout=61s', '?wait=delivered&timeout=0s', '?timeout=1', '?wait='])(
    'is refused as %s',
    async (query) => {
      expect((await send(query)).status).toBe(400);
    },
  );

  test('ends when the service does, which is not held up', async () => {
    service.sandbox.faults.add({
      operation: 'sendToConversation',
      answer: { kind: 'status', status: 429, retryAfter: '600' },
    });
    const received = Promise.withResolvers<void>();
    const waiting = send('?wait=delivered&timeout=60s').finally(received.resolve);
    await service.sandbox.waitFor((event) => event.kind === 'request' && event.entry.status === 429, {
      timeoutMs: 10_000,
    });
    await service.restart();
    expect(await waiting).toMatchObject({
      status: 202,
      body: { progress: 'sending' },
    });
  });
});
