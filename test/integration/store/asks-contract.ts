// What is asked and answered, as it is kept, told, exported and erased: a part of the store contract.

import type { EventContent } from '../../../src/domain/notification.ts';
import { eraseContents } from '../../../src/store/erase-contents.ts';
import { forgetPerson } from '../../../src/store/forget-person.ts';
import type { NewAsk } from '../../../src/store/statements/ask-rows.ts';
import type { Store } from '../../../src/store/store.ts';
import {
  addProducer,
  EVENT,
  type InstalledPerson,
  installPerson,
  queueNotification,
} from '../../support/store-fixtures.ts';

const NOW = Date.UTC(2026, 0, 1);
const HOUR = 3_600_000;
const ASKING: EventContent = { ...EVENT, ask: { canAcknowledge: true, actions: [] } };

export function describeAsksContract(openedStore: () => Store, run: (sql: string) => Promise<unknown>): void {
  describe('asks', () => {
    const install = (count: number) =>
      Promise.all(
        Array.from({ length: count }, (_, at) => installPerson(openedStore(), { index: at + 1, nowMs: NOW })),
      );

    async function ask(to: readonly InstalledPerson[], fields: Partial<NewAsk> = {}): Promise<number> {
      const store = openedStore();
      const producer = (await store.read.producers.findByName('ci')) ?? { id: await addProducer(store) };
      const notificationId = await queueNotification(store, {
        ...{ producerId: producer.id, to, nowMs: NOW, content: ASKING },
      });
      await store.write((tx) => tx.askRows.insert({ notificationId, state: 'open', ...fields }));
      return notificationId;
    }

    const answer = (notificationId: number, personId: number | null, input: string | null = null) =>
      run(`INSERT INTO response (notification_id, person_id, action, input, responded_at_ms)
           VALUES (${notificationId}, ${personId ?? 'NULL'}, 'approve', ${input === null ? 'NULL' : `'${input}'`}, ${NOW})`);

    const inputsOf = async (notificationId: number) =>
      (await openedStore().read.askRows.listResponses(notificationId, 0, 10)).map(({ input }) => input);

    test('what is asked is found as it was stored', async () => {
      const [ana] = await install(1);
      const id = await ask(ana ? [ana] : [], {
        ...{ remindMs: HOUR, remindAtMs: NOW + HOUR },
        ...{ escalateTo: ['ben@contoso.com'], escalateAtMs: NOW + 2 * HOUR },
      });
      expect(await openedStore().read.askRows.find(id)).toEqual({
        ...{ state: 'open', decidedAction: null, remindAtMs: NOW + HOUR, reminders: 0 },
        ...{ escalateAtMs: NOW + 2 * HOUR, escalatedAtMs: null },
      });
      expect(await openedStore().read.askRows.find(id + 1)).toBeUndefined();
    });

    test('what is closed reminds nobody, and only that', async () => {
      const people = await install(1);
      const times = { remindMs: HOUR, remindAtMs: NOW + HOUR, escalateTo: ['ben@contoso.com'], escalateAtMs: NOW };
      const [closed, other] = [await ask(people, times), await ask(people, times)];
      await openedStore().write((tx) => tx.askRows.close(closed));
      expect(await openedStore().read.askRows.find(closed)).toMatchObject({
        ...{ state: 'closed', remindAtMs: null, escalateAtMs: null },
      });
      expect(await openedStore().read.askRows.listOpen([closed, other])).toEqual([other]);
    });

    test('answers come in their order, with who gave them, a part at a time', async () => {
      const people = await install(3);
      const [id, other] = [await ask(people), await ask(people)];
      for (const { personId } of people) {
        await answer(id, personId, '"because"');
      }
      await answer(other, people[0]?.personId ?? 0);
      const { askRows } = openedStore().read;
      const first = await askRows.listResponses(id, 0, 2);
      expect(first.map(({ email, action, input }) => [email, action, input])).toEqual([
        ['person1@contoso.com', 'approve', '"because"'],
        ['person2@contoso.com', 'approve', '"because"'],
      ]);
      const rest = await askRows.listResponses(id, first[1]?.id ?? 0, 2);
      expect(rest.map(({ email }) => email)).toEqual(['person3@contoso.com']);
      expect(await askRows.countResponses(id)).toBe(3);
      expect(await askRows.listAnswered([id, other, other + 1])).toEqual(expect.arrayContaining([id, other]));
    });

    test('what was read is counted, of this notification only', async () => {
      const people = await install(2);
      const [id, other] = [await ask(people), await ask(people)];
      await run(`UPDATE delivery SET read_at_ms = ${NOW} WHERE notification_id = ${other}`);
      await run(
        `UPDATE delivery SET read_at_ms = ${NOW} WHERE notification_id = ${id} AND conversation_id = ${people[0]?.conversationId}`,
      );
      const { deliveries, messageSigns } = openedStore().read;
      expect(await messageSigns.countOfNotification(id)).toMatchObject({ read: 1 });
      const rows = await deliveries.listOfNotification(id, 10);
      expect(rows.map(({ readAtMs }) => readAtMs).toSorted()).toEqual([NOW, null].toSorted());
    });

    test('a person who is erased stays counted, without their name and without what they entered', async () => {
      const [ana, ben] = await install(2);
      const id = await ask(ana && ben ? [ana, ben] : []);
      await answer(id, ana?.personId ?? 0, '"Ana says so"');
      await answer(id, ben?.personId ?? 0, '"Ben says so"');
      await openedStore().write((tx) =>
        forgetPerson(tx, {
          ...{ conversationId: ana?.conversationId ?? 0, personId: ana?.personId ?? 0 },
          ...{ reason: 'uninstalled', nowMs: NOW },
        }),
      );
      const rows = await openedStore().read.askRows.listResponses(id, 0, 10);
      expect(rows.map(({ personId, email, input }) => [personId, email, input])).toEqual([
        [null, null, null],
        [ben?.personId, 'person2@contoso.com', '"Ben says so"'],
      ]);
    });

    test('a person who is erased is not asked later, and the others are', async () => {
      const [ana] = await install(1);
      const id = await ask(ana ? [ana] : [], {
        ...{ escalateTo: ['Person1@contoso.com', 'ben@contoso.com', 'person1@contoso.com'], escalateAtMs: NOW },
      });
      const only = await ask(ana ? [ana] : [], { escalateTo: ['person1@contoso.com'], escalateAtMs: NOW });
      const escalation = async (notificationId: number) => {
        const nameKeys = ['ben@contoso.com', 'nobody@contoso.com'];
        const { escalateAtMs } = (await openedStore().read.askRows.find(notificationId)) ?? {};
        const named = await openedStore().read.personalAnswers.listEscalations({ nameKeys });
        return [escalateAtMs, named.find((one) => one.notificationId === notificationId)?.escalateTo];
      };
      await openedStore().write(async (tx) => {
        const mention = (notificationId: number, recipient: string) =>
          tx.names.insertMention({ notificationId, nameKey: recipient.toLowerCase(), recipient });
        for (const recipient of ['Person1@contoso.com', 'ben@contoso.com', 'person1@contoso.com']) {
          await mention(id, recipient);
        }
        await mention(only, 'person1@contoso.com');
        const { conversationId = 0, personId = 0 } = ana ?? {};
        await forgetPerson(tx, { conversationId, personId, reason: 'uninstalled', nowMs: NOW });
      });
      expect(await escalation(id)).toEqual([NOW, '["ben@contoso.com"]']);
      expect(await escalation(only)).toEqual([null, undefined]);
    });

    test('with the content goes what was entered, and who was to be asked', async () => {
      const people = await install(1);
      const times = { remindMs: HOUR, remindAtMs: NOW, escalateTo: ['ben@contoso.com'], escalateAtMs: NOW };
      const [old, young] = [await ask(people, times), await ask(people, times)];
      await answer(old, people[0]?.personId ?? 0, '"secret"');
      await answer(young, people[0]?.personId ?? 0, '"kept"');
      await openedStore().write((tx) => eraseContents(tx, [{ id: old, endedAtMs: NOW }]));
      expect([await inputsOf(old), await inputsOf(young)]).toEqual([[null], ['"kept"']]);
      const { askRows } = openedStore().read;
      expect(await askRows.find(old)).toMatchObject({ remindAtMs: null, escalateAtMs: null });
      expect(await askRows.find(young)).toMatchObject({ remindAtMs: NOW, escalateAtMs: NOW });
    });

    test('with the notification goes all that was answered to it', async () => {
      const people = await install(1);
      const id = await ask(people);
      await answer(id, people[0]?.personId ?? 0);
      const [delivery] = await openedStore().read.deliveries.listOfNotification(id, 1);
      await run(
        `INSERT INTO reaction (delivery_id, person_id, type, reacted_at_ms) VALUES (${delivery?.id}, ${people[0]?.personId}, 'like', ${NOW})`,
      );
      await openedStore().write(async (tx) => {
        await tx.retention.deleteDeliveries([id], 10);
        await tx.retention.deleteNotifications([id]);
      });
      const { askRows, personalAnswers } = openedStore().read;
      expect([await askRows.find(id), await askRows.countResponses(id)]).toEqual([undefined, 0]);
      expect(await personalAnswers.listReactionsOf(people[0]?.personId ?? 0, 0, 10)).toEqual([]);
    });

    test('what a person answered, and how they reacted, is exported a part at a time', async () => {
      const [ana, ben] = await install(2);
      const ids = [];
      for (let count = 0; count < 3; count++) {
        const id = await ask(ana && ben ? [ana, ben] : []);
        ids.push(id);
        await answer(id, ana?.personId ?? 0, '7');
        await answer(id, ben?.personId ?? 0, '8');
        await run(
          `INSERT INTO reaction (delivery_id, person_id, type, reacted_at_ms)
           SELECT id, ${ana?.personId}, 'heart', ${NOW} FROM delivery WHERE notification_id = ${id} AND conversation_id = ${ana?.conversationId}
           UNION ALL
           SELECT id, ${ana?.personId}, 'like', ${NOW} FROM delivery WHERE notification_id = ${id} AND conversation_id = ${ana?.conversationId}`,
        );
      }
      const { personalAnswers } = openedStore().read;
      const { personId = 0 } = ana ?? {};
      const first = await personalAnswers.listResponsesOf(personId, 0, 2);
      const rest = await personalAnswers.listResponsesOf(personId, first[1]?.id ?? 0, 2);
      expect([...first, ...rest].map(({ producerName, action, input }) => [producerName, action, input])).toEqual(
        Array(3).fill(['ci', 'approve', '7']),
      );
      const reactions = await personalAnswers.listReactionsOf(personId, 0, 2);
      expect(reactions.map(({ type }) => type)).toEqual(['heart', 'like', 'heart', 'like']);
      const others = await personalAnswers.listReactionsOf(personId, reactions[3]?.deliveryId ?? 0, 2);
      expect(others.map(({ type }) => type)).toEqual(['heart', 'like']);
      expect(await personalAnswers.listReactionsOf(ben?.personId ?? 0, 0, 2)).toEqual([]);
    });
  });
}
