// What is sealed can be opened with its key, for its context, unchanged; and in no other way.

import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { keyIdOf, parseSealingKey, type SealingKey, seal, unseal } from '../../../src/domain/seal.ts';

const newKey = (): SealingKey => {
  const key = parseSealingKey(randomBytes(32).toString('base64'));
  if (!key) {
    throw new Error('32 bytes are a key');
  }
  return key;
};
const [KEY, OTHER] = [newKey(), newKey()];
const CONTEXT = 'webhook secret whe_1';

test('a text is opened with the key that it names, wherever that stands in the list', () => {
  const sealed = seal('whsec_Grüße', { key: KEY, context: CONTEXT, randomBytes });
  expect(keyIdOf(sealed)).toBe(KEY.id);
  expect(unseal(sealed, [KEY], CONTEXT)).toBe('whsec_Grüße');
  expect(unseal(sealed, [OTHER, KEY], CONTEXT)).toBe('whsec_Grüße');
});

test('the same text is sealed differently each time, and nothing of it shows', () => {
  const sealing = { key: KEY, context: CONTEXT, randomBytes };
  const sealed = seal('whsec_secret', sealing);
  expect(seal('whsec_secret', sealing)).not.toBe(sealed);
  expect(Buffer.from(sealed.split('.')[2] ?? '', 'base64url').includes('whsec')).toBe(false);
});

test('nothing is opened with another key, for another context, or of another form', () => {
  const sealed = seal('whsec_secret', { key: KEY, context: CONTEXT, randomBytes });
  expect(unseal(sealed, [OTHER], CONTEXT)).toBeUndefined();
  expect(unseal(sealed, [{ id: KEY.id, bytes: OTHER.bytes }], CONTEXT)).toBeUndefined();
  expect(unseal(sealed, [KEY], 'webhook secret whe_2')).toBeUndefined();
  for (const text of ['', 'whsec_plain', `v1.${KEY.id}.`, `v1.${KEY.id}.AAAA`, sealed.replace('v1', 'v2')]) {
    expect(unseal(text, [KEY], CONTEXT)).toBeUndefined();
  }
});

test('a text in which one bit was changed is not opened', () => {
  const sealed = seal('whsec_secret', { key: KEY, context: CONTEXT, randomBytes });
  const [version, id, data = ''] = sealed.split('.');
  const bytes = Buffer.from(data, 'base64url');
  fc.assert(
    fc.property(fc.nat({ max: 8 * bytes.length - 1 }), (bit) => {
      const changed = Buffer.from(bytes);
      const place = Math.floor(bit / 8);
      changed[place] = (changed[place] ?? 0) ^ (1 << (bit % 8));
      expect(unseal(`${version}.${id}.${changed.toString('base64url')}`, [KEY], CONTEXT)).toBeUndefined();
    }),
    { numRuns: 1_000 },
  );
});

test('a key is 32 bytes in base64', () => {
  for (const bytes of [0, 16, 31, 33]) {
    expect(parseSealingKey(randomBytes(bytes).toString('base64'))).toBeUndefined();
  }
  expect(parseSealingKey('not base64 at all, but it has about the right size')).toBeUndefined();
});
