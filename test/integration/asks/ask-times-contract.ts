// What reminding and escalating must do, whatever database is behind it.

import type { InstalledPerson } from '../../support/store-fixtures.ts';
import { type AnyDeliveryFixture, ASKING, AskTimesFixture, dyingAfter, MINUTE_MS } from './ask-times-fixture.ts';

/** @param open the fixture of the test that runs */
export function describeAskTimesContract(open: () => AnyDeliveryFixture): void {
  let fixture: AskTimesFixture;

  beforeEach(async () => {
    fixture = await AskTimesFixture.create(open());
  });

  afterEach(() => fixture.stop());

  const chats = (people: readonly InstalledPerson[]) => people.map(({ conversationId }) => conversationId);
  const untilReminded = (count: number) =>
    fixture.until(`${count} are reminded`, async () => (await fixture.reminded()).length >= count);

  describe('a reminder', () => {
    const remindMs = 30 * MINUTE_MS;

    test('comes to those who have not answered, when it is time and not before', async () => {
      const [ana, ben] = await fixture.install(2);
      const id = await fixture.ask([ana, ben] as InstalledPerson[], { remindMs });
      await fixture.sent();
      await fixture.respond(id, ana as InstalledPerson);
      fixture.startWorker();
      await fixture.passTo(remindMs - 1);
      expect(await fixture.reminded()).toEqual([]);
      await fixture.passTo(1);
      await untilReminded(1);
      expect(await fixture.reminded()).toEqual(chats([ben as InstalledPerson]));
      const [{ public_id: publicId } = {}] = await fixture.rows(`SELECT public_id FROM notification WHERE id = ${id}`);
      const told = { kind: 'reminder', notification: publicId, title: 'Disk full', source: 'ci', ask: ASKING.ask };
      expect(await fixture.reminders()).toEqual([told]);
    });

    test('comes three times at most', async () => {
      const people = await fixture.install(1);
      const id = await fixture.ask(people, { remindMs });
      await fixture.sent();
      fixture.startWorker();
      for (let time = 1; time <= 5; time += 1) {
        await fixture.passTo(remindMs);
        await untilReminded(Math.min(time, 3));
        await fixture.sent(10_000);
      }
      expect(await fixture.reminded()).toHaveLength(3);
      expect(await fixture.askRow(id)).toMatchObject({ remind_at_ms: null, reminders: 3 });
    });

    test('comes also to those who have only read it', async () => {
      const people = await fixture.install(1);
      await fixture.ask(people, { remindMs });
      await fixture.sent();
      await fixture.change('UPDATE delivery SET read_at_ms = 1');
      fixture.startWorker();
      await fixture.passTo(remindMs);
      await untilReminded(1);
    });

    test.each([
      ['it was acknowledged', "UPDATE ask SET state = 'acknowledged'"],
      ['it was decided', "UPDATE ask SET state = 'decided'"],
      ['it was closed', "UPDATE ask SET state = 'closed'"],
      ['it was recalled', 'UPDATE notification SET recalled_at_ms = 1'],
      ['its content was erased', `UPDATE notification SET content = '{"kind":"erased"}'`],
    ])('does not come once %s', async (_what, sql) => {
      const people = await fixture.install(1);
      const id = await fixture.ask(people, { remindMs });
      await fixture.sent();
      await fixture.change(sql);
      fixture.startWorker();
      await fixture.passTo(remindMs);
      await fixture.until('it is not due any more', async () => (await fixture.askRow(id))['remind_at_ms'] === null);
      expect(await fixture.reminded()).toEqual([]);
    });

    test('waits for what was not sent yet, and that time does not count', async () => {
      const people = await fixture.install(1);
      const id = await fixture.ask(people, { remindMs });
      fixture.startWorker();
      await fixture.passTo(remindMs);
      const dueAgainMs = fixture.queue.clock.nowMs() + remindMs;
      await fixture.until('it is due later', async () => {
        return Number((await fixture.askRow(id))['remind_at_ms']) >= dueAgainMs;
      });
      expect(await fixture.askRow(id)).toMatchObject({ reminders: 0 });
      await fixture.sent();
      await fixture.passTo(remindMs);
      await untilReminded(1);
    });

    test('comes the next time to those who got it only shortly before', async () => {
      const [ana, ben] = await fixture.install(2);
      await fixture.ask([ana, ben] as InstalledPerson[], { remindMs });
      await fixture.sent();
      const lateMs = fixture.queue.clock.nowMs() + remindMs - MINUTE_MS;
      await fixture.change(`INSERT INTO attempt (delivery_id, number, operation, request_id, started_at_ms, finished_at_ms, outcome)
        SELECT max(id), 1, 'post', 'r', 1, ${lateMs}, 'delivered' FROM delivery`);
      fixture.startWorker();
      await fixture.passTo(remindMs);
      await untilReminded(1);
      expect(await fixture.reminded()).toEqual(chats([ana as InstalledPerson]));
    });

    test('does not come to somebody for whom the last one still waits', async () => {
      const people = await fixture.install(1);
      const id = await fixture.ask(people, { remindMs });
      await fixture.sent();
      fixture.startWorker();
      await fixture.passTo(remindMs);
      await untilReminded(1);
      await fixture.passTo(remindMs);
      await fixture.until('the second time is over', async () => Number((await fixture.askRow(id))['reminders']) === 2);
      expect(await fixture.reminded()).toHaveLength(1);
    });

    test('does not come to channels', async () => {
      const [ana] = await fixture.install(1);
      await fixture.ask([ana as InstalledPerson], { remindMs });
      await fixture.sent();
      await fixture.change("UPDATE conversation SET kind = 'channel'");
      const worker = fixture.startWorker();
      await fixture.passTo(remindMs);
      await worker.stop();
      expect(await fixture.reminded()).toEqual([]);
    });

    test('comes once to each of many, also when a process dies in the middle of them', async () => {
      const people = await fixture.install(7);
      const id = await fixture.ask(people, { remindMs });
      await fixture.sent();
      const dying = fixture.startWorker(dyingAfter(fixture.queue.store, 2), 2);
      await fixture.passTo(remindMs);
      await untilReminded(4);
      await dying.stop();
      expect(await fixture.askRow(id)).toMatchObject({ reminders: 0 });
      fixture.startWorker(fixture.queue.store, 2);
      await untilReminded(7);
      await fixture.until('the time is over', async () => (await fixture.askRow(id))['reminders'] === 1);
      expect((await fixture.reminded()).toSorted()).toEqual(chats(people).toSorted());
    });

    test('comes once to each of many when several processes remind them', async () => {
      const people = await fixture.install(9);
      const id = await fixture.ask(people, { remindMs });
      await fixture.sent();
      for (let process = 0; process < 3; process += 1) {
        fixture.startWorker(await open().openBeside(), 2);
      }
      await fixture.passTo(remindMs);
      await fixture.until('the time is over', async () => (await fixture.askRow(id))['reminders'] === 1);
      expect((await fixture.reminded()).toSorted()).toEqual(chats(people).toSorted());
      await fixture.stop();
    });
  });

  describe('a reminder that waits', () => {
    const remindMs = 30 * MINUTE_MS;

    const queueOne = async () => {
      const [ana] = await fixture.install(1);
      const id = await fixture.ask([ana as InstalledPerson], { remindMs });
      await fixture.sent();
      const worker = fixture.startWorker();
      await fixture.passTo(remindMs);
      await untilReminded(1);
      await worker.stop();
      return { id, ana: ana as InstalledPerson };
    };

    const send = async () => {
      await fixture.queue.createDispatcher({ isAlone: fixture.queue.isAlone }).start();
      await fixture.until('it is over', async () => {
        const rows = await fixture.rows("SELECT id FROM delivery WHERE state IN ('queued', 'leased', 'sending')");
        return rows.length === 0;
      });
      const [row] = await fixture.rows('SELECT state, reason FROM delivery ORDER BY id DESC LIMIT 1');
      return row;
    };

    test('goes out as a message of its own', async () => {
      await queueOne();
      expect(await send()).toMatchObject({ state: 'sent' });
      expect(fixture.queue.sender.posts.map(({ content }) => content?.kind)).toEqual(['reminder']);
    });

    test('has the menu of what it reminds of', async () => {
      const { id } = await queueOne();
      await send();
      const [row] = await fixture.rows(`SELECT public_id FROM notification WHERE id = ${id}`);
      expect(fixture.queue.sender.posts[0]?.menu).toEqual({ notification: row?.['public_id'], hasKey: false });
    });

    test('does not go out once its reader has answered', async () => {
      const { id, ana } = await queueOne();
      await fixture.respond(id, ana);
      expect(await send()).toMatchObject({ state: 'superseded', reason: 'answered' });
    });

    test('does not go out once somebody has acknowledged', async () => {
      await queueOne();
      await fixture.change("UPDATE ask SET state = 'acknowledged'");
      expect(await send()).toMatchObject({ state: 'superseded', reason: 'answered' });
    });

    test('does not go out to somebody who wants nothing from the bot', async () => {
      const { ana } = await queueOne();
      await open().store.write((tx) => tx.preferences.save(ana.personId, { optedOutAtMs: 1 }, 1));
      expect(await send()).toMatchObject({ state: 'suppressed', reason: 'opted_out' });
    });

    test('does not go out to somebody who has muted the source of what it reminds of', async () => {
      const { ana } = await queueOne();
      const mutes = [{ kind: 'source', name: 'ci', untilMs: null }] as const;
      await open().store.write((tx) => tx.preferences.save(ana.personId, { mutes }, 1));
      expect(await send()).toMatchObject({ state: 'suppressed', reason: 'muted' });
    });
  });

  describe('an escalation', () => {
    const escalateMs = 15 * MINUTE_MS;

    const untilEscalated = (id: number) =>
      fixture.until('it is not due any more', async () => (await fixture.askRow(id))['escalate_at_ms'] === null);
    const recipients = async (id: number) =>
      (await fixture.rows(`SELECT recipient FROM delivery WHERE notification_id = ${id} ORDER BY id`)).map(
        (row) => row['recipient'],
      );

    test('gives the notification to others when nobody has given a sign in time', async () => {
      const [ana, ben] = await fixture.install(2);
      const id = await fixture.ask([ana as InstalledPerson], { escalateMs, escalateTo: ['person2@contoso.com'] });
      await fixture.sent();
      fixture.startWorker();
      await fixture.passTo(escalateMs - 1);
      expect(await recipients(id)).toHaveLength(1);
      await fixture.passTo(1);
      await untilEscalated(id);
      expect(await recipients(id)).toEqual(['person1@contoso.com', 'person2@contoso.com']);
      expect(await fixture.askRow(id)).toMatchObject({ escalated_at_ms: expect.anything(), escalate_to: null });
      const { askTimes } = open().store.read;
      expect(await askTimes.isEscalatedTo(id, ben?.conversationId ?? 0)).toBe(true);
      expect(await askTimes.isEscalatedTo(id, ana?.conversationId ?? 0)).toBe(false);
    });

    test('is a message that says why it comes, and none of the first ones does', async () => {
      const people = await fixture.install(2);
      const id = await fixture.ask(people.slice(0, 1), { escalateMs, escalateTo: ['person2@contoso.com'] });
      await fixture.queue.createDispatcher({ isAlone: fixture.queue.isAlone }).start();
      fixture.startWorker();
      await fixture.passTo(escalateMs);
      await untilEscalated(id);
      await fixture.until('both are sent', async () => fixture.queue.sender.posts.length === 2);
      const [first, second] = fixture.queue.sender.posts;
      expect(first).not.toHaveProperty('isEscalated');
      expect(second).toMatchObject({ content: ASKING, isEscalated: true });
    });

    test.each([
      ['acknowledged', "UPDATE ask SET state = 'acknowledged'"],
      ['read', "UPDATE delivery SET read_at_ms = 1 WHERE state = 'sent'"],
      ['recalled', 'UPDATE notification SET recalled_at_ms = 1'],
      ['erased', `UPDATE notification SET content = '{"kind":"erased"}'`],
    ])('does not come once it was %s', async (_what, sql) => {
      const [ana] = await fixture.install(2);
      const id = await fixture.ask([ana as InstalledPerson], { escalateMs, escalateTo: ['person2@contoso.com'] });
      await fixture.sent();
      await fixture.change(sql);
      fixture.startWorker();
      await fixture.passTo(escalateMs);
      await untilEscalated(id);
      expect(await recipients(id)).toEqual(['person1@contoso.com']);
      expect(await fixture.askRow(id)).toMatchObject({ escalated_at_ms: null });
    });

    test('does not come once somebody has answered', async () => {
      const [ana] = await fixture.install(2);
      const id = await fixture.ask([ana as InstalledPerson], { escalateMs, escalateTo: ['person2@contoso.com'] });
      await fixture.respond(id, ana as InstalledPerson);
      fixture.startWorker();
      await fixture.passTo(escalateMs);
      await untilEscalated(id);
      expect(await recipients(id)).toEqual(['person1@contoso.com']);
    });

    test('lists whom it could not reach, and reaches the others', async () => {
      const [ana] = await fixture.install(2);
      const escalateTo = ['nobody@contoso.com', 'person2@contoso.com', 'everyone'];
      const id = await fixture.ask([ana as InstalledPerson], { escalateMs, escalateTo });
      fixture.startWorker();
      await fixture.passTo(escalateMs);
      await untilEscalated(id);
      expect(await recipients(id)).toEqual(['person1@contoso.com', 'person2@contoso.com']);
      const [row] = await fixture.rows(`SELECT unresolved FROM notification WHERE id = ${id}`);
      expect(JSON.parse(String(row?.['unresolved']))).toMatchObject([
        { recipient: 'nobody@contoso.com', reason: 'unknown' },
        { recipient: 'everyone', reason: 'not_allowed' },
      ]);
      expect(fixture.log.join('')).toContain('"reached":1,"unresolved":2');
      expect(fixture.log.join('')).not.toContain('contoso');
    });

    test('gives it to nobody a second time, also when it names somebody twice or one of the first', async () => {
      const people = await fixture.install(2);
      const escalateTo = ['person1@contoso.com', 'person2@contoso.com', people[1]?.aadObjectId ?? ''];
      const id = await fixture.ask(people.slice(0, 1), { escalateMs, escalateTo });
      fixture.startWorker();
      await fixture.passTo(escalateMs);
      await untilEscalated(id);
      expect(await recipients(id)).toEqual(['person1@contoso.com', 'person2@contoso.com']);
      expect(await fixture.rows('SELECT * FROM escalation')).toHaveLength(1);
    });

    test('is told to a producer with a webhook, once, whatever many processes do it', async () => {
      await fixture.change(`INSERT INTO webhook_endpoint (public_id, producer_id, url, secret, created_at_ms)
        VALUES ('w', ${fixture.queue.producerId}, 'https://x.example', 's', 1)`);
      const people = await fixture.install(2);
      const id = await fixture.ask(people.slice(0, 1), { escalateMs, escalateTo: ['person2@contoso.com'] });
      for (let process = 0; process < 3; process += 1) {
        fixture.startWorker(await open().openBeside());
      }
      await fixture.passTo(escalateMs);
      await untilEscalated(id);
      await fixture.stop();
      expect(await recipients(id)).toHaveLength(2);
      const sql = "SELECT notification_id FROM status_event WHERE type = 'notification.escalated'";
      expect(await fixture.rows(sql)).toHaveLength(1);
    });

    test('is made up for when the process was down as it came due, and not made again', async () => {
      const people = await fixture.install(2);
      const id = await fixture.ask(people.slice(0, 1), { escalateMs, escalateTo: ['person2@contoso.com'] });
      const dead = fixture.startWorker(dyingAfter(fixture.queue.store, 0));
      await fixture.passTo(escalateMs);
      await dead.stop();
      expect(await recipients(id)).toHaveLength(1);
      await fixture.startWorker().stop();
      const late = fixture.startWorker();
      await untilEscalated(id);
      await late.stop();
      expect(await recipients(id)).toHaveLength(2);
    });
  });
}
