// What commands and presses do, whatever database is behind them.

import type { Row } from '../../support/delivery-fixture.ts';
import type { InstalledPerson } from '../../support/store-fixtures.ts';
import { createTalk, type Talk } from '../../support/talk.ts';
import { type AnyDeliveryFixture, createLifecycleFixture } from '../lifecycle/lifecycle-fixture.ts';

const HOUR_MS = 3_600_000;
const NIGHT = { fromMinute: 18 * 60, toMinute: 8 * 60, withWeekends: false };
const UTC = { timeZone: 'UTC', isTimeZoneKnown: false };

/** What a test of commands needs of a database. */
export interface CommandsEngine {
  readonly queue: () => AnyDeliveryFixture;
  /** Writes rows that nothing in this test writes. */
  readonly change: (sql: string) => Promise<void>;
}

export function describeCommandsContract({ queue: current, change }: CommandsEngine): void {
  let queue: AnyDeliveryFixture;
  let talk: Talk;
  let events: ReturnType<typeof createLifecycleFixture>;
  let ana: InstalledPerson;
  let ben: InstalledPerson;
  const [ANA, BEN] = [1, 2];

  beforeEach(async () => {
    queue = current();
    talk = await createTalk(queue);
    events = createLifecycleFixture(queue);
    ana = await talk.install(ANA);
    ben = await talk.install(BEN);
    await events.start();
  });

  const rows = async (sql: string): Promise<readonly Row[]> => queue.rows(sql);
  const preferences = () => queue.store.read.preferences.get(ana.personId);
  const mutes = async () => (await preferences()).mutes;

  /** Sends it to both, and waits until it has arrived. @returns its public id */
  const told = async (fields: object = {}, to: readonly InstalledPerson[] | 'everyone' = [ana, ben]) => {
    const { id } = await events.send(to, fields);
    await arrived();
    return id;
  };
  const arrived = () =>
    events.passUntil(async () => {
      const waiting = await rows(`SELECT 1 FROM delivery WHERE state IN ('queued', 'leased', 'sending')`);
      return waiting.length === 0 && (await rows('SELECT 1 FROM fanout WHERE is_done = 0')).length === 0;
    });

  const addTopic = (name: string, description = '') =>
    queue.store.write((tx) => tx.topics.insert({ name, description, nowMs: queue.clock.nowMs() }));

  describe('topics', () => {
    beforeEach(async () => {
      await addTopic('deploys', 'What goes live');
      await addTopic('release notes');
    });

    test('are listed, subscribed to and left in any case, as often as one likes', async () => {
      expect(await talk.write(ANA, 'SUBSCRIBE Deploys!')).toEqual({ kind: 'subscribed', topic: 'deploys' });
      expect(await talk.write(ANA, 'subscribe "Release  Notes"')).toEqual({
        kind: 'subscribed',
        topic: 'release notes',
      });
      expect(await talk.write(ANA, 'subscribe deploys')).toEqual({ kind: 'subscribed', topic: 'deploys' });
      expect(await talk.write(ANA, 'topics')).toEqual({
        kind: 'topics',
        topics: [
          { name: 'deploys', description: 'What goes live', isSubscribed: true },
          { name: 'release notes', description: '', isSubscribed: true },
        ],
      });
      expect(await talk.write(ANA, 'unsubscribe deploys')).toEqual({ kind: 'unsubscribed', topic: 'deploys' });
      expect(await talk.write(ANA, 'unsubscribe deploys')).toEqual({ kind: 'unsubscribed', topic: 'deploys' });
      expect(await queue.store.read.topics.listOfPerson(ana.personId)).toMatchObject([{ name: 'release notes' }]);
      expect(await queue.store.read.topics.listOfPerson(ben.personId)).toEqual([]);
    });

    test('of nearly that name are suggested', async () => {
      expect(await talk.write(ANA, 'subscribe deplyos')).toEqual({
        kind: 'noSuchTopic',
        topic: 'deplyos',
        suggestion: 'deploys',
      });
      expect(await talk.write(ANA, 'unsubscribe weather')).toEqual({ kind: 'noSuchTopic', topic: 'weather' });
    });
  });

  describe('mute', () => {
    test('means a source that the person has heard of before a key, in any case, and otherwise a source to come', async () => {
      await told({ key: 'Disk full/db1' });
      await told({ key: 'ci' });
      expect(await talk.write(ANA, 'mute CI')).toEqual({ kind: 'muted', name: 'ci', untilMs: null });
      expect(await talk.write(ANA, 'mute "disk FULL/db1" 1h')).toEqual({
        kind: 'muted',
        name: 'Disk full/db1',
        untilMs: queue.clock.nowMs() + HOUR_MS,
      });
      expect(await talk.write(ANA, 'mute grafana')).toEqual({ kind: 'muted', name: 'grafana', untilMs: null });
      expect((await mutes())?.map(({ kind, name }) => [kind, name])).toEqual([
        ['source', 'ci'],
        ['key', 'Disk full/db1'],
        ['source', 'grafana'],
      ]);
    });

    test('does not take a key that somebody else was told', async () => {
      await told({ key: 'disk' }, [ben]);
      await talk.write(ANA, 'mute disk');
      expect(await mutes()).toEqual([{ kind: 'source', name: 'disk', untilMs: null }]);
    });

    test('again sets its end anew, and unmute ends it', async () => {
      await talk.write(ANA, 'mute ci 1h');
      await talk.write(ANA, 'mute CI');
      expect(await mutes()).toEqual([{ kind: 'source', name: 'CI', untilMs: null }]);
      expect(await talk.write(ANA, 'UNMUTE ci.')).toEqual({ kind: 'unmuted', name: 'CI' });
      expect(await talk.write(ANA, 'unmute ci')).toEqual({ kind: 'wasNotMuted', name: 'ci' });
      expect(await mutes()).toEqual([]);
    });

    test('for today ends at midnight where the person is', async () => {
      queue.clock.advance(Date.UTC(2026, 9, 24, 20) - queue.clock.nowMs());
      const end = (timeZone: string) => talk.write(ANA, 'mute ci today', { timeZone });
      expect(await end('Europe/Berlin')).toMatchObject({ untilMs: Date.UTC(2026, 9, 24, 22) });
      expect(await end('Asia/Tokyo')).toMatchObject({ untilMs: Date.UTC(2026, 9, 25, 15) });
      expect(await end('Nowhere/Land')).toMatchObject({ untilMs: Date.UTC(2026, 9, 25) });
    });

    test('knows a hundred names; what is over makes room', async () => {
      const names = Array.from({ length: 100 }, (_, index) => `source ${index}`);
      const untilMs = queue.clock.nowMs() + HOUR_MS;
      await queue.store.write((tx) =>
        tx.preferences.save(ana.personId, { mutes: names.map((name) => ({ kind: 'source', name, untilMs })) }, 0),
      );
      expect(await talk.write(ANA, 'mute one more')).toEqual({ kind: 'tooManyMutes', max: 100 });
      expect(await talk.write(ANA, 'mute source 7')).toMatchObject({ kind: 'muted', name: 'source 7' });
      queue.clock.advance(HOUR_MS);
      await talk.write(ANA, 'mute one more');
      expect((await mutes())?.map(({ name }) => name)).toEqual(['source 7', 'one more']);
    });
  });

  describe('settings', () => {
    test('are what was said, in the zone of the person', async () => {
      await addTopic('deploys');
      const zone = { timeZone: 'Europe/Berlin', isTimeZoneKnown: true };
      const berlin = { timeZone: 'Europe/Berlin' };
      expect(await talk.write(ANA, 'quiet 18:00-08:00', berlin)).toEqual({
        kind: 'quietSet',
        quietHours: NIGHT,
        ...zone,
      });
      expect(await talk.write(ANA, 'digest daily 09:00')).toEqual({ kind: 'digestSet', minute: 540, ...zone });
      await talk.write(ANA, 'mute ci');
      await talk.write(ANA, 'subscribe deploys');
      expect(await talk.write(ANA, 'stop')).toEqual({ kind: 'stopped' });
      expect(await talk.write(ANA, 'status')).toEqual({
        kind: 'settings',
        settings: {
          isOptedOut: true,
          mutes: [{ name: 'ci', untilMs: null }],
          quietHours: NIGHT,
          digestMinute: 540,
          topics: ['deploys'],
          ...zone,
        },
      });
    });

    test('are taken back one by one', async () => {
      for (const text of ['quiet 18-8', 'digest 9', 'stop']) {
        await talk.write(ANA, text);
      }
      const stoppedAtMs = queue.clock.nowMs();
      queue.clock.advance(HOUR_MS);
      await talk.write(ANA, 'stop');
      expect(await preferences()).toMatchObject({ optedOutAtMs: stoppedAtMs });
      expect(await talk.write(ANA, 'quiet off')).toEqual({ kind: 'quietOff' });
      expect(await talk.write(ANA, 'digest off')).toEqual({ kind: 'digestOff' });
      expect(await talk.write(ANA, 'start')).toEqual({ kind: 'started' });
      expect(await preferences()).toEqual({ mutes: [] });
      expect(await talk.write(ANA, 'status')).toMatchObject({
        settings: { isOptedOut: false, quietHours: null, digestMinute: null, ...UTC },
      });
    });

    test('that change let what waits be judged anew', async () => {
      await queue.store.write((tx) => tx.conversations.block(ana.conversationId, queue.clock.nowMs() + 10 * HOUR_MS));
      await events.send([ana], {});
      await queue.settled();
      const dueAtMs = queue.clock.nowMs() + 5 * HOUR_MS;
      await change(`UPDATE delivery SET reason = 'quiet_hours', state = 'queued', lease_owner = NULL, lease_until_ms = NULL,
                           due_at_ms = ${dueAtMs} WHERE recipient IS NOT NULL`);
      const waiting = () => rows(`SELECT id FROM delivery WHERE recipient IS NOT NULL AND due_at_ms = ${dueAtMs}`);
      await talk.write(ANA, 'status');
      expect(await waiting()).toHaveLength(1);
      await talk.write(ANA, 'quiet off');
      expect(await waiting()).toEqual([]);
    });
  });

  describe('why', () => {
    const why = () => talk.write(ANA, 'why');

    test('there is nothing to explain while nothing was sent', async () => {
      expect(await why()).toEqual({ kind: 'nothingSent' });
      await told({}, [ben]);
      expect(await why()).toEqual({ kind: 'nothingSent' });
    });

    test('tells of the last notification who sent it, how it was addressed, and when', async () => {
      await told({ title: 'First' });
      await told({ title: 'Second' });
      const [last] = await rows('SELECT max(finished_at_ms) AS at FROM attempt');
      for (let count = 0; count < 25; count++) {
        await talk.write(ANA, 'help');
      }
      await arrived();
      queue.clock.advance(HOUR_MS);
      expect(await why()).toEqual({
        kind: 'why',
        title: 'Second',
        source: 'ci',
        addressedBy: { kind: 'name' },
        sentAtMs: Number(last?.['at']),
      });
    });

    test('is asked of what was posted last, whatever was edited since', async () => {
      await told({ title: 'Old', key: 'disk' });
      queue.clock.advance(HOUR_MS);
      await told({ title: 'New' });
      queue.clock.advance(HOUR_MS);
      await told({ title: 'Old, resolved', key: 'disk', state: 'resolved' });
      expect(await why()).toMatchObject({ title: 'New' });
    });

    test('says that everyone got it', async () => {
      await told({}, 'everyone');
      expect(await why()).toMatchObject({ kind: 'why', addressedBy: { kind: 'everyone' } });
    });

    test('names the topic before the team, and the team before everyone, as far as the person is among them', async () => {
      await told({}, 'everyone');
      const topicId = await addTopic('deploys');
      await change(`INSERT INTO roster (tenant_id, scope, teams_id, name, state, conversation_id)
                    VALUES ('t', 'team', '19:x', 'Operations', 'active', ${ana.conversationId})`);
      const address = async () => ((await why()) as { addressedBy: unknown }).addressedBy;
      const addAudience = (audience: string, id: unknown) =>
        change(`INSERT INTO fanout (notification_id, audience, audience_id, recipient, cursor, is_done)
                SELECT notification_id, '${audience}', ${id}, 'as written', 0, 1 FROM fanout WHERE audience = 'everyone'`);
      await addAudience('topic', topicId);
      await addAudience('roster', 1);
      expect(await address()).toEqual({ kind: 'everyone' });
      await change(`INSERT INTO roster_member (roster_id, person_id, reading) VALUES (1, ${ana.personId}, 1)`);
      expect(await address()).toEqual({ kind: 'team', name: 'Operations' });
      await talk.write(ANA, 'subscribe deploys');
      expect(await address()).toEqual({ kind: 'topic', name: 'deploys' });
      await change(`DELETE FROM fanout WHERE audience <> 'roster'`);
      await change('DELETE FROM roster');
      expect(await address()).toEqual({ kind: 'team', name: 'as written' });
    });

    test('names whoever had the bot tell it, though the bot itself has said it', async () => {
      const content = JSON.stringify({ kind: 'told', text: 'the build is broken', by: 'Ben', source: 'Ben' });
      await told({});
      queue.clock.advance(HOUR_MS);
      await told({});
      await change(`UPDATE notification SET producer_id = ${talk.botProducerId}, content = '${content}'
                     WHERE id = (SELECT max(id) FROM notification)`);
      await change(`INSERT INTO tell (notification_id, conversation_id, people, told_at_ms)
                    SELECT max(id), ${ana.conversationId}, '[]', 0 FROM notification`);
      expect(await why()).toMatchObject({
        title: 'the build is broken',
        source: 'Ben',
        addressedBy: { kind: 'mention', name: 'Ben' },
      });
    });

    test('passes over what was erased', async () => {
      await told({ title: 'First' });
      queue.clock.advance(HOUR_MS);
      await told({ title: 'Second' });
      await change(
        `UPDATE notification SET content = '{"kind":"erased"}' WHERE id = (SELECT max(id) FROM notification)`,
      );
      expect(await why()).toMatchObject({ title: 'First' });
    });
  });

  describe('inbox', () => {
    const inbox = () => talk.write(ANA, 'inbox');

    test('has what is not over, the latest first', async () => {
      expect(await inbox()).toEqual({ kind: 'inbox', things: [], more: 0 });
      const disk = queue.clock.nowMs();
      await told({ key: 'disk', title: 'Disk' });
      queue.clock.advance(HOUR_MS);
      const net = queue.clock.nowMs();
      await told({ key: 'net', title: 'Net' });
      await told({ key: 'net', title: 'Net, worse', severity: 'critical' });
      await told({ key: 'over', title: 'Over' });
      await told({ key: 'over', title: 'Over', state: 'resolved' });
      await told({ key: 'foreign', title: 'Foreign' }, [ben]);
      await told({ title: 'No key' });
      const { things, more } = (await inbox()) as { things: { sinceMs: number }[]; more: number };
      expect(things).toMatchObject([
        { title: 'Net, worse', source: 'ci' },
        { title: 'Disk', source: 'ci' },
      ]);
      expect(things.map(({ sinceMs }) => Math.abs(sinceMs - (sinceMs < net ? disk : net)) < HOUR_MS)).toEqual([
        true,
        true,
      ]);
      expect(more).toBe(0);
    });

    test('forgets what began again and was told to others only', async () => {
      await told({ key: 'disk', title: 'Disk' });
      await told({ key: 'disk', title: 'Disk', state: 'resolved' });
      await told({ key: 'disk', title: 'Disk again' }, [ben]);
      expect(await inbox()).toMatchObject({ things: [] });
      expect(await talk.write(BEN, 'inbox')).toMatchObject({ things: [{ title: 'Disk again' }] });
    });

    test('names ten, and counts the rest', async () => {
      for (let index = 0; index < 12; index++) {
        await events.send([ana], { key: `key ${index}`, title: `Thing ${index}` });
      }
      await arrived();
      const answer = (await inbox()) as { things: readonly unknown[] };
      expect(answer).toMatchObject({ more: 2 });
      expect(answer.things).toHaveLength(10);
    });
  });

  describe('forget me', () => {
    const traces = async () => [
      ...(await rows(`SELECT 1 FROM person WHERE id = ${ana.personId}`)),
      ...(await rows(`SELECT 1 FROM preference WHERE person_id = ${ana.personId}`)),
      ...(await rows(`SELECT 1 FROM subscription WHERE person_id = ${ana.personId}`)),
      ...(await rows(`SELECT 1 FROM conversation WHERE person_id = ${ana.personId}`)),
      ...(await rows(`SELECT 1 FROM delivery WHERE recipient = '${ana.email}'`)),
      ...(await rows(`SELECT 1 FROM notification WHERE content LIKE '%For Ana%'`)),
    ];

    beforeEach(async () => {
      await addTopic('deploys');
      await talk.write(ANA, 'subscribe deploys');
      await talk.write(ANA, 'mute grafana');
      await told({ title: 'For Ana' }, [ana]);
    });

    test('asks first, and changes nothing', async () => {
      const before = await traces();
      expect(before).toHaveLength(6);
      expect(await talk.write(ANA, 'forget me')).toEqual({ kind: 'forgetConfirm' });
      expect(await traces()).toEqual(before);
    });

    test('yes: nothing is left of the person, and nothing can be said to them any more', async () => {
      expect(await talk.write(ANA, 'Forget me YES')).toBeUndefined();
      expect(await traces()).toEqual([]);
      expect(await talk.write(ANA, 'help')).toBeUndefined();
      expect(await traces()).toEqual([]);
      expect(await talk.write(BEN, 'status')).toMatchObject({ kind: 'settings' });
    });

    test('by its button says so in a sentence', async () => {
      const pressed = await talk.press(ANA, { bellhop: 'command', text: 'forget me yes' });
      expect(pressed).toEqual({ kind: 'sentence', answer: { kind: 'forgotten' } });
      expect(await traces()).toEqual([]);
    });

    test('by its older button has the same effect', async () => {
      expect(await talk.submit(ANA, { bellhop: 'command', text: 'forget me yes' })).toBeUndefined();
      expect(await traces()).toEqual([]);
    });

    test.each(['team', 'groupChat'] as const)('in a %s is answered there, and makes nobody known', async (place) => {
      expect(await talk.write(ANA, 'forget me yes', { place })).toEqual({ kind: 'forgotten' });
      expect(await traces()).toEqual([]);
      expect(await rows('SELECT 1 FROM person')).toHaveLength(1);
    });

    test('is over when the person comes back; what asked for it has no second effect', async () => {
      const again = { activityId: 'forget' };
      await talk.write(ANA, 'forget me yes', again);
      queue.clock.advance(1);
      await talk.tell({ ...talk.contextOf(ANA, {}), kind: 'installed', isAuthoritative: true });
      await talk.write(ANA, 'stop');
      await talk.write(ANA, 'forget me yes', again);
      expect(await talk.write(ANA, 'status')).toMatchObject({ settings: { isOptedOut: true, mutes: [], topics: [] } });
    });

    test('by somebody who is not known changes nothing', async () => {
      const { from: _, ...nobody } = talk.contextOf(ANA, {});
      const before = await traces();
      await talk.tell({ ...nobody, kind: 'message', text: 'forget me yes' });
      expect(await traces()).toEqual(before);
    });
  });

  describe('a pressed button', () => {
    test('of a command in the menu of a notification leaves the notification where it is', async () => {
      const notification = await told({});
      const pressed = await talk.press(ANA, { bellhop: 'command', text: 'status', notification });
      expect(pressed).toEqual({ kind: 'sentence', answer: { kind: 'seeBelow' } });
      expect(await talk.said()).toMatchObject([{ kind: 'answer', answer: { kind: 'settings' } }]);
    });

    test('explains its notification, and not the last one', async () => {
      const notification = await told({ title: 'First' });
      await told({ title: 'Second' });
      const why = { bellhop: 'why', notification };
      expect(await talk.press(ANA, why)).toMatchObject({ kind: 'sentence', answer: { kind: 'why', title: 'First' } });
      expect(await talk.submit(ANA, why)).toMatchObject({ kind: 'why', title: 'First' });
    });

    test('mutes the key of its notification, or its source where it has none', async () => {
      const [keyed, plain] = [await told({ key: 'Disk' }), await told({})];
      const mute = { bellhop: 'mute', for: 'always' };
      const muted = (name: string) => ({ kind: 'sentence', answer: { kind: 'muted', name, untilMs: null } });
      expect(await talk.press(ANA, { ...mute, notification: keyed, what: 'key' })).toEqual(muted('Disk'));
      expect(await talk.press(ANA, { ...mute, notification: plain, what: 'key' })).toEqual(muted('ci'));
      expect(await mutes()).toMatchObject([{ kind: 'key' }, { kind: 'source' }]);
      await talk.press(ANA, { ...mute, for: '1h', notification: keyed, what: 'source' });
      expect(await mutes()).toContainEqual({ kind: 'source', name: 'ci', untilMs: queue.clock.nowMs() + HOUR_MS });
      const today = await talk.press(ANA, { ...mute, for: 'today', notification: keyed, what: 'source' });
      expect(today).toMatchObject({
        answer: { untilMs: (Math.floor(queue.clock.nowMs() / (24 * HOUR_MS)) + 1) * 24 * HOUR_MS },
      });
    });

    test('of somebody else changes nothing: who pressed is whom Teams names', async () => {
      const foreign = await told({ key: 'disk' }, [ben]);
      const notYours = { kind: 'sentence', answer: { kind: 'notYours' } };
      const mute = { bellhop: 'mute', what: 'key', for: 'always' };
      for (const notification of [foreign, 'ntf_00000000000000000000000000', '', '1']) {
        expect(await talk.press(ANA, { ...mute, notification, personId: ben.personId })).toEqual(notYours);
        expect(await talk.press(ANA, { bellhop: 'why', notification })).toEqual(notYours);
        expect(await talk.submit(ANA, { bellhop: 'why', notification })).toEqual({ kind: 'notYours' });
      }
      expect(await rows('SELECT 1 FROM preference')).toEqual([]);
    });

    test('of a notification that was erased is of no use', async () => {
      const notification = await told({});
      await change(`UPDATE notification SET content = '{"kind":"erased"}'`);
      const mute = { bellhop: 'mute', what: 'source', for: 'always', notification };
      expect(await talk.press(ANA, mute)).toEqual({ kind: 'sentence', answer: { kind: 'notYours' } });
      expect(await talk.press(ANA, { bellhop: 'why', notification })).toEqual({
        kind: 'sentence',
        answer: { kind: 'notYours' },
      });
    });
  });

  describe('what is written', () => {
    test('at the same time in several places is all kept', async () => {
      await Promise.all([
        talk.inbound.record({ ...talk.contextOf(ANA, {}), kind: 'message', text: 'mute a' }),
        talk.inbound.record({ ...talk.contextOf(ANA, { place: 'team' }), kind: 'message', text: 'mute b' }),
        talk.inbound.record({ ...talk.contextOf(ANA, { place: 'groupChat' }), kind: 'message', text: 'quiet 18-8' }),
      ]);
      expect(await preferences()).toMatchObject({ quietHours: NIGHT });
      expect((await mutes())?.map(({ name }) => name).toSorted()).toEqual(['a', 'b']);
    });
  });
}
