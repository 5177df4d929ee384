// Where tokens come from, and that asking shows no secret.

import { inspect } from 'node:util';
import nock from 'nock';
import { systemClock } from '../../../src/domain/clock.ts';
import { createAccessTokens } from '../../../src/teams/access-token.ts';
import { createClientCredentialsTokenSource } from '../../../src/teams/client-credentials-token-source.ts';
import { createConnector } from '../../../src/teams/connector.ts';
import { type BotCredentials, createMsalTokenSource } from '../../../src/teams/msal-token-source.ts';
import { createLogger } from '../../../src/telemetry/logger.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { type Answer, type RecordingServer, startRecordingServer } from './local-servers.ts';

const SECRET = 'secret-canary';
const HOUR_S = 3_600;

const noAbort = new AbortController().signal;

describe('plain client credentials', () => {
  let server: RecordingServer;
  afterEach(() => server.close());

  async function ask(answer: Answer) {
    server = await startRecordingServer(() => answer);
    const source = sourceOf(server.url);
    const given = await source.requestToken(noAbort);
    await source.close();
    return given;
  }

  function sourceOf(url: string) {
    return createClientCredentialsTokenSource(
      { clock: new ManualClock(0) },
      { tokenUrl: `${url}token`, clientId: 'app', clientSecret: `${SECRET}&=+`, scope: 'https://api.example/.default' },
    );
  }

  test('are asked for by one form post, and the answer says until when the token is valid', async () => {
    const given = await ask({ status: 200, body: JSON.stringify({ access_token: 'abc', expires_in: HOUR_S }) });
    expect(given).toEqual({ kind: 'issued', token: 'abc', expiresAtMs: HOUR_S * 1_000 });
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]).toMatchObject({ method: 'POST', path: '/token' });
    expect(Object.fromEntries(new URLSearchParams(server.requests[0]?.body))).toEqual({
      grant_type: 'client_credentials',
      client_id: 'app',
      client_secret: `${SECRET}&=+`,
      scope: 'https://api.example/.default',
    });
  });

  test.each<[string, Answer, unknown]>([
    [
      'a wrong secret',
      { status: 401, body: '{"error":"invalid_client"}' },
      { kind: 'refused', reason: 'invalid_client' },
    ],
    [
      'a description that quotes the secret',
      { status: 400, body: JSON.stringify({ error: `no ${SECRET}`, error_description: SECRET }) },
      { kind: 'refused', reason: 'unknown' },
    ],
    ['an outage', { status: 503, body: 'later' }, { kind: 'unavailable', reason: 'http_503' }],
    [
      'a redirect',
      { status: 302, headers: { location: 'https://evil.example' } },
      { kind: 'unavailable', reason: 'http_302' },
    ],
    ['no JSON', { status: 200, body: '<html>' }, { kind: 'unavailable', reason: 'http_200' }],
    ['no token', { status: 200, body: '{"expires_in":1}' }, { kind: 'unavailable', reason: 'http_200' }],
    ['an endless answer', { status: 200, body: ' '.repeat(100_000) }, { kind: 'unavailable', reason: 'http_200' }],
  ])('answered by %s give a reason and no secret', async (_name, answer, expected) => {
    await expect(ask(answer)).resolves.toEqual(expected);
  });

  test('cost fifty cold sends one token request', async () => {
    server = await startRecordingServer(({ path }) => ({
      status: 200,
      body: JSON.stringify(path === '/token' ? { access_token: 'abc-canary', expires_in: HOUR_S } : { id: '17' }),
    }));
    const source = sourceOf(server.url);
    const lines: string[] = [];
    const logger = createLogger('debug', { write: (line) => lines.push(line) });
    const clock = new ManualClock(0);
    const tokens = createAccessTokens({ source, clock, logger });
    const connector = createConnector({ tokens, clock }, { serviceUrlPolicy: { kind: 'prefix', prefix: server.url } });
    const target = { serviceUrl: server.url, requestId: 'req-1' };
    await Promise.all(
      Array.from({ length: 50 }, () => connector.sendToConversation(target, 'a:1conv', { type: 'message' })),
    );
    const paths = server.requests.map(({ path }) => path);
    expect(paths.filter((path) => path === '/token')).toHaveLength(1);
    expect(paths).toHaveLength(51);
    expect(lines.join('')).not.toContain('canary');
    tokens.close();
    await connector.close();
    await source.close();
  });

  test('that cannot be asked for fail without the secret, in the error and in the log', async () => {
    server = await startRecordingServer(() => ({ status: 401, body: JSON.stringify({ error: SECRET }) }));
    const source = sourceOf(server.url);
    const lines: string[] = [];
    const logger = createLogger('debug', { write: (line) => lines.push(line) });
    const tokens = createAccessTokens({ source, clock: new ManualClock(0), logger });
    const error: unknown = await tokens.get().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'token_unavailable', retryAfterMs: 60_000 });
    expect(lines).toHaveLength(1);
    expect(inspect([error, tokens, source], { depth: null, showHidden: true }) + lines.join('')).not.toContain(
      'canary',
    );
    tokens.close();
    await source.close();
  });
});

describe('Entra ID through the SDK', () => {
  const CREDENTIALS: BotCredentials = {
    appId: '00000000-0000-4000-8000-000000000001',
    appType: 'SingleTenant',
    tenantId: '00000000-0000-4000-8000-000000000002',
    secret: SECRET,
  };

  beforeEach(() => nock.disableNetConnect());
  afterEach(() => {
    nock.cleanAll();
    nock.enableNetConnect();
  });
  // It works on the sockets of the whole process, which other test files share.
  afterAll(() => nock.restore());

  function entra() {
    return nock('https://login.microsoftonline.com')
      .post(`/${CREDENTIALS.tenantId}/oauth2/v2.0/token`, ({ client_id: clientId, scope }) => {
        return clientId === CREDENTIALS.appId && scope === 'https://api.botframework.com/.default';
      })
      .query(true);
  }

  /** A token that ends `expiresAtS` seconds after 1970; its signature is of no interest to us. */
  function jwt(expiresAtS: number, name: string): string {
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    return `${part({ alg: 'none' })}.${part({ exp: expiresAtS, name })}.x`;
  }

  function answerWith(token: string) {
    return { token_type: 'Bearer', expires_in: HOUR_S, access_token: token };
  }

  test('gives a token until the instant that is written in it', async () => {
    const token = jwt(2_000_000_000, 'first');
    const request = entra().reply(200, answerWith(token));
    const source = createMsalTokenSource({ clock: systemClock }, CREDENTIALS);
    await expect(source.requestToken(noAbort)).resolves.toEqual({
      kind: 'issued',
      token,
      expiresAtMs: 2_000_000_000_000,
    });
    request.done();
  });

  test('is really asked again after the Connector refused a token', async () => {
    const nowS = Date.now() / 1_000;
    entra().reply(200, answerWith(jwt(nowS + HOUR_S, 'first')));
    entra().reply(200, answerWith(jwt(nowS + HOUR_S, 'second')));
    const source = createMsalTokenSource({ clock: systemClock }, CREDENTIALS);
    const logger = createLogger('silent');
    const tokens = createAccessTokens({ source, clock: systemClock, logger });
    const first = await tokens.get();
    await expect(tokens.get()).resolves.toBe(first);
    tokens.invalidate(first);
    await expect(tokens.get()).resolves.not.toBe(first);
    expect(nock.isDone()).toBe(true);
    tokens.close();
  });

  test('that refuses the secret is a refusal with its codes, and without the secret', async () => {
    entra().reply(401, {
      error: 'invalid_client',
      error_description: `AADSTS7000215: Invalid client secret provided, ${SECRET}.`,
    });
    const source = createMsalTokenSource({ clock: systemClock }, CREDENTIALS);
    const given = await source.requestToken(noAbort);
    expect(given).toEqual({ kind: 'refused', reason: 'invalid_client AADSTS7000215' });
  });

  test('that cannot be reached is unavailable', async () => {
    entra().replyWithError(Object.assign(new Error('gone'), { code: 'ECONNRESET' }));
    const source = createMsalTokenSource({ clock: systemClock }, CREDENTIALS);
    await expect(source.requestToken(noAbort)).resolves.toMatchObject({ kind: 'unavailable' });
  });

  test.each<[string, Partial<BotCredentials>]>([
    ['no tenant', { tenantId: '' }],
    ['no secret', { secret: '' }],
    ['a certificate without its key', { certificate: { thumbprint: 'canary', privateKey: '' } }],
  ])('is not asked with %s, and the error shows nothing', (_name, missing) => {
    let error: unknown;
    try {
      createMsalTokenSource({ clock: systemClock }, { ...CREDENTIALS, ...missing });
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({ code: 'config_invalid' });
    expect(inspect(error, { depth: null, showHidden: true })).not.toContain('canary');
  });
});
