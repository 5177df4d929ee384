// The identifiers of notifications, conversations and people.

import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { isConnectorId, withoutThread } from '../../../src/domain/conversation.ts';
import { createNotificationId, isNotificationId } from '../../../src/domain/notification-id.ts';
import { addressKey, isGuid } from '../../../src/domain/person.ts';

const NOW = Date.UTC(2026, 0, 1);

describe('the id of a notification', () => {
  const zeros = (size: number) => new Uint8Array(size);

  test('has one form, and what is made has it', () => {
    const anyInstant = fc.integer({ min: 0, max: 2 ** 48 - 1 });
    fc.assert(
      fc.property(anyInstant, fc.uint8Array({ minLength: 16, maxLength: 16 }), (nowMs, bytes) => {
        expect(isNotificationId(createNotificationId(nowMs, () => bytes))).toBe(true);
      }),
    );
  });

  test('sorts by time, to the millisecond', () => {
    const instants = [0, 1, 31, 32, NOW, NOW + 1, NOW + 32, 2 ** 47];
    const ids = instants.map((nowMs) => createNotificationId(nowMs, zeros));
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('is a ULID: 48 bits of time in ten characters of Crockford', () => {
    expect(createNotificationId(1_469_918_176_385, zeros)).toBe('ntf_01ARYZ6S410000000000000000');
  });

  test('carries 80 random bits: every character of the second part takes all 32 values', () => {
    const ids = Array.from({ length: 2_000 }, () => createNotificationId(NOW, randomBytes));
    expect(new Set(ids).size).toBe(ids.length);
    for (let at = 'ntf_'.length + 10; at < 'ntf_'.length + 26; at++) {
      expect(new Set(ids.map((id) => id[at])).size).toBe(32);
    }
  });

  test.each([
    '',
    'ntf_',
    'ntf_01ARYZ6S41000000000000000',
    'ntf_01ARYZ6S4100000000000000000',
    'ntf_01aryz6s410000000000000000',
    'ntf_01ARYZ6S41000000000000000I',
    'ntf_01ARYZ6S41000000000000000U',
    'NTF_01ARYZ6S410000000000000000',
    'ntf_01ARYZ6S410000000000000000\n',
  ])('is not %j', (text) => {
    expect(isNotificationId(text)).toBe(false);
  });
});

describe('an id that goes into a path of the Connector', () => {
  test.each([
    'a:1pL6i0oY3C0K8oAj8',
    '19:abc@thread.tacv2;messageid=1485983408511',
    '29:1abc-DEF_=',
    'f:8c1a7b6e',
    '...',
    'x'.repeat(512),
  ])('may be %s', (id) => {
    expect(isConnectorId(id)).toBe(true);
  });

  test.each([
    '.',
    '..',
    '',
    'a/b',
    '../x',
    'a\\b',
    'a b',
    'a%2fb',
    'a?b',
    'a#b',
    'a\n',
    'ä',
    'x'.repeat(513),
    5,
    null,
    undefined,
    ['a'],
  ])('is never %j', (id) => {
    expect(isConnectorId(id)).toBe(false);
  });
});

test('a thread belongs to its conversation', () => {
  expect(withoutThread('19:abc@thread.tacv2;messageid=1')).toBe('19:abc@thread.tacv2');
  expect(withoutThread('19:abc@thread.tacv2')).toBe('19:abc@thread.tacv2');
});

test('addresses are compared without case, outer blanks and Unicode composition', () => {
  expect(addressKey(' Jos\u0065\u0301@CONTOSO.com\t')).toBe('jos\u00e9@contoso.com');
  fc.assert(
    fc.property(fc.emailAddress(), (address) => expect(addressKey(addressKey(address))).toBe(addressKey(address))),
  );
});

test('a GUID is 32 hexadecimal digits in five groups, and nothing around them', () => {
  const guid = '0F8FAD5B-d9cb-469f-a165-70867728950e';
  expect(isGuid(guid)).toBe(true);
  const others = [`{${guid}}`, `${guid}\n`, guid.replaceAll('-', ''), guid.replace('0', 'g'), '', undefined, 5];
  expect(others.filter(isGuid)).toEqual([]);
});
