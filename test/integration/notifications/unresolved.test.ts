// Recipients that get no delivery: each is listed with its reason, none is dropped.

import { UNRESOLVED_DETAIL, type UnresolvedReason } from '../../../src/domain/recipient.ts';
import type { AddressingRights } from '../../../src/notifications/resolve-recipients.ts';
import type { InstalledPerson } from '../../support/store-fixtures.ts';
import { TENANT } from '../../support/store-fixtures.ts';
import { type Notifications, openNotifications } from './accept-fixture.ts';

const OTHER_TENANT = '99999999-1111-4111-8111-111111111111';
const REACHABLE = 'person1@contoso.com';

let notifications: Notifications;
let person: InstalledPerson;

beforeEach(async () => {
  notifications = await openNotifications();
  person = await notifications.install(1);
});

afterEach(() => notifications.close());

/** The reason for which the recipient gets nothing; undefined when it gets a delivery. */
async function reasonFor(recipient: string, rights: Partial<AddressingRights> = {}) {
  const { answer, code, details } = await notifications.ask({ to: recipient }, { rights }).then(
    ({ answer }) => ({ answer, code: undefined, details: undefined }),
    (error) => ({ answer: undefined, code: error.code, details: error.details }),
  );
  if (answer) {
    expect(answer.unresolved).toEqual([]);
    return undefined;
  }
  expect(code).toBe('no_recipient');
  const reason: UnresolvedReason = details.unresolved[0].reason;
  const sentence = UNRESOLVED_DETAIL[reason].slice(0, -1);
  expect(details).toEqual({ unresolved: [{ recipient, reason, detail: expect.stringContaining(sentence) }] });
  return reason;
}

const lose = async ({ conversationId }: InstalledPerson, state: 'unreachable' | 'removed') => {
  const installation = await notifications.store.read.installations.findByConversation(conversationId);
  await notifications.store.write((tx) => tx.installations.setLost(installation?.id ?? 0, state, 'blocked_by_user'));
};

describe('is answered with', () => {
  test('unknown, who was never seen', async () => {
    expect(await reasonFor('nobody@contoso.com')).toBe('unknown');
    expect(await reasonFor('29:nobody')).toBe('unknown');
    expect(await reasonFor('aad:00000000-0000-4000-8000-999999999999')).toBe('unknown');
  });

  test('not_installed, who is known from elsewhere only', async () => {
    const profile = { tenantId: TENANT, teamsUserId: '29:member', email: 'member@contoso.com' };
    await notifications.store.write((tx) => tx.people.insert(profile, 0));
    expect(await reasonFor('member@contoso.com')).toBe('not_installed');
  });

  test('not_installed, who removed the bot', async () => {
    await lose(person, 'removed');
    expect(await reasonFor(REACHABLE)).toBe('not_installed');
  });

  test('unreachable, of whom Teams refused a message', async () => {
    await lose(person, 'unreachable');
    expect(await reasonFor(REACHABLE)).toBe('unreachable');
  });

  test('ambiguous, whose address several people have', async () => {
    const twin = await notifications.install(1, OTHER_TENANT);
    expect(await reasonFor(REACHABLE)).toBe('ambiguous');
    expect(await reasonFor(REACHABLE, { tenantId: OTHER_TENANT })).toBeUndefined();
    expect(await reasonFor('29:99991')).toBeUndefined();
    expect(twin.personId).not.toBe(person.personId);
  });

  test('unknown, who is in another tenant than the one of the producer', async () => {
    for (const recipient of [REACHABLE, `aad:${person.aadObjectId}`, '29:11111']) {
      expect(await reasonFor(recipient, { tenantId: OTHER_TENANT })).toBe('unknown');
      expect(await reasonFor(recipient, { tenantId: TENANT })).toBeUndefined();
    }
  });
});

describe('a key is not allowed', () => {
  test('to send to single people without the scope for it', async () => {
    expect(await reasonFor(REACHABLE, { canSend: false })).toBe('not_allowed');
    expect(await reasonFor('everyone', { canSend: false })).toBeUndefined();
  });

  test('to send to everyone without the scope for it', async () => {
    expect(await reasonFor('everyone', { canBroadcast: false })).toBe('not_allowed');
    expect(await reasonFor(REACHABLE, { canBroadcast: false })).toBeUndefined();
  });

  test('to send to anybody it does not list', async () => {
    const recipients = ['Person1@CONTOSO.com'];
    expect(await reasonFor(REACHABLE, { recipients })).toBeUndefined();
    expect(await reasonFor(' PERSON1@contoso.com', { recipients })).toBeUndefined();
    for (const other of ['person2@contoso.com', `aad:${person.aadObjectId}`, '29:11111']) {
      expect(await reasonFor(other, { recipients })).toBe('not_allowed');
    }
  });

  test('to send to everyone when it lists people, whatever its scopes', async () => {
    expect(await reasonFor('everyone', { recipients: [REACHABLE] })).toBe('not_allowed');
    expect(await reasonFor('everyone', { recipients: [REACHABLE, 'everyone'] })).toBeUndefined();
  });

  test('to send beyond the domain it lists', async () => {
    const recipients = ['*@Contoso.com'];
    expect(await reasonFor(REACHABLE, { recipients })).toBeUndefined();
    for (const other of ['a@evil.contoso.com', 'a@evilcontoso.com', 'a@contoso.com.evil', '29:11111']) {
      expect(await reasonFor(other, { recipients })).toBe('not_allowed');
    }
  });

  test('to take one pairwise id for another that differs in case', async () => {
    await notifications.store.write((tx) =>
      tx.people.refresh(person.personId, { tenantId: TENANT, teamsUserId: '29:aBc' }, 0),
    );
    expect(await reasonFor('29:aBc', { recipients: ['29:AbC'] })).toBe('not_allowed');
    expect(await reasonFor('29:aBc', { recipients: ['29:aBc'] })).toBeUndefined();
  });

  test('to learn whether somebody is known', async () => {
    const rights = { recipients: ['other@contoso.com'] };
    expect(await reasonFor(REACHABLE, rights)).toBe(await reasonFor('nobody@contoso.com', rights));
  });
});

test('those who can be reached get their delivery, the others their reason, in the order of the request', async () => {
  const { answer } = await notifications.ask({ to: ['nobody@contoso.com', REACHABLE, '29:nobody'] });
  expect(answer.deliveries).toEqual([{ recipient: REACHABLE, state: 'queued' }]);
  expect(answer.unresolved.map(({ recipient }) => recipient)).toEqual(['nobody@contoso.com', '29:nobody']);
  expect((await notifications.statusOf(answer.id)).unresolved).toEqual(answer.unresolved);
});
