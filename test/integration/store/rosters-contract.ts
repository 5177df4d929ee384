// What the reading of teams and group chats must do, whatever database is behind it.

import { randomBytes } from 'node:crypto';
import { createInbound } from '../../../src/app/inbound.ts';
import { erasePerson } from '../../../src/directory/erase-person.ts';
import { exportPerson } from '../../../src/directory/export-person.ts';
import type { InboundEvent } from '../../../src/domain/inbound-event.ts';
import { RosterReader } from '../../../src/installations/read-rosters.ts';
import type { Store } from '../../../src/store/store.ts';
import { createLogger, silentLogger } from '../../../src/telemetry/logger.ts';
import { createMetrics } from '../../../src/telemetry/metrics.ts';
import { INBOUND_CONFIG } from '../../support/inbound-config.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { GROUP_ID, member, ScriptedRoster } from '../../support/scripted-roster.ts';
import { APP_ID, addProducer, queueNotification, SERVICE_URL, TENANT } from '../../support/store-fixtures.ts';
import { eventually } from '../../support/waiting.ts';

const TEAM = '19:team@thread.tacv2';
const CHANNEL = '19:incidents@thread.tacv2';
const CHAT = '19:chat@thread.v2';

/** @param open gives the store of the test */
export function describeRostersContract(open: () => Store): void {
  describe('a team that the bot was added to', () => {
    let clock: ManualClock;
    let roster: ScriptedRoster;
    let producerId: number;
    let activities = 0;
    let log: string[];
    const readers: RosterReader[] = [];

    beforeEach(async () => {
      clock = new ManualClock();
      log = [];
      roster = new ScriptedRoster();
      roster.members = [member(1), member(2), member(3, 'guest')];
      roster.channels = [{ id: CHANNEL, name: 'Incidents' }];
      producerId = await addProducer(open());
    });

    afterEach(async () => {
      await Promise.all(readers.splice(0).map((reader) => reader.stop()));
    });

    const voice = () => ({ producerId, randomBytes });

    const startReader = (welcomesMembers = false) => {
      const logger = createLogger('info', { write: (line) => log.push(line) });
      const deps = { store: open(), roster, clock, logger, voice: voice(), random: () => 0.5 };
      const reader = new RosterReader({ ...deps, welcomesMembers });
      readers.push(reader);
      reader.start();
      return reader;
    };

    /** What Teams tells, `afterMs` after the beginning. */
    const tell = (
      event: { readonly kind: InboundEvent['kind']; readonly [part: string]: unknown },
      afterMs = 0,
      place = TEAM,
    ) => {
      const metrics = createMetrics(async () => ({ depths: [], oldestDueAgeMs: 0 }));
      const inbound = createInbound(
        { store: open(), clock, logger: silentLogger, metrics, config: INBOUND_CONFIG },
        voice(),
      );
      const isChat = place === CHAT;
      return inbound.record({
        activityId: `activity-${++activities}`,
        atMs: Date.UTC(2026, 0, 1) + afterMs,
        scope: isChat ? 'groupChat' : 'team',
        conversation: {
          ...{ tenantId: TENANT, kind: isChat ? 'groupChat' : 'channel', serviceUrl: SERVICE_URL },
          ...{ botAccountId: `28:${APP_ID}`, conversationId: place },
        },
        ...(!isChat && { team: { id: TEAM, name: 'Operations' } }),
        isAuthoritative: true,
        ...event,
      } as InboundEvent);
    };

    const find = (place = TEAM) => open().read.rosters.find(TENANT, place);
    const count = async () => open().read.rosters.countMembers((await find())?.id ?? 0);
    const reach = async (name: string) => {
      const address = `${name}@contoso.com`;
      return (await open().read.people.findReachable({ kind: 'address', address }))[0];
    };
    const isRead = async (members: number, readings = 1) => {
      const ends = () => log.filter((line) => line.includes('"scope":"team"') && line.includes('roster read'));
      await eventually(() => ends().length >= readings, `the team is read for the ${readings}. time`);
      expect(await count()).toBe(members);
    };

    const exportOf = async (index: number) => {
      const recipient = { kind: 'aadObjectId', aadObjectId: member(index).profile.aadObjectId ?? '' } as const;
      let json = '';
      const deps = { store: open(), nowMs: clock.nowMs(), onEnd: () => undefined };
      for await (const part of await exportPerson(deps, { recipient })) {
        json += part;
      }
      return JSON.parse(json);
    };

    const later = (ms: number) => {
      clock.advance(ms);
      open().signalWork();
    };

    test('is read page by page: its members are known, and can be written to', async () => {
      roster.pageSize = 1;
      await tell({ kind: 'installed' });
      startReader();
      await isRead(3);
      expect(roster.questions.map(({ kind, continuation }) => continuation ?? kind)).toEqual([
        'team',
        'channels',
        'members',
        '1',
        '2',
      ]);
      for (const name of ['person1', 'person2', 'person3']) {
        expect(await reach(name)).toMatchObject({ conversationRowId: expect.any(Number), installation: null });
      }
      expect(await exportOf(3)).toMatchObject({
        person: { name: 'Person 3', email: 'person3@contoso.com', teamsUserId: '29:pairwise-3' },
        memberOf: [{ scope: 'team', teamsId: TEAM, name: 'Operations', role: 'guest' }],
        conversations: [{ kind: 'personal', teamsConversationId: null, serviceUrl: SERVICE_URL }],
      });
      expect(await open().read.rosters.listChannels((await find())?.id ?? 0)).toMatchObject([
        { teamsId: CHANNEL, state: 'active' },
      ]);
    });

    test('is read again the next night: who left is forgotten, who is elsewhere too stays, who changed is known as such', async () => {
      await tell({ kind: 'installed' });
      await tell({ kind: 'installed' }, 0, CHAT);
      startReader();
      await isRead(3);
      await eventually(async () => (await exportOf(3)).memberOf.length === 2, 'the chat is read, too');
      const [first] = roster.members;
      const renamed = first && { ...first, profile: { ...first.profile, email: 'new@contoso.com' } };
      roster.members = [...(renamed ? [renamed] : []), member(4)];
      await tell({ kind: 'removed' }, 5, CHAT);
      expect(await exportOf(3)).toMatchObject({ memberOf: [{ teamsId: TEAM }] });
      later(4 * 3_600_000);
      await isRead(2, 2);
      await eventually(async () => (await reach('person2')) === undefined, 'who left is forgotten');
      expect(await reach('person3')).toBeUndefined();
      expect(await reach('person1')).toBeUndefined();
      expect(await reach('new')).toBeDefined();
    });

    test('goes on where it was when another process takes it over', async () => {
      roster.pageSize = 1;
      roster.answer = ({ continuation }) => (continuation === '1' ? new Promise(() => undefined) : undefined);
      await tell({ kind: 'installed' });
      const lost = startReader();
      await eventually(() => roster.questions.length === 4, 'the second page is asked for');
      void lost.stop();
      readers.pop();
      roster.answer = () => undefined;
      clock.advance(60_000);
      startReader();
      await isRead(3);
      expect(roster.questions.slice(4).map(({ continuation }) => continuation)).toEqual(['1', '2']);
    });

    test('begins anew when Teams does not know the continuation any more', async () => {
      roster.pageSize = 2;
      let isKnown = false;
      roster.answer = ({ continuation }) => {
        const isRefused = continuation !== undefined && !isKnown;
        isKnown = isKnown || isRefused;
        return isRefused ? { kind: 'stale' } : undefined;
      };
      await tell({ kind: 'installed' });
      startReader();
      await isRead(3);
      expect(roster.count('team')).toBe(2);
    });

    test('does not bring back who removed the app, however long ago, nor who was erased', async () => {
      const chat = { kind: 'personal', conversationId: 'a:chat-1' };
      const { profile } = member(1);
      const conversation = { tenantId: TENANT, serviceUrl: SERVICE_URL, botAccountId: `28:${APP_ID}`, ...chat };
      const personal = { scope: 'personal', team: undefined, conversation, from: profile };
      await tell({ kind: 'installed', ...personal });
      await tell({ kind: 'removed', ...personal }, 10);
      await tell({ kind: 'installed' }, 20);
      startReader();
      await isRead(2);
      const { aadObjectId = '' } = member(2).profile;
      await erasePerson({ store: open(), clock }, { recipient: { kind: 'aadObjectId', aadObjectId } });
      expect(await count()).toBe(1);
      await open().write((tx) => tx.installations.forgetRemovedBefore(Number.MAX_SAFE_INTEGER));
      await tell({ kind: 'message', text: 'hi', from: profile }, 30);
      later(24 * 3_600_000);
      await isRead(1, 2);
      expect(await reach('person1')).toBeUndefined();
      expect(await reach('person2')).toBeUndefined();
      await tell({ kind: 'installed', ...personal }, 40);
      later(24 * 3_600_000);
      await isRead(2, 3);
    });

    test('that is archived gets nothing until it is back, and then at once', async () => {
      await tell({ kind: 'installed' });
      await tell({ kind: 'message', text: 'x' }, 1, CHANNEL);
      const { conversationId = 0, id = 0 } = (await find()) ?? {};
      const laneId = await open().read.lanes.getOfConversation(conversationId);
      const place = { conversationId, laneId, personId: 0, email: '', aadObjectId: '' };
      await tell({ kind: 'place', change: 'teamArchived' }, 10);
      const notificationId = await queueNotification(open(), { producerId, to: [place], nowMs: clock.nowMs() });
      const claim = () => {
        const nowMs = clock.nowMs();
        const wish = { owner: 'me', nowMs, leaseMs: 60_000, limit: 10, quantum: 10, horizonMs: 1_000 };
        return open().write((tx) => tx.queue.claim({ ...wish, closedOrigins: [], isClosedToRetries: false }));
      };
      const claimed = async () => (await claim()).filter((one) => one.notificationId === notificationId).length;
      expect(await claimed()).toBe(0);
      clock.advance(3_600_000);
      expect(await claimed()).toBe(0);
      // An old event changes nothing.
      await tell({ kind: 'place', change: 'teamUnarchived' }, 9);
      expect(await claimed()).toBe(0);
      await tell({ kind: 'place', change: 'teamUnarchived' }, 11);
      expect(await claimed()).toBe(1);
      expect(id).toBeGreaterThan(0);
    });

    test('that the bot is taken from is forgotten with its members, and what waits for it ends', async () => {
      await tell({ kind: 'installed' });
      startReader();
      await isRead(3);
      const { conversationId = 0 } = (await find()) ?? {};
      const laneId = await open().read.lanes.getOfConversation(conversationId);
      const place = { conversationId, laneId, personId: 0, email: '', aadObjectId: '' };
      const notificationId = await queueNotification(open(), { producerId, to: [place], nowMs: clock.nowMs() });
      await tell({ kind: 'removed' }, 10);
      expect(await find()).toBeUndefined();
      expect(await open().read.deliveries.listOfNotification(notificationId, 10)).toMatchObject([
        { state: 'failed', reason: 'uninstalled' },
      ]);
      await eventually(async () => (await reach('person1')) === undefined, 'its members are forgotten');
    });

    test('has its details from Teams, by whichever name it is called', async () => {
      roster.name = 'Operations 2';
      await tell({ kind: 'installed' });
      startReader();
      await isRead(3);
      expect((await exportOf(1)).memberOf).toMatchObject([{ name: 'Operations 2' }]);
      expect(GROUP_ID).toMatch(/^d0/);
    });

    test('welcomes whoever becomes known by it, once, where that is wanted', async () => {
      await tell({ kind: 'installed' });
      startReader(true);
      await isRead(3);
      later(24 * 3_600_000);
      await isRead(3, 2);
      const chats = await Promise.all(['person1', 'person2', 'person3'].map(reach));
      const waiting = chats.map((chat) => open().read.deliveries.hasWaiting(chat?.conversationRowId ?? 0, 1));
      const twice = chats.map((chat) => open().read.deliveries.hasWaiting(chat?.conversationRowId ?? 0, 2));
      expect(await Promise.all([...waiting, ...twice])).toEqual([true, true, true, false, false, false]);
    });
  });
}
