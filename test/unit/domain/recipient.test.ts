// The grammar of `to`.

import fc from 'fast-check';
import { isAudience, isCovered, isPerson, parseRecipient, scopeFor } from '../../../src/domain/recipient.ts';

const GUID = '0f8fad5b-d9cb-469f-a165-70867728950e';
const PREFIXED = ['team', 'teamMembers', 'channel', 'chat', 'topic'];

test.each([
  ['everyone', { kind: 'everyone' }],
  [`aad:${GUID}`, { kind: 'aadObjectId', aadObjectId: GUID }],
  ['29:1abc-DEF_=;@.9', { kind: 'teamsUserId', teamsUserId: '29:1abc-DEF_=;@.9' }],
  ['ana@contoso.com', { kind: 'address', address: 'ana@contoso.com' }],
  ['ana_fabrikam.com#EXT#@contoso.onmicrosoft.com', { kind: 'address' }],
  ["o'neil+tag@sub.contoso.co.uk", { kind: 'address' }],
  ['josé@contoso.com', { kind: 'address', address: 'josé@contoso.com' }],
  ['team:19:Abc_1@thread.tacv2', { kind: 'team', id: '19:Abc_1@thread.tacv2' }],
  [`team:${GUID.toUpperCase()}`, { kind: 'team', id: GUID }],
  ['team-members:19:Abc_1@thread.tacv2', { kind: 'teamMembers', id: '19:Abc_1@thread.tacv2' }],
  [`team-members:${GUID}`, { kind: 'teamMembers', id: GUID }],
  ['channel:19:abc@thread.tacv2', { kind: 'channel', id: '19:abc@thread.tacv2' }],
  ['channel:19:abc@thread.skype', { kind: 'channel', id: '19:abc@thread.skype' }],
  ['chat:19:meeting_abc@thread.v2', { kind: 'chat', id: '19:meeting_abc@thread.v2' }],
  ['topic:deploys', { kind: 'topic', name: 'deploys' }],
  ['topic:Deploys.EU_1-a', { kind: 'topic', name: 'deploys.eu_1-a' }],
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
  ['team:'],
  ['team:operations'],
  ['team:29:abc'],
  ['team:19:'],
  ['Team:19:abc@thread.tacv2'],
  ['team:19:a/b@thread.tacv2'],
  ['channel:19:abc@thread.tacv2;messageid=1'],
  [`channel:${GUID}`],
  [`chat:${GUID}`],
  ['chat:a:1abc'],
  ['team-members:ana@contoso.com'],
  ['topic:'],
  ['topic:.hidden'],
  ['topic:a b'],
  ['topic:déploys'],
  ['topic:a@b.example'],
  [`topic:${'x'.repeat(65)}`],
  ['topic:deploys\n'],
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
    .tuple(
      fc.constantFrom('', '29:', 'aad:', 'a@', 'team:19:', 'team-members:19:', 'channel:19:', 'chat:', 'topic:'),
      fc.string({ unit: 'binary' }),
    )
    .map((t) => t.join(''));
  fc.assert(
    fc.property(likely, (text) => {
      const kinds = ['address', 'aadObjectId', 'teamsUserId', 'everyone', ...PREFIXED, undefined];
      expect(kinds).toContain(parseRecipient(text)?.kind);
    }),
    { numRuns: 10_000 },
  );
});

const anyName = fc.stringMatching(/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,19}$/);
const anyRecipient = fc.oneof(
  fc.constant('everyone'),
  fc.uuid().map((id) => `aad:${id}`),
  anyName.map((name) => `29:${name}`),
  anyName.map((name) => `${name}@contoso.com`),
  fc.tuple(fc.constantFrom('team', 'team-members', 'channel', 'chat'), anyName).map((t) => t.join(':19:')),
  fc.tuple(fc.constantFrom('team', 'team-members'), fc.uuid()).map((t) => t.join(':')),
  anyName.map((name) => `topic:${name}`),
);

test('an entry of a key covers what means the same, and nothing of another form', () => {
  fc.assert(
    fc.property(anyRecipient, anyRecipient, (one, another) => {
      const [left, right] = [parseRecipient(one), parseRecipient(another)];
      if (!left || !right) {
        throw new Error(`${one} and ${another} should be recipients`);
      }
      expect(isCovered(left, one)).toBe(true);
      expect(isCovered(left, another)).toBe(JSON.stringify(left) === JSON.stringify(right));
    }),
    { numRuns: 10_000 },
  );
});

test('a topic is covered in whatever case it is written, a place in its own only', () => {
  const covers = (text: string, allowed: string) => {
    const recipient = parseRecipient(text);
    return recipient !== undefined && isCovered(recipient, allowed);
  };
  expect(covers('topic:Deploys', 'topic:deploys')).toBe(true);
  expect(covers(`team:${GUID.toUpperCase()}`, `team:${GUID}`)).toBe(true);
  expect(covers('channel:19:Abc@thread.tacv2', 'channel:19:abc@thread.tacv2')).toBe(false);
  expect(covers('team-members:19:a@thread.tacv2', 'team:19:a@thread.tacv2')).toBe(false);
  expect(covers('channel:19:a@contoso.com', '*@contoso.com')).toBe(false);
});

test('every recipient is a person, a place or an audience, and only what many have not asked for needs broadcast', () => {
  fc.assert(
    fc.property(anyRecipient, (text) => {
      const recipient = parseRecipient(text);
      if (!recipient) {
        throw new Error(`${text} should be a recipient`);
      }
      const isPlace = ['team', 'channel', 'chat'].includes(recipient.kind);
      expect([isPerson(recipient), isAudience(recipient), isPlace].filter(Boolean)).toHaveLength(1);
      expect(scopeFor(recipient) === 'broadcast').toBe(text === 'everyone' || text.startsWith('team-members:'));
    }),
    { numRuns: 10_000 },
  );
});
