// The grammar of `to`.

import fc from 'fast-check';
import { parseRecipient } from '../../../src/domain/recipient.ts';

const GUID = '0f8fad5b-d9cb-469f-a165-70867728950e';

test.each([
  ['everyone', { kind: 'everyone' }],
  [`aad:${GUID}`, { kind: 'aadObjectId', aadObjectId: GUID }],
  ['29:1abc-DEF_=;@.9', { kind: 'teamsUserId', teamsUserId: '29:1abc-DEF_=;@.9' }],
  ['ana@contoso.com', { kind: 'address', address: 'ana@contoso.com' }],
  ['ana_fabrikam.com#EXT#@contoso.onmicrosoft.com', { kind: 'address' }],
  ["o'neil+tag@sub.contoso.co.uk", { kind: 'address' }],
  ['josé@contoso.com', { kind: 'address', address: 'josé@contoso.com' }],
])('%j is a recipient', (text, recipient) => {
  expect(parseRecipient(text)).toMatchObject(recipient);
});

test.each([
  [''],
  [' '],
  ['ana'],
  ['@contoso.com'],
  ['ana@'],
  ['ana@b@contoso.com'],
  ['ana smith@contoso.com'],
  ['ana@contoso.com\nbob@contoso.com'],
  ['ana\u0000@contoso.com'],
  ['ana\ud800@contoso.com'],
  ['Everyone'],
  [' everyone'],
  ['aad:'],
  ['aad:ana'],
  [`aad:${GUID}0`],
  [` aad:${GUID}`],
  ['29:'],
  ['29:a/b'],
  ['29:a b'],
  [`29:${'x'.repeat(510)}`],
])('%j is none', (text) => {
  expect(parseRecipient(text)).toBeUndefined();
});

test('an object id is the same in upper and lower case, a pairwise id is not', () => {
  expect(parseRecipient(`aad:${GUID.toUpperCase()}`)).toEqual(parseRecipient(`aad:${GUID}`));
  expect(parseRecipient('29:ABC')).not.toEqual(parseRecipient('29:abc'));
});

test('an address is the same whatever its case, outer blanks and Unicode composition', () => {
  const composed = { kind: 'address', address: 'jos\u00e9@contoso.com' };
  expect(parseRecipient(' JOSE\u0301@Contoso.COM ')).toEqual(composed);
  expect(parseRecipient('jos\u00c9@contoso.com')).toEqual(composed);
});

test('an address may have 320 characters', () => {
  const address = (length: number) => `${'a'.repeat(length - '@contoso.com'.length)}@contoso.com`;
  expect(parseRecipient(address(320))).toMatchObject({ kind: 'address' });
  expect(parseRecipient(address(321))).toBeUndefined();
});

test('any text is a recipient or none, and never an error', () => {
  const likely = fc
    .tuple(fc.constantFrom('', '29:', 'aad:', 'a@'), fc.string({ unit: 'binary' }))
    .map((t) => t.join(''));
  fc.assert(
    fc.property(likely, (text) => {
      const kinds = ['address', 'aadObjectId', 'teamsUserId', 'everyone', undefined];
      expect(kinds).toContain(parseRecipient(text)?.kind);
    }),
    { numRuns: 10_000 },
  );
});
