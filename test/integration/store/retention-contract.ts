// What erasing old data must do, whatever database is behind it.

import { redeliverNotification } from '../../../src/delivery/redeliver.ts';
import { eraseOldData, type RetentionCounts } from '../../../src/delivery/retention.ts';
import { ERASED_CONTENT } from '../../../src/domain/notification.ts';
import type { Store } from '../../../src/store/store.ts';
import { silentLogger } from '../../../src/telemetry/logger.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import {
  addProducer,
  EVENT,
  type InstalledPerson,
  installPerson,
  queueNotification,
  TENANT,
  toEveryone,
} from '../../support/store-fixtures.ts';
import { storeWithWrite } from '../../support/store-with-write.ts';
import { settled } from '../../support/waiting.ts';

const DAY_MS = 24 * 3_600_000;
const RULES = { contentMs: 7 * DAY_MS, metadataMs: 90 * DAY_MS };
const NOTHING: RetentionCounts = {
  contents: 0,
  passedOver: 0,
  notifications: 0,
  deliveries: 0,
  attempts: 0,
  dialogs: 0,
};

/** @param open gives the store of the test */
export function describeRetentionContract(open: () => Store): void {
  describe('retention', () => {
    let clock: ManualClock;
    let producerId: number;
    let people: readonly InstalledPerson[];

    beforeEach(async () => {
      clock = new ManualClock();
      producerId = await addProducer(open());
      people = [
        await installPerson(open(), { index: 1, nowMs: clock.nowMs() }),
        await installPerson(open(), { index: 2, nowMs: clock.nowMs() }),
      ];
    });

    /** Runs to its end; its pauses take no time. */
    const eraseOld = async (store = open(), rules = RULES, signal = new AbortController().signal) => {
      let isRunning = true;
      const running = eraseOldData({ store, clock, signal }, rules).finally(() => {
        isRunning = false;
      });
      // A failure is for the caller.
      running.catch(() => undefined);
      while (isRunning) {
        await settled(1);
        clock.jump(clock.nowMs() + 10);
      }
      return running;
    };

    const queue = (to = people, ttlMs = DAY_MS) =>
      queueNotification(open(), { producerId, to, nowMs: clock.nowMs(), ttlMs });

    /** Sends all that waits, each with one attempt. */
    const send = async () => {
      const nowMs = clock.nowMs();
      const claimed = await open().write((tx) =>
        tx.queue.claim({
          ...{ nowMs, owner: 'o', leaseMs: 60_000, limit: 500, quantum: 500, horizonMs: 60_000 },
          ...{ closedOrigins: [], isClosedToRetries: false },
        }),
      );
      for (const { id } of claimed) {
        const lease = { deliveryId: id, owner: 'o' };
        await open().writeOne((tx) =>
          tx.queue.beginAttempt(lease, { operation: 'post', requestId: 'r', nowMs, leaseUntilMs: nowMs + 60_000 }),
        );
        await open().writeOne((tx) =>
          tx.queue.endAttempt(
            lease,
            { number: 1, outcome: 'delivered', reason: null, httpStatus: 201, correlationId: null, nowMs },
            {
              ...{ state: 'sent', failures: 0, isReduced: false, dueAtMs: nowMs, reason: null },
              activityId: 'a',
              nowMs,
            },
          ),
        );
      }
      return claimed.length;
    };

    const contentOf = async (id: number) =>
      JSON.parse((await open().read.personalData.readContents([id])).get(id) ?? 'null');
    const recipientsOf = async (id: number) =>
      (await open().read.deliveries.listOfNotification(id, 500)).map(({ recipient }) => recipient);

    test('content and names go when their time after the last delivery is over, and not before', async () => {
      const id = await queue();
      clock.advance(DAY_MS / 2);
      await send();
      clock.advance(RULES.contentMs - 1);
      expect(await eraseOld()).toEqual({ ...NOTHING, passedOver: 1 });
      expect(await contentOf(id)).toEqual(EVENT);
      clock.advance(1);
      expect(await eraseOld()).toEqual({ ...NOTHING, contents: 1 });
      expect([await contentOf(id), await recipientsOf(id)]).toEqual([ERASED_CONTENT, [null, null]]);
      expect(await eraseOld()).toEqual(NOTHING);
    });

    test('what is open keeps its content however old it is, and goes in its time after it has ended', async () => {
      const id = await queue(people, 60 * DAY_MS);
      clock.advance(30 * DAY_MS);
      expect(await eraseOld()).toEqual({ ...NOTHING, passedOver: 1 });
      await send();
      clock.advance(RULES.contentMs);
      expect(await eraseOld()).toEqual({ ...NOTHING, contents: 1 });
      expect(await contentOf(id)).toEqual(ERASED_CONTENT);
    });

    test('one that is kept does not keep those that came after it', async () => {
      const open1 = await queue(people, 60 * DAY_MS);
      const old = await queue([]);
      clock.advance(6 * DAY_MS);
      const young = await queue([]);
      clock.advance(DAY_MS);
      expect(await eraseOld()).toEqual({ ...NOTHING, contents: 1, passedOver: 1 });
      expect([await contentOf(open1), await contentOf(old), await contentOf(young)]).toEqual([
        EVENT,
        ERASED_CONTENT,
        EVENT,
      ]);
    });

    test('names of those who were not reached go with the content, also from the remembered answer', async () => {
      const id = await queue([]);
      const unresolved = JSON.stringify([{ recipient: 'eve@contoso.com', reason: 'unknown', detail: '' }]);
      await open().write(async (tx) => {
        await tx.names.setUnresolved(id, unresolved);
        await tx.names.insertMention({ notificationId: id, nameKey: 'eve@contoso.com', recipient: 'eve@contoso.com' });
        await tx.notifications.insertIdempotent({
          ...{ producerId, key: 'k', requestSha256: new Uint8Array(32), notificationId: id },
          body: `{"id":"n","unresolved":${unresolved}}`,
          nowMs: clock.nowMs(),
        });
      });
      clock.advance(2 * DAY_MS);
      await eraseOld(open(), { contentMs: DAY_MS, metadataMs: 4 * DAY_MS });
      expect(await open().read.names.listUnresolved({ nameKeys: ['eve@contoso.com'] })).toEqual([]);
      const answer = await open().read.notifications.findIdempotent(producerId, 'k');
      expect(JSON.parse(answer?.body ?? '')).toMatchObject({ id: 'n', unresolved: [{ recipient: null }] });
    });

    test('who was mentioned is forgotten with the content', async () => {
      const id = await queue([]);
      const { personId = 0 } = people[0] ?? {};
      await open().write(async (tx) => {
        await tx.people.refresh(personId, { tenantId: TENANT, name: 'Ana' }, clock.nowMs());
        await tx.mentions.insert(id, [personId]);
      });
      const mentioned = () => open().read.mentions.list({ notificationId: id, tenantId: TENANT });
      expect(await mentioned()).toHaveLength(1);
      clock.advance(RULES.contentMs);
      await eraseOld();
      expect(await mentioned()).toEqual([]);
    });

    test('a broadcast is kept while it is being expanded, and its names go with its content', async () => {
      const id = await queue([people[0] as InstalledPerson]);
      await open().write((tx) => tx.notifications.startFanout(toEveryone(id)));
      clock.advance(RULES.contentMs);
      expect(await eraseOld()).toEqual({ ...NOTHING, passedOver: 1 });
      await open().write((tx) => tx.queue.expandFanout(clock.nowMs(), 10));
      await open().write((tx) => tx.queue.expandFanout(clock.nowMs(), 10));
      await open().write((tx) => tx.queue.expireDue(clock.nowMs()));
      clock.advance(RULES.contentMs);
      expect(await eraseOld()).toEqual({ ...NOTHING, contents: 1 });
      expect(await recipientsOf(id)).toEqual([null, null]);
    });

    test('what is known of deliveries goes later, and nothing is left of them', async () => {
      await queue();
      await send();
      clock.advance(RULES.metadataMs - DAY_MS);
      const young = await queue();
      expect(await eraseOld()).toEqual({ ...NOTHING, contents: 1 });
      clock.advance(DAY_MS + 1);
      expect(await eraseOld()).toEqual({ ...NOTHING, notifications: 1, deliveries: 2, attempts: 2 });
      expect(await recipientsOf(young)).toHaveLength(2);
    });

    test('those that come after everything was deleted have their turn, too', async () => {
      for (let round = 0; round < 2; round++) {
        const id = await queue();
        await send();
        clock.advance(RULES.contentMs);
        expect(await eraseOld()).toEqual({ ...NOTHING, contents: 1 });
        expect(await contentOf(id)).toEqual(ERASED_CONTENT);
        clock.advance(RULES.metadataMs);
        expect(await eraseOld()).toMatchObject({ notifications: 1 });
      }
    });

    test('one that was stored while the clock was far ahead holds up no other', async () => {
      clock.advance(400 * DAY_MS);
      const ahead = await queue([]);
      clock.set(-400 * DAY_MS);
      const id = await queue([]);
      clock.advance(RULES.contentMs);
      expect(await eraseOld()).toEqual({ ...NOTHING, contents: 1, passedOver: 1 });
      expect([await contentOf(id), await contentOf(ahead)]).toEqual([ERASED_CONTENT, EVENT]);
    });

    test('it is done in small transactions, and whatever ends it, the next round goes on', async () => {
      for (let count = 0; count < 120; count++) {
        await queue([]);
      }
      clock.advance(RULES.contentMs);
      let writes = 0;
      const mortal = storeWithWrite(open(), (work) =>
        ++writes > 1 ? Promise.reject(new Error('killed')) : open().write(work),
      );
      await expect(eraseOld(mortal)).rejects.toThrow('killed');
      expect(await eraseOld()).toEqual({ ...NOTHING, contents: 70 });
      clock.advance(RULES.metadataMs + 1);
      writes = 0;
      await expect(eraseOld(mortal)).rejects.toThrow('killed');
      expect(await eraseOld()).toEqual({ ...NOTHING, notifications: 70 });
    });

    test('it ends between two transactions when it is told to', async () => {
      for (let count = 0; count < 120; count++) {
        await queue([]);
      }
      clock.advance(RULES.contentMs);
      const stop = new AbortController();
      const stopping = storeWithWrite(open(), (work) => {
        stop.abort();
        return open().write(work);
      });
      expect(await eraseOld(stopping, RULES, stop.signal)).toEqual({ ...NOTHING, contents: 50 });
    });

    test('two that do it at the same time do it once', async () => {
      for (let count = 0; count < 120; count++) {
        await queue([]);
      }
      clock.advance(RULES.contentMs);
      const [one, other] = await Promise.all([eraseOld(), eraseOld()]);
      expect(one.contents + other.contents).toBe(120);
    });

    test('what lost its content is not sent again, and says why', async () => {
      const id = await queue();
      clock.advance(2 * DAY_MS);
      await open().write((tx) => tx.queue.expireDue(clock.nowMs()));
      clock.advance(RULES.contentMs);
      await eraseOld();
      const publicId = String((await publicIds(open(), producerId))[0]);
      const redelivered = await redeliverNotification(
        { store: open(), clock, logger: silentLogger },
        { id: publicId },
        DAY_MS,
      );
      expect(redelivered).toEqual({ redelivered: 0, unreachable: 0, contentErased: 2, untouched: 0 });
      const rows = await open().read.deliveries.listOfNotification(id, 10);
      expect(rows.map(({ state, reason }) => `${state} ${reason}`)).toEqual(Array(2).fill('failed content_erased'));
    });
  });
}

async function publicIds(store: Store, producerId: number): Promise<readonly string[]> {
  const rows = await store.read.undelivered.list({ producerId }, {}, 10);
  return rows.map(({ notificationPublicId }) => notificationPublicId);
}
