// The form of API keys.

import { createHash, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { createApiKey, isSameDigest, parseApiKey } from '../../../src/producers/api-key.ts';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const FORM = /^bhp_([0-9A-Za-z]{12})_([0-9A-Za-z]{43})([0-9A-Za-z]{6})$/;

const secretOf = (text: string) => FORM.exec(text)?.[2] ?? '';

describe('a new key', () => {
  test('names its id and is recognised', () => {
    const { keyId, text, secretSha256 } = createApiKey(randomBytes);
    expect(text).toMatch(FORM);
    expect(text.startsWith(`bhp_${keyId}_`)).toBe(true);
    expect(parseApiKey(text)).toEqual({ keyId, secretSha256 });
  });

  test('has more than 160 random bits in its secret', () => {
    expect(secretOf(createApiKey(randomBytes).text).length * Math.log2(ALPHABET.length)).toBeGreaterThan(160);
  });

  test('gives for storing the SHA-256 of the secret alone', () => {
    const { text, secretSha256 } = createApiKey(randomBytes);
    const digest = createHash('sha256').update(secretOf(text)).digest();
    expect(isSameDigest(secretSha256, digest)).toBe(true);
  });

  test('is another one each time', () => {
    const keys = Array.from({ length: 1_000 }, () => createApiKey(randomBytes));
    expect(new Set(keys.map(({ keyId }) => keyId)).size).toBe(1_000);
    expect(new Set(keys.map(({ text }) => secretOf(text))).size).toBe(1_000);
  });

  test('throws away the bytes that would make some characters likelier', () => {
    const used = [0, 61, 62, 247];
    const surplus = [248, 249, 254, 255];
    const source = (size: number) => Uint8Array.from({ length: size }, (_, at) => [...surplus, ...used][at % 8] ?? 0);
    const { keyId, text } = createApiKey(source);
    expect(new Set(keyId + secretOf(text))).toEqual(new Set(['0', 'z']));
    expect(keyId).toBe('0z0z0z0z0z0z');
  });

  test('is as evenly spread from the real source: chi-squared', () => {
    const text = Array.from({ length: 3_000 }, () => secretOf(createApiKey(randomBytes).text)).join('');
    const expected = text.length / ALPHABET.length;
    const counts = [...ALPHABET].map((character) => text.split(character).length - 1);
    const chiSquared = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    // With 61 degrees of freedom chance goes beyond 150 less than once in a hundred million runs.
    expect(chiSquared).toBeLessThan(150);
  });
});

describe('a text that is no key', () => {
  const { text } = createApiKey(randomBytes);

  test('is any key with one character changed', () => {
    const change = fc.record({
      at: fc.nat(text.length - 1),
      by: fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    });
    fc.assert(
      fc.property(change, ({ at, by }) => {
        fc.pre(text[at] !== by);
        expect(parseApiKey(text.slice(0, at) + by + text.slice(at + 1))).toBeUndefined();
      }),
      { numRuns: 10_000 },
    );
  });

  test('is any key with one letter or digit changed to another', () => {
    const change = fc.record({ at: fc.integer({ min: 4, max: text.length - 1 }), by: fc.constantFrom(...ALPHABET) });
    fc.assert(
      fc.property(change, ({ at, by }) => {
        fc.pre(text[at] !== by);
        expect(parseApiKey(text.slice(0, at) + by + text.slice(at + 1))).toBeUndefined();
      }),
      { numRuns: 10_000 },
    );
  });

  test('is a key with something around it, with less of it, or with the id of another', () => {
    const other = createApiKey(randomBytes).text;
    const swapped = `${other.slice(0, 17)}${text.slice(17)}`;
    const texts = ['', 'bhp_', ` ${text}`, `${text} `, `${text}\n`, `${text}0`, text.slice(0, -1), text.toLowerCase()];
    expect([...texts, swapped].filter((one) => parseApiKey(one) !== undefined)).toEqual([]);
  });

  test('may be anything, and is no error', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (any) => expect(parseApiKey(any)).toBeUndefined()));
  });
});

test('digests are the same only when every byte is', () => {
  const digest = randomBytes(32);
  expect(isSameDigest(digest, Uint8Array.from(digest))).toBe(true);
  expect(isSameDigest(digest, digest.subarray(1))).toBe(false);
  for (let at = 0; at < 32; at++) {
    const other = Uint8Array.from(digest, (byte, index) => (index === at ? byte ^ 1 : byte));
    expect(isSameDigest(digest, other)).toBe(false);
  }
});
