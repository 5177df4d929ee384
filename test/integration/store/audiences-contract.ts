// What every store must do for broadcasts to teams and topics.

import type { Store } from '../../../src/store/store.ts';
import { rosterRows, TEAM_ROW } from '../../support/roster-rows.ts';
import {
  APP_ID,
  addProducer,
  type InstalledPerson,
  installPerson,
  queueNotification,
  SERVICE_URL,
  TENANT,
  toEveryone,
} from '../../support/store-fixtures.ts';

const NOW = Date.UTC(2026, 0, 1);
const HOUR_MS = 3_600_000;
const OTHER_TENANT = '99999999-1111-4111-8111-111111111111';

/** @param run runs a statement beside the store */
export function describeAudiencesContract(open: () => Store, run: (sql: string) => Promise<unknown>): void {
  describe('audiences', () => {
    const install = (index: number, timeZone?: string, tenantId = TENANT) =>
      installPerson(open(), { index, nowMs: NOW, tenantId, ...(timeZone && { timeZone }) });

    /** Known from a roster only: a chat that nobody has opened, and no installation. */
    const addMember = (laneId: number, index: number) =>
      open().write(async (tx) => {
        const personId = await tx.people.insert({ tenantId: TENANT, teamsUserId: `29:member${index}` }, NOW);
        const reference = { tenantId: TENANT, kind: 'personal', serviceUrl: SERVICE_URL } as const;
        const unopened = { ...reference, botAccountId: `28:${APP_ID}`, conversationId: `unopened ${index}` };
        await tx.conversations.insert(unopened, { laneId, personId }, NOW);
        return personId;
      });

    const addTeam = async (rows: Parameters<typeof rosterRows>[0]) => {
      for (const sql of rosterRows(rows)) {
        await run(sql);
      }
    };

    const addTopic = async (people: readonly Pick<InstalledPerson, 'personId'>[], name = 'deploys') =>
      open().write(async (tx) => {
        const id = (await tx.topics.insert({ name, description: 'Deployments', nowMs: NOW })) ?? 0;
        for (const { personId } of people) {
          await tx.topics.subscribe(id, personId, NOW);
        }
        return id;
      });

    const newNotification = async () =>
      queueNotification(open(), { producerId: await addProducer(open()), to: [], nowMs: NOW });

    const start = (notificationId: number, audience: 'roster' | 'topic', audienceId: number, more: object = {}) =>
      open().write((tx) =>
        tx.notifications.startFanout({
          ...toEveryone(notificationId),
          audience,
          audienceId,
          recipient: audience,
          ...more,
        }),
      );

    const expand = (chunk = 10) => open().write((tx) => tx.queue.expandFanout(NOW, chunk));

    const expandAll = async () => {
      while (await open().read.notifications.hasOpenFanout(NOW)) {
        await expand();
      }
    };

    const reached = async (notificationId: number) => {
      const rows = await open().read.messageChanges.listPart(notificationId, 0, 100);
      return rows.map(({ conversationId }) => conversationId);
    };

    test('the members of a team get one delivery each, in chunks, with and without the bot of their own', async () => {
      const [ana, ben] = [await install(1), await install(2)];
      const member = await addMember(ana.laneId, 3);
      await addTeam({ laneId: ana.laneId, members: [ana.personId, ben.personId, member] });
      await install(4);
      const id = await newNotification();
      await start(id, 'roster', TEAM_ROW);
      expect([await expand(2), await expand(2), await expand(2)]).toEqual([2, 1, 0]);
      expect(await reached(id)).toHaveLength(3);
      expect(await open().read.notifications.hasOpenFanout(NOW)).toBe(false);
    });

    test('who has removed the bot, or has blocked it, is left out', async () => {
      const [ana, ben, chloe] = [await install(1), await install(2), await install(3)];
      await addTeam({ laneId: ana.laneId, members: [ana.personId, ben.personId, chloe.personId] });
      for (const [one, state] of [
        [ben, 'unreachable'],
        [chloe, 'removed'],
      ] as const) {
        const installation = await open().read.installations.findByConversation(one.conversationId);
        await open().write((tx) => tx.installations.setLost(installation?.id ?? 0, state, 'blocked_by_user'));
      }
      const id = await newNotification();
      await start(id, 'roster', TEAM_ROW);
      await expandAll();
      expect(await reached(id)).toEqual([ana.conversationId]);
      const count = { audience: 'roster', audienceId: TEAM_ROW } as const;
      expect(await open().read.places.countListed(count, undefined)).toEqual([{ laneId: ana.laneId, count: 3 }]);
    });

    test('a team that is gone ends what is sent to it, and one that gets its row id is not told', async () => {
      const ana = await install(1);
      await addTeam({ laneId: ana.laneId, members: [ana.personId] });
      const id = await newNotification();
      await start(id, 'roster', TEAM_ROW);
      await open().write((tx) => tx.rosters.delete(TEAM_ROW));
      await run(`INSERT INTO roster (id, tenant_id, scope, teams_id, state, conversation_id)
                 VALUES (${TEAM_ROW}, '${TENANT}', 'team', '19:other@thread.tacv2', 'active', ${ana.conversationId})`);
      await run(`INSERT INTO roster_member (roster_id, person_id, reading) VALUES (${TEAM_ROW}, ${ana.personId}, 1)`);
      await expandAll();
      expect(await reached(id)).toEqual([]);
    });

    test('members without the bot of their own are left out when the team is archived', async () => {
      const ana = await install(1);
      const member = await addMember(ana.laneId, 2);
      await addTeam({ laneId: ana.laneId, members: [ana.personId, member], state: 'archived' });
      const id = await newNotification();
      await start(id, 'roster', TEAM_ROW);
      await expandAll();
      expect(await reached(id)).toEqual([ana.conversationId]);
    });

    test('a topic reaches its subscribers, those of one tenant where that is asked for', async () => {
      const [ana, ben] = [await install(1), await install(2, undefined, OTHER_TENANT)];
      await install(3);
      const topic = await addTopic([ana, ben]);
      const [all, some] = [
        await newNotification(),
        await queueNotification(open(), { producerId: 1, to: [], nowMs: NOW }),
      ];
      await start(all, 'topic', topic);
      await start(some, 'topic', topic, { tenantId: OTHER_TENANT });
      await expandAll();
      expect(await reached(all)).toEqual([ana.conversationId, ben.conversationId]);
      expect(await reached(some)).toEqual([ben.conversationId]);
      const count = { audience: 'topic', audienceId: topic } as const;
      expect(await open().read.places.countListed(count, OTHER_TENANT)).toEqual([{ laneId: ben.laneId, count: 1 }]);
    });

    test('a person in several audiences of one notification, and named, gets it once', async () => {
      const [ana, ben, chloe] = [await install(1), await install(2), await install(3)];
      await addTeam({ laneId: ana.laneId, members: [ana.personId, ben.personId] });
      const topic = await addTopic([ben, chloe]);
      const producerId = await addProducer(open());
      const id = await queueNotification(open(), { producerId, to: [ana], nowMs: NOW });
      await start(id, 'roster', TEAM_ROW);
      await start(id, 'topic', topic);
      await open().write((tx) => tx.notifications.startFanout(toEveryone(id)));
      await expandAll();
      expect(await reached(id)).toEqual([ana, ben, chloe].map(({ conversationId }) => conversationId));
      expect(await open().read.notifications.listFanouts(id)).toEqual(['everyone', 'roster', 'topic']);
    });

    test('one of several audiences is done while another is not, and stopping stops all of them', async () => {
      const ana = await install(1);
      const topic = await addTopic([ana]);
      await addTeam({ laneId: ana.laneId, members: [ana.personId] });
      const id = await newNotification();
      const later = { schedule: { startsAtMs: NOW + HOUR_MS, ttlMs: HOUR_MS } };
      await start(id, 'roster', TEAM_ROW);
      await start(id, 'topic', topic, later);
      await expandAll();
      const isExpanded = async () => {
        const [row] = await open().read.retention.listAfter(id - 1, 1);
        return row && !row.isSpreading && row.isBroadcast;
      };
      expect(await isExpanded()).toBe(false);
      expect(await open().write((tx) => tx.notifications.stopFanout(id))).toBe(true);
      expect(await isExpanded()).toBe(true);
      expect(await open().write((tx) => tx.notifications.stopFanout(id))).toBe(false);
    });

    test('at a local time each of them gets it when it is that time where they are', async () => {
      const [berlin, tokyo] = [await install(1, 'Europe/Berlin'), await install(2, 'Asia/Tokyo')];
      const topic = await addTopic([berlin, tokyo]);
      const id = await newNotification();
      const local = { localAt: '2026-01-01T12:00', timeZone: 'UTC' };
      await start(id, 'topic', topic, { schedule: { startsAtMs: NOW, ttlMs: HOUR_MS, local } });
      await expandAll();
      const rows = await open().read.deliveries.listOfNotification(id, 10);
      expect(rows.map(({ scheduledAtMs }) => scheduledAtMs)).toEqual([NOW + 11 * HOUR_MS, NOW + 3 * HOUR_MS]);
    });

    test('a deleted topic ends what is being sent to it, and its subscriptions', async () => {
      const [ana, ben] = [await install(1), await install(2)];
      const topic = await addTopic([ana, ben]);
      const id = await newNotification();
      await start(id, 'topic', topic);
      expect(await expand(1)).toBe(1);
      expect(await open().write((tx) => tx.topics.remove(topic))).toBe(true);
      expect(await open().read.notifications.hasOpenFanout(NOW)).toBe(false);
      expect(await reached(id)).toEqual([ana.conversationId]);
      expect(await open().read.topics.listOfPerson(ben.personId)).toEqual([]);
      expect(await open().write((tx) => tx.topics.remove(topic))).toBe(false);
    });

    test('topics are listed with their subscribers, and a person subscribes once', async () => {
      const ana = await install(1);
      const topic = await addTopic([]);
      await addTopic([], 'alerts');
      const change = (what: 'subscribe' | 'unsubscribe') =>
        open().write((tx) =>
          what === 'subscribe'
            ? tx.topics.subscribe(topic, ana.personId, NOW)
            : tx.topics.unsubscribe(topic, ana.personId),
        );
      expect([await change('subscribe'), await change('subscribe')]).toEqual([true, false]);
      const counted = await open().read.topics.listCounted();
      expect(counted.map(({ name, subscribers }) => [name, subscribers])).toEqual([
        ['alerts', 0],
        ['deploys', 1],
      ]);
      expect((await open().read.topics.list()).map(({ name }) => name)).toEqual(['alerts', 'deploys']);
      expect((await open().read.topics.listOfPerson(ana.personId)).map(({ name }) => name)).toEqual(['deploys']);
      expect([await change('unsubscribe'), await change('unsubscribe')]).toEqual([true, false]);
      expect(await open().read.topics.countSubscribers(topic)).toBe(0);
      expect(
        await open().write((tx) => tx.topics.insert({ name: 'deploys', description: '', nowMs: NOW })),
      ).toBeUndefined();
    });
  });
}
