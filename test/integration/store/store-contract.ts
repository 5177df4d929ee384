// What every store must do, whatever database is behind it; each driver runs this list.

import type { ClaimInput } from '../../../src/store/delivery-queue.ts';
import type { Store } from '../../../src/store/store.ts';
import {
  APP_ID,
  addProducer,
  installPerson,
  queueNotification,
  SERVICE_URL,
  TENANT,
  toEveryone,
} from '../../support/store-fixtures.ts';
import { describeAsksContract } from './asks-contract.ts';
import { describeAudiencesContract } from './audiences-contract.ts';
import { describeClosedHostsContract } from './closed-hosts-contract.ts';
import { describeDialogDefinitionsContract } from './dialog-definitions-contract.ts';
import { describeHooksContract } from './hooks-contract.ts';
import { describePacingContract } from './pacing-contract.ts';
import { describePagesContract } from './pages-contract.ts';
import { describePeopleContract } from './people-contract.ts';
import { describeRetentionContract } from './retention-contract.ts';
import { describeRostersContract } from './rosters-contract.ts';
import { describeScheduleContract } from './schedule-contract.ts';
import { describeSharedWritesContract } from './shared-writes-contract.ts';
import { describeStatusEventsContract } from './status-events-contract.ts';
import { describeTemplatesContract } from './templates-contract.ts';

export interface StoreHarness {
  /** A fresh, empty store. */
  open(): Promise<Store>;
  /** Closes the store and opens the same data again, as a restart does. */
  reopen(store: Store): Promise<Store>;
  /** Runs a statement beside the store. */
  run(sql: string): Promise<unknown>;
  dispose(): Promise<void>;
}

const NOW = Date.UTC(2026, 0, 1);
const OTHER_TENANT = '99999999-1111-4111-8111-111111111111';

export function describeStoreContract(name: string, createHarness: () => StoreHarness): void {
  describe(`the store contract on ${name}`, () => {
    let harness: StoreHarness;
    let store: Store;

    beforeEach(async () => {
      harness = createHarness();
      store = await harness.open();
    });

    afterEach(async () => {
      await store.close();
      await harness.dispose();
    });

    const claim = (input: Partial<ClaimInput> = {}) =>
      store.write((tx) =>
        tx.queue.claim({
          nowMs: NOW,
          owner: 'dispatcher-1',
          leaseMs: 60_000,
          limit: 100,
          quantum: 20,
          horizonMs: 400,
          closedOrigins: [],
          isClosedToRetries: false,
          ...input,
        }),
      );

    const queueFor = async (
      index: number,
      options: { priority?: 'urgent' | 'normal' | 'bulk'; ttlMs?: number } = {},
    ) => {
      const producerId = await addProducer(store, `producer-${index}`);
      const person = await installPerson(store, { index, nowMs: NOW });
      const notificationId = await queueNotification(store, { producerId, to: [person], nowMs: NOW, ...options });
      return { person, notificationId, producerId };
    };

    const statesOf = async (notificationId: number) =>
      (await store.read.deliveries.listOfNotification(notificationId, 100)).map((row) => row.state);

    describe('transactions', () => {
      test('a write that throws leaves nothing behind', async () => {
        const failing = store.write(async (tx) => {
          await tx.producers.insert('half', null, NOW);
          throw new Error('changed my mind');
        });
        await expect(failing).rejects.toThrow('changed my mind');
        expect(await store.read.producers.findByName('half')).toBeUndefined();
      });

      test('a write that throws does not undo the others of the same moment', async () => {
        const results = await Promise.allSettled([
          store.write((tx) => tx.producers.insert('before', null, NOW)),
          store.write(async () => {
            throw new Error('no');
          }),
          store.write((tx) => tx.producers.insert('after', null, NOW)),
        ]);
        expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
        expect((await store.read.producers.list()).map((row) => row.name)).toEqual(['after', 'before']);
      });

      test('reads see nothing of a transaction that is still open', async () => {
        let seen: unknown = 'not looked';
        await store.write(async (tx) => {
          await tx.producers.insert('open', null, NOW);
          seen = await store.read.producers.findByName('open');
        });
        expect(seen).toBeUndefined();
        expect(await store.read.producers.findByName('open')).toMatchObject({ name: 'open' });
      });

      test('what was acknowledged is there after a restart', async () => {
        await addProducer(store, 'lasting');
        store = await harness.reopen(store);
        expect(await store.read.producers.findByName('lasting')).toMatchObject({ name: 'lasting' });
      });

      test('a closed store refuses to write and says so', async () => {
        await store.close();
        await expect(store.write(async () => undefined)).rejects.toMatchObject({ code: 'store_unavailable' });
      });
    });

    describe('mentions', () => {
      test('are read with the names of now, in their order, for readers of the same tenant only', async () => {
        const { person, notificationId } = await queueFor(1);
        const other = await installPerson(store, { index: 2, nowMs: NOW });
        await store.write((tx) => tx.mentions.insert(notificationId, [other.personId, person.personId]));
        const list = (tenantId = TENANT) => store.read.mentions.list({ notificationId, tenantId });
        expect(await list()).toEqual([]);
        for (const [{ personId }, name] of [
          [person, 'Ana'],
          [other, 'Ben'],
        ] as const) {
          await store.write((tx) => tx.people.refresh(personId, { tenantId: TENANT, name }, NOW));
        }
        expect(await list()).toEqual([
          { id: '29:11112', name: 'Ben' },
          { id: '29:11111', name: 'Ana' },
        ]);
        expect(await list(OTHER_TENANT)).toEqual([]);
        expect((await claim())[0]?.notificationId).toBe(notificationId);
      });

      test('go with the content of the notification', async () => {
        const { person, notificationId } = await queueFor(1);
        await store.write((tx) => tx.people.refresh(person.personId, { tenantId: TENANT, name: 'Ana' }, NOW));
        await store.write((tx) => tx.mentions.insert(notificationId, [person.personId]));
        await store.write((tx) => tx.retention.deleteMentionsOf([notificationId]));
        expect(await store.read.mentions.list({ notificationId, tenantId: TENANT })).toEqual([]);
      });

      test('go with the person', async () => {
        const { person, notificationId } = await queueFor(1);
        const profile = { tenantId: TENANT, teamsUserId: '29:ben', name: 'Ben' };
        const benId = await store.write((tx) => tx.people.insert(profile, NOW));
        await store.write((tx) => tx.people.refresh(person.personId, { tenantId: TENANT, name: 'Ana' }, NOW));
        await store.write((tx) => tx.mentions.insert(notificationId, [benId, person.personId]));
        await store.write((tx) => tx.people.erase(benId));
        const names = (await store.read.mentions.list({ notificationId, tenantId: TENANT })).map(({ name }) => name);
        expect(names).toEqual(['Ana']);
      });
    });

    describe('people', () => {
      test('their language and time zone come with what is to be sent to them', async () => {
        const { person } = await queueFor(1);
        const profile = { tenantId: TENANT, locale: 'de-AT', timeZone: 'Europe/Vienna' };
        await store.write((tx) => tx.people.refresh(person.personId, profile, NOW));
        const [claimed] = await claim();
        expect(claimed?.target).toMatchObject({ locale: 'de-AT', timeZone: 'Europe/Vienna' });
        expect(claimed?.acceptedAtMs).toBe(NOW);
      });

      test('a later profile overwrites what it knows and keeps the rest', async () => {
        const { personId } = await installPerson(store, { index: 1, nowMs: NOW });
        await store.write((tx) =>
          tx.people.refresh(personId, { tenantId: TENANT, userPrincipalName: 'P1@Contoso.com' }, NOW),
        );
        for (const address of ['person1@contoso.com', 'p1@contoso.com']) {
          const found = await store.read.people.findReachable({ kind: 'address', address });
          expect(found).toMatchObject([{ personId, installation: 'active' }]);
        }
      });

      test('a person is found by object id, by pairwise id and by address, and only in the given tenant', async () => {
        const person = await installPerson(store, { index: 7, nowMs: NOW });
        await installPerson(store, { index: 7, nowMs: NOW, tenantId: OTHER_TENANT });
        const by = store.read.people.findReachable;
        const { aadObjectId, personId, email } = person;
        expect(await by({ kind: 'aadObjectId', aadObjectId }, TENANT)).toMatchObject([{ personId }]);
        expect(await by({ kind: 'teamsUserId', teamsUserId: '29:11117' })).toMatchObject([{ personId }]);
        expect(await by({ kind: 'address', address: email }, TENANT)).toMatchObject([{ personId }]);
        expect(await by({ kind: 'address', address: email })).toHaveLength(2);
      });

      test('a question to the roster is given out once, and again when its lease ended', async () => {
        const { personId } = await installPerson(store, { index: 1, nowMs: NOW });
        await store.write((tx) => tx.lookups.request(personId, NOW));
        const take = (nowMs: number) => store.write((tx) => tx.lookups.claim(nowMs, nowMs + 60_000, 10));
        expect(await take(NOW)).toMatchObject([
          { personId, memberId: '29:11111', serviceUrl: SERVICE_URL, attempts: 0 },
        ]);
        expect(await take(NOW + 1)).toEqual([]);
        expect(await take(NOW + 60_000)).toMatchObject([{ personId, attempts: 1 }]);
      });

      test('a settled question is not asked again', async () => {
        const { personId } = await installPerson(store, { index: 1, nowMs: NOW });
        await store.write(async (tx) => {
          await tx.lookups.request(personId, NOW);
          await tx.lookups.settle(personId, null);
        });
        expect(await store.read.lookups.hasDue(NOW + 1e9)).toBe(false);
      });
    });

    describe('activities', () => {
      test('of many equal activities at once exactly one is new', async () => {
        const answers = await Promise.all(
          Array.from({ length: 50 }, () => store.write((tx) => tx.activities.remember('digest', NOW))),
        );
        expect(answers.filter(Boolean)).toHaveLength(1);
      });
    });

    describe('idempotency', () => {
      test('of many equal keys at once exactly one is inserted', async () => {
        const producerId = await addProducer(store);
        const notificationId = await queueNotification(store, { producerId, to: [], nowMs: NOW });
        const record = {
          producerId,
          key: 'k',
          requestSha256: new Uint8Array(32),
          notificationId,
          body: '{}',
          nowMs: NOW,
        };
        const answers = await Promise.all(
          Array.from({ length: 50 }, () => store.write((tx) => tx.notifications.insertIdempotent(record))),
        );
        expect(answers.filter(Boolean)).toHaveLength(1);
      });

      test('keys of one producer are unknown to another', async () => {
        const producerId = await addProducer(store, 'one');
        const otherId = await addProducer(store, 'two');
        const notificationId = await queueNotification(store, { producerId, to: [], nowMs: NOW });
        await store.write((tx) =>
          tx.notifications.insertIdempotent({
            producerId,
            key: 'k',
            requestSha256: new Uint8Array(32),
            notificationId,
            body: '{}',
            nowMs: NOW,
          }),
        );
        expect(await store.read.notifications.findIdempotent(otherId, 'k')).toBeUndefined();
        expect(await store.read.notifications.findIdempotent(producerId, 'k')).toMatchObject({ body: '{}' });
      });
    });

    describe('claims', () => {
      test('a due delivery is claimed once, with everything that sending needs', async () => {
        const { person } = await queueFor(1);
        const [claimed] = await claim();
        expect(claimed).toMatchObject({
          laneId: person.laneId,
          conversationId: person.conversationId,
          slotAtMs: NOW,
          failures: 0,
          isReduced: false,
          unknownPolicy: 'resend',
          content: { kind: 'event', title: 'Deploy finished' },
          target: {
            tenantId: TENANT,
            serviceUrl: SERVICE_URL,
            botAccountId: `28:${APP_ID}`,
            teamsConversationId: 'a:11111',
            teamsUserId: '29:11111',
            aadObjectId: '00000000-0000-4000-8000-000000000001',
          },
        });
        expect(await claim({ owner: 'dispatcher-2' })).toEqual([]);
      });

      test('slots of one lane are one interval apart, over several claims', async () => {
        const producerId = await addProducer(store);
        const people = [];
        for (let index = 0; index < 30; index++) {
          people.push(await installPerson(store, { index, nowMs: NOW, intervalUs: 25_000 }));
        }
        await queueNotification(store, { producerId, to: people, nowMs: NOW });
        const first = await claim();
        expect(first.map((row) => row.slotAtMs - NOW)).toEqual(Array.from({ length: 16 }, (_, slot) => slot * 25));
        expect(await claim({ nowMs: NOW + 100 })).toEqual([]);
        const second = await claim({ nowMs: NOW + 200 });
        expect(second[0]?.slotAtMs).toBe(NOW + 400);
      });

      test('urgent goes before normal before bulk', async () => {
        const bulk = await queueFor(1, { priority: 'bulk' });
        const normal = await queueFor(2);
        const urgent = await queueFor(3, { priority: 'urgent' });
        const order = (await claim()).map((row) => row.conversationId);
        expect(order).toEqual([urgent, normal, bulk].map(({ person }) => person.conversationId));
      });

      test('lanes take turns: a long queue of one tenant does not hold back another', async () => {
        const producerId = await addProducer(store);
        const crowd = [];
        for (let index = 0; index < 50; index++) {
          crowd.push(await installPerson(store, { index, nowMs: NOW }));
        }
        const other = await installPerson(store, { index: 1, nowMs: NOW, tenantId: OTHER_TENANT });
        await queueNotification(store, { producerId, to: [...crowd, other], nowMs: NOW });
        const claimed = await claim({ quantum: 5, limit: 10 });
        expect(claimed.filter((row) => row.laneId === other.laneId)).toHaveLength(1);
        expect(claimed.filter((row) => row.laneId !== other.laneId)).toHaveLength(5);
      });

      test('a conversation has one delivery in flight and keeps its order', async () => {
        const { person, producerId, notificationId } = await queueFor(1);
        await queueNotification(store, { producerId, to: [person], nowMs: NOW });
        const [first, ...others] = await claim();
        expect(others).toEqual([]);
        expect(await claim({ nowMs: NOW + 200 })).toEqual([]);
        const lease = { deliveryId: first?.id ?? 0, owner: 'dispatcher-1' };
        await store.write((tx) => tx.queue.release(lease, { ...SENT, nowMs: NOW + 200 }));
        expect(await statesOf(notificationId)).toEqual(['sent']);
        expect(await claim({ nowMs: NOW + 200 })).toHaveLength(1);
      });

      test('a delivery waits behind an older one of its conversation that is being retried', async () => {
        const { person, producerId } = await queueFor(1);
        const [first] = await claim();
        const lease = { deliveryId: first?.id ?? 0, owner: 'dispatcher-1' };
        await begin(lease, NOW);
        await store.write((tx) =>
          tx.queue.release(lease, { ...SENT, state: 'queued', dueAtMs: NOW + 5_000, nowMs: NOW }),
        );
        await queueNotification(store, { producerId, to: [person], nowMs: NOW });
        expect(await claim({ nowMs: NOW + 1_000 })).toEqual([]);
        expect((await claim({ nowMs: NOW + 5_000 })).map((row) => row.id)).toEqual([first?.id]);
      });

      test('a blocked lane, and a blocked conversation, are left alone until the block ends', async () => {
        const { person } = await queueFor(1);
        await store.write((tx) => tx.lanes.block(person.laneId, NOW + 1_000));
        expect(await claim()).toEqual([]);
        expect(await store.read.queue.hasDue(NOW)).toBe(false);
        await store.write((tx) => tx.conversations.block(person.conversationId, NOW + 2_000));
        expect(await claim({ nowMs: NOW + 1_000 })).toEqual([]);
        expect(await claim({ nowMs: NOW + 2_000 })).toHaveLength(1);
      });

      test('what waited past its time to live expires and is not claimed', async () => {
        const { notificationId } = await queueFor(1, { ttlMs: 10_000 });
        const expired = await store.write((tx) => tx.queue.expireDue(NOW + 10_000));
        expect(expired).toBe(1);
        expect(await claim({ nowMs: NOW + 10_000 })).toEqual([]);
        expect(await statesOf(notificationId)).toEqual(['expired']);
      });

      test('the oldest that is due is found over all lanes and priorities, and what is due later does not count', async () => {
        const oldest = () => store.read.deliveries.oldestDueAtMs(NOW);
        expect(await oldest()).toBeUndefined();
        const { person, producerId } = await queueFor(1);
        const other = await installPerson(store, { index: 2, nowMs: NOW, tenantId: OTHER_TENANT });
        expect(await oldest()).toBe(NOW);
        await queueNotification(store, { producerId, to: [person], nowMs: NOW - 5_000, priority: 'bulk' });
        expect(await oldest()).toBe(NOW - 5_000);
        await queueNotification(store, { producerId, to: [other], nowMs: NOW - 9_000, priority: 'urgent' });
        expect(await oldest()).toBe(NOW - 9_000);
        expect(await store.read.deliveries.oldestDueAtMs(NOW - 9_001)).toBeUndefined();
      });
    });

    const begin = (lease: { deliveryId: number; owner: string }, nowMs: number) =>
      store.write((tx) =>
        tx.queue.beginAttempt(lease, { operation: 'post', requestId: 'r', nowMs, leaseUntilMs: nowMs + 60_000 }),
      );

    describe('leases', () => {
      test('attempts are counted from 1 and recorded before they end', async () => {
        await queueFor(1);
        const [claimed] = await claim();
        const lease = { deliveryId: claimed?.id ?? 0, owner: 'dispatcher-1' };
        expect(await begin(lease, NOW)).toBe(1);
        expect(await begin(lease, NOW)).toBe(2);
        const attempts = await store.read.attempts.list([lease.deliveryId]);
        expect(attempts).toMatchObject([
          { number: 1, outcome: null },
          { number: 2, outcome: null },
        ]);
      });

      test('who does not hold the lease can neither begin, end, release nor give back', async () => {
        const { notificationId } = await queueFor(1);
        const [claimed] = await claim();
        const lease = { deliveryId: claimed?.id ?? 0, owner: 'dispatcher-1' };
        const stranger = { ...lease, owner: 'dispatcher-2' };
        await begin(lease, NOW);
        expect(await begin(stranger, NOW)).toBeUndefined();
        expect(await store.write((tx) => tx.queue.endAttempt(stranger, ENDED))).toBe(false);
        expect(await store.write((tx) => tx.queue.release(stranger, SENT))).toBe(false);
        await store.write((tx) => tx.queue.giveBack(stranger));
        expect(await statesOf(notificationId)).toEqual(['sending']);
        expect(await store.write((tx) => tx.queue.endAttempt(lease, ENDED))).toBe(true);
        expect(await store.write((tx) => tx.queue.release(lease, SENT))).toBe(true);
        expect(await store.write((tx) => tx.queue.release(lease, SENT))).toBe(false);
      });

      test('what was given back can be claimed again, and an attempt that has begun is not given back', async () => {
        const { notificationId } = await queueFor(1);
        const [claimed] = await claim();
        const lease = { deliveryId: claimed?.id ?? 0, owner: 'dispatcher-1' };
        await store.write((tx) => tx.queue.giveBack(lease));
        expect(await statesOf(notificationId)).toEqual(['queued']);
        await claim({ nowMs: NOW + 400 });
        await begin(lease, NOW + 400);
        await store.write((tx) => tx.queue.giveBack(lease));
        expect(await statesOf(notificationId)).toEqual(['sending']);
      });

      test('abandoned deliveries are listed with the attempt that was under way', async () => {
        await queueFor(1);
        await queueFor(2);
        const [first, second] = await claim();
        await begin({ deliveryId: first?.id ?? 0, owner: 'dispatcher-1' }, NOW);
        expect(await store.read.queue.listAbandoned(NOW + 60_000, 10)).toEqual([]);
        const abandoned = await store.read.queue.listAbandoned(NOW + 60_001, 10);
        expect(abandoned.find((row) => row.deliveryId === first?.id)).toMatchObject({
          owner: 'dispatcher-1',
          attempt: { number: 1, operation: 'post' },
        });
        expect(abandoned.find((row) => row.deliveryId === second?.id)?.attempt).toBeUndefined();
      });
    });

    describe('broadcasts', () => {
      const broadcast = async (tenantId: string | null) => {
        const producerId = await addProducer(store);
        const notificationId = await queueNotification(store, { producerId, to: [], nowMs: NOW });
        await store.write((tx) => tx.notifications.startFanout(toEveryone(notificationId, { tenantId })));
        return notificationId;
      };
      const expand = (chunk: number) => store.write((tx) => tx.queue.expandFanout(NOW, chunk));

      test('everybody with the bot installed gets one delivery, in chunks, and then it is done', async () => {
        for (let index = 0; index < 5; index++) {
          await installPerson(store, { index, nowMs: NOW });
        }
        const notificationId = await broadcast(null);
        expect(await store.read.queue.hasDue(NOW)).toBe(true);
        expect([await expand(2), await expand(2), await expand(2), await expand(2)]).toEqual([2, 2, 1, 0]);
        expect(await statesOf(notificationId)).toHaveLength(5);
      });

      test('a broadcast of one tenant reaches nobody of another', async () => {
        await installPerson(store, { index: 1, nowMs: NOW });
        await installPerson(store, { index: 2, nowMs: NOW, tenantId: OTHER_TENANT });
        const notificationId = await broadcast(OTHER_TENANT);
        expect(await expand(10)).toBe(1);
        expect(await statesOf(notificationId)).toHaveLength(1);
      });

      test('who is named and also part of everyone gets one delivery', async () => {
        const { notificationId } = await queueFor(1);
        await store.write((tx) => tx.notifications.startFanout(toEveryone(notificationId)));
        expect(await expand(10)).toBe(1);
        expect(await statesOf(notificationId)).toHaveLength(1);
      });
    });

    describeAudiencesContract(
      () => store,
      (sql) => harness.run(sql),
    );

    describe('the gate', () => {
      describeClosedHostsContract(() => store);
    });

    describePagesContract(() => store);
    describeAsksContract(
      () => store,
      (sql) => harness.run(sql),
    );

    describeSharedWritesContract(() => store);
    describe('dialogs', () => describeDialogDefinitionsContract(() => store));

    describeTemplatesContract(() => store);
    describeHooksContract(() => store);

    describe('what is scheduled', () => {
      describeScheduleContract(() => store);
    });

    describe('status events', () => {
      describeStatusEventsContract(() => store);
    });
    describePeopleContract(() => store);
    describeRostersContract(() => store);

    describeRetentionContract(() => store);

    describe('pacing', () => {
      describePacingContract(
        () => store,
        async () => {
          store = await harness.reopen(store);
          return store;
        },
      );
    });
  });
}

const SENT = {
  state: 'sent',
  failures: 0,
  isReduced: false,
  dueAtMs: NOW,
  reason: null,
  activityId: '1',
  nowMs: NOW,
} as const;

const ENDED = { number: 1, outcome: 'delivered', reason: null, httpStatus: 201, correlationId: null, nowMs: NOW };
