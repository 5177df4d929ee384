// Verifying Standard Webhooks on raw bytes.

import { createHmac, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { isStandardSigned, parseStandardSecret } from '../../../src/hooks/standard-webhooks.ts';

/** The example of the specification's own libraries. */
const VECTOR = {
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  timestampS: 1_614_265_330,
  body: Buffer.from('{"test": 2432232314}'),
  signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
};
const NOW_MS = VECTOR.timestampS * 1_000;

const headersOf = (changes: Readonly<Record<string, string>> = {}) => ({
  'webhook-id': VECTOR.id,
  'webhook-timestamp': String(VECTOR.timestampS),
  'webhook-signature': VECTOR.signature,
  ...changes,
});
const isGood = (changes: Readonly<Record<string, string>> = {}, nowMs = NOW_MS, body: Uint8Array = VECTOR.body) =>
  isStandardSigned({ headers: headersOf(changes), body }, [VECTOR.secret], nowMs);

test('the published vector is accepted', () => {
  expect(isGood()).toBe(true);
});

test('no change of one bit of the body is', () => {
  fc.assert(
    fc.property(fc.nat(VECTOR.body.length * 8 - 1), (bit) => {
      const body = Uint8Array.from(VECTOR.body);
      body[bit >> 3] = (body[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(isGood({}, NOW_MS, body)).toBe(false);
    }),
    { numRuns: 10_000 },
  );
});

test('bytes that are no text are told apart', () => {
  const secret = `whsec_${randomBytes(32).toString('base64')}`;
  const sign = (body: Uint8Array) => {
    const key = Buffer.from(secret.slice(6), 'base64');
    return `v1,${createHmac('sha256', key).update(`${VECTOR.id}.${VECTOR.timestampS}.`).update(body).digest('base64')}`;
  };
  const [one, other] = [Buffer.from('22ff22', 'hex'), Buffer.from('22fe22', 'hex')];
  const check = (body: Uint8Array) =>
    isStandardSigned({ headers: headersOf({ 'webhook-signature': sign(one) }), body }, [secret], NOW_MS);
  expect([check(one), check(other)]).toEqual([true, false]);
});

test('five minutes are tolerated on both sides, and no second more', () => {
  const at = (seconds: number) => isGood({}, NOW_MS + seconds * 1_000);
  expect([at(-301), at(-300), at(299), at(300), at(301)]).toEqual([false, true, true, true, false]);
});

test.each([
  ['no id', { 'webhook-id': '' }],
  ['an id that is too long', { 'webhook-id': 'x'.repeat(256) }],
  ['a timestamp that is no number', { 'webhook-timestamp': '1614265330.0' }],
  ['a negative timestamp', { 'webhook-timestamp': '-1614265330' }],
  ['no signature', { 'webhook-signature': '' }],
  ['a version that is not known', { 'webhook-signature': VECTOR.signature.replace('v1,', 'v2,') }],
  ['a signature that is cut', { 'webhook-signature': VECTOR.signature.slice(0, -2) }],
])('%s is refused', (_what, changes) => {
  expect(isGood(changes)).toBe(false);
});

test('one right signature among others is enough, within the first ten', () => {
  const wrong = 'v1,AAAA';
  const behind = (count: number) => [...Array(count).fill(wrong), VECTOR.signature].join(' ');
  expect(isGood({ 'webhook-signature': `v1a,x ${behind(5)}` })).toBe(true);
  expect(isGood({ 'webhook-signature': behind(9) })).toBe(true);
  expect(isGood({ 'webhook-signature': behind(10) })).toBe(false);
});

test('any of several secrets may have signed', () => {
  const secrets = [`whsec_${randomBytes(32).toString('base64')}`, VECTOR.secret];
  const signed = { headers: headersOf(), body: VECTOR.body };
  expect(isStandardSigned(signed, secrets, NOW_MS)).toBe(true);
  expect(isStandardSigned(signed, secrets.slice(0, 1), NOW_MS)).toBe(false);
  expect(isStandardSigned(signed, [], NOW_MS)).toBe(false);
});

test('a secret is 24 to 64 bytes', () => {
  const isSecret = (bytes: number) =>
    parseStandardSecret(`whsec_${randomBytes(bytes).toString('base64')}`) !== undefined;
  expect([23, 24, 64, 65].map(isSecret)).toEqual([false, true, true, false]);
  expect(parseStandardSecret(randomBytes(32).toString('base64'))).toBeUndefined();
  expect(parseStandardSecret('whsec_ not base64')).toBeUndefined();
});
