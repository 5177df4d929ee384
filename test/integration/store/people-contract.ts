// What exporting and erasing a person must do, whatever database is behind it.

import { erasePerson } from '../../../src/directory/erase-person.ts';
import { exportPerson } from '../../../src/directory/export-person.ts';
import type { HookSettings } from '../../../src/domain/hook.ts';
import { ERASED_CONTENT } from '../../../src/domain/notification.ts';
import { isPerson, nameKey, parseRecipient } from '../../../src/domain/recipient.ts';
import type { NewHook } from '../../../src/store/statements/hooks.ts';
import type { PersonRecipient } from '../../../src/store/statements/people.ts';
import type { Store } from '../../../src/store/store.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import {
  APP_ID,
  addProducer,
  EVENT,
  type InstalledPerson,
  installPerson,
  queueNotification,
  TENANT,
} from '../../support/store-fixtures.ts';
import { storeWithWrite } from '../../support/store-with-write.ts';

const OTHER_TENANT = '99999999-1111-4111-8111-111111111111';
const HOOK_SETTINGS = {
  rights: { canBroadcast: true, canSendCards: false },
  hasLifecycle: true,
  filters: ['actor!=ana'],
  ratePerMinute: 60,
};
const SHA = new Uint8Array(32);

/** @param open gives the store of the test */
export function describePeopleContract(open: () => Store): void {
  describe('what is held about a person', () => {
    const clock = new ManualClock();
    let producerId: number;
    let ana: InstalledPerson;
    let ben: InstalledPerson;
    let toBoth: number;
    let toAna: number;

    const person = (text: string): PersonRecipient => {
      const recipient = parseRecipient(text);
      if (!recipient || !isPerson(recipient)) {
        throw new Error(`${text} is nobody`);
      }
      return recipient;
    };

    /** Names somebody who is not reached. */
    const mention = (notificationId: number, recipient: string) =>
      open().write((tx) => tx.names.insertMention({ notificationId, nameKey: nameKey(person(recipient)), recipient }));

    const setUnresolved = (notificationId: number, ...recipients: readonly string[]) =>
      open().write((tx) =>
        tx.names.setUnresolved(
          notificationId,
          JSON.stringify(recipients.map((recipient) => ({ recipient, reason: 'unknown', detail: '' }))),
        ),
      );

    const hook = (publicId: string, named: Pick<HookSettings, 'to' | 'choosable'>, owner = producerId): NewHook => ({
      ...{ publicId, producerId: owner, name: `${publicId} of ci`, dialect: 'github', auth: 'token', secret: null },
      ...{ settings: { ...HOOK_SETTINGS, ...named }, createdAtMs: clock.nowMs() },
    });

    const settingsOf = async (publicId: string) => (await open().read.hooks.find(publicId))?.settings;

    /** Puts her wherever somebody can stand. */
    beforeEach(async () => {
      const nowMs = clock.nowMs();
      producerId = await addProducer(open());
      ana = await installPerson(open(), { index: 1, nowMs });
      ben = await installPerson(open(), { index: 2, nowMs });
      toBoth = await queueNotification(open(), { producerId, to: [ana, ben], nowMs });
      toAna = await queueNotification(open(), { producerId, to: [ana], nowMs });
      const toBen = await queueNotification(open(), { producerId, to: [ben], nowMs });
      await mention(toBen, 'Person1@contoso.com');
      await setUnresolved(toBen, 'Person1@contoso.com', 'person9@contoso.com');
      await open().write(async (tx) => {
        await tx.people.refresh(
          ana.personId,
          { tenantId: TENANT, name: 'Ana', userPrincipalName: 'ana.upn@x.org' },
          nowMs,
        );
        await tx.lookups.request(ana.personId, nowMs);
        const topicId = (await tx.topics.insert({ name: 'deploys', description: '', nowMs })) ?? 0;
        for (const { personId } of [ana, ben]) {
          await tx.preferences.save(personId, { digestMinute: 540 }, nowMs);
          await tx.topics.subscribe(topicId, personId, nowMs);
        }
        await tx.mentions.insert(toBen, [ana.personId]);
        const answer = { requestSha256: SHA, nowMs, producerId };
        const body = JSON.stringify({ deliveries: [{ recipient: ana.email }, { recipient: ben.email }] });
        await tx.notifications.insertIdempotent({ ...answer, key: 'both', notificationId: toBoth, body });
        const unresolved = JSON.stringify({ unresolved: [{ recipient: 'Person1@contoso.com' }] });
        await tx.notifications.insertIdempotent({ ...answer, key: 'named', notificationId: toBen, body: unresolved });
        const key = { producerId, secretSha256: SHA, scopes: [], nowMs, expiresAtMs: null };
        await tx.apiKeys.insert({ ...key, keyId: 'key-1', recipients: ['ANA.UPN@x.org', 'aad:no', ben.email] });
        await tx.hooks.insert(hook('hook-1', { to: [ben.email, 'Person1@Contoso.com', 'everyone'] }));
        await tx.hooks.insert(hook('hook-2', { to: [ana.email], choosable: ['29:11111', ana.email, '*@contoso.com'] }));
        await tx.hooks.insert(hook('hook-3', { to: [ben.email], choosable: [] }));
      });
      await sendFirst();
    });

    /** One of her deliveries is sent, the others wait. */
    const sendFirst = async () => {
      const nowMs = clock.nowMs();
      const claim = { nowMs, owner: 'o', leaseMs: 60_000, limit: 1, quantum: 1, horizonMs: 60_000 };
      const claimed = await open().write((tx) =>
        tx.queue.claim({ ...claim, closedOrigins: [], isClosedToRetries: false }),
      );
      for (const { id } of claimed) {
        const lease = { deliveryId: id, owner: 'o' };
        const start = { operation: 'post', requestId: 'r', nowMs, leaseUntilMs: nowMs + 60_000 } as const;
        await open().writeOne((tx) => tx.queue.beginAttempt(lease, start));
        const sent = { state: 'sent', failures: 0, isReduced: false, dueAtMs: nowMs, reason: null } as const;
        const end = { number: 1, outcome: 'delivered', reason: null, httpStatus: 201, correlationId: null, nowMs };
        await open().writeOne((tx) => tx.queue.endAttempt(lease, end, { ...sent, activityId: 'message-1', nowMs }));
      }
    };

    const exportOf = async (text: string, tenantId?: string) => {
      const deps = { store: open(), nowMs: clock.nowMs(), onEnd: () => undefined };
      let json = '';
      for await (const part of await exportPerson(deps, { recipient: person(text), tenantId })) {
        json += part;
      }
      return JSON.parse(json);
    };

    const erase = (text: string, tenantId?: string) =>
      erasePerson({ store: open(), clock }, { recipient: person(text), tenantId });

    test('is exported whole, by any of their names', async () => {
      const exported = await exportOf('Person1@Contoso.com');
      expect(exported).toEqual({
        exportedAt: '2026-01-01T00:00:00.000Z',
        person: {
          tenantId: TENANT,
          aadObjectId: ana.aadObjectId,
          teamsUserId: '29:11111',
          name: 'Ana',
          email: ana.email,
          userPrincipalName: 'ana.upn@x.org',
          locale: null,
          timeZone: null,
          updatedAt: '2026-01-01T00:00:00.000Z',
          pendingLookUp: { dueAt: '2026-01-01T00:00:00.000Z', attempts: 0 },
        },
        installations: [
          expect.objectContaining({ tenantId: TENANT, scope: 'personal', state: 'active', timesInstalled: 1 }),
        ],
        conversations: [
          expect.objectContaining({
            kind: 'personal',
            teamsConversationId: 'a:11111',
            botAccountId: `28:${APP_ID}`,
            lastNotifiedAt: ['2026-01-01T00:00:00.000Z'],
          }),
        ],
        preferences: { digestMinute: 540, updatedAt: '2026-01-01T00:00:00.000Z' },
        subscriptions: [{ topic: 'deploys', subscribedAt: '2026-01-01T00:00:00.000Z' }],
        apiKeys: [{ id: 'key-1', producer: 'ci', to: ['ANA.UPN@x.org'] }],
        hooks: [
          { id: 'hook-1', producer: 'ci', name: 'hook-1 of ci', to: ['Person1@Contoso.com'] },
          { id: 'hook-2', producer: 'ci', name: 'hook-2 of ci', to: [ana.email, '29:11111'] },
        ],
        mentions: [
          expect.objectContaining({ recipient: 'Person1@contoso.com', producer: 'ci', idempotencyKey: 'named' }),
        ],
        memberOf: [],
        mentionedIn: [{ notification: expect.any(String), producer: 'ci', acceptedAt: '2026-01-01T00:00:00.000Z' }],
        told: [],
        responses: [],
        reactions: [],
        votes: [],
        dialogs: [],
        deliveries: [
          expect.objectContaining({
            recipient: ana.email,
            state: 'sent',
            producer: 'ci',
            idempotencyKey: 'both',
            acceptedAt: '2026-01-01T00:00:00.000Z',
            sentAt: '2026-01-01T00:00:00.000Z',
            teamsMessageId: 'message-1',
            attempts: [expect.objectContaining({ number: 1, operation: 'post', outcome: 'delivered' })],
            content: EVENT,
          }),
          expect.objectContaining({ recipient: ana.email, state: 'queued', sentAt: null, attempts: [] }),
        ],
      });
      for (const name of ['ana.upn@x.org', `aad:${ana.aadObjectId}`, '29:11111']) {
        expect(await exportOf(name)).toEqual(exported);
      }
    });

    test('is erased, and each kind of it is counted', async () => {
      expect(await erase(ana.email)).toEqual({
        people: 1,
        installations: 1,
        conversations: 1,
        names: 3,
        contents: 1,
        deliveriesEnded: 1,
        apiKeys: 1,
        hooks: 2,
      });
      await expect(erase(ana.email)).rejects.toMatchObject({ code: 'not_found' });
      for (const name of [ana.email, 'ana.upn@x.org', `aad:${ana.aadObjectId}`, '29:11111']) {
        await expect(exportOf(name)).rejects.toMatchObject({ code: 'not_found' });
      }
    });

    test('leaves what others were told, and of the person only that there was somebody', async () => {
      await erase(ana.email);
      const contents = await open().read.personalData.readContents([toBoth, toAna]);
      expect([...contents.values()].map((json) => JSON.parse(json))).toEqual([EVENT, ERASED_CONTENT]);
      const rows = [
        ...(await open().read.deliveries.listOfNotification(toBoth, 10)),
        ...(await open().read.deliveries.listOfNotification(toAna, 10)),
      ];
      expect(rows.map(({ recipient, state, reason }) => [recipient, state, reason])).toEqual([
        [null, 'sent', null],
        [ben.email, 'queued', null],
        [null, 'failed', 'person_erased'],
      ]);
      const both = await open().read.notifications.findIdempotent(producerId, 'both');
      expect(JSON.parse(both?.body ?? '')).toEqual({ deliveries: [{ recipient: null }, { recipient: ben.email }] });
      const [key] = await open().read.apiKeys.list();
      expect(key?.recipients).toEqual(['(erased)', 'aad:no', ben.email]);
      expect(await exportOf(ben.email)).toMatchObject({ person: { email: ben.email }, deliveries: [{}, {}] });
    });

    test('goes with what they have said for themselves; what others have said stays', async () => {
      await erase(ana.email);
      const { preferences, topics } = open().read;
      expect(await preferences.get(ana.personId)).toEqual({});
      expect(await topics.listOfPerson(ana.personId)).toEqual([]);
      expect(await preferences.get(ben.personId)).toEqual({ digestMinute: 540 });
      expect(await topics.listOfPerson(ben.personId)).toMatchObject([{ name: 'deploys' }]);
    });

    test('goes from hooks: they are for the others, and their senders may name nobody more than before', async () => {
      await erase(ana.email);
      expect(await settingsOf('hook-1')).toEqual({ ...HOOK_SETTINGS, to: [ben.email, 'everyone'] });
      expect(await settingsOf('hook-2')).toEqual({
        ...HOOK_SETTINGS,
        to: [],
        choosable: ['(erased)', '(erased)', '*@contoso.com'],
      });
      expect(await settingsOf('hook-3')).toEqual({ ...HOOK_SETTINGS, to: [ben.email], choosable: [] });
    });

    test('goes from hooks as they are then, whatever was changed since they were looked up', async () => {
      const late = storeWithWrite(open(), async (work) => {
        await open().write(async (tx) => {
          const found = await tx.hooks.find('hook-1');
          await tx.hooks.change(found?.id ?? 0, { settings: { ...HOOK_SETTINGS, to: ['29:11111'], ratePerMinute: 7 } });
          await tx.hooks.insert(hook('hook-4', { to: [ana.email] }));
        });
        return open().write(work);
      });
      expect(await erasePerson({ store: late, clock }, { recipient: person(ana.email) })).toMatchObject({ hooks: 3 });
      expect(await settingsOf('hook-1')).toEqual({ ...HOOK_SETTINGS, to: [], ratePerMinute: 7 });
      expect(await settingsOf('hook-4')).toEqual({ ...HOOK_SETTINGS, to: [] });
    });

    test('is found of somebody whom only a hook names, within a tenant only a hook of its own producers', async () => {
      const own = await open().write((tx) => tx.producers.insert('own', TENANT, 0));
      const named = { to: [ben.email], choosable: ['Person9@contoso.com'] };
      await open().write((tx) => tx.hooks.insert(hook('hook-5', named)));
      await expect(exportOf('person9@contoso.com', TENANT)).rejects.toMatchObject({ code: 'not_found' });
      await open().write((tx) => tx.hooks.insert(hook('hook-6', named, own?.id)));
      const found = { id: 'hook-6', producer: 'own', name: 'hook-6 of ci', to: ['Person9@contoso.com'] };
      expect(await exportOf('person9@contoso.com', TENANT)).toMatchObject({ person: null, hooks: [found] });
      expect(await erase('person9@contoso.com', TENANT)).toMatchObject({ people: 0, names: 0, apiKeys: 0, hooks: 1 });
      expect(await settingsOf('hook-5')).toMatchObject(named);
      expect(await settingsOf('hook-6')).toMatchObject({ to: [ben.email], choosable: ['(erased)'] });
      expect(await erase('person9@contoso.com')).toMatchObject({ hooks: 1 });
      await expect(exportOf('person9@contoso.com')).rejects.toMatchObject({ code: 'not_found' });
    });

    test('keeps the installation away from everything but a new install', async () => {
      await erase(ana.email);
      expect(await open().read.installations.find(`digest-${TENANT}-1`)).toMatchObject({
        ...{ state: 'removed', isErased: true, changedAtMs: clock.nowMs() },
        ...{ personId: null, conversationId: null },
      });
      await open().write((tx) => tx.installations.forgetRemovedBefore(clock.nowMs() + 1));
      expect(await open().read.installations.find(`digest-${TENANT}-1`)).toMatchObject({ state: 'removed' });
    });

    test('is found also of somebody whom producers have only named, and erased', async () => {
      await mention(toAna, 'person9@contoso.com');
      expect(await exportOf('PERSON9@contoso.com')).toMatchObject({
        person: null,
        mentions: [{ recipient: 'person9@contoso.com' }],
        deliveries: [],
      });
      expect(await erase('person9@contoso.com')).toMatchObject({ people: 0, names: 1 });
      await expect(erase('person9@contoso.com')).rejects.toMatchObject({ code: 'not_found' });
    });

    test('of a name alone is held in a tenant only what the tenant\u2019s own producers wrote', async () => {
      await mention(toAna, 'person9@contoso.com');
      await expect(exportOf('person9@contoso.com', TENANT)).rejects.toMatchObject({ code: 'not_found' });
      const own = await open().write((tx) => tx.producers.insert('own', TENANT, 0));
      const byOwn = await queueNotification(open(), { producerId: own?.id ?? 0, to: [ben], nowMs: clock.nowMs() });
      await mention(byOwn, 'person9@contoso.com');
      expect((await exportOf('person9@contoso.com', TENANT)).mentions).toHaveLength(1);
      expect(await erase('person9@contoso.com', TENANT)).toMatchObject({ names: 1 });
      expect((await exportOf('person9@contoso.com')).mentions).toHaveLength(1);
    });

    test('of a name that several have is neither exported nor erased, unless the tenant tells', async () => {
      const other = await installPerson(open(), { index: 1, nowMs: clock.nowMs(), tenantId: OTHER_TENANT });
      const ambiguous = { code: 'ambiguous_person', details: { candidates: 2 } };
      await expect(exportOf(ana.email)).rejects.toMatchObject(ambiguous);
      await expect(erase(ana.email)).rejects.toMatchObject(ambiguous);
      expect(await exportOf(ana.email, OTHER_TENANT)).toMatchObject({ person: { tenantId: OTHER_TENANT } });
      expect(await erase(other.email, OTHER_TENANT)).toMatchObject({ people: 1 });
      expect(await exportOf(ana.email)).toMatchObject({ person: { tenantId: TENANT } });
    });

    test('in another tenant is nothing', async () => {
      await expect(exportOf(ana.email, OTHER_TENANT)).rejects.toMatchObject({ code: 'not_found' });
      await expect(erase(ana.email, OTHER_TENANT)).rejects.toMatchObject({ code: 'not_found' });
      expect(await exportOf(ana.email)).toMatchObject({ person: { name: 'Ana' } });
    });

    test('is written in parts when it is much, and misses nothing', async () => {
      for (let count = 0; count < 2_060; count++) {
        await queueNotification(open(), { producerId, to: count % 20 === 0 ? [ana] : [], nowMs: clock.nowMs() });
      }
      const { deliveries } = await exportOf(ana.email);
      expect(new Set(deliveries.map(({ id }: { id: string }) => id)).size).toBe(2 + 103);
    });

    test('is erased to the end when what erased it was killed in the middle', async () => {
      let writes = 0;
      const mortal = storeWithWrite(open(), (work) =>
        ++writes > 1 ? Promise.reject(new Error('killed')) : open().write(work),
      );
      await expect(erasePerson({ store: mortal, clock }, { recipient: person(ana.email) })).rejects.toThrow('killed');
      const rows = await open().read.deliveries.listOfNotification(toAna, 10);
      expect(rows).toMatchObject([{ state: 'failed', reason: 'person_erased' }]);
      expect(await erase(ana.email)).toMatchObject({ people: 1, contents: 1, deliveriesEnded: 0 });
    });
  });
}
