// Who is the sender of a hook, from the head of a request and from the bytes of its body.

import { AppError } from '../../../src/domain/errors.ts';
import type { Dialect, SignatureForm } from '../../../src/domain/source.ts';
import { type HookHead, isSignedBySender, judgeHead } from '../../../src/hooks/verify-sender.ts';
import type { HookRow } from '../../../src/store/statements/hooks.ts';
import { hookRow, mute, SEALER, sealerWith } from '../../support/hook-rows.ts';
import { hmacOf, standardHeaders } from '../../support/hooks.ts';

const NOW_MS = Date.UTC(2026, 9, 4);
const SECRET = 'correct:horse:battery';
const OTHER = 'staple-staple-staple';
const GITHUB: SignatureForm = { header: 'x-hub-signature-256', prefix: 'sha256=' };
const PAGERDUTY: SignatureForm = { header: 'x-pagerduty-signature', prefix: 'v1=', separator: ',' };

const basic = (pair: string) => `Basic ${Buffer.from(pair).toString('base64')}`;

function judge(hook: HookRow, { headers = {}, pathSecret }: Partial<HookHead> = {}, dialect: Dialect = mute()) {
  return judgeHead({ hook, dialect }, { headers, pathSecret }, NOW_MS);
}

describe('a hook with a token', () => {
  const hook = hookRow('token', { secret: SECRET });
  const own = mute({ tokenHeaders: ['x-gitlab-token', 'x-token'] });

  test.each([
    `Bearer ${SECRET}`,
    `bearer  ${SECRET}`,
    basic(`anybody:${SECRET}`),
    basic(`:${SECRET}`),
    basic(`anybody:${SECRET}`).replace('Basic', 'BASIC'),
  ])('admits %s', (authorization) => {
    expect(judge(hook, { headers: { authorization } })).toBe('admitted');
  });

  test.each([
    '',
    SECRET,
    'Bearer',
    `Bearer ${OTHER}`,
    `Bearer ${SECRET}x`,
    `Bearer ${SECRET} x`,
    `Token ${SECRET}`,
    `Bearer ${Buffer.from(`anybody:${SECRET}`).toString('base64')}`,
    basic('anybody:horse:battery'),
    basic(`anybody:${OTHER}`),
    basic(`${SECRET}:`),
    'Basic ====',
  ])('refuses %j', (authorization) => {
    expect(judge(hook, { headers: { authorization } })).toBe('refused');
  });

  test('reads the headers of its own sender, whatever else is there', () => {
    expect(judge(hook, { headers: { 'x-gitlab-token': SECRET } }, own)).toBe('admitted');
    expect(judge(hook, { headers: { 'x-token': SECRET, 'x-gitlab-token': OTHER } }, own)).toBe('admitted');
    expect(judge(hook, { headers: { 'x-token': SECRET, authorization: `Bearer ${OTHER}` } }, own)).toBe('admitted');
    expect(judge(hook, { headers: { 'x-gitlab-token': OTHER } }, own)).toBe('refused');
  });

  test('reads no header of another sender', () => {
    expect(judge(hook, { headers: { 'x-gitlab-token': SECRET } })).toBe('refused');
  });

  test('refuses whoever says nothing, and whoever says it in the address too', () => {
    expect(judge(hook)).toBe('refused');
    expect(judge(hook, { headers: { authorization: `Bearer ${SECRET}` }, pathSecret: SECRET })).toBe('refused');
  });

  test('admits with the secret before the present one until its end', () => {
    const rotated = (previousUntilMs: number) => hookRow('token', { secret: SECRET, previous: OTHER, previousUntilMs });
    const head = { headers: { authorization: `Bearer ${OTHER}` } };
    expect([NOW_MS + 1, NOW_MS, NOW_MS - 1].map((endMs) => judge(rotated(endMs), head))).toEqual([
      'admitted',
      'refused',
      'refused',
    ]);
  });
});

describe('a hook with its secret in the address', () => {
  const hook = hookRow('url', { secret: SECRET });

  test('admits by the address only', () => {
    expect(judge(hook, { pathSecret: SECRET })).toBe('admitted');
    expect(judge(hook, { pathSecret: OTHER })).toBe('refused');
    expect(judge(hook, { pathSecret: '' })).toBe('refused');
    expect(judge(hook, { headers: { authorization: `Bearer ${SECRET}` } })).toBe('refused');
  });
});

test('a hook with a key asks for any authorization, and leaves it to who knows the keys', () => {
  expect(judge(hookRow('key'), { headers: { authorization: 'Bearer bh_1' } })).toBe('hasKey');
  expect(judge(hookRow('key'))).toBe('refused');
  expect(judge(hookRow('key'), { headers: { authorization: 'Bearer bh_1' }, pathSecret: 'x' })).toBe('refused');
});

test.each<readonly [HookRow['auth'], string, Dialect]>([
  ['signature', GITHUB.header, mute({ signature: GITHUB })],
  ['standard-webhooks', 'webhook-signature', mute()],
])('a hook with %s asks for the header %s before it reads a body', (auth, header, dialect) => {
  expect(judge(hookRow(auth), { headers: { [header]: '' } }, dialect)).toBe('isSigned');
  expect(judge(hookRow(auth), { headers: { 'x-other-signature': 'v1=00' } }, dialect)).toBe('refused');
  expect(judge(hookRow(auth), { headers: { [header]: '' }, pathSecret: 'x' }, dialect)).toBe('refused');
});

test('a signature is refused where the dialect has none', () => {
  const hook = hookRow('signature', { secret: SECRET });
  const headers = { [GITHUB.header]: `sha256=${hmacOf(SECRET, 'body')}` };
  expect(judge(hook, { headers })).toBe('refused');
  expect(isSignedBySender(SEALER, { hook, dialect: mute(), headers, body: Buffer.from('body') }, NOW_MS)).toBe(false);
});

describe('a signed body', () => {
  const BODY = Buffer.from('{"text":"\u00e9"}');
  const right = hmacOf(SECRET, BODY);
  const wrong = hmacOf(OTHER, BODY);

  const isSigned = (value: string, form = GITHUB, hook = hookRow('signature', { secret: SECRET }), body = BODY) =>
    isSignedBySender(
      SEALER,
      { hook, dialect: mute({ signature: form }), headers: { [form.header]: value }, body },
      NOW_MS,
    );

  test("is its sender's by the HMAC of its bytes, in either case of the digits", () => {
    expect(isSigned(`sha256=${right}`)).toBe(true);
    expect(isSigned(` sha256=${right.toUpperCase()} `)).toBe(true);
    expect(isSigned(right, { header: 'x-signature', prefix: '' })).toBe(true);
  });

  test.each([
    '',
    'sha256=',
    right,
    `sha1=${right}`,
    `SHA256=${right}`,
    `sha256=${right}0`,
    `sha256=${right.slice(2)}`,
    `sha256=${wrong}`,
  ])("is nobody's by %j", (value) => {
    expect(isSigned(value)).toBe(false);
  });

  test("is nobody's once a byte has changed, or the header is away", () => {
    expect(isSigned(`sha256=${right}`, GITHUB, undefined, Buffer.concat([BODY, Buffer.from(' ')]))).toBe(false);
    const hook = hookRow('signature', { secret: SECRET });
    expect(
      isSignedBySender(SEALER, { hook, dialect: mute({ signature: GITHUB }), headers: {}, body: BODY }, NOW_MS),
    ).toBe(false);
  });

  test('may carry ten signatures where its sender separates them, and no more', () => {
    const behind = (many: number) => [...Array(many).fill(`v1=${wrong}`), `v1=${right}`].join(', ');
    expect([0, 1, 9, 10].map((many) => isSigned(behind(many), PAGERDUTY))).toEqual([true, true, true, false]);
    expect(isSigned(`v0=${right},v1=${wrong}`, PAGERDUTY)).toBe(false);
  });

  test('carries one signature where its sender does not', () => {
    expect(isSigned(`sha256=${wrong},sha256=${right}`)).toBe(false);
    expect(isSigned(`sha256=${right},sha256=${wrong}`)).toBe(false);
  });

  test('may be signed with either secret that is good now', () => {
    const rotated = (previousUntilMs: number) =>
      hookRow('signature', { secret: SECRET, previous: OTHER, previousUntilMs });
    const both = [right, wrong].map((one) => `sha256=${one}`);
    expect(both.map((one) => isSigned(one, GITHUB, rotated(NOW_MS + 1)))).toEqual([true, true]);
    expect(both.map((one) => isSigned(one, GITHUB, rotated(NOW_MS)))).toEqual([true, false]);
  });

  test("is nobody's where there is no secret", () => {
    expect(isSigned(`sha256=${hmacOf('', BODY)}`, GITHUB, hookRow('signature'))).toBe(false);
  });

  test('may be signed as Standard Webhooks says, with either secret that is good now', () => {
    const [secret = '', previous = '', stranger = ''] = [2, 3, 4].map(
      (byte) => `whsec_${Buffer.alloc(32, byte).toString('base64')}`,
    );
    const isStandard = (by: string, previousUntilMs: number) => {
      const hook = hookRow('standard-webhooks', { secret, previous, previousUntilMs });
      const headers = standardHeaders(by, BODY, { timestampS: NOW_MS / 1_000 });
      return isSignedBySender(SEALER, { hook, dialect: mute(), headers, body: BODY }, NOW_MS);
    };
    expect([secret, previous, stranger].map((by) => isStandard(by, NOW_MS + 1))).toEqual([true, true, false]);
    expect([secret, previous, stranger].map((by) => isStandard(by, NOW_MS))).toEqual([true, false, false]);
  });

  test('cannot be judged when the key of the settings is another one', () => {
    const hook = hookRow('signature', { secret: SECRET });
    const signed = { hook, dialect: mute({ signature: GITHUB }), headers: {}, body: BODY };
    expect(() => isSignedBySender(sealerWith(9), signed, NOW_MS)).toThrow(
      expect.objectContaining({ name: AppError.name, code: 'internal' }),
    );
  });
});
