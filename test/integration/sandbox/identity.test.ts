// Tokens in both directions: what the bot presents to the Connector, and what activities carry.

import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { ManualClock } from '../../support/manual-clock.ts';
import { APP_ID, APP_SECRET, call, type Fixture, startFixture } from './sandbox-fixture.ts';

const clock = new ManualClock();
let fixture: Fixture;
beforeEach(async () => {
  fixture = await startFixture({ clock });
});
afterEach(() => fixture.close());

const FORM = {
  grant_type: 'client_credentials',
  client_id: APP_ID,
  client_secret: APP_SECRET,
  scope: 'https://api.botframework.com/.default',
};

async function askForToken(form: Record<string, string>) {
  const response = await fetch(`${fixture.sandbox.url}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams(form),
  });
  return { status: response.status, json: (await response.json()) as Record<string, unknown> };
}

const callWith = (authorization: string) =>
  call(fixture.sandbox, 'GET v3/conversations/a:1none/members/x', { headers: { authorization } });

describe('access tokens', () => {
  test('are given for the id and the secret, and open the Connector', async () => {
    const { status, json } = await askForToken(FORM);
    expect(status).toBe(200);
    expect(json).toMatchObject({ token_type: 'Bearer', expires_in: 3600, ext_expires_in: 3600 });
    expect((await callWith(`Bearer ${json['access_token']}`)).status).toBe(404);
    expect(fixture.sandbox.identityCounts).toEqual({ metadata: 0, keys: 0, token: 1 });
  });

  test.each([
    ['a wrong secret', { client_secret: 'wrong' }, 401, 'invalid_client'],
    ['a wrong id', { client_id: 'wrong' }, 400, 'unauthorized_client'],
    ['another grant', { grant_type: 'password' }, 400, 'unsupported_grant_type'],
    ['another scope', { scope: 'https://graph.microsoft.com/.default' }, 400, 'invalid_scope'],
  ])('are refused for %s', async (_what, change, status, error) => {
    const reply = await askForToken({ ...FORM, ...change });
    expect([reply.status, reply.json['error']]).toEqual([status, error]);
    expect(JSON.stringify(reply.json)).not.toContain(APP_SECRET);
  });

  test('end with their life time, and when they are revoked', async () => {
    const token = `Bearer ${fixture.sandbox.tokens.issue()}`;
    clock.advance(3_599_000);
    expect((await callWith(token)).status).toBe(404);
    clock.advance(1_000);
    expect((await callWith(token)).status).toBe(401);
    const another = `Bearer ${fixture.sandbox.tokens.issue()}`;
    fixture.sandbox.tokens.revokeAll();
    expect((await callWith(another)).status).toBe(401);
  });

  test.each(['', 'Bearer ', 'Bearer made-up', 'Basic abc'])('are needed: "%s" is refused', async (authorization) => {
    const reply = await callWith(authorization);
    expect(reply.status).toBe(401);
    expect(reply.json).toEqual({ message: 'Authorization has been denied for this request.' });
  });
});

describe('tokens of activities', () => {
  const keySet = () => createRemoteJWKSet(new URL(`${fixture.sandbox.url}/.well-known/keys`));
  const currentDate = () => new Date(clock.nowMs());

  test('are found good by the keys that the metadata leads to', async () => {
    const response = await fetch(`${fixture.sandbox.url}/.well-known/openidconfiguration`);
    const metadata = (await response.json()) as Record<string, unknown>;
    expect(metadata['issuer']).toBe('https://api.botframework.com');
    const keys = createRemoteJWKSet(new URL(String(metadata['jwks_uri'])));
    const token = await fixture.sandbox.signToken();
    const { payload } = await jwtVerify(token, keys, { currentDate: currentDate(), algorithms: ['RS256'] });
    expect(payload).toMatchObject({
      iss: 'https://api.botframework.com',
      aud: APP_ID,
      serviceurl: fixture.sandbox.serviceUrl,
      nbf: Math.floor(clock.nowMs() / 1_000),
      exp: Math.floor(clock.nowMs() / 1_000) + 3_600,
    });
  });

  test('come from a key that is endorsed for Teams', async () => {
    const response = await fetch(`${fixture.sandbox.url}/.well-known/keys`);
    const { keys } = (await response.json()) as { keys: Record<string, unknown>[] };
    expect(keys).toHaveLength(1);
    expect(keys[0]).toMatchObject({ kty: 'RSA', use: 'sig', endorsements: ['msteams'] });
    expect(keys[0]).not.toHaveProperty('d');
  });

  test('are no longer good once the key has rolled', async () => {
    const before = await fixture.sandbox.signToken();
    await fixture.sandbox.rollKeys();
    const after = await fixture.sandbox.signToken();
    await expect(jwtVerify(before, keySet(), { currentDate: currentDate() })).rejects.toMatchObject({
      code: 'ERR_JWKS_NO_MATCHING_KEY',
    });
    await expect(jwtVerify(after, keySet(), { currentDate: currentDate() })).resolves.toBeDefined();
  });

  test('can be forged for tests, and then are no good', async () => {
    const { sandbox } = fixture;
    const forged = [
      await sandbox.signToken({ exp: undefined }),
      await sandbox.signToken({ iss: 'https://sts.windows.net/x/' }),
      await sandbox.signToken({}, { kid: undefined }),
      await sandbox.signToken({}, { alg: 'HS256' }),
      await sandbox.signToken({}, { alg: 'PS256' }),
      await sandbox.signToken({}, { isForeignKey: true }),
    ];
    const options = {
      algorithms: ['RS256'],
      issuer: 'https://api.botframework.com',
      requiredClaims: ['exp'],
      currentDate: currentDate(),
    };
    // A token without a key id is judged by the only key there is; a guard has to insist on the id.
    const results = await Promise.allSettled(forged.map((token) => jwtVerify(token, keySet(), options)));
    expect(results.map((result) => result.status)).toEqual([
      'rejected',
      'rejected',
      'fulfilled',
      'rejected',
      'rejected',
      'rejected',
    ]);
    expect(decodeProtectedHeader(forged[2] ?? '')).not.toHaveProperty('kid');
    expect(await sandbox.signToken({}, { alg: 'none' })).toMatch(/\.$/);
  });
});
