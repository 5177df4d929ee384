// Secrets of hooks: how they are made, what may be one, and how they are kept.

import { createSealer } from '../../../src/domain/seal.ts';
import { HOOK_AUTH_KINDS } from '../../../src/domain/source.ts';
import {
  createHookSecret,
  findSecretFault,
  isHookSecret,
  keepAnew,
  keepSecret,
  readSecrets,
} from '../../../src/hooks/hook-secrets.ts';
import { hookRow, SEALER, sealerWith } from '../../support/hook-rows.ts';

const NOW_MS = Date.UTC(2026, 9, 4);
const SECRET = 'correct-horse-battery';
const OTHER = 'staple-staple-staple';
const WHSEC = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const randomBytes = (size: number) => new Uint8Array(size).fill(0xfb);

describe('a new secret', () => {
  test.each(HOOK_AUTH_KINDS.filter((auth) => auth !== 'key'))(
    'of %s has 256 bits, and is one that may be taken',
    (auth) => {
      const secret = createHookSecret(auth, randomBytes) ?? '';
      expect(Buffer.from(secret.replace(/^(bhs_|whsec_)/, ''), 'base64')).toEqual(Buffer.from(randomBytes(32)));
      expect(findSecretFault(auth === 'url' ? 'token' : auth, secret)).toBeUndefined();
    },
  );

  test('of an address needs no escapes there', () => {
    expect(createHookSecret('url', randomBytes)).toMatch(/^[\w-]+$/);
  });

  test('is not made where a key of the producer opens', () => {
    expect(createHookSecret('key', randomBytes)).toBeUndefined();
  });
});

describe("a secret of a sender's own", () => {
  test.each(['token', 'signature'] as const)('of %s is 16 to 512 visible ASCII characters', (auth) => {
    const isTaken = (secret: string) => findSecretFault(auth, secret) === undefined;
    expect([15, 16, 512, 513].map((length) => isTaken('x'.repeat(length)))).toEqual([false, true, true, false]);
    expect([' ', '\n', '\u007f', 'é', '\u0000'].map((one) => isTaken(`${SECRET}${one}`))).toEqual(Array(5).fill(false));
    expect(isTaken('!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~')).toBe(true);
  });

  test('of standard-webhooks is what that says', () => {
    expect(findSecretFault('standard-webhooks', WHSEC)).toBeUndefined();
    expect([SECRET, `${WHSEC} `, 'whsec_AAAA'].map((one) => findSecretFault('standard-webhooks', one))).not.toContain(
      undefined,
    );
  });

  test.each(['key', 'url'] as const)('is none of %s', (auth) => {
    expect(findSecretFault(auth, SECRET)).toBeDefined();
  });
});

describe('a secret that is presented', () => {
  test.each(['token', 'url'] as const)('of %s is kept as a digest, which does not need a key', (auth) => {
    const kept = keepSecret(createSealer({ randomBytes }, []), { auth, publicId: 'hook_1' }, SECRET);
    expect(kept).toMatch(/^sha256\.[0-9a-f]{64}$/);
    expect(kept).not.toContain(SECRET);
  });

  test('is the present one, or the one before until its end', () => {
    const hook = hookRow('token', { secret: SECRET, previous: OTHER, previousUntilMs: NOW_MS });
    const known = (nowMs: number) => [SECRET, OTHER, '', `${SECRET} `].map((one) => isHookSecret(hook, one, nowMs));
    expect(known(NOW_MS - 1)).toEqual([true, true, false, false]);
    expect(known(NOW_MS)).toEqual([true, false, false, false]);
  });

  test('is not what is kept of it', () => {
    const hook = hookRow('token', { secret: SECRET });
    expect(isHookSecret(hook, hook.secret ?? '', NOW_MS)).toBe(false);
  });

  test('is none of a hook that has none', () => {
    expect(isHookSecret(hookRow('key'), '', NOW_MS)).toBe(false);
  });
});

describe('a secret that signs', () => {
  test.each(['signature', 'standard-webhooks'] as const)('of %s is kept so that it can be read again', (auth) => {
    const secrets = {
      secret: WHSEC,
      previous: `whsec_${Buffer.alloc(24).toString('base64')}`,
      previousUntilMs: NOW_MS,
    };
    const hook = hookRow(auth, secrets);
    expect(hook.secret).not.toContain(WHSEC);
    expect(readSecrets(SEALER, hook, NOW_MS - 1)).toEqual([WHSEC, secrets.previous]);
    expect(readSecrets(SEALER, hook, NOW_MS)).toEqual([WHSEC]);
  });

  test('is not kept without a key in the settings', () => {
    const keep = () => keepSecret(createSealer({ randomBytes }, []), { auth: 'signature', publicId: 'hook_1' }, SECRET);
    expect(keep).toThrow(expect.objectContaining({ code: 'encryption_key_missing' }));
  });

  test('cannot be opened under another key, nor as the secret of another hook', () => {
    const hook = hookRow('signature', { secret: SECRET });
    const internal = expect.objectContaining({ code: 'internal' });
    expect(() => readSecrets(sealerWith(9), hook, NOW_MS)).toThrow(internal);
    expect(() => readSecrets(SEALER, { ...hook, publicId: 'hook_other' }, NOW_MS)).toThrow(internal);
  });
});

describe('keeping a secret under the present key', () => {
  const { publicId, secret } = hookRow('signature', { secret: SECRET });

  test('seals anew what an earlier key has sealed', () => {
    const anew = keepAnew(sealerWith(2, 1), secret, publicId);
    expect(readSecrets(sealerWith(2), { ...hookRow('signature'), secret: anew ?? null }, NOW_MS)).toEqual([SECRET]);
  });

  test('leaves what is sealed so, what cannot be opened, digests, and what is not there', () => {
    const digest = hookRow('token', { secret: SECRET }).secret;
    expect(keepAnew(SEALER, secret, publicId)).toBeUndefined();
    expect(keepAnew(sealerWith(9), secret, publicId)).toBeUndefined();
    expect(keepAnew(sealerWith(2, 1), digest, publicId)).toBeUndefined();
    expect(keepAnew(sealerWith(2, 1), null, publicId)).toBeUndefined();
  });
});
