// Every fault that can be asked for, as a caller meets it.

import { ManualClock } from '../../support/manual-clock.ts';
import { APP_ID, APP_SECRET, call, cardActivity, type Fixture, startFixture } from './sandbox-fixture.ts';

const clock = new ManualClock();
const ANA_CHAT = 'a:1mT9xKc4Ana7WqZb2RfVyUj6HdPn8LsGe';
const POST = `POST v3/conversations/${ANA_CHAT}/activities`;

let fixture: Fixture;
beforeEach(async () => {
  fixture = await startFixture({ clock, hasRateLimits: false });
  fixture.sandbox.people.installQuietly('ana');
});
afterEach(() => fixture.close());

const post = (signal?: AbortSignal) => call(fixture.sandbox, POST, { body: cardActivity(), ...(signal && { signal }) });
const posted = () => fixture.sandbox.ledger.counts().posted;
const lastStatus = () => fixture.sandbox.ledger.since(0).at(-1)?.status;

/** The next request that the Connector has received, also when it gets no answer. */
const nextRequest = () => fixture.sandbox.waitFor((event) => event.kind === 'request', { timeoutMs: 5_000 });

test.each([undefined, '7', 'soon', '999999999', '-1', 'Wed, 21 Oct 2037 07:28:00 GMT'])(
  'a 429 has the Retry-After that was asked for: %s',
  async (retryAfter) => {
    fixture.sandbox.faults.add({
      answer: { kind: 'error', name: 'Throttled', ...(retryAfter !== undefined && { retryAfter }) },
    });
    const reply = await post();
    expect([reply.status, reply.code, reply.headers.get('retry-after')]).toEqual([
      429,
      'Throttled',
      retryAfter ?? null,
    ]);
    expect([posted(), lastStatus()]).toEqual([0, 429]);
  },
);

test.each([
  ['BadArgument', 400],
  ['BadSyntax', 400],
  ['BotNotRegistered', 401],
  ['BotNotInConversationRoster', 403],
  ['ConversationBlockedByUser', 403],
  ['BotDisabledByAdmin', 403],
  ['InvalidBotApiHost', 403],
  ['NotEnoughPermissions', 403],
  ['ConversationNotFound', 404],
  ['ActivityNotFoundInConversation', 404],
  ['PreconditionFailed', 412],
  ['MessageSizeTooBig', 413],
  ['ServiceError', 500],
] as const)('the documented error %s is answered %i in the usual shape', async (name, status) => {
  fixture.sandbox.faults.add({ answer: { kind: 'error', name } });
  const reply = await post();
  expect([reply.status, reply.code]).toEqual([status, name]);
});

test('MessageWritesBlocked hides its code in a JSON string', async () => {
  fixture.sandbox.faults.add({ answer: { kind: 'error', name: 'MessageWritesBlocked' } });
  const reply = await post();
  expect([reply.status, reply.json['errorCode']]).toEqual([403, 209]);
  expect(JSON.parse(String(reply.json['message']))).toMatchObject({ subCode: 'MessageWritesBlocked' });
});

test('a refused token has a message only', async () => {
  fixture.sandbox.faults.add({ answer: { kind: 'error', name: 'AuthorizationDenied' } });
  const reply = await post();
  expect([reply.status, Object.keys(reply.json)]).toEqual([401, ['message']]);
});

test.each([500, 502, 503, 504, 408])('a plain %i can come before or after the message was posted', async (status) => {
  fixture.sandbox.faults.add({ answer: { kind: 'status', status } });
  fixture.sandbox.faults.add({ answer: { kind: 'status', status }, isCarriedOut: true });
  expect((await post()).status).toBe(status);
  expect(posted()).toBe(0);
  expect((await post()).status).toBe(status);
  expect(posted()).toBe(1);
});

test.each([false, true])('the connection is torn down, the message posted: %s', async (isCarriedOut) => {
  fixture.sandbox.faults.add({ answer: { kind: 'reset' }, isCarriedOut });
  await expect(post()).rejects.toThrow('fetch failed');
  expect([posted(), lastStatus()]).toEqual([isCarriedOut ? 1 : 0, 0]);
});

test('a hanging request is in the ledger, and ends with its caller', async () => {
  fixture.sandbox.faults.add({ answer: { kind: 'hang' } });
  const caller = new AbortController();
  const reply = post(caller.signal);
  await nextRequest();
  caller.abort();
  await expect(reply).rejects.toMatchObject({ name: 'AbortError' });
  expect([posted(), lastStatus()]).toEqual([0, 0]);
});

test('a late answer is the proper one, after its delay', async () => {
  fixture.sandbox.faults.add({ answer: { kind: 'late', delayMs: 20_000 } });
  const reply = post();
  await nextRequest();
  clock.advance(20_000);
  expect((await reply).status).toBe(201);
  expect(posted()).toBe(1);
});

test('a slow answer is the proper one, byte by byte', async () => {
  fixture.sandbox.faults.add({ answer: { kind: 'slowBody', byteDelayMs: 1_000 } });
  const reply = post();
  await nextRequest();
  let bytes = 0;
  while (clock.pendingTimers > 0) {
    clock.advance(1_000);
    bytes++;
  }
  expect((await reply).json['id']).toMatch(/^\d{13}$/);
  expect(bytes).toBeGreaterThan(20);
});

test.each([
  ['empty', ''],
  ['html', '<html><body>Welcome</body></html>'],
  ['truncated', '{"id":"17000000'],
] as const)('a spoiled success is answered 200 with %s', async (kind, text) => {
  fixture.sandbox.faults.add({ answer: { kind }, isCarriedOut: true });
  const reply = await post();
  expect([reply.status, reply.text, posted()]).toEqual([200, text, 1]);
});

test('an answer that is cut ends in the middle of its body', async () => {
  fixture.sandbox.faults.add({ answer: { kind: 'cut' } });
  await expect(post()).rejects.toThrow('terminated');
  expect(posted()).toBe(1);
});

test('a huge answer is valid JSON of that size', async () => {
  fixture.sandbox.faults.add({ answer: { kind: 'huge', bytes: 3_000_000 } });
  const reply = await post();
  expect(reply.status).toBe(200);
  expect(String(reply.json['padding'])).toHaveLength(3_000_000);
});

test('a redirect leads where it was told to', async () => {
  fixture.sandbox.faults.add({ answer: { kind: 'redirect', location: 'http://127.0.0.1:9/sink' } });
  const reply = await post();
  expect([reply.status, reply.headers.get('location')]).toEqual([302, 'http://127.0.0.1:9/sink']);
});

test('a fault hits as often as it was told to, or until it is cleared', async () => {
  const { faults } = fixture.sandbox;
  faults.add({ times: 2, answer: { kind: 'status', status: 503 } });
  expect([(await post()).status, (await post()).status, (await post()).status]).toEqual([503, 503, 201]);
  const lasting = faults.add({ times: 'untilCleared', answer: { kind: 'status', status: 503 } });
  expect([(await post()).status, (await post()).status]).toEqual([503, 503]);
  expect(faults.list()).toEqual([expect.objectContaining({ id: lasting.id, hits: 2 })]);
  faults.clear(lasting.id);
  expect((await post()).status).toBe(201);
});

test('a fault may hit one operation or one conversation only', async () => {
  const { faults } = fixture.sandbox;
  faults.add({ operation: 'createConversation', answer: { kind: 'status', status: 503 } });
  faults.add({ conversationId: 'a:1another', answer: { kind: 'status', status: 502 } });
  expect((await post()).status).toBe(201);
  expect((await call(fixture.sandbox, 'POST v3/conversations/a:1another/activities', { body: {} })).status).toBe(502);
  expect((await call(fixture.sandbox, 'POST v3/conversations', { body: {} })).status).toBe(503);
});

describe('the token endpoint, the metadata and the keys', () => {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: APP_ID,
    client_secret: APP_SECRET,
    scope: 'https://api.botframework.com/.default',
  });
  const ask = {
    token: (init: RequestInit = {}) =>
      fetch(`${fixture.sandbox.url}/oauth2/v2.0/token`, { method: 'POST', body: form, ...init }),
    metadata: (init: RequestInit = {}) => fetch(`${fixture.sandbox.url}/.well-known/openidconfiguration`, init),
    keys: (init: RequestInit = {}) => fetch(`${fixture.sandbox.url}/.well-known/keys`, init),
  };

  test.each(['token', 'metadata', 'keys'] as const)(
    '%s can be down, hang, be late and talk nonsense',
    async (target) => {
      const { faults } = fixture.sandbox;
      faults.add({ target, answer: { kind: 'status', status: 503 } });
      faults.add({ target, answer: { kind: 'html' } });
      faults.add({ target, answer: { kind: 'reset' } });
      expect((await ask[target]()).status).toBe(503);
      expect(await (await ask[target]()).text()).toContain('<html>');
      await expect(ask[target]()).rejects.toThrow('fetch failed');
      faults.add({ target, answer: { kind: 'hang' } });
      await expect(ask[target]({ signal: AbortSignal.timeout(50) })).rejects.toMatchObject({ name: 'TimeoutError' });
      expect((await ask[target]()).status).toBe(200);
    },
  );

  test('the token endpoint can find the secret wrong although it is right', async () => {
    fixture.sandbox.faults.add({ target: 'token', answer: { kind: 'invalidClient' } });
    const response = await ask.token();
    expect([response.status, await response.json()]).toEqual([
      401,
      expect.objectContaining({ error: 'invalid_client', error_description: expect.stringContaining('AADSTS7000215') }),
    ]);
  });
});
