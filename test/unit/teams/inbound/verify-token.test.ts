// Which tokens are genuine, and the ways in which one can be forged.

import { UnsecuredJWT } from 'jose';
import { verifyToken } from '../../../../src/teams/verify-token.ts';
import { ManualClock } from '../../../support/manual-clock.ts';
import { APP_ID, SERVICE_URL } from './activities.ts';
import { ISSUER, Signer, type TokenParts } from './signer.ts';

const OTHER_ID = '44444444-4444-4444-8444-444444444444';
const clock = new ManualClock();
const signer = new Signer(clock, 'k1');
const known = new Map([
  ['k1', signer],
  ['k2', new Signer(clock, 'k2', ['webchat'])],
  ['k3', new Signer(clock, 'k3', [])],
]);
const lookedUp: string[] = [];
const keys = {
  async find(kid: string) {
    lookedUp.push(kid);
    return known.get(kid)?.key;
  },
};

const verify = (authorization: string | undefined) =>
  verifyToken({ keys, clock }, { appId: APP_ID, issuer: ISSUER }, authorization);

beforeEach(() => {
  lookedUp.length = 0;
});

test('a genuine token gives the service URL that it was written for', async () => {
  expect(await verify(await signer.authorize())).toEqual({ serviceUrl: SERVICE_URL });
  expect(lookedUp).toEqual(['k1']);
});

test.each([
  ['a header that is missing', undefined],
  ['an empty header', ''],
  ['another scheme', 'Basic Ym90OnB3'],
  ['a word that is no token', 'Bearer token'],
  ['a token that is no JSON', 'Bearer YQ.YQ.YQ'],
  ['a token of five parts', 'Bearer a.b.c.d.e'],
])('%s is refused', async (_name, authorization) => {
  expect(await verify(authorization)).toBeUndefined();
});

test('the scheme counts in one spelling only, and once', async () => {
  const authorization = await signer.authorize();
  expect(await verify(authorization.replace('Bearer', 'bearer'))).toBeUndefined();
  expect(await verify(authorization.replace(' ', '  '))).toBeUndefined();
  expect(await verify(`${authorization}, ${authorization}`)).toBeUndefined();
});

describe('the claims', () => {
  test.each<[string, TokenParts]>([
    ['another audience', { aud: OTHER_ID }],
    ['a list of audiences', { aud: [APP_ID] }],
    ['no audience', { aud: undefined }],
    ['no end', { exp: undefined }],
    ['an end that is no number', { exp: 'never' }],
    ['an end 300 seconds ago', { exp: signer.nowSeconds - 300 }],
    ['a beginning 301 seconds ahead', { nbf: signer.nowSeconds + 301 }],
    ['no service URL', { serviceurl: undefined }],
    ['the service URL under another name', { serviceurl: undefined, serviceUrl: SERVICE_URL }],
    ['a service URL that is no string', { serviceurl: [SERVICE_URL] }],
  ])('with %s are refused', async (_name, claims) => {
    expect(await verify(await signer.authorize(claims))).toBeUndefined();
  });

  test.each<[string, TokenParts]>([
    ['ended 299 seconds ago', { exp: signer.nowSeconds - 299 }],
    ['begin in 300 seconds', { nbf: signer.nowSeconds + 300 }],
  ])('that %s still count, because clocks differ', async (_name, claims) => {
    expect(await verify(await signer.authorize(claims))).toBeDefined();
  });

  test.each([
    undefined,
    'https://api.botframework.us',
    'https://api.botframework.com/',
    `https://sts.windows.net/${OTHER_ID}/`,
    `https://login.microsoftonline.com/${OTHER_ID}/v2.0`,
  ])('of the issuer %s are refused before any key is looked up', async (iss) => {
    const claims = { iss, tid: OTHER_ID, appid: APP_ID, azp: APP_ID, ver: '2.0' };
    expect(await verify(await signer.authorize(claims))).toBeUndefined();
    expect(lookedUp).toEqual([]);
  });
});

describe('the signature', () => {
  test('does not fit changed claims', async () => {
    const [header, , signature] = (await signer.authorize()).split('.');
    const payload = Buffer.from(JSON.stringify(signer.claims({ nonce: 1 }))).toString('base64url');
    expect(await verify(`${header}.${payload}.${signature}`)).toBeUndefined();
    expect(lookedUp).toEqual(['k1']);
  });

  test('may not be missing', async () => {
    const token = new UnsecuredJWT(signer.claims()).encode();
    expect(await verify(`Bearer ${token}`)).toBeUndefined();
    expect(await verify(`Bearer ${token}AAAA`)).toBeUndefined();
  });

  test('may not be made with the public key as a shared secret', async () => {
    const secret = Buffer.from(signer.publicKey.export({ format: 'pem', type: 'spki' }));
    expect(await verify(await signer.authorizeWith(secret, {}, { alg: 'HS256' }))).toBeUndefined();
  });

  test.each(['PS256', 'RS384', 'RS512'])('may not be of the algorithm %s', async (alg) => {
    expect(await verify(await signer.authorize({}, { alg }))).toBeUndefined();
  });
});

describe('the key', () => {
  test.each([['k9'], [undefined], [1], ['__proto__']])('of the id %j is not there', async (kid) => {
    expect(await verify(await signer.authorize({}, { kid }))).toBeUndefined();
  });

  test('comes from the metadata, not from the token or where it points to', async () => {
    const attacker = new Signer(clock, 'k1');
    const from = 'https://evil.example/keys';
    const header = { jwk: attacker.key.jwk, jku: from, x5u: from, x5c: ['MII'] };
    expect(await verify(await attacker.authorize({}, header))).toBeUndefined();
    expect(await verify(await signer.authorize({}, header))).toBeDefined();
  });

  test.each(['k2', 'k3'])('%s is not endorsed for Teams', async (kid) => {
    const authorization = await known.get(kid)?.authorize();
    expect(await verify(authorization)).toBeUndefined();
    expect(lookedUp).toEqual([kid]);
  });
});
